"""`messages/v1`: what staff read, one file per language, looked up from codes (law 7: a reason is data)."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.model.inspection import Entity
from gateway.model.policy import ReasonCode
from gateway.rulebook.documents.common import Document, DocumentId

MessageId = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9_-]+)*$", max_length=80)]
"""`reason.<code>`, `gap.<kind>`, `standing.<standing>`, `ceiling.<data class>` or a rule's own id."""

PLACEHOLDERS = frozenset(
    {"counts", "tool", "reference", "organisation", "contact.privacy", "contact.security", "contact.helpdesk"}
)
"""The only names that may stand between braces in a message; `counts` are labels with numbers, never values."""


class MessageText(Document):
    """What happened (`lead`), which house rule (`why`), what to do now (`steps`). Placeholders: `PLACEHOLDERS`."""

    title: str
    lead: str
    why: str
    steps: tuple[str, ...] = ()


class EntityLabel(Document):
    """How an entity is called in a sentence: "1 naam", "2 namen"."""

    one: str
    many: str


class Messages(Document):
    """Texts of one language; several files of a language are joined. Dutch is B1: no sentence over 25 words.

    `labels` name entities in `{counts}`; `reasons` say each reason code in one sentence, for `explain` and the portal.
    """

    kind: Literal["messages/v1"]
    id: DocumentId
    language: Literal["nl", "en"]
    messages: dict[MessageId, MessageText]
    labels: dict[Entity, EntityLabel] = Field(default_factory=dict)
    reasons: dict[ReasonCode, str] = Field(default_factory=dict)
