"""Compound files (MS-CFB): opened with their header checked, and the files other programs packed into them."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import olefile

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.letters import runs
from gateway.model.inspection import GapKind

_ENCRYPTED = frozenset({"EncryptedPackage", "EncryptedSummary", "EncryptionInfo"})
"""Streams of encrypted documents (MS-OFFCRYPTO 1.3.1)."""
_PACKED = frozenset({"Package", "CONTENTS", "EmbeddedOdf", "package_stream"})
"""Streams that hold one file of another program as it is."""
_NOTES = ("title", "subject", "author", "keywords", "comments", "last_saved_by", "category", "manager", "company")


@contextmanager
def opened(content: bytes, detail: str) -> Iterator[olefile.OleFileIO]:
    """The compound file; raises `UnreadError` with `detail` for a header or an inside that makes no sense."""
    check_header(content, detail)
    try:
        with olefile.OleFileIO(BytesIO(content)) as store:
            yield store
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error, RecursionError) as error:
        raise UnreadError(GapKind.UNREADABLE, detail) from error


def check_header(content: bytes, detail: str) -> None:
    """Sizes that the file cannot hold would cost memory before anything is read (MS-CFB 2.2)."""
    if len(content) < 512:
        raise UnreadError(GapKind.UNREADABLE, detail)
    sector, mini = struct.unpack_from("<HH", content, 30)
    counts = (
        struct.unpack_from("<I", content, 44)
        + struct.unpack_from("<I", content, 64)
        + struct.unpack_from("<I", content, 72)
    )
    most = len(content) // 512 + 2
    if sector not in (9, 12) or mini != 6 or any(count > most for count in counts):
        raise UnreadError(GapKind.UNREADABLE, detail)


def read_stream(store: olefile.OleFileIO, path: str | list[str], into: Content) -> bytes:
    """One stream, counted by the size its directory claims before a byte of it is read."""
    size = store.get_size(path)
    if size > store._filesize:
        raise UnreadError(GapKind.UNREADABLE, "stream-size")
    into.unpack(size, 0)
    data: bytes = store.openstream(path).read()
    return data


def read_ole(content: bytes, into: Content, nested: Nested) -> None:
    """Files dropped into documents; raises `UnreadError` for encrypted documents and for programs we do not know."""
    with opened(content, "ole") as store:
        paths = store.listdir(streams=True, storages=False)
        if any(path[-1] in _ENCRYPTED for path in paths):
            raise UnreadError(GapKind.ENCRYPTED, "office")
        known = False
        for path in paths:
            name = path[-1]
            if len(path) == 1 and (name == "\x01Ole10Native" or name in _PACKED):
                known = True
                data = read_stream(store, path, into)
                _read_packed(_native(data, into) if name == "\x01Ole10Native" else data, into, nested)
        read_properties(store, into)
        if not known:
            raise UnreadError(GapKind.UNKNOWN_FORMAT, "ole")


def _read_packed(data: bytes, into: Content, nested: Nested) -> None:
    try:
        nested(data, into.inside("object"))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)


def _native(stream: bytes, into: Content) -> bytes:
    """The file in an Ole10Native stream; its label and the paths it came from are words of a person."""
    at = 6
    names = []
    for _ in range(2):
        end = stream.index(b"\x00", at)
        names.append(stream[at:end])
        at = end + 1
    at += 4
    size = struct.unpack_from("<I", stream, at)[0]
    names.append(stream[at + 4 : at + 4 + size].rstrip(b"\x00"))
    at += 4 + size
    length = struct.unpack_from("<I", stream, at)[0]
    into.add("object name", "\n".join(name.decode("cp1252", "replace") for name in names))
    into.add("object name", "\n".join(runs(stream[at + 4 + length :])))
    return stream[at + 4 : at + 4 + length]


def read_properties(store: olefile.OleFileIO, into: Content) -> None:
    """Who wrote and saved it, and properties of one's own (MS-OLEPS)."""
    found = store.get_metadata()
    lines = []
    for note in _NOTES:
        value = getattr(found, note)
        if isinstance(value, bytes):
            lines.append(value.decode("utf-8", "replace") if value.isascii() else value.decode("cp1252", "replace"))
    into.add("properties", "\n".join(lines))
    if store.exists("\x05DocumentSummaryInformation"):
        data = store.openstream("\x05DocumentSummaryInformation").read()
        if len(data) > 72 and struct.unpack_from("<I", data, 24)[0] > 1:
            into.add("properties", "\n".join(runs(data[struct.unpack_from("<I", data, 64)[0] :])))
