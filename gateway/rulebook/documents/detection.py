"""`detection/v1`: how one kind of data is found: patterns with a checksum, a word list, or a code recognizer."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.model.inspection import Entity
from gateway.rulebook.documents.common import Bilingual, Document, DocumentId, RuleStatus

Score = Annotated[float, Field(ge=0.0, le=1.0)]


class ScoredPattern(Document):
    """A regular expression (the `regex` module's dialect, case is ignored unless `case` is true) and its score."""

    id: DocumentId
    regex: str
    score: Score
    case: bool = False


class Context(Document):
    """Words within `near` characters that raise the score by `boost`, or lower it by `drop`."""

    near: int = 60
    words: tuple[str, ...] = ()
    boost: Score = 0.45
    against: tuple[str, ...] = ()
    drop: Score = 0.45


class DetectionRule(Document):
    """One rule: `patterns`, `terms` or a `recognizer` say how; findings under `threshold` are dropped.

    `validate_with` names a checksum of `gateway.detection.checksums`: a match that passes scores `on_valid`
    (or its pattern's score, when that is higher), one that fails is dropped. `allow` holds whole values that are never
    a finding (the municipality's own); `examples_from` names lists of values that are none where a word of the
    lists in `example_words_from` calls them an example.
    `options` are settings of a code recognizer, documented there.
    """

    kind: Literal["detection/v1"]
    id: DocumentId
    title: Bilingual
    status: RuleStatus
    owner: str
    entity: Entity
    references: tuple[str, ...] = ()
    patterns: tuple[ScoredPattern, ...] = ()
    terms: tuple[str, ...] = ()
    terms_from: tuple[DocumentId, ...] = ()
    recognizer: DocumentId | None = None
    options: dict[str, str] = Field(default_factory=dict)
    validate_with: str = ""
    on_valid: Score = 1.0
    context: Context = Context()
    allow: tuple[str, ...] = ()
    allow_from: tuple[DocumentId, ...] = ()
    examples_from: tuple[DocumentId, ...] = ()
    example_words_from: tuple[DocumentId, ...] = ()
    threshold: Score = 0.6
    known_weaknesses: tuple[Bilingual, ...] = ()
