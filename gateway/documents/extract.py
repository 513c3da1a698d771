"""One file to its content: name the kind, hand it to the reader of that family, and do so again for files inside."""

from collections.abc import Callable

from gateway.documents import archive, mail, markup, package, pdf, picture, spreadsheet
from gateway.documents.content import Content, UnreadError
from gateway.documents.kinds import FileKind, kind_of
from gateway.model.inspection import GapKind

Reader = Callable[[bytes, Content], None]


def extract(content: bytes, into: Content) -> FileKind:
    """Reads `content` to the end or notes why not; never raises for what a file may hold."""
    kind = kind_of(content)
    try:
        _READERS[kind](content, into)
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)
    return kind


def _nested(content: bytes, into: Content) -> None:
    _READERS[kind_of(content)](content, into)


def _read_workbook(content: bytes, into: Content) -> None:
    spreadsheet.read_cells(content, into)
    package.read_package(content, into, _nested)


def _read_old_workbook(content: bytes, into: Content) -> None:
    spreadsheet.read_cells(content, into)
    into.miss(GapKind.INCOMPLETE, "xls-comments-and-objects")


def _refuse_ole(content: bytes, _into: Content) -> None:
    """Office files of before 2007, and encrypted ones of after it, which hide in the same container."""
    if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in content:
        raise UnreadError(GapKind.ENCRYPTED, "office")
    raise UnreadError(GapKind.UNKNOWN_FORMAT, "office-97")


def _refuse_sound(_content: bytes, _into: Content) -> None:
    raise UnreadError(GapKind.AUDIO_OR_VIDEO, "sound-or-film")


def _refuse_binary(_content: bytes, _into: Content) -> None:
    raise UnreadError(GapKind.UNKNOWN_FORMAT, "binary")


def _nothing(_content: bytes, _into: Content) -> None:
    return


def _with_nested(reader: Callable[[bytes, Content, package.Nested], None]) -> Reader:
    return lambda content, into: reader(content, into, _nested)


_READERS: dict[FileKind, Reader] = {
    FileKind.TEXT: markup.read_text,
    FileKind.JSON: markup.read_text,
    FileKind.HTML: markup.read_html,
    FileKind.XML: markup.read_xml,
    FileKind.RTF: markup.read_rtf,
    FileKind.DOCX: _with_nested(package.read_package),
    FileKind.PPTX: _with_nested(package.read_package),
    FileKind.ODT: _with_nested(package.read_package),
    FileKind.ODP: _with_nested(package.read_package),
    FileKind.XLSX: _read_workbook,
    FileKind.ODS: _read_workbook,
    FileKind.XLS: _read_old_workbook,
    FileKind.OLE: _refuse_ole,
    FileKind.PDF: _with_nested(pdf.read_pdf),
    FileKind.MAIL: _with_nested(mail.read_eml),
    FileKind.OUTLOOK: _with_nested(mail.read_msg),
    FileKind.ZIP: _with_nested(archive.read_zip),
    FileKind.SEVEN_ZIP: _with_nested(archive.read_7z),
    FileKind.TAR: _with_nested(archive.read_tar),
    FileKind.GZIP: _with_nested(archive.read_compressed),
    FileKind.BZIP2: _with_nested(archive.read_compressed),
    FileKind.XZ: _with_nested(archive.read_compressed),
    FileKind.IMAGE: picture.read_picture,
    FileKind.SOUND_OR_FILM: _refuse_sound,
    FileKind.EMPTY: _nothing,
    FileKind.BINARY: _refuse_binary,
}
"""The reader of each kind; total over `FileKind`."""
