"""Files written out as letters in a text (base64, data URLs, uuencoded blocks): each is read as a file of its own."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.kinds import FileKind, kind_of
from gateway.model.inspection import GapKind

_RUN = r"[A-Za-z0-9+/_-]"
_BASE64 = re.compile(
    rf"{_RUN}{{60,}}+(?:\r?\n[ \t]?{_RUN}{{40,}}+)*+(?:\r?\n[ \t]?{_RUN}{{2,}}+={{0,2}}(?=[ \t]*(?:\r?\n|$)))?={{0,2}}"
)
_DATA_URL = re.compile(r"data:([a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80})?((?:;[a-z0-9=._-]{1,60})*+),", re.IGNORECASE)
_URL_BODY = re.compile(r"[A-Za-z0-9+/=_%.~!*'(,;:@&$-]*+")
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[\x20-\x60]{1,90}\r?\n)+?)(?:`|[ ])?\r?\n?end\b", re.M
)
_MIN_LETTERS = 160
_UNNAMED_BYTES = 4_096
"""Longer runs that give no kind we know are a gap; shorter ones are keys, hashes and signatures."""
_NO_WORDS = ("font/", "application/font", "application/x-font", "application/vnd.ms-fontobject")


def read_embedded(text: str, into: Content, nested: Nested) -> None:
    """Reads every file written out in `text`; one that cannot be decoded or named is a gap."""
    for match in _DATA_URL.finditer(text):
        _read_data_url(match, text, into, nested)
    for data in _base64_files(text):
        kind = kind_of(data)
        if kind is FileKind.BINARY:
            if len(data) > _UNNAMED_BYTES:
                into.miss(GapKind.UNKNOWN_FORMAT, "base64")
        elif kind is not FileKind.EMPTY:
            _read(data, "base64", into, nested)
    if "\nend" in text:
        for match in _UUENCODED.finditer(text):
            into.add("attachment name", match[1])
            try:
                data = b"".join(binascii.a2b_uu(line.rstrip("\r")) for line in match[2].split("\n") if line)
            except binascii.Error:
                into.miss(GapKind.UNREADABLE, "uuencoded")
                continue
            _read(data, "attachment", into, nested)


def _base64_files(text: str) -> Iterator[bytes]:
    for match in _BASE64.finditer(text):
        in_data_url = text.endswith("base64,", 0, match.start())
        data = None if in_data_url or len(match[0]) < _MIN_LETTERS else _decoded(match[0])
        if data is not None:
            yield data


def _decoded(letters: str) -> bytes | None:
    packed = re.sub(r"\s+", "", letters).rstrip("=").replace("-", "+").replace("_", "/")
    packed = packed[: len(packed) // 4 * 4] if len(packed) % 4 == 1 else packed + "=" * (-len(packed) % 4)
    try:
        return base64.b64decode(packed, validate=True)
    except ValueError:
        return None


def _read_data_url(match: re.Match[str], text: str, into: Content, nested: Nested) -> None:
    if (match[1] or "").lower().startswith(_NO_WORDS):
        return
    if match[2].lower().endswith(";base64"):
        body = re.compile(rf"(?:{_RUN}|[=%\s])*+").match(text, match.end())
        data = _decoded(unquote_to_bytes(body[0] if body else "").decode("ascii", "replace"))
    else:
        body = _URL_BODY.match(text, match.end())
        data = unquote_to_bytes(body[0] if body else "")
    if data is None:
        into.miss(GapKind.UNREADABLE, "data-url")
    else:
        _read(data, "data URL", into, nested)


def _read(data: bytes, where: str, into: Content, nested: Nested) -> None:
    into.unpack(len(data))
    try:
        nested(data, into.inside(where))
    except UnreadError as unread:
        if unread.kind is GapKind.TOO_LARGE:
            raise
        into.miss(unread.kind, unread.detail)
