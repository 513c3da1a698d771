"""The kind of a file by its content, never by its name or declared type."""

import io
import re
import struct
import zipfile
import zlib
from enum import StrEnum

from gateway.documents.charset import decode


class FileKind(StrEnum):
    """Families that share a reader; `binary` is everything we cannot name."""

    TEXT = "text"
    JSON = "json"
    XML = "xml"
    HTML = "html"
    RTF = "rtf"
    MAIL = "eml"
    OUTLOOK = "msg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    XLS = "xls"
    DOC = "doc"
    PPT = "ppt"
    OLE = "ole"
    PDF = "pdf"
    ZIP = "zip"
    SEVEN_ZIP = "7z"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    IMAGE = "image"
    SOUND_OR_FILM = "sound-or-film"
    EMPTY = "empty"
    BINARY = "binary"


_SIGNATURES: tuple[tuple[int, bytes, FileKind], ...] = (
    (0, b"%PDF-", FileKind.PDF),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (0, b"\x1f\x8b", FileKind.GZIP),
    (0, b"BZh", FileKind.BZIP2),
    (0, b"\xfd7zXZ\x00", FileKind.XZ),
    (257, b"ustar", FileKind.TAR),
    (0, b"\x89PNG\r\n\x1a\n", FileKind.IMAGE),
    (0, b"\xff\xd8\xff", FileKind.IMAGE),
    (0, b"II*\x00", FileKind.IMAGE),
    (0, b"MM\x00*", FileKind.IMAGE),
    (0, b"GIF8", FileKind.IMAGE),
    (0, b"BM", FileKind.IMAGE),
    (8, b"WEBP", FileKind.IMAGE),
    (4, b"ftypheic", FileKind.IMAGE),
    (4, b"ftypheix", FileKind.IMAGE),
    (4, b"ftypmif1", FileKind.IMAGE),
    (4, b"ftypavif", FileKind.IMAGE),
    (4, b"ftyp", FileKind.SOUND_OR_FILM),
    (8, b"WAVE", FileKind.SOUND_OR_FILM),
    (8, b"AVI ", FileKind.SOUND_OR_FILM),
    (0, b"OggS", FileKind.SOUND_OR_FILM),
    (0, b"fLaC", FileKind.SOUND_OR_FILM),
    (0, b"ID3", FileKind.SOUND_OR_FILM),
    (0, b"\xff\xfb", FileKind.SOUND_OR_FILM),
    (0, b"\xff\xf3", FileKind.SOUND_OR_FILM),
    (0, b"\x1aE\xdf\xa3", FileKind.SOUND_OR_FILM),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_OPEN_DOCUMENT_KINDS = {b"spreadsheet": FileKind.ODS, b"presentation": FileKind.ODP, b"graphics": FileKind.ODP}
"""By the first word of the media type; templates and masters have a suffix, anything else reads like text."""
_OFFICE_PART = {"word/": FileKind.DOCX, "xl/": FileKind.XLSX, "ppt/": FileKind.PPTX}
_BITMAP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))
_HTML_TAG = re.compile(
    r"<(?:html|head|body|div|p|span|table|ul|ol|h[1-6]|a|b|i|br|img|style|script|meta|title|section|article|main|form"
    r"|template|pre|font|center|link|nav|header|footer|iframe|center|svg\b(?!.*xmlns))[\s/>]"
)
_XML_TAG = re.compile(r"<[a-z_][\w:.-]*(?:\s|/?>)")
_MAIL_HEADERS = ("from:", "to:", "subject:", "date:", "received:", "mime-version:", "return-path:", "message-id:")
_PDF_SEARCH_BYTES = 1024
"""Readers accept a PDF whose header stands within the first kilobyte (ISO 32000-1, implementation note 13)."""


def kind_of(content: bytes) -> FileKind:
    """Names the family of `content`; text is what decodes to text, anything else unknown is `binary`."""
    if not content.strip(b"\x00 \t\r\n"):
        return FileKind.EMPTY
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_ole(content)
    for offset, signature, kind in _SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            if signature == b"BM" and content[14:18] not in _BITMAP_HEADERS:
                continue
            return kind
    if b"%PDF-" in content[:_PDF_SEARCH_BYTES]:
        return FileKind.PDF
    return _kind_of_text(content)


def _kind_of_zip(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if "mimetype" in names:
                with package.open("mimetype") as declared:
                    mime = declared.read(100).strip()
                    if mime.startswith(_OPEN_DOCUMENT):
                        word = mime.removeprefix(_OPEN_DOCUMENT).split(b"-")[0]
                        return _OPEN_DOCUMENT_KINDS.get(word, FileKind.ODT)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        ValueError,
        EOFError,
        zlib.error,
        struct.error,
    ):
        return FileKind.ZIP
    if "[Content_Types].xml" in names:
        for start, kind in _OFFICE_PART.items():
            if any(name.startswith(start) for name in names):
                return kind
    return FileKind.ZIP


_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office hides an encrypted document (MS-OFFCRYPTO 1.3.1)."""


def _kind_of_ole(content: bytes) -> FileKind:
    names = content.replace(b"\x00", b"")
    if b"__properties_version1.0" in names:
        return FileKind.OUTLOOK
    if (
        b"WordDocument" not in names
        and b"PowerPoint Document" not in names
        and (b"Workbook" in names or b"\x09\x08" in content[512:514])
    ):
        return FileKind.XLS
    if _ENCRYPTED_PACKAGE in content:
        return FileKind.OLE
    if b"WordDocument" in names:
        return FileKind.DOC
    return FileKind.PPT if b"PowerPoint Document" in names else FileKind.OLE


def _kind_of_text(content: bytes) -> FileKind:  # noqa: PLR0911 - one question after the other
    text = decode(content)
    if text is None:
        return FileKind.BINARY
    start = text.lstrip("\ufeff \t\r\n")[:4000]
    lowered = start.lower()
    is_page = "<html" in lowered or lowered.startswith("<!doctype html") or ("<body" in lowered and "<" in lowered[:5])
    if start.startswith("{\\rtf"):
        return FileKind.RTF
    if lowered.startswith("<") and (is_page or lowered.startswith(("<?xml", "<!doctype"))):
        return FileKind.HTML if is_page else FileKind.XML
    if start[:1] in ("{", "["):
        return FileKind.JSON
    if _HTML_TAG.match(lowered):
        return FileKind.HTML
    if lowered.startswith("<!--") or (_XML_TAG.match(lowered) and text.rstrip().endswith(">")):
        return FileKind.XML if text.rstrip().endswith(">") and "<html" not in lowered else FileKind.HTML
    is_mail = _starts_with_mail_headers(lowered) or (
        lowered.startswith("from ") and _starts_with_mail_headers(lowered.partition("\n")[2])
    )
    return FileKind.MAIL if is_mail else FileKind.TEXT


def _starts_with_mail_headers(text: str) -> bool:
    lines = text.splitlines()[:12]
    return bool(lines) and ":" in lines[0] and sum(line.startswith(_MAIL_HEADERS) for line in lines) >= 2
