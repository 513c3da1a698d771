"""Word and PowerPoint of before 2007 (MS-DOC, MS-PPT): all text in reading order, then what else can be read.

Whatever these formats can hold and we cannot look into is a gap: objects, macros, drawings without a bitmap, sound.
"""

import re
import struct
from collections.abc import Iterator

import olefile

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.letters import runs
from gateway.documents.ole import opened, read_properties, read_stream
from gateway.model.inspection import GapKind

_MARKS = {
    "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\x1f": "", "\x01": "", "\x02": "", "\x05": "",
    "\x08": "", "\x13": " ", "\x14": " ", "\x15": "", "\x03": "", "\x04": "",
}  # fmt: skip
"""Special characters of Word's text (MS-DOC 2.8.1 and further)."""
_FIB_FONTS, _FIB_STYLES, _FIB_TEXT = 0x112, 0xA2, 0x1A2
_COMPRESSED = 0x40000000
_BITMAPS = ((b"\x89PNG\r\n\x1a\n", b"IEND\xaeB\x60\x82"), (b"\xff\xd8\xff", b"\xff\xd9"))
_OTHER_BLIPS = frozenset({0xF01A, 0xF01B, 0xF01C, 0xF01F, 0xF029})
"""Office drawings: EMF, WMF, PICT, DIB, TIFF (MS-ODRAW 2.2.23)."""


def read_doc(content: bytes, into: Content, nested: Nested) -> None:
    """Raises `UnreadError` for encrypted and damaged files, and for Word of before 1997."""
    with opened(content, "doc") as store:
        main = read_stream(store, "WordDocument", into)
        magic, flags = struct.unpack_from("<H", main)[0], struct.unpack_from("<H", main, 10)[0]
        if magic != 0xA5EC:
            raise UnreadError(GapKind.UNKNOWN_FORMAT, "word-95")
        if flags & 0x100:
            raise UnreadError(GapKind.ENCRYPTED, "doc")
        table = read_stream(store, "1Table" if flags & 0x200 else "0Table", into)
        text, rest = _pieces(main, table)
        shown = "".join(_MARKS.get(letter, letter) for letter in text)
        into.add("text", shown)
        known = set(shown.split("\n"))
        for start, size in (_range(main, _FIB_FONTS), _range(main, _FIB_STYLES)):
            table = table[:start] + bytes(len(table[start : start + size])) + table[start + size :]
        into.add("settings", "\n".join(runs(table, known)))
        into.add("left over", "\n".join(runs(rest, known)))
        read_properties(store, into)
        _read_others(store, into, nested, {"WordDocument", "1Table" if flags & 0x200 else "0Table"})


def _range(main: bytes, at: int) -> tuple[int, int]:
    start, size = struct.unpack_from("<II", main, at)
    return start, size


def _pieces(main: bytes, table: bytes) -> tuple[str, bytes]:
    """The text of every story by the piece table (MS-DOC 2.8.35), and the stream without it."""
    start, size = _range(main, _FIB_TEXT)
    clx = table[start : start + size]
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise UnreadError(GapKind.UNREADABLE, "doc")
    length = struct.unpack_from("<I", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + length]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    text: list[str] = []
    rest = bytearray(main)
    for number in range(count):
        offset = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        letters = places[number + 1] - places[number]
        if offset & _COMPRESSED:
            first, last, encoding = (offset ^ _COMPRESSED) // 2, (offset ^ _COMPRESSED) // 2 + letters, "cp1252"
        else:
            first, last, encoding = offset, offset + 2 * letters, "utf-16-le"
        if letters < 0 or last > len(main) or places[number + 1] > len(main):
            raise UnreadError(GapKind.UNREADABLE, "doc")
        text.append(main[first:last].decode(encoding, "replace"))
        rest[first:last] = bytes(last - first)
    return "".join(text), bytes(rest)


_TEXT_WIDE, _TEXT_NARROW, _STRING = 4000, 4008, 4026
_UNREAD_RECORDS = {2023: "sound", 4113: "embedded-object"}
_MACROS = 1023
"""Its atom says whether there are any (MS-PPT 2.4.11)."""
_MAX_RECORDS = 400_000
_PROMPT = ("Click to edit", "Klik om", "Second level", "Third level", "Fourth level", "Fifth level", "Tweede niveau",
           "Derde niveau", "Vierde niveau", "Vijfde niveau", "Click icon", "___PPT")  # fmt: skip


