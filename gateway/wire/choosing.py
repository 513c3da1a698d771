"""Which codec a text asks for by its looks: content types lie, and strings inside messages declare nothing."""

import re
from collections.abc import Callable

from gateway.wire import media, significance
from gateway.wire.codecs import (
    base64_text,
    charset,
    compression,
    google_frames,
    html_text,
    json_text,
    records,
    url_text,
)
from gateway.wire.limits import Limits
from gateway.wire.tree import Layer, SlotKind, Value

type TextCodec = Callable[[str], Layer | None]

FORM = "application/x-www-form-urlencoded"
_OPAQUE_TEXT = 2048
_OPAQUE_MEDIA = 64
_MEDIA_KEY = re.compile(
    r"(?:input_?)?(?:audio|image|video)(?:_?(?:data|bytes|url))?|b64_json|file_?data|base64|bytes", re.IGNORECASE
)
_SHORTEST_HIDDEN_TEXT = 12
_BASE64_URL = re.compile(r"data:[^,\s]{0,200};base64,", re.IGNORECASE)
_URL = re.compile(r"(?:https?|wss?|file)://\S+")
_PERCENT = re.compile(r"[^\s%&=]*(?:%[0-9A-Fa-f]{2}[^\s%&=]*)+")
_ODD_SIGN = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c\x1d\x1f]")
_BRACKETS = frozenset((("{", "}"), ("[", "]"), ('"', '"')))


def for_body(text: str, kind: str) -> TextCodec | None:  # noqa: PLR0911 - one answer per look
    """The codec of a whole body that is no JSON and no declared form; None for running text."""
    if text.startswith(google_frames.GUARD):
        return google_frames.decode
    if records.RECORD_END in text:
        return records.decode_records
    if records.looks_like_events(text):
        return records.decode_events
    if records.looks_like_socket_io(text):
        return records.decode_socket_io
    if kind != "text/plain" and url_text.looks_like_form(text):
        return url_text.decode_form
    if html_text.looks_like_html(text) or "xml" in kind:
        return html_text.decode
    if kind == FORM and records.looks_labelled(text):
        return records.decode_labelled
    return None


def for_string(text: str, key: str, limits: Limits) -> TextCodec | None:  # noqa: PLR0911 - one answer per look
    """The codec of a string inside a message, when all of it is JSON, a URL, a form, base64, an event stream."""
    bare = text.strip()
    if len(bare) < 2:
        return None
    if (bare[0], bare[-1]) in _BRACKETS:
        return lambda text: json_text.decode(text, limits)
    if records.RECORD_END in text:
        return records.decode_records
    if base64_text.looks_like_data_url(text):
        return base64_text.decode_data_url
    if _URL.fullmatch(text):
        return url_text.decode_url
    if records.looks_like_events(text) and "\n\n" in text.replace("\r\n", "\n"):
        return records.decode_events
    if url_text.looks_like_form_in_text(text):
        return url_text.decode_form
    if _PERCENT.fullmatch(text):
        return url_text.decode_percent
    return _for_base64(text, key) if base64_text.looks_like_base64(text) else None


def for_packed(text: str, key: str) -> TextCodec | None:
    """The codec of a whole body or form field that is base64, bare or in a data URL (which looks like an event)."""
    if _BASE64_URL.match(text):
        return base64_text.decode_data_url
    return _for_base64(text, key) if base64_text.looks_like_base64(text) else None


def _for_base64(text: str, key: str) -> TextCodec | None:
    """Base64 of text, of a known file, or of anything large: less is needed under a key for media, none is a token."""
    content = base64_text.unpack(text)
    if content is None:
        return None
    readable = charset.decode(content)
    if readable is not None and is_printable(readable.slots[0].value) and len(content) >= _SHORTEST_HIDDEN_TEXT:
        return lambda text: base64_text.decode(text, content, SlotKind.TEXT)
    shortest = _OPAQUE_MEDIA if _MEDIA_KEY.fullmatch(key) else _OPAQUE_TEXT
    large = len(text) >= shortest and not significance.is_secret_holder(key)
    if large or media.sniff_file(content) or compression.sniff(content):
        return lambda text: base64_text.decode(text, content, SlotKind.FILE)
    return None


def is_printable(value: Value) -> bool:
    """Whether this reads as text: no more than a few control signs in the first part; U+001E and escape may stand."""
    sample = str(value)[:4096]
    return len(_ODD_SIGN.findall(sample)) * 50 <= len(sample)
