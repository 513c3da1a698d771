"""`refusal/v1`: an answer in one service's own shape, so that its client shows a readable refusal."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.model.traffic import Transport
from gateway.rulebook.documents.common import Document, DocumentId
from gateway.rulebook.documents.tool import Evidence


class Alternative(Document):
    """The same refusal for requests whose `Accept` holds this type."""

    accept: str
    status: Annotated[int, Field(ge=200, le=599)] = 403
    content_type: str
    headers: dict[str, str] = Field(default_factory=dict)
    body: str


class Refusal(Document):
    """See `gateway.model.notice.RefusalTemplate`; an endpoint names it by id. `note` says what the user sees."""

    kind: Literal["refusal/v1"]
    id: DocumentId
    transport: Transport = Transport.HTTP
    status: Annotated[int, Field(ge=200, le=599)] = 403
    content_type: str = "application/json"
    headers: dict[str, str] = Field(default_factory=dict)
    body: str
    visible: Literal["yes", "likely", "static", "no", "unverified"] = "unverified"
    evidence: Evidence | None = None
    alternatives: tuple[Alternative, ...] = ()
    note: str = ""
