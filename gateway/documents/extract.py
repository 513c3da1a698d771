"""One file to its content: name the kind, hand it to the reader of that family, and do so again for files inside."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.kinds import FileKind, kind_of
from gateway.documents.letters import narrow_runs

Reader = Callable[[bytes, Content, Nested], None]

READERS: dict[FileKind, str] = {
    FileKind.TEXT: "markup.read_text",
    FileKind.JSON: "markup.read_json",
    FileKind.HTML: "markup.read_html",
    FileKind.XML: "xml_text.read_xml",
    FileKind.RTF: "rtf.read_rtf",
    FileKind.DOCX: "package.read_package",
    FileKind.PPTX: "package.read_package",
    FileKind.ODT: "package.read_package",
    FileKind.ODP: "package.read_package",
    FileKind.XLSX: "spreadsheet.read_workbook",
    FileKind.ODS: "spreadsheet.read_workbook",
    FileKind.XLS: "spreadsheet.read_old_workbook",
    FileKind.DOC: "office97.read_doc",
    FileKind.PPT: "office97.read_ppt",
    FileKind.OLE: "ole.read_ole",
    FileKind.PDF: "pdf.read_pdf",
    FileKind.MAIL: "mail.read_eml",
    FileKind.OUTLOOK: "outlook.read_msg",
    FileKind.ZIP: "archive.read_zip",
    FileKind.SEVEN_ZIP: "archive.read_7z",
    FileKind.TAR: "archive.read_tar",
    FileKind.GZIP: "archive.read_compressed",
    FileKind.BZIP2: "archive.read_compressed",
    FileKind.XZ: "archive.read_compressed",
    FileKind.IMAGE: "picture.read_picture",
    FileKind.SOUND_OR_FILM: "unread.read_sound",
    FileKind.EMPTY: "unread.read_empty",
    FileKind.BINARY: "unread.read_binary",
}
"""The reader of each kind, total over `FileKind`; imported when used, because a process reads one file and ends."""

_TEXTS = frozenset({FileKind.TEXT, FileKind.JSON, FileKind.HTML, FileKind.XML, FileKind.RTF, FileKind.MAIL})
"""Kinds that may be in letters of two bytes. Then words of one byte each read as Chinese, so they are read apart."""
_HEAD = 64_000


def extract(content: bytes, into: Content) -> FileKind:
    """Reads `content` to the end or notes why not.

    A parser that crashes on hostile bytes raises whatever it raises: the confined process ends with it, and the
    reader outside makes that a gap.
    """
    kind = kind_of(content)
    try:
        _read(kind, content, into)
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)
    return kind


def _nested(content: bytes, into: Content) -> None:
    _read(kind_of(content), content, into)


def _read(kind: FileKind, content: bytes, into: Content) -> None:
    reader_of(kind)(content, into, _nested)
    if kind in _TEXTS and (content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:_HEAD]):
        into.add("bytes", "\n".join(narrow_runs(content)))


def reader_of(kind: FileKind) -> Reader:
    """The reader of `kind`, imported now."""
    module, function = READERS[kind].split(".")
    return cast(Reader, getattr(import_module(f"gateway.documents.{module}"), function))
