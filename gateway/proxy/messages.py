"""Between mitmproxy's flows and our nouns: names, exchanges and messages out, changed messages back in."""

import base64
import secrets
from urllib.parse import urlsplit

from mitmproxy import http
from mitmproxy.proxy.mode_specs import ReverseMode
from mitmproxy.websocket import WebSocketMessage

from gateway.model.traffic import Destination, Exchange, Message, Person, Transport
from gateway.proxy.names import Names, normalise

METHODS = frozenset((
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "SEARCH", "REPORT", "COPY", "MOVE",
    "PROPFIND", "PROPPATCH", "MKCOL", "LOCK", "UNLOCK",
))  # fmt: skip
"""Methods a request may have (IANA's registry); any other word could be a name or a number somebody smuggles out."""


def new_reference() -> str:
    """An id people can read out: 16 lower-case letters and digits, 80 random bits."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def names_of(flow: http.HTTPFlow, own_names: frozenset[str]) -> Names:
    """Every name a request claims. Names of the gateway itself say nothing about where it goes."""
    server = flow.server_conn
    peer = server.peername[0] if server.peername else ""
    if isinstance(flow.client_conn.proxy_mode, ReverseMode):
        return Names(target=flow.request.host, peer=peer)
    sni = flow.client_conn.sni or ""
    return Names(
        target=flow.request.host,
        sni="" if normalise(sni) in own_names else sni,
        host_header=flow.request.host_header or "",
        peer=peer,
    )


def exchange_of(flow: http.HTTPFlow, host: str, person: Person, at: float) -> Exchange:
    """The exchange of a request whose body may still be on its way."""
    request = flow.request
    return Exchange(
        id=new_reference(),
        at=at,
        person=person,
        destination=Destination(request.scheme, host, request.port, request.method, urlsplit(request.path).path or "/"),
        transport=Transport.WEBSOCKET if is_upgrade(request) else Transport.HTTP,
        media_type=request.headers.get("content-type", ""),
        bytes_in=announced_length(request) or 0,
    )


def nameless_exchange(at: float) -> Exchange:
    """The exchange of a request that could not be identified; enough to journal its refusal."""
    return Exchange(new_reference(), at, Person(), Destination("", "", 0, "", ""))


def message_of(flow: http.HTTPFlow) -> Message:
    """The complete request as wire reads it."""
    request = flow.request
    return Message(
        method=request.method,
        url=request.url,
        headers=tuple((_text(name).lower(), _text(value)) for name, value in request.headers.fields),
        body=request.raw_content or b"",
    )


def frame_of(flow: http.HTTPFlow, message: WebSocketMessage) -> Message:
    """One WebSocket message as wire reads it."""
    return Message(
        method=flow.request.method,
        url=flow.request.url,
        headers=(),
        body=message.content,
        is_text_frame=message.is_text,
        transport=Transport.WEBSOCKET,
    )


def apply(flow: http.HTTPFlow, original: Message, changed: Message) -> None:
    """Put a rewritten message into the request; what did not change keeps its bytes."""
    request = flow.request
    if changed.url != original.url:
        parts = urlsplit(changed.url)
        request.path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if changed.headers != original.headers:
        request.headers = http.Headers([(_bytes(name), _bytes(value)) for name, value in changed.headers])
    if changed.body != original.body:
        request.raw_content = changed.body
        if "content-length" in request.headers or not request.is_http2:
            request.headers["content-length"] = str(len(changed.body))
            request.headers.pop("transfer-encoding", None)


def shorten_referer(request: http.Request) -> None:
    """Leave only the origin of the page: its address may hold a prompt that was taken out of the page's own request."""
    if "referer" in request.headers:
        parts = urlsplit(request.headers["referer"])
        request.headers["referer"] = f"{parts.scheme}://{parts.netloc}/"


def is_upgrade(request: http.Request) -> bool:
    """Whether this request opens a WebSocket."""
    return str(request.headers.get("upgrade", "")).lower() == "websocket"


def announced_length(request: http.Request) -> int | None:
    """The Content-Length; None when there is none or it is no number."""
    value = request.headers.get("content-length", "")
    return int(value) if value.isdecimal() else None


def has_body(flow: http.HTTPFlow, response: http.Response) -> bool:
    """Whether an answer can have a body at all; the end mark of a chunked one would be read as the next answer."""
    return response.status_code not in (204, 304) and flow.request.method != "HEAD"


def header_bytes(request: http.Request) -> int:
    """The size of all headers and the target together."""
    return len(request.data.path) + sum(len(name) + len(value) for name, value in request.headers.fields)


def _text(header: bytes) -> str:
    return header.decode("utf-8", "surrogateescape")


def _bytes(header: str) -> bytes:
    return header.encode("utf-8", "surrogateescape")
