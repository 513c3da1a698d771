"""Archives: every member is a file of its own, with its name; anything that cannot be opened is a gap."""

import bz2
import io
import lzma
import struct
import tarfile
import zlib
from typing import Protocol

import py7zr

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.letters import runs
from gateway.documents.package import open_package
from gateway.model.inspection import GapKind

_CHUNK = 1 << 20


def read_zip(content: bytes, into: Content, nested: Nested) -> None:
    for member, data in open_package(content, into):
        _read_member(member.filename, data, into, nested)


def read_tar(content: bytes, into: Content, nested: Nested) -> None:
    """Links, devices and other non-files hold no text; damaged archives raise `UnreadError`."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for member in archive:
                into.add("member notes", "\n".join(_notes(member)))
                if _fills_gaps(content, member):
                    into.miss(GapKind.UNREADABLE, "bytes-between-members")
                if not member.isfile():
                    into.add("member name", member.name)
                    into.unpack(0)
                    continue
                into.unpack(member.size)
                stream = archive.extractfile(member)
                data = stream.read() if stream else b""
                if len(data) != member.size:
                    raise UnreadError(GapKind.UNREADABLE, "tar-size")
                _read_member(member.name, data, into, nested)
            if content[archive.offset :].strip(b"\x00"):
                into.miss(GapKind.UNREADABLE, "bytes-behind-archive")
    except (tarfile.TarError, OSError, ValueError) as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-tar") from error


def _fills_gaps(content: bytes, member: tarfile.TarInfo) -> bool:
    """Whether the room behind the header or behind the last block of a member holds anything."""
    header = content[member.offset_data - 12 : member.offset_data].removesuffix(b"tar\x00")
    end = member.offset_data + (member.size if member.isfile() else 0)
    return bool((header + content[end : end + -end % tarfile.BLOCKSIZE]).strip(b"\x00"))


_OWNERS = frozenset({"", "root", "wheel", "staff", "users", "nobody", "admin", "user"})


def _notes(member: tarfile.TarInfo) -> list[str]:
    """The owner, the target of a link and the comments of a member."""
    owners = [name for name in (member.uname, member.gname) if name.lower() not in _OWNERS]
    comments = [
        str(value)
        for key, value in member.pax_headers.items()
        if key not in ("mtime", "atime", "ctime", "path", "size")
    ]
    return [*owners, *([member.linkname] if member.linkname else []), *comments]


_FAULTS_OF_7Z = (
    py7zr.exceptions.ArchiveError,
    *(lzma.LZMAError, zlib.error, struct.error, OSError, EOFError, ValueError),
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError),
)
"""What py7zr raises on archives that are damaged, and on those that make no sense."""


def read_7z(content: bytes, into: Content, nested: Nested) -> None:
    """The sizes of all members are counted before anything is unpacked."""
    try:
        products = _unpacked_7z(content, into)
    except _FAULTS_OF_7Z as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-7z") from error
    for name, data in products:
        _read_member(name, data, into, nested)


def _unpacked_7z(content: bytes, into: Content) -> list[tuple[str, bytes]]:
    with py7zr.SevenZipFile(io.BytesIO(content)) as archive:
        if archive.needs_password():
            raise UnreadError(GapKind.ENCRYPTED, "7z")
        members = [member for member in archive.list() if not member.is_directory]
        end = 32 + struct.unpack_from("<Q", content, 12)[0] + struct.unpack_from("<Q", content, 20)[0]
        if content[end:].strip(b"\x00"):
            into.miss(GapKind.UNREADABLE, "bytes-behind-archive")
        into.unpack(sum(member.uncompressed or 0 for member in members), len(members))
        factory = py7zr.io.BytesIOFactory(into.limits.unpacked_bytes)
        archive.extractall(factory=factory)  # noqa: S202 - into memory, sizes counted above
        products = []
        for name, product in factory.products.items():
            product.seek(0)
            products.append((name, product.read()))
        return products


def read_compressed(content: bytes, into: Content, nested: Nested) -> None:
    """gzip, bzip2 and xz around one file, unpacked piece by piece within the limits; gzip's own file name too."""
    unpacked = bytearray()
    rest = content
    try:
        while rest:
            into.add("member notes", _gzip_notes(rest))
            machine = _machine(rest)
            while not machine.eof:
                piece = machine.decompress(rest, _CHUNK)
                rest = b""
                if machine.needs_input and not piece and not machine.eof:
                    raise UnreadError(GapKind.UNREADABLE, "broken-compression")
                into.unpack(len(piece), 0)
                unpacked += piece
            rest = machine.unused_data.lstrip(b"\x00")
            if rest and rest[:2] != content[:2]:
                into.miss(GapKind.UNREADABLE, "bytes-behind-archive")
                break
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-compression") from error
    nested(bytes(unpacked), into.inside("unpacked"))


class _Machine(Protocol):
    """What the three decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Gunzip:
    """zlib's decompressor with the manners of the other two."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(0, max_length))


def _machine(content: bytes) -> _Machine:
    if content.startswith(b"\x1f\x8b"):
        return _Gunzip()
    return bz2.BZ2Decompressor() if content.startswith(b"BZ") else lzma.LZMADecompressor()


def _gzip_notes(content: bytes) -> str:
    """The extra field, the file name and the comment of a gzip header (RFC 1952, 2.3)."""
    if not content.startswith(b"\x1f\x8b") or len(content) < 12:
        return ""
    flags, at = content[3], 10
    notes: list[str] = []
    if flags & 4:
        size = int.from_bytes(content[at : at + 2], "little")
        notes.extend(runs(content[at + 2 : at + 2 + size]))
        at += 2 + size
    for _ in range(bool(flags & 8) + bool(flags & 16)):
        end = content.find(b"\x00", at)
        end = len(content) if end < 0 else end
        notes.append(content[at:end].decode("latin-1"))
        at = end + 1
    return "\n".join(notes)


def _read_member(name: str, data: bytes, into: Content, nested: Nested) -> None:
    into.add("member name", name)
    try:
        nested(data, into.inside(name))
    except UnreadError as unread:
        if unread.kind in (GapKind.TOO_LARGE, GapKind.TOO_DEEP):
            raise
        into.miss(unread.kind, unread.detail)
