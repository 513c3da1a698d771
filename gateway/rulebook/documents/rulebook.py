"""`rulebook/v1`: the house: its name, contacts, and the answers to standings, ceilings and gaps."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.traffic import Standing
from gateway.rulebook.documents.common import Bilingual, Document, DocumentId
from gateway.rulebook.documents.usage import Then


class Contacts(Document):
    """General addresses, never a person's: who helps with privacy, security and the work itself."""

    privacy: str
    security: str
    helpdesk: str


class Link(Document):
    """A page shown under every notice."""

    label: Bilingual
    url: Annotated[str, Field(pattern=r"^https://")]


class AnswerRules(Document):
    """What is done with data that a tool itself wrote into its answer. It is always counted.

    `hide` holds identifiers that are taken out while the answer streams; found by the detection rules of these
    entities without the language models, so that it costs no waiting. The reader is one word behind.
    """

    hide: tuple[Entity, ...] = ()


class FileRules(Document):
    """What may happen to files that cannot be rewritten in place.

    `text_version` names the kinds (a PDF, a picture) of which, on the verdict redact, the text alone is sent with the
    findings replaced, in a new file of the same kind. Left out, such a file is refused.
    """

    text_version: tuple[Literal["pdf", "image"], ...] = ()


class HouseRules(Document):
    """One per rulebook. Each table must answer every value of its key: nothing unknown is ever clean (law 3).

    `standings` answers every standing but `screened`; `ceiling` says what happens to a data class that a tool's
    `use.data_classes` does not hold; `gaps` answers every kind of gap. A message that is left out is
    `standing.<key>`, `ceiling.<key>` or `gap.<key>`.
    """

    kind: Literal["rulebook/v1"]
    id: DocumentId
    name: str
    owner: str
    requires: str = ""
    contacts: Contacts
    links: tuple[Link, ...] = ()
    answers: AnswerRules = AnswerRules()
    files: FileRules = FileRules()
    standings: dict[Standing, Then]
    ceiling: dict[DataClass, Then]
    gaps: dict[GapKind, Then]

    def tables(self) -> tuple[tuple[str, Mapping[str, Then]], ...]:
        """The three tables by the word their default messages start with."""
        return (
            ("standing", {str(key): then for key, then in self.standings.items()}),
            ("ceiling", {str(key): then for key, then in self.ceiling.items()}),
            ("gap", {str(key): then for key, then in self.gaps.items()}),
        )
