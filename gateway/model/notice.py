"""What a person reads: a notice in Dutch with English beside it, and the shape a tool can show it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class NoticeText:
    """One language of a notice, placeholders already filled; B1 in Dutch. Holds counts and kinds, never values."""

    language: str
    title: str
    lead: str
    why: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What is shown when a request is refused, coached, warned about or redacted. `reference` is the decision id."""

    message_id: str
    reference: str
    texts: tuple[NoticeText, ...]
    tool_name: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalTemplate:
    """An answer that makes one service's client show a readable refusal; the fields of `rules/refusals/`.

    `body` holds the placeholders `{{m}} {{mm}} {{x}} {{id1}} {{hex1}} {{request_id}} …`; `transport` "websocket"
    has no status. `visible`: yes, likely, static, no, unverified. `accept` limits a template to requests that ask for
    that type; `alternatives` are tried first.
    """

    id: str
    transport: str
    body: str = field(repr=False)
    status: int = 403
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    visible: str = "unverified"
    accept: str = ""
    alternatives: tuple["RefusalTemplate", ...] = ()
