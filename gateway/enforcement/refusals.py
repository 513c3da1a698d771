"""Refusals in the tool's own shape, so that the chat shows why, what the house rule is and what to do now."""

import html
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.enforcement.request_facts import RequestFacts
from gateway.model.notice import Notice, NoticeText, RefusalTemplate
from gateway.pages import notice as notice_page
from gateway.wire.codecs.google_frames import utf16_length
from gateway.wire.codecs.records import RECORD_END

GENERIC = RefusalTemplate(
    id="generic-json",
    transport="http",
    status=403,
    content_type="application/json",
    body='{"error":{"message":"{{m}}","type":"blocked_by_organization","code":"blocked_by_organization"},'
    '"message":"{{m}}","detail":"{{m}}"}',
)
"""For endpoints without a template, and for a template that cannot be used on this request."""

RETRIED = frozenset({408, 409, 425, 429})
"""Statuses that SDKs try again by themselves, as they do every 5xx; a refusal never has one."""

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_GOOGLE_FRAME = re.compile(r"^\d+\n(\[.*\])$", re.MULTILINE)
_HTML_FRAME = '<template data-web-mobile-dpu-frame="'
_FRAME_END = "</template>"
_HEADINGS = {"nl": ("Wat kunt u nu doen?", "Referentie"), "en": ("What can you do now?", "Reference")}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer made here. Header names are lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


def render(template: RefusalTemplate, notice: Notice, request: RequestFacts) -> Answer:
    """The refusal as an HTTP answer: the notice page for a navigation, else the template filled in.

    Holds: the status is one that no SDK retries; a page of another origin can read it (CORS); nothing may cache it.
    """
    if request.method == "OPTIONS":
        return preflight(request)
    if request.is_navigation:
        body = notice_page.page(notice).encode()
        headers = {"content-type": "text/html; charset=utf-8", **notice_page.SECURITY_HEADERS}
        return Answer(403, _headers(headers, body, request), body)
    chosen = _chosen(template, request)
    body = (_framed(_filled(chosen.body, notice, request)) + _end(chosen)).encode()
    status = 403 if chosen.status in RETRIED or chosen.status >= 500 else chosen.status
    own = {"content-type": chosen.content_type, **{name.lower(): value for name, value in chosen.headers.items()}}
    return Answer(status, _headers(own, body, request), body)


def render_messages(template: RefusalTemplate, notice: Notice, request: RequestFacts) -> tuple[bytes, ...]:
    """The refusal as server messages on an open WebSocket, one per line of the template."""
    chosen = template if template.transport == "websocket" else GENERIC
    lines = [line for line in _filled(chosen.body, notice, request).split("\n") if line]
    return tuple(_closed_record(line).encode() for line in lines)


def _closed_record(line: str) -> str:
    return line + RECORD_END if RECORD_END in line and not line.endswith(RECORD_END) else line


def preflight(request: RequestFacts) -> Answer:
    """The answer to a CORS preflight of a request that will be refused, so that the page may read the refusal."""
    allowed = {
        "access-control-allow-methods": request.asks_method or "GET, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": request.asks_headers or "content-type, authorization",
        "access-control-max-age": "0",
    }
    return Answer(204, _headers(allowed, b"", request), b"")


def plain_text(notice: Notice) -> str:
    """The notice as words for a chat: Dutch first, the other languages below a line. Reads well as Markdown too."""
    return "\n\n---\n\n".join(_language(text, notice) for text in notice.texts)


def _language(text: NoticeText, notice: Notice) -> str:
    todo, reference = _HEADINGS.get(text.language, _HEADINGS["en"])
    parts = [f"**{text.title}**", text.lead, text.why]
    if text.steps:
        parts.append("\n".join([todo, *(f"- {step}" for step in text.steps)]))
    if text.language == "nl":
        parts += [f"{label}: {address}" for label, address in notice.links]
    parts.append(f"{reference}: {notice.reference}")
    return "\n\n".join(part for part in parts if part)


def _chosen(template: RefusalTemplate, request: RequestFacts) -> RefusalTemplate:
    if template.transport != "http":
        return GENERIC
    for candidate in template.alternatives:
        if candidate.accept and candidate.accept.lower() in request.accept:
            return candidate
    return template


def _headers(own: dict[str, str], body: bytes, request: RequestFacts) -> tuple[tuple[str, str], ...]:
    """The template's headers and those every refusal has. The OpenAI and Anthropic SDKs obey `x-should-retry`."""
    headers = {name: value for name, value in own.items() if "{{" not in value} | {
        "content-length": str(len(body)),
        "content-language": "nl, en",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-should-retry": "false",
    }
    if request.origin:
        headers |= {
            "access-control-allow-origin": request.origin,
            "access-control-allow-credentials": "true",
            "vary": "Origin",
        }
    return tuple(headers.items())


def _filled(body: str, notice: Notice, request: RequestFacts) -> str:
    message = plain_text(notice)
    once = json.dumps(message, ensure_ascii=False)[1:-1]
    escaped = {
        "m": once,
        "mm": json.dumps(once, ensure_ascii=False)[1:-1],
        "x": html.escape(message) if body.startswith("<?xml") else html.escape(message).replace("\n", "<br>"),
        "origin": request.origin,
    }
    fresh: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in escaped:
            return escaped[name]
        return request.echoes.get(name) or fresh.setdefault(name, _fresh(name))

    return _PLACEHOLDER.sub(value, body)


def _fresh(name: str) -> str:
    """A new id where the request gave none: 16 hex digits, SignalR's first invocation, or a UUID."""
    made: dict[str, Callable[[], str]] = {"hex": lambda: uuid.uuid4().hex[:16], "invocation_id": lambda: "0"}
    return made.get("hex" if name.startswith("hex") else name, lambda: str(uuid.uuid4()))()


def _end(template: RefusalTemplate) -> str:
    """What closes the last event or line; rule files lose the white space at the end of a text."""
    if template.content_type.startswith("text/event-stream"):
        return "\n\n"[len(template.body) - len(template.body.rstrip("\n")) :]
    lined = "\n{" in template.body or template.body.startswith(")]}'")
    return "\n" if lined and not template.body.endswith("\n") else ""


def _framed(body: str) -> str:
    """The body with the lengths of its frames made right, for the two shapes that have them."""
    if body.startswith(")]}'"):
        return _GOOGLE_FRAME.sub(lambda match: f"{utf16_length(match[1]) + 2}\n{match[1]}", body)
    if body.startswith(_HTML_FRAME):
        contents = [piece[piece.index(">") + 1 : piece.rindex(_FRAME_END)] for piece in body.split(_HTML_FRAME)[1:]]
        return "".join(f'{_HTML_FRAME}{utf16_length(text)}">{text}{_FRAME_END}' for text in contents)
    return body
