"""Base64 in texts: bare (both alphabets, with or without padding) and in data URLs; packed again as it came."""

import base64
import binascii
import re
from urllib.parse import quote

from gateway.wire.codecs.url_text import unquote
from gateway.wire.tree import Layer, Slot, SlotKind, Value, as_bytes

_DATA_URL = re.compile(r"data:(?P<type>[^,;\s]*)(?P<parameters>(?:;[^,;\s]+)*),(?P<data>.*)", re.DOTALL | re.IGNORECASE)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}")
_WRAPPED = re.compile(r"[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)+={0,2}(?:\r?\n)?")
_MINIMUM = 16


def looks_like_base64(text: str) -> bool:
    """Whether the whole text is long enough and of one base64 alphabet."""
    if len(text) < _MINIMUM:
        return False
    return (_BASE64.fullmatch(text) is not None and len(text.rstrip("=")) % 4 != 1) or _WRAPPED.fullmatch(
        text
    ) is not None


def unpack(text: str) -> bytes | None:
    """The bytes of a base64 text, None when it is none."""
    bare = text.translate({10: None, 13: None}).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def decode(text: str, content: bytes, kind: SlotKind, media_type: str = "") -> Layer:
    """The layer of a text that is base64 of `content`."""
    tag = ("url" if "-" in text or "_" in text else "") + ("" if text.endswith("=") or len(text) % 4 == 0 else " bare")
    return Layer("base64", text, (Slot((), 0, len(text), content, kind, tag, media_type),), _write)


def looks_like_data_url(text: str) -> bool:
    return text[:5].lower() == "data:" and _DATA_URL.match(text) is not None


def decode_data_url(text: str) -> Layer | None:
    """The layer of a data URL: its content; None when the base64 is broken."""
    found = _DATA_URL.fullmatch(text)
    if found is None:
        return None
    declared = found["type"] + found["parameters"]
    start, end = found.span("data")
    if not found["parameters"].lower().endswith(";base64"):
        slot = Slot((), start, end, as_bytes(unquote(found["data"])), SlotKind.FILE, "percent", declared)
        return Layer("data_url", text, (slot,), _write)
    content = unpack(unquote(found["data"]).replace(" ", ""))
    if content is None:
        return None
    return Layer("data_url", text, (Slot((), start, end, content, SlotKind.FILE, "", declared),), _write)


def _write(slot: Slot, new: Value, _source: Value) -> str:
    data = as_bytes(new)
    if slot.tag == "percent":
        return quote(data, safe="")
    packed = base64.urlsafe_b64encode(data) if slot.tag.startswith("url") else base64.b64encode(data)
    text = packed.decode("ascii")
    return text.rstrip("=") if slot.tag.endswith("bare") else text
