"""Outlook messages (MS-OXMSG): every text property, the body in all three forms, recipients and attachments."""

import re
import struct

import olefile

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.ole import opened, read_stream
from gateway.model.inspection import GapKind

_NAMES = {
    "0037": "subject", "0C1A": "sender", "0C1F": "sender address", "0042": "from",
    "0065": "from address", "0E02": "bcc",
    "0E03": "cc", "0E04": "to", "007D": "headers", "1000": "body", "3001": "name", "3003": "address",
    "39FE": "smtp address",
    "3707": "attachment name", "3704": "attachment name", "0070": "subject", "0E1D": "subject",
}  # fmt: skip
"""MAPI properties that people read (MS-OXPROPS), by their hexadecimal tag."""
_MACHINE = frozenset(
    """001A 0064 0075 0C1E 3002 3FFB 340D 1035 1039 1042 370B 370E 3FDE 3F08 0E28 0E29 003D 8554 3705 370D 3712 3713
    3716""".split()  # noqa: SIM905
)
"""Message class, address types, ids and media types: words of the program."""
_MACHINE_VALUE = re.compile(r"^(?:/o=[^@]*|IPM\..*|EX|SMTP|[0-9A-F-]{16,}|c=[^@]*)$", re.IGNORECASE)
_STREAM = "__SUBSTG1.0_"


def read_msg(content: bytes, into: Content, nested: Nested) -> None:
    """Nested messages are read with the same call; other objects inside are gaps."""
    with opened(content, "msg") as store:
        _read_storage(store, into, nested)


def _read_storage(store: olefile.OleFileIO, into: Content, nested: Nested) -> None:
    lines = []
    for path in store.listdir(streams=True, storages=False):
        leaf = path[-1].upper()
        if not leaf.startswith(_STREAM) or path[0].upper().startswith("__NAMEID"):
            if (
                len(path) > 1
                and not leaf.startswith(("__PROPERTIES", _STREAM))
                and not path[0].upper().startswith("__NAMEID")
            ):
                into.miss(GapKind.UNREADABLE, "msg-object")
            continue
        tag, kind = leaf[12:16], leaf[16:20]
        data = read_stream(store, path, into)
        if kind in ("001F", "001E", "101F", "101E") and tag not in _MACHINE:
            text = (
                data.decode("utf-16-le", "replace")
                if kind.endswith("F")
                else decode(data) or data.decode("cp1252", "replace")
            )
            text = text.rstrip("\x00")
            if tag == "1013":
                _inside(data if kind.endswith("E") else text.encode(), "html body", into, nested)
            elif not _MACHINE_VALUE.match(text):
                lines.append(f"{_NAMES.get(tag, 'property')}: {text}")
        elif kind == "0102" and tag in ("1013", "3701"):
            _inside(data, "html body" if tag == "1013" else "attachment", into, nested)
        elif kind == "0102" and tag == "1009":
            _inside(unpacked_rtf(data, into.limits.unpacked_bytes), "rtf body", into, nested)
    into.add("mail", "\n".join(lines))


def _inside(data: bytes, where: str, into: Content, nested: Nested) -> None:
    try:
        nested(data, into.inside(where))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)


_HEAD = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArial"
    rb"Times New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every compressed body may refer back to (MS-OXRTFCP 2.1.3.1.1)."""


def unpacked_rtf(data: bytes, most: int) -> bytes:
    """The body of a message packed as MS-OXRTFCP says; raises `UnreadError` for damaged ones."""
    if len(data) < 16:
        raise UnreadError(GapKind.UNREADABLE, "msg-rtf-body")
    packed_size, size, kind = struct.unpack_from("<II4s", data)
    if kind == b"MELA":
        return data[16 : 16 + size]
    if kind != b"LZFu" or size > most:
        raise UnreadError(GapKind.UNREADABLE, "msg-rtf-body")
    window = bytearray(4096)
    window[: len(_HEAD)] = _HEAD
    place, at, end = len(_HEAD), 16, min(len(data), packed_size + 4)
    out = bytearray()
    while at < end:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= end or len(out) > size + 4096:
                break
            if flags >> bit & 1:
                if at + 2 > end:
                    break
                pair = data[at] << 8 | data[at + 1]
                at += 2
                start, length = pair >> 4, (pair & 15) + 2
                if start == place % 4096:
                    return _whole(out, size)
                for step in range(length):
                    letter = window[(start + step) % 4096]
                    window[place % 4096] = letter
                    out.append(letter)
                    place += 1
            else:
                window[place % 4096] = data[at]
                out.append(data[at])
                at, place = at + 1, place + 1
    return _whole(out, size)


def _whole(out: bytearray, size: int) -> bytes:
    if len(out) < size:
        raise UnreadError(GapKind.UNREADABLE, "msg-rtf-body")
    return bytes(out[:size])
