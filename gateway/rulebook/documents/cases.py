"""`test/v1`: cases beside a rule or tool: a text and what must be found, or a question and its verdict."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from gateway.model.inspection import Entity, GapKind
from gateway.model.policy import ReasonCode, Verdict
from gateway.model.traffic import EndpointKind, PartRole, Standing, Transport
from gateway.rulebook.documents.common import Document, DocumentId
from gateway.rulebook.documents.messages import MessageId


class ExpectedFinding(Document):
    """One finding that must be there; `span` is start and end in code points, `text` the same said readably."""

    entity: Entity
    span: tuple[int, int] | None = None
    text: str = ""
    validated: bool | None = None


class AskedQuestion(Document):
    """A `Question` as a person writes it; what is left out is a screened tool, a prompt, and nothing found."""

    department: str = "test"
    roles: tuple[str, ...] = ()
    tool: DocumentId | None = None
    standing: Standing = Standing.SCREENED
    endpoint: EndpointKind = EndpointKind.PROMPT
    transport: Transport = Transport.HTTP
    entities: dict[Entity, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    part_roles: tuple[PartRole, ...] = (PartRole.USER,)
    gaps: tuple[GapKind, ...] = ()
    persons: int = 0
    dossier: bool = False
    uploads: int = 0
    can_rewrite: bool = True
    on: date | None = None


class Case(Document):
    """One case. `expect` (with `text`) lists the findings of the rule under test; an empty list guards a false
    alarm. `verdict` judges a text through the whole rulebook, or a `question`. `tool` is the screened tool a text
    goes to. `sample` is a recorded exchange (a path inside the folder of rules): which `endpoint` it must match and
    which `texts` must be read from it, among others.

    `known_miss` and `known_false_alarm` say why a case fails today; it then must fail, and turns red when it passes.
    """

    id: DocumentId
    why: str = ""
    text: str | None = None
    sample: str | None = None
    question: AskedQuestion | None = None
    tool: DocumentId | None = None
    expect: tuple[ExpectedFinding, ...] | None = None
    verdict: Verdict | None = None
    reasons: tuple[ReasonCode, ...] = ()
    message: MessageId | None = None
    redact: tuple[Entity, ...] | None = None
    texts: tuple[str, ...] | None = None
    endpoint: DocumentId | None = None
    known_miss: str = ""
    known_false_alarm: str = ""


class RuleTest(Document):
    """The cases of one document, named by `covers` (an id of a detection or usage rule, exception or tool)."""

    kind: Literal["test/v1"]
    covers: Annotated[DocumentId, Field(alias="for")]
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
