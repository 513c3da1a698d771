"""`tool/v1`: one AI service in the register: its endpoints, its screening, and what it may be used for."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from gateway.model.inspection import DataClass
from gateway.model.traffic import EndpointKind, PartRole, Pieces, Rewrite, Transport
from gateway.rulebook.documents.common import Bilingual, Document, DocumentId


class TextSelector(Document):
    """Where the human's words stand; see `gateway.model.traffic.Selector`."""

    at: str
    role: PartRole = PartRole.USER
    roles_from: str = ""
    roles: dict[str, PartRole] = Field(default_factory=dict)


class AnswerShape(Document):
    """How an answer stream carries text; see `gateway.model.traffic.AnswerFormat`."""

    appends: tuple[str, ...] = ()
    patches: bool = False


class Evidence(Document):
    """How we know this wire format, and since when; formats age fast."""

    as_of: Annotated[str, Field(pattern=r"^20\d\d-\d\d$")]
    confidence: Literal["high", "medium", "low"]
    source: str = ""


class Endpoint(Document):
    """One group of paths of a tool. Hosts may start with `*.`; in paths `*` is one segment and `**` any number."""

    id: DocumentId
    hosts: tuple[str, ...]
    paths: tuple[str, ...] = ("/**",)
    methods: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    kind: EndpointKind
    transport: Transport = Transport.HTTP
    texts: tuple[TextSelector, ...] = ()
    file_names: tuple[TextSelector, ...] = ()
    ignore: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    rewrite: Rewrite = Rewrite.PLAIN
    answer: AnswerShape = AnswerShape()
    refusal: DocumentId | None = None
    conversation: str = ""
    pieces: Pieces = Pieces.NONE
    evidence: Evidence | None = None


class ScreeningStatus(StrEnum):
    PENDING = "pending"
    SCREENED = "screened"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Assessment(Document):
    """One specialist's assessment; personal data needs both a DPIA and an IAMA with outcome go."""

    type: Literal["dpia", "iama", "aia", "bio", "procurement"]
    reference: str
    outcome: Literal["go", "go_with_measures", "no_go"]
    date: date


class Screening(Document):
    """The go or no-go of the assessment board. `valid_until` is required for a screened tool."""

    status: ScreeningStatus
    decided_on: date | None = None
    decided_by: str = ""
    valid_until: date | None = None
    review_after: date | None = None
    reason: Bilingual | None = None
    assessments: tuple[Assessment, ...] = ()
    checklist: dict[str, str] = Field(default_factory=dict)


class Use(Document):
    """What a screened tool may be used for. `data_classes` is a ceiling that usage rules may only lower."""

    departments: tuple[str, ...] = ("all",)
    data_classes: tuple[DataClass, ...] = ()
    uploads: Literal["allowed", "refused"] = "allowed"
    max_upload_mb: int = 20
    purposes: tuple[str, ...] = ()


class TenantHeader(Document):
    """A header the provider honours to keep private accounts out; the value comes from deployment settings."""

    hosts: tuple[str, ...]
    name: str
    value_from_setting: str


class Tool(Document):
    """One tool. `shared_hosts` carry more than this tool: on them, paths no endpoint claims are not our business."""

    kind: Literal["tool/v1"]
    id: DocumentId
    name: str
    supplier: str
    category: str = "assistant"
    purpose: Bilingual
    endpoints: tuple[Endpoint, ...]
    shared_hosts: tuple[str, ...] = ()
    screening: Screening
    use: Use = Use()
    tenant_headers: tuple[TenantHeader, ...] = ()
    ai_act: dict[str, str] = Field(default_factory=dict)
    contract: dict[str, str] = Field(default_factory=dict)
    owner: str = ""
    contacts: dict[str, str] = Field(default_factory=dict)
    algorithm_register: dict[str, str] = Field(default_factory=dict)
