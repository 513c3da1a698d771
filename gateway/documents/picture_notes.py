"""What a picture file says besides its pixels: EXIF, XMP, IPTC, text chunks, comments, and bytes behind the picture."""

import re
import struct
import zlib
from collections.abc import Iterator

from PIL import ExifTags, Image

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.letters import runs
from gateway.documents.xml_tree import parse_xml
from gateway.model.inspection import GapKind

_LAYOUT_TAGS = frozenset(
    """ExifVersion ComponentsConfiguration FlashPixVersion FileSource SceneType CFAPattern InteropIndex InteropVersion
    GPSVersionID GPSLatitudeRef GPSLongitudeRef StripOffsets StripByteCounts JPEGTables InterColorProfile XMLPacket
    ICCProfile PrintImageMatching ImageResources JpegIFOffset JpegIFByteCount TileOffsets TileByteCounts GPSAltitudeRef
    GPSImgDirectionRef GPSSpeedRef GPSDestBearingRef GPSStatus GPSMeasureMode GPSTrackRef""".split()  # noqa: SIM905
)
"""Tags that hold numbers and tables of the picture itself."""
_ID = re.compile(
    r"(?:(?:xmp\.[did]id|uuid|adobe:docid:[a-z]+):)?\{?[0-9A-F]{8}(?:-?[0-9A-F]{4}){3}-?[0-9A-F]{12}\}?", re.I
)
"""What XMP calls a document, its version and its original (XMP part 2, 2.2)."""
_KNOWN_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT tIME acTL fcTL fdAT eXIf".split()
)
_KNOWN_SEGMENTS = (
    b"JFIF\x00",
    b"JFXX\x00",
    b"Exif\x00",
    b"ICC_PROFILE\x00",
    b"Adobe\x00",
    b"MPF\x00",
    b"http://ns.adobe.com/xmp/extension/",
)
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_MOST_NOTE_BYTES = 4_000_000


def read_notes(content: bytes, picture: Image.Image, into: Content, nested: Nested) -> None:
    """Adds every word found; bytes behind the picture are a picture of their own or a gap."""
    into.add("exif", "\n".join(_exif(picture)))
    for key in ("xmp", "XML:com.adobe.xmp"):
        if key in picture.info:
            into.add("xmp", xmp_text(_bytes(picture.info[key])))
    tags = getattr(picture, "tag_v2", None)
    if tags:
        into.add("tags", "\n".join(_spoken((ExifTags.TAGS.get(tag, ""), value) for tag, value in tags.items())))
        if 700 in tags:
            into.add("xmp", xmp_text(_bytes(tags[700])))
    if content.startswith(b"\x89PNG"):
        _read_png(content, into)
    elif content.startswith(b"\xff\xd8"):
        _read_jpeg(content, into, nested)
    elif content.startswith(b"GIF"):
        _read_gif(content, into)
    elif content[8:12] == b"WEBP":
        end = 8 + struct.unpack_from("<I", content, 4)[0]
        _miss_behind(content[end + end % 2 :], into)
    elif content.startswith(b"BM"):
        _miss_behind(content[max(struct.unpack_from("<I", content, 2)[0], 54) :], into)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _exif(picture: Image.Image) -> Iterator[str]:
    exif = picture.getexif()
    yield from _spoken((ExifTags.TAGS.get(tag, ""), value) for tag, value in exif.items())
    for inside in (ExifTags.IFD.Exif, ExifTags.IFD.Interop):
        yield from _spoken((ExifTags.TAGS.get(tag, ""), value) for tag, value in exif.get_ifd(inside).items())
    yield from _spoken(
        (ExifTags.GPSTAGS.get(tag, ""), value) for tag, value in exif.get_ifd(ExifTags.IFD.GPSInfo).items()
    )


def _spoken(entries: Iterator[tuple[str, object]]) -> Iterator[str]:
    for name, value in entries:
        if name in _LAYOUT_TAGS:
            continue
        if name.startswith("XP"):
            data = value if isinstance(value, bytes) else bytes(value) if isinstance(value, tuple) else b""
            yield data.decode("utf-16-le", "replace").rstrip("\x00")
        elif isinstance(value, bytes):
            yield from _coded(value)
        elif isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, str))


def _coded(value: bytes) -> Iterator[str]:
    """A value that begins with the name of its character set (EXIF 2.3, 4.6.5), or of which nobody tells the layout."""
    head, body = value[:8], value[8:]
    if head == b"UNICODE\x00":
        yield body.decode("utf-16-le" if body[1:2] == b"\x00" else "utf-16-be", "replace")
    elif head in (b"ASCII\x00\x00\x00", bytes(8)):
        yield decode(body.rstrip(b"\x00 ")) or ""
    else:
        yield from runs(value[:_MOST_NOTE_BYTES])


