"""Archives: names, notes, owners, and bytes between and behind the members."""

import gzip
import io
import struct
import tarfile
import zipfile

from tests.documents.build import docx_with, zip_with
from tests.documents.case import Case
from tests.documents.making import NAME, seven_zip, tar


def noted(**where: bytes) -> bytes:
    """A ZIP with notes: `archive` on the whole, `member` on its member."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        member = zipfile.ZipInfo("a.txt")
        member.comment = where.get("member", b"")
        archive.writestr(member, b"x")
        archive.comment = where.get("archive", b"")
    return written.getvalue()


def between() -> bytes:
    """Bytes that belong to no member, between the last member and the directory."""
    whole = zip_with(a__txt=b"gewoon")
    at = whole.index(b"PK\x01\x02")
    hidden = NAME.encode() * 8
    end = whole.index(b"PK\x05\x06")
    moved = whole[end : end + 16] + struct.pack("<I", at + len(hidden)) + whole[end + 20 :]
    return whole[:at] + hidden + whole[at:end] + moved


def within_the_room_of_a_descriptor() -> bytes:
    """A few bytes behind a member, where its sum and sizes may stand."""
    whole = zip_with(a__txt=b"gewoon")
    at, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    moved = whole[end : end + 16] + struct.pack("<I", at + len(NAME)) + whole[end + 20 :]
    return whole[:at] + NAME.encode() + whole[at:end] + moved


def behind_the_directory() -> bytes:
    """Bytes where the record of a ZIP64 archive may stand."""
    whole = zip_with(a__txt=b"gewoon")
    end = whole.index(b"PK\x05\x06")
    return whole[:end] + NAME.encode() + whole[end:]


def extra_field() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        member = zipfile.ZipInfo("a.txt")
        member.extra = struct.pack("<HH", 0x4242, len(NAME)) + NAME.encode()
        archive.writestr(member, b"x")
    return written.getvalue()


def streamed_zip() -> bytes:
    """As programs write one that cannot go back: sum and sizes behind each member."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    written = Pipe()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"bomen")
        archive.writestr("b.txt", b"struiken")
    return written.getvalue()


def tar_filled(at: int) -> bytes:
    """A tar with one member, with a value at a place that should be zeros; the sum of the header made right."""
    whole = bytearray(tar(b"x"))
    whole[at : at + 11] = NAME.encode()[:11]
    whole[148:156] = b" " * 8
    whole[148:156] = b"%06o\x00 " % sum(whole[:512])
    return bytes(whole)


def gzip_with_field(flags: int, field: bytes) -> bytes:
    whole = gzip.compress(b"x")
    return whole[:3] + bytes([flags]) + whole[4:10] + field + whole[10:]


def unlisted_member() -> bytes:
    """A member whose entry in the directory was taken out, as some programs delete."""
    whole = zip_with(a__txt=NAME.encode() * 5, b__txt=b"gewoon")
    first = whole.index(b"PK\x01\x02")
    second = whole.index(b"PK\x01\x02", first + 1)
    end = whole.index(b"PK\x05\x06")
    size = end - second
    tail = whole[end : end + 8] + struct.pack("<HHII", 1, 1, size, first) + whole[end + 20 :]
    return whole[:first] + whole[second:end] + tail


def owned_tar(**fields: str) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 1
        for key, value in fields.items():
            setattr(member, key, value)
        archive.addfile(member, io.BytesIO(b"x"))
    return written.getvalue()


def link_tar() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.type, member.linkname = tarfile.SYMTYPE, NAME
        archive.addfile(member)
    return written.getvalue()


def pax_comment() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": NAME}) as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return written.getvalue()


def named_gzip() -> bytes:
    written = io.BytesIO()
    with gzip.GzipFile(f"{NAME}.txt", "wb", fileobj=written) as stream:
        stream.write(b"x")
    return written.getvalue()


CASES = [
    Case("zip", "note on the archive", lambda: noted(archive=NAME.encode())),
    Case("zip", "note on a member", lambda: noted(member=NAME.encode())),
    Case("zip", "folder name", lambda: zip_with(**{f"{NAME}/a__txt": b"x"})),
    Case("zip", "empty folder", lambda: zip_with(**{f"{NAME}/": b""})),
    Case("zip", "between members and directory", between),
    Case("zip", "few bytes behind a member", within_the_room_of_a_descriptor),
    Case("zip", "behind the directory", behind_the_directory),
    Case("zip", "extra field", extra_field),
    Case("zip", "folder with bytes", lambda: zip_with(**{"map/": NAME.encode()})),
    Case("zip", "harmless, written in one go", streamed_zip, ()),
    Case("zip", "member not in the directory", unlisted_member),
    Case("binary", "text before an archive", lambda: NAME.encode() + b"\n" + zip_with(a__txt=b"x")),
    Case("zip", "behind the archive", lambda: zip_with(a__txt=b"x") + NAME.encode()),
    Case("zip", "same name twice", lambda: noted(archive=b"")[:-22] and zip_with(a__txt=NAME.encode())),
    Case("zip", "7z inside", lambda: zip_with(a=seven_zip(NAME.encode()))),
    Case("zip", "tar.gz inside", lambda: zip_with(a=tar(NAME.encode(), "w:gz"))),
    Case("zip", "Word in zip in Word", lambda: zip_with(a=zip_with(b=docx_with(NAME)))),
    Case(
        "zip",
        "drawing program",
        lambda: zip_with(
            **{
                "[Content_Types]__xml": b"<Types/>",
                "visio/pages/page1__xml": f"<Page><Text><cp/>{NAME}</Text></Page>".encode(),
            }
        ),
    ),
    Case("tar", "member name", lambda: owned_tar(name=NAME)),
    Case("tar", "owner", lambda: owned_tar(uname=NAME)),
    Case("tar", "link", link_tar),
    Case("tar", "comment", pax_comment),
    Case("tar", "behind a header", lambda: tar_filled(500), (NAME[:11],)),
    Case("tar", "behind a member", lambda: tar_filled(600), (NAME[:11],)),
    Case("tar", "behind the end", lambda: tar(b"x") + NAME.encode() * 9),
    Case("gzip", "file name", named_gzip),
    Case("gzip", "extra field", lambda: gzip_with_field(4, struct.pack("<H", len(NAME)) + NAME.encode())),
    Case("gzip", "behind a long file name", lambda: gzip_with_field(8, b"a" * 5_000 + NAME.encode() + b"\x00")),
    Case("gzip", "two in a row", lambda: gzip.compress(b"x") + gzip.compress(NAME.encode())),
    Case("gzip", "behind the end", lambda: gzip.compress(b"x") + NAME.encode()),
    Case("bzip2", "behind the end", lambda: __import__("bz2").compress(b"x" * 99) + NAME.encode()),
    Case("xz", "behind the end", lambda: __import__("lzma").compress(b"x" * 99) + NAME.encode()),
    Case("7z", "member name", lambda: _named_7z()),
    Case("7z", "behind the end", lambda: seven_zip(b"x") + NAME.encode()),
    Case("zip", "harmless, folders", lambda: zip_with(**{"map/": b"", "map/plan__txt": b"bomen"}), ()),
]


def _named_7z() -> bytes:
    import py7zr

    written = io.BytesIO()
    with py7zr.SevenZipFile(written, "w") as archive:
        archive.writestr(b"x", f"{NAME}.txt")
    return written.getvalue()
