"""What a refusal must know of the request it answers: where to send it back to, and which ids to echo."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from gateway.model.traffic import Message

_ECHOES = {
    "requestid": "request_id",
    "clientrequestid": "request_id",
    "traceid": "request_id",
    "invocationid": "invocation_id",
    "conversationid": "conversation_id",
    "operationid": "operation_id",
    "assistantmessageid": "id1",
}
"""Names of ids in requests (lower case, without signs) and the placeholder of a template they fill."""

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,99}")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}|null")
_METHOD = re.compile(r"[A-Z]{1,20}")
_HEADER_NAMES = re.compile(r"[A-Za-z0-9\-_, ]{1,1000}")
_MOST_BYTES = 4_000_000
_MOST_VALUES = 20_000


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Everything here is checked against a narrow pattern, so it can be written into an answer as it is.

    `asks_method` and `asks_headers` are those of a CORS preflight. `echoes` maps template placeholders to ids.
    """

    method: str = "POST"
    origin: str = ""
    accept: str = ""
    is_navigation: bool = False
    asks_method: str = ""
    asks_headers: str = ""
    echoes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @classmethod
    def of(cls, message: Message) -> "RequestFacts":
        """The facts of an HTTP request, or of the WebSocket message that is refused."""
        headers = dict(message.headers)
        accept = headers.get("accept", "").lower()
        mode = headers.get("sec-fetch-mode", "")
        navigates = mode == "navigate" or headers.get("sec-fetch-dest") == "document"
        asks_html = not mode and message.method == "GET" and "text/html" in accept
        return cls(
            method=message.method,
            origin=_checked(_ORIGIN, headers.get("origin", "")),
            accept=accept,
            is_navigation=navigates or asks_html,
            asks_method=_checked(_METHOD, headers.get("access-control-request-method", "")),
            asks_headers=_checked(_HEADER_NAMES, headers.get("access-control-request-headers", "")),
            echoes=MappingProxyType(_echoes(message)),
        )


def _checked(pattern: re.Pattern[str], value: str) -> str:
    return value if pattern.fullmatch(value) else ""


def _echoes(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in [*_body_values(message.body), *parse_qsl(urlsplit(message.url).query)]:
        target = _ECHOES.get(re.sub(r"[^a-z]", "", name.lower()))
        if target is not None and target not in found and _SAFE_ID.fullmatch(value):
            found[target] = value
    return found


def _body_values(body: bytes) -> Iterator[tuple[str, str]]:
    """The named strings of a JSON body, of SignalR records, or of a form; nothing when it is none of these."""
    if len(body) > _MOST_BYTES:
        return
    text = body.decode("utf-8", "replace")
    for record in text.split("\x1e")[:20]:
        try:
            tree = json.loads(record)
        except (ValueError, RecursionError):
            continue
        yield from _walk(tree)
    if text[:1].isalpha() and "=" in text[:200]:
        yield from parse_qsl(text, max_num_fields=200) if text.count("&") < 200 else ()


def _walk(tree: object) -> Iterator[tuple[str, str]]:
    queue, seen = [tree], 0
    while queue and seen < _MOST_VALUES:
        seen += 1
        node = queue.pop()
        if isinstance(node, dict):
            for name, value in node.items():
                if isinstance(value, str):
                    yield name, value
                else:
                    queue.append(value)
        elif isinstance(node, list):
            queue.extend(node)
