"""Word and PowerPoint files of before 2007, made record by record."""

# ruff: noqa: E501 - a file of the corpus is one line

import struct

from tests.documents.case import Case
from tests.documents.making import NAME, picture
from tests.documents.structured_storage import Tree, compound


def word(text: str, *, wide: bool = False, flags: int = 0x200, **streams: "bytes | Tree") -> bytes:
    """One piece of text after a header of 1,472 bytes (MS-DOC 2.5.1); `flags` chooses the table stream."""
    body = text.encode("utf-16-le" if wide else "cp1252")
    offset = 1472 if wide else 1472 * 2 | 0x40000000
    pieces = struct.pack("<2I", 0, len(text)) + struct.pack("<HIH", 0, offset, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    head = bytearray(1472)
    struct.pack_into("<H", head, 0, 0xA5EC)
    struct.pack_into("<H", head, 10, flags)
    struct.pack_into("<II", head, 0x1A2, 0, len(clx))
    return compound({"WordDocument": bytes(head) + body, "1Table": clx} | streams)


def record(kind: int, body: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHI", version, kind, len(body)) + body


def slides(*atoms: bytes, **streams: bytes) -> bytes:
    return compound({"PowerPoint Document": record(1000, b"".join(atoms), 15)} | streams)


def wide(text: str) -> bytes:
    return record(4000, text.encode("utf-16-le"))


_MACROS = record(1023, record(1024, struct.pack("<III", 1, 1, 2)), 15)
CASES = [
    Case("doc", "body", lambda: word(f"Beste {NAME}\r")),
    Case("doc", "body in two-byte letters", lambda: word("Beste Yıldız Şahin\r", wide=True), ("Yıldız Şahin",)),
    Case("doc", "left over from a quick save", lambda: _with_leftover()),
    Case("doc", "reviewer in the settings", lambda: word("Gewoon\r", **{"0Table": NAME.encode("utf-16-le")})),
    Case("doc", "picture", lambda: word("Gewoon\r", Data=picture("PNG")), needs_ocr=True),
    Case("doc", "drawing", lambda: word("Gewoon\r", Data=record(0xF01B, NAME.encode() * 3))),
    Case("doc", "embedded object", lambda: word("x\r", ObjectPool={"_1": {"CONTENTS": NAME.encode()}})),
    Case("doc", "macros", lambda: word("x\r", Macros={"VBA": {"Module1": NAME.encode()}})),
    Case("doc", "password", lambda: word("x\r", flags=0x300)),
    Case("doc", "harmless", lambda: word("Het plan voor de Lindelaan vraagt twaalf nieuwe bomen.\r"), ()),
    Case("ppt", "slide", lambda: slides(wide(f"Beste {NAME}"))),
    Case("ppt", "slide in one-byte letters", lambda: slides(record(4008, f"Beste {NAME}".encode("latin-1")))),
    Case("ppt", "comment author", lambda: slides(record(4026, NAME.encode("utf-16-le")))),
    Case("ppt", "last user", lambda: slides(wide("x"), **{"Current User": bytes(28) + NAME.encode()})),
    Case("ppt", "picture", lambda: slides(wide("x"), Pictures=record(0xF01E, bytes(17) + picture("PNG"))), needs_ocr=True),
    Case("ppt", "embedded object", lambda: slides(wide("x"), record(4113, NAME.encode()))),
    Case("ppt", "macros", lambda: slides(wide("x"), _MACROS)),
    Case("ppt", "harmless", lambda: slides(wide("Fietsplan"), record(1023, record(1024, struct.pack("<III", 0, 0, 2)), 15)), ()),
]  # fmt: skip


def _with_leftover() -> bytes:
    """A sentence behind the text that no piece points at."""
    whole = word("Gewoon" + NAME)
    return whole.replace(struct.pack("<2I", 0, 6 + len(NAME)), struct.pack("<2I", 0, 6))
