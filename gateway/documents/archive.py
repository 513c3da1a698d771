"""Archives: every member is a file of its own, with its name; anything that cannot be opened is a gap."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import BinaryIO, cast

import py7zr

from gateway.documents.content import Content, Nested, UnreadError
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
                if not member.isfile():
                    continue
                into.unpack(member.size)
                stream = archive.extractfile(member)
                data = stream.read() if stream else b""
                if len(data) != member.size:
                    raise UnreadError(GapKind.UNREADABLE, "tar-size")
                _read_member(member.name, data, into, nested)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-tar") from error


def read_7z(content: bytes, into: Content, nested: Nested) -> None:
    """The sizes of all members are counted before anything is unpacked."""
    try:
        with py7zr.SevenZipFile(io.BytesIO(content)) as archive:
            if archive.needs_password():
                raise UnreadError(GapKind.ENCRYPTED, "7z")
            members = [member for member in archive.list() if not member.is_directory]
            into.unpack(sum(member.uncompressed or 0 for member in members), len(members))
            factory = py7zr.io.BytesIOFactory(into.limits.unpacked_bytes)
            archive.extractall(factory=factory)  # noqa: S202 - into memory, sizes counted above
            for name, product in factory.products.items():
                product.seek(0)
                _read_member(name, product.read(), into, nested)
    except (py7zr.exceptions.ArchiveError, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-7z") from error


def read_compressed(content: bytes, into: Content, nested: Nested) -> None:
    """gzip, bzip2 and xz around one file, unpacked piece by piece within the limits."""
    unpacked = bytearray()
    try:
        with _opened(content) as stream:
            while piece := stream.read(_CHUNK):
                into.unpack(len(piece), 0)
                unpacked += piece
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-compression") from error
    nested(bytes(unpacked), into.inside("unpacked"))


def _opened(content: bytes) -> BinaryIO:
    file = io.BytesIO(content)
    if content.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    return cast(BinaryIO, bz2.open(file) if content.startswith(b"BZ") else lzma.open(file))


def _read_member(name: str, data: bytes, into: Content, nested: Nested) -> None:
    into.add("member name", name)
    try:
        nested(data, into.inside(name))
    except UnreadError as unread:
        if unread.kind in (GapKind.TOO_LARGE, GapKind.TOO_DEEP):
            raise
        into.miss(unread.kind, unread.detail)