def xmp_text(packet: bytes) -> str:
    """The words of an XMP packet, without the ids of documents."""
    try:
        root = parse_xml(packet.strip(b"\x00 \r\n\t"))
    except UnreadError:
        return "\n".join(runs(packet))
    lines: list[str] = []
    for node in root.iter():
        lines.extend(str(value) for value in node.attrib.values())
        lines.extend(piece.strip() for piece in (node.text, node.tail) if piece and piece.strip())
    return "\n".join(line for line in lines if not _ID.fullmatch(line))


def _read_png(content: bytes, into: Content) -> None:
    """Text chunks, packed or not, and letters of chunks nobody registered (PNG 11.3.3)."""
    at = 8
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"tEXt":
            into.add("picture note", body.replace(b"\x00", b": ").decode("latin-1"))
        elif kind == b"zTXt":
            key, _, packed = body.partition(b"\x00")
            into.add("picture note", f"{key.decode('latin-1')}: {_unpacked(packed[1:], into).decode('latin-1')}")
        elif kind == b"iTXt":
            _read_international(body, into)
        elif kind == b"IEND":
            _miss_behind(content[at:], into)
            return
        elif kind not in _KNOWN_CHUNKS:
            into.add("picture note", "\n".join(runs(body)))


def _read_international(body: bytes, into: Content) -> None:
    key, _, rest = body.partition(b"\x00")
    language, _, rest = rest[2:].partition(b"\x00") if len(rest) > 2 else (b"", b"", b"")
    title, _, text = rest.partition(b"\x00")
    packed = body[len(key) + 1 : len(key) + 2] == b"\x01"
    words = _unpacked(text, into) if packed else text
    if key == b"XML:com.adobe.xmp":
        into.add("xmp", xmp_text(words))
    else:
        into.add("picture note", b": ".join((key, language, title, words)).decode("utf-8", "replace"))


def _unpacked(packed: bytes, into: Content) -> bytes:
    machine = zlib.decompressobj()
    try:
        words = machine.decompress(packed, _MOST_NOTE_BYTES)
    except zlib.error:
        into.miss(GapKind.UNREADABLE, "picture-note")
        return b""
    if machine.unconsumed_tail:
        raise UnreadError(GapKind.TOO_LARGE, "picture-note")
    into.unpack(len(words), 0)
    return words


def _read_jpeg(content: bytes, into: Content, nested: Nested) -> None:
    """Comments and segments of applications, through all scans to the end of the picture (ITU T.81, B.1)."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            _read_behind_jpeg(content[at + 2 :], into, nested)
            return
        if marker in (0x01, *range(0xD0, 0xD8)):
            at += 2
            continue
        size = struct.unpack_from(">H", content, at + 2)[0]
        body = content[at + 4 : at + 2 + size]
        if marker == 0xFE:
            into.add("picture note", decode(body) or "\n".join(runs(body)))
        elif 0xE0 <= marker <= 0xEF and not body.startswith(_KNOWN_SEGMENTS):
            into.add("picture note", "" if body.startswith(_XMP) else "\n".join(runs(body)))
        at += 2 + size
        if marker == 0xDA:
            at = _end_of_scan(content, at)


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the coded data of a scan ends: at a marker that is no restart and no stuffed byte."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        elif content[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _read_behind_jpeg(rest: bytes, into: Content, nested: Nested) -> None:
    """Phones put more pictures behind the first (Multi-Picture Format); anything else is a gap."""
    rest = rest.lstrip(b"\x00")
    if not rest.startswith(b"\xff\xd8\xff"):
        _miss_behind(rest, into)
        return
    try:
        nested(rest, into.inside("second picture"))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)


def _read_gif(content: bytes, into: Content) -> None:
    """Comments and words of applications in extension blocks (GIF89a, 24 and 26)."""
    at = 13 + (3 << ((content[10] & 7) + 1) if content[10] & 0x80 else 0)
    while at < len(content):
        block = content[at]
        if block == 0x3B:
            _miss_behind(content[at + 1 :], into)
            return
        if block == 0x21 and at + 1 < len(content):
            label = content[at + 1]
            words, at = _sub_blocks(content, at + 2)
            if label in (0xFE, 0x01):
                into.add("picture note", decode(words) or "\n".join(runs(words)))
            elif label == 0xFF and not words.startswith((b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1")):
                into.add("picture note", "\n".join(runs(words[11:])))
        elif block == 0x2C and at + 10 <= len(content):
            flags = content[at + 9]
            _, at = _sub_blocks(content, at + 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0))
        else:
            return


def _sub_blocks(content: bytes, at: int) -> tuple[bytes, int]:
    pieces = []
    while at < len(content) and content[at]:
        pieces.append(content[at + 1 : at + 1 + content[at]])
        at += 1 + content[at]
    return b"".join(pieces), at + 1


def _miss_behind(rest: bytes, into: Content) -> None:
    if rest.strip(b"\x00\r\n "):
        into.miss(GapKind.UNREADABLE, "bytes-behind-picture")
