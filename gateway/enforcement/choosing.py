"""Which framing an answer has: by its declared type where that can be believed, else by its first bytes."""

import re
from enum import Enum

from gateway.enforcement.binary_frames import ConnectFraming
from gateway.enforcement.framing import Framing, JsonFraming, LineFraming, SseFraming
from gateway.enforcement.html_frames import MARK, HtmlFrames

_ENOUGH = 40
"""First bytes from which every shape below can be told."""

_CONNECT = re.compile(r"application/(?:connect\+(?:json|proto)|grpc(?:-web)?(?:\+(?:json|proto))?)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SSE_START = re.compile(rb"(?:event|data|id|retry)?:")
_LINE_START = re.compile(rb"\w{1,4}:\s*[{\[\"]")
_JSON_START = re.compile(rb"\{\s*[\"}]|\[[\[\s]*(?:[\"{]|null)")
_PLAIN_TYPES = ("text/plain", "text/markdown")
_LINES = re.compile(r"ndjson|jsonl|json-seq|jsonlines|stream\+json")


class Unframed(Enum):
    """What is not cut into units: plain words, or bytes that are none of our business."""

    WORDS = "words"
    OPAQUE = "opaque"


type Choice = Framing | HtmlFrames | Unframed


def choose(content_type: str, start: bytes, *, final: bool) -> Choice | None:
    """The framing of an answer that begins with `start`; None while more bytes are needed (never when `final`).

    The choice depends on the type and the first `_ENOUGH` bytes only, so it is the same however they arrive.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    start = start.removeprefix(_BYTE_ORDER_MARK).lstrip()
    by_type = _by_type(media_type)
    if by_type is not None:
        return by_type
    if start[:1] in (b"{", b"[") and media_type not in _PLAIN_TYPES:
        return JsonFraming()
    return _by_content(start, media_type) if len(start) >= _ENOUGH or final else None


def _by_type(media_type: str) -> Choice | None:
    if _CONNECT.fullmatch(media_type):
        return ConnectFraming()
    if media_type == "text/event-stream":
        return SseFraming()
    if media_type == "multipart/mixed":
        return JsonFraming(series=True)
    return LineFraming() if _LINES.search(media_type) else None


def _by_content(start: bytes, media_type: str) -> Choice:
    if start.startswith(b")]}'"):
        return JsonFraming(counted=True)
    if start.startswith(MARK):
        return HtmlFrames()
    if _SSE_START.match(start):
        return SseFraming()
    if _LINE_START.match(start):
        return LineFraming()
    if _JSON_START.match(start):
        return JsonFraming()
    return Unframed.WORDS if media_type in _PLAIN_TYPES else Unframed.OPAQUE
