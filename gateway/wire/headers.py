"""Headers: what they say about the body, and which of them may hold words of a person."""

import re

from gateway.model.traffic import Message
from gateway.wire import significance

_CREDENTIALS = frozenset(("cookie", "authorization", "proxy-authorization"))
_PLUMBING = re.compile(
    r":.*|accept.*|access-control-.*|alt-used|cache-control|connection|content-(?:encoding|length|type|range|md5|digest)|"
    r"date|digest|dnt|expect|forwarded|host|if-.*|keep-alive|origin|pragma|priority|range|sec-.*|te|trailer|traceparent|"
    r"tracestate|transfer-encoding|upgrade.*|user-agent|via|x-forwarded-.*|x-goog-.*|x-requested-with|x-stainless-.*"
)
_FILE_NAME = re.compile(r".*file[-_]?name|content-disposition|slug")
_TELLING = re.compile(r"file|name|title|prompt|query|text|subject|message|description|search|note")
_PRODUCT = re.compile(r"[\w.-]+/[\w.]+|\([^()]{0,120}\)|\b(?:br|compress|deflate|gzip|identity|x-gzip|zstd)\b")
"""Names of programs, media types and content codings: what a client says of itself, not of anybody."""
_MANY_WORDS = 4


def header(message: Message, name: str) -> str:
    """The first value of a header, "" when absent."""
    return next((value for key, value in message.headers if key.lower() == name), "")


def applied_encodings(message: Message) -> tuple[str, ...]:
    """The content encodings of a body, in the order they were applied."""
    names = header(message, "content-encoding").lower().replace(" ", "").split(",")
    return tuple(name for name in names if name not in ("", "identity"))


def is_credential(name: str) -> bool:
    """Whether a header carries a sign-in: never a part, never edited."""
    return name in _CREDENTIALS


def is_inspected(name: str, text: str) -> bool:
    """Whether an unclaimed header value may hold human text: by its name, or because it is a sentence."""
    if _FILE_NAME.fullmatch(name):
        return True
    if is_credential(name):
        return False
    if _PLUMBING.fullmatch(name):
        text = _PRODUCT.sub(" ", text)
    elif name == "referer" or _TELLING.search(name):
        return True
    return significance.words(text) >= _MANY_WORDS or significance.holds_identifier(text, strict=True)