def read_ppt(content: bytes, into: Content, nested: Nested) -> None:
    """Slides, notes, masters and comments, earlier saved versions included; raises `UnreadError` as `read_doc` does."""
    with opened(content, "ppt") as store:
        if store.exists("EncryptedSummary"):
            raise UnreadError(GapKind.ENCRYPTED, "ppt")
        stream = read_stream(store, "PowerPoint Document", into)
        lines = []
        for kind, body in _records(stream):
            if kind in (_TEXT_WIDE, _STRING):
                lines.append(body.decode("utf-16-le", "replace"))
            elif kind == _TEXT_NARROW:
                lines.append(body.decode("latin-1"))
            elif kind == _MACROS:
                if any(body[12:16]):
                    into.miss(GapKind.MACRO, "macro")
            elif kind in _UNREAD_RECORDS:
                into.miss(GapKind.UNREADABLE, _UNREAD_RECORDS[kind])
        shown = [line.replace("\r", "\n").replace("\x0b", "\n") for line in lines if not line.startswith(_PROMPT)]
        into.add("slides", "\n".join(shown))
        if store.exists("Current User"):
            into.add("current user", "\n".join(runs(store.openstream("Current User").read()[28:])))
        read_properties(store, into)
        _read_others(store, into, nested, {"PowerPoint Document", "Current User"})


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Atoms in order, containers opened (MS-PPT 2.3.1); raises `UnreadError` for sizes that do not fit."""
    at = 0
    for _ in range(_MAX_RECORDS):
        if at + 8 > len(stream):
            return
        head, kind, size = struct.unpack_from("<HHI", stream, at)
        at += 8
        if head & 15 == 15 and kind != _MACROS:
            continue
        if at + size > len(stream):
            raise UnreadError(GapKind.UNREADABLE, "ppt")
        yield kind, stream[at : at + size]
        at += size
    raise UnreadError(GapKind.TOO_LARGE, "ppt-records")


def _read_others(store: olefile.OleFileIO, into: Content, nested: Nested, done: set[str]) -> None:
    """Pictures in every other stream; macros and objects are gaps."""
    for path in store.listdir(streams=True, storages=False):
        if path[0] in ("Macros", "_VBA_PROJECT_CUR"):
            into.miss(GapKind.MACRO, "macro")
        elif path[0] in ("ObjectPool", "MsoDataStore") or len(path) > 1:
            into.miss(GapKind.UNREADABLE, "embedded-object")
        elif path[0] not in done and not path[0].startswith(("\x05", "\x01")):
            data = read_stream(store, path, into)
            into.add(f"stream {path[0]}", "\n".join(runs(_read_pictures(data, into, nested))))
    for name in done & {"WordDocument"}:
        _read_pictures(store.openstream(name).read(), into, nested)


def _read_pictures(data: bytes, into: Content, nested: Nested) -> bytes:
    """Bitmaps, found by how they begin and end, and what is left; drawings of other kinds are gaps."""
    taken = bytearray(data)
    for mark, closing in _BITMAPS:
        at = data.find(mark)
        while at >= 0:
            end = _end_of_picture(data, at, closing)
            taken[at:end] = bytes(end - at)
            try:
                nested(data[at:end], into.inside("picture"))
            except UnreadError as unread:
                into.miss(unread.kind, unread.detail)
            at = data.find(mark, end)
    for found in re.finditer(rb"[\x1a\x1b\x1c\x1f\x29]\xf0", taken):
        if found.start() >= 2 and _is_drawing(taken, found.start() - 2):
            into.miss(GapKind.IMAGE_WITHOUT_TEXT, "drawing")
            break
    return bytes(taken)


def _end_of_picture(data: bytes, at: int, closing: bytes) -> int:
    """By the record around it, whose size stands before its body (17 or 33 bytes of identity), else by its end."""
    for identity in (17, 33):
        head = at - identity - 8
        if head >= 0 and data[head + 3] == 0xF0:
            size: int = struct.unpack_from("<I", data, head + 4)[0]
            if identity < size <= len(data) - head - 8:
                return head + 8 + size
    end = data.find(closing, at)
    return len(data) if end < 0 else end + len(closing)


def _is_drawing(data: bytearray, at: int) -> bool:
    kind, size = struct.unpack_from("<HI", data, at + 2)
    return kind in _OTHER_BLIPS and 16 < size <= len(data) - at - 8
