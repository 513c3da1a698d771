"""Office packages (OOXML, OpenDocument): every part is read, not only the ones a screen shows.

A library that offers "the paragraphs" skips headers, comments, tracked changes, notes, alternative texts, properties
and custom XML. Here each part of the ZIP is visited; a part nobody can read is a gap.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.kinds import FileKind, kind_of
from gateway.documents.letters import runs
from gateway.documents.package_text import read_part_xml
from gateway.model.inspection import GapKind

_FONTS = frozenset([".odttf", ".ttf", ".otf", ".fntdata"])
_PLAIN_NAME = re.compile(r"^(?:microsoft|object|olE?object)?[\w.-]*$", re.IGNORECASE)
"""Names programs give parts; one with a space or a letter with a mark came from a person."""
_LONGEST_TYPE = 200
"""Bytes of a media type; a longer `mimetype` is read."""
_MAX_RATIO = 200
"""A member that unpacks to more than this many times its size is treated as a bomb when it is also large."""
_BOMB_BYTES = 50_000_000


def open_package(content: bytes, into: Content) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Yields the members of a ZIP within the limits; raises `UnreadError` for encrypted, damaged or exploding ones."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if package.comment:
                into.add("zip comment", package.comment.decode("utf-8", "replace"))
            for member in package.infolist():
                into.add("member notes", "\n".join(runs(member.extra + _local_extra(content, member))))
                if member.is_dir():
                    into.add("folder name", member.filename)
                    if member.file_size:
                        into.miss(GapKind.UNREADABLE, "folder-with-bytes")
                    continue
                if member.flag_bits & 0x1:
                    raise UnreadError(GapKind.ENCRYPTED, "zip-member")
                if member.file_size > _BOMB_BYTES and member.file_size > _MAX_RATIO * max(1, member.compress_size):
                    raise UnreadError(GapKind.TOO_LARGE, "compression-bomb")
                into.unpack(member.file_size)
                if member.comment:
                    into.add("member comment", member.comment.decode("utf-8", "replace"))
                with package.open(member) as stream:
                    data = stream.read(member.file_size + 1)
                if len(data) != member.file_size:
                    raise UnreadError(GapKind.UNREADABLE, "zip-size")
                yield member, data
            if _hides_bytes(content, package):
                into.miss(GapKind.UNREADABLE, "bytes-outside-members")
    except FAULTS as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-zip") from error


FAULTS = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What zipfile and its decompressors raise on damaged archives."""
_ZIP64_END = 76
"""Bytes of the ZIP64 end record and its locator, which stand before the end record (APPNOTE 4.3.14 and 4.3.15)."""


def _local_extra(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The extra fields of a member where it stands; the directory repeats them, but need not."""
    name, extra = struct.unpack_from("<HH", content, member.header_offset + 26)
    start = member.header_offset + 30 + name
    return content[start : start + extra]


def _hides_bytes(content: bytes, package: zipfile.ZipFile) -> bool:
    """Whether there is anything before, between or behind the members and the directory."""
    end = content.rfind(b"PK\x05\x06")
    if content[end + 22 + len(package.comment) :].strip(b"\x00\r\n"):
        return True
    at, expected = 0, frozenset({b""})
    for member in sorted(package.infolist(), key=lambda one: one.header_offset):
        if member.header_offset < at or content[at : member.header_offset].rstrip(b"\x00") not in expected:
            return True
        name, extra = struct.unpack_from("<HH", content, member.header_offset + 26)
        at = member.header_offset + 30 + name + extra + member.compress_size
        expected = _descriptors(member)
    if content[at : package.start_dir].rstrip(b"\x00") not in expected:
        return True
    directory_size = struct.unpack_from("<I", content, end + 12)[0]
    behind = end - package.start_dir - directory_size if directory_size != 0xFFFFFFFF else _ZIP64_END
    is_zip64 = behind == _ZIP64_END and content.startswith(b"PK\x06\x06", end - behind)
    return behind != 0 and not is_zip64


def _descriptors(member: zipfile.ZipInfo) -> frozenset[bytes]:
    """What may stand behind a member: nothing, or its sum and sizes (APPNOTE 4.3.9), without the zeros at the end."""
    said = (member.CRC, member.compress_size, member.file_size)
    sizes = (struct.pack("<IQQ", *said), struct.pack("<III", *said) if max(said) < 1 << 32 else b"")
    return frozenset({b"", *((mark + each).rstrip(b"\x00") for mark in (b"", b"PK\x07\x08") for each in sizes)})


def read_package(content: bytes, into: Content, nested: Nested) -> None:
    """Reads each part; pictures, embedded files and anything else that is not XML go to `nested`; macros are gaps."""
    for member, data in open_package(content, into):
        name = member.filename
        if name == "META-INF/manifest.xml" and b"encryption-data" in data:
            raise UnreadError(GapKind.ENCRYPTED, "open-document")
        if member.comment:
            into.add("member comment", member.comment.decode("utf-8", "replace"))
        _read_part(name, data, into, nested)


def _read_part(name: str, data: bytes, into: Content, nested: Nested) -> None:
    lowered = name.lower()
    path = PurePosixPath(lowered)
    if not _PLAIN_NAME.match(path.stem) and not path.stem.startswith("["):
        into.add("part name", PurePosixPath(name).name)
    if lowered.endswith("vbaproject.bin") or lowered.startswith(("basic/", "scripts/")):
        into.miss(GapKind.MACRO, "macro")
    elif path.suffix in (".xml", ".rels", ".vml"):
        if not lowered.startswith("xl/calcchain"):
            read_part_xml(name, data, into)
    elif _is_of_the_program(lowered, data):
        return
    elif lowered.startswith("objectreplacements/"):
        into.add(name, "\n".join(runs(data)))  # a drawing of the object beside it, which is read itself
    elif data:
        _read_inside(name, data, into, nested)


def _is_of_the_program(name: str, data: bytes) -> bool:
    """Whether a part holds what a program needs and nobody wrote: no text, and no file we know."""
    if name == "mimetype":
        return len(data) < _LONGEST_TYPE
    is_named_so = PurePosixPath(name).suffix in _FONTS or "printersettings" in name or name.endswith("layout-cache")
    return is_named_so and kind_of(data) is FileKind.BINARY


def _read_inside(name: str, data: bytes, into: Content, nested: Nested) -> None:
    """A thumbnail repeats, too small to read, what is read elsewhere: it is looked at, but is never a gap."""
    gaps = len(into.gaps)
    try:
        nested(data, into.inside(PurePosixPath(name).name))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)
    if "thumbnail" in name.lower():
        del into.gaps[gaps:]
