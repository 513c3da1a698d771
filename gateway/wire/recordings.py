"""Recorded exchanges as messages: our own traffic samples (`traffic-sample/1`) and HAR files of a browser.

A recording holds what a client sent: the request, and its WebSocket messages, each whole (fragments put together).
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.errors import WireError
from gateway.model.traffic import Message, Transport

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a client sent in one exchange, in order. `expected` is what a sample says should be found in it."""

    id: str
    messages: tuple[Message, ...] = field(repr=False)
    expected: Json = field(default_factory=dict, repr=False)


def read(content: bytes) -> tuple[Recording, ...]:
    """The recordings in a file: one of a sample, one per entry of a HAR; raises `WireError` when it is neither."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
        if isinstance(document, dict) and document.get("format") == "traffic-sample/1":
            return (_sample(document),)
        if isinstance(document, dict) and "entries" in document.get("log", {}):
            return tuple(_har_entry(number, entry) for number, entry in enumerate(document["log"]["entries"]))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise WireError("the recording is damaged: no sample and no HAR file can be read from it") from error
    raise WireError("the file is neither a traffic sample nor a HAR file")


def _sample(document: Json) -> Recording:
    request = document["request"]
    headers = tuple((name.lower(), value) for name, value in request["headers"])
    messages = [Message(request["method"], request["url"], headers, _bytes(request.get("body")))]
    frames = document.get("websocket", {}).get("messages", ())
    sent = ((frame["opcode"], _bytes(frame), frame.get("fin", True)) for frame in frames if frame["dir"] == "client")
    messages.extend(_frames(messages[0], sent))
    return Recording(document["id"], tuple(messages), document)


def _har_entry(number: int, entry: Json) -> Recording:
    request = entry["request"]
    pairs = ((header["name"].lower(), header["value"]) for header in request.get("headers", ()))
    headers = tuple((name, value) for name, value in pairs if not name.startswith(":"))
    message = Message(request["method"], request["url"], headers, _post_data(request.get("postData")))
    frames = entry.get("_webSocketMessages", ())
    sent = (
        ("text", frame["data"].encode(), True)
        if frame.get("opcode") == 1
        else ("binary", base64.b64decode(frame["data"]), True)
        for frame in frames
        if frame.get("type") == "send"
    )
    return Recording(f"entry-{number}", (message, *_frames(message, sent)))


def _post_data(data: Json | None) -> bytes:
    """The body as the HAR keeps it: text, base64, or only the pairs of a form."""
    if not data:
        return b""
    text = data.get("text")
    if text is None:
        return "&".join(f"{pair['name']}={pair.get('value', '')}" for pair in data.get("params", ())).encode()
    return base64.b64decode(text) if data.get("encoding") == "base64" else str(text).encode("utf-8", "surrogatepass")


def _bytes(body: Json | None) -> bytes:
    if not body:
        return b""
    return base64.b64decode(body["data"]) if body["encoding"] == "base64" else str(body["data"]).encode()


def _frames(upgrade: Message, frames: Iterable[tuple[str, bytes, bool]]) -> Iterable[Message]:
    """Whole WebSocket messages from frames `(opcode, bytes, last)`."""
    opcode = "text"
    pieces: list[bytes] = []
    for kind, data, last in frames:
        if kind != "continuation":
            opcode, pieces = kind, []
        pieces.append(data)
        if last:
            body = b"".join(pieces)
            yield Message(upgrade.method, upgrade.url, upgrade.headers, body, opcode == "text", Transport.WEBSOCKET)
            pieces = []
