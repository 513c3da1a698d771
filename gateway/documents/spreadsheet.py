"""Spreadsheets cell by cell, each row with the column heads it stands under; hidden sheets like any other."""

import struct
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.letters import runs
from gateway.documents.ole import check_header, opened, read_stream
from gateway.documents.package import FAULTS, read_package
from gateway.documents.xml_tree import parse_xml
from gateway.model.inspection import GapKind

_ROWS_PER_SEGMENT = 200


def read_workbook(content: bytes, into: Content, nested: Nested) -> None:
    """The cells, then every other part of the package: comments, headers, names, properties."""
    read_cells(content, into)
    into.sheet_parts.update(_listed_sheets(content))
    read_package(content, into, nested)


def _listed_sheets(content: bytes) -> list[str]:
    """The parts that hold the sheets the book lists; a sheet that is left over in the package is none of them."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            book = parse_xml(package.read("xl/workbook.xml"))
            links = parse_xml(package.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, UnreadError, *FAULTS):
        return []
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    listed = [
        value for sheet in book.iter("{*}sheet") for key, value in sheet.attrib.items() if str(key).endswith("}id")
    ]
    return [
        target if target.startswith("xl/") else f"xl/{target}"
        for target in (targets.get(one, "").lstrip("/") for one in listed)
    ]


def read_old_workbook(content: bytes, into: Content, _nested: Nested) -> None:
    """Excel 97: the cells, then every readable run of letters of the file, for comments, headers and text boxes.

    Macros and embedded files are gaps.
    """
    check_header(content, "workbook")
    read_cells(content, into)
    with opened(content, "workbook") as store:
        for path in store.listdir(streams=True, storages=False):
            if path[0] == "_VBA_PROJECT_CUR":
                into.miss(GapKind.MACRO, "macro")
            elif path[0].startswith("MBD") or path[0] == "ObjectPool":
                into.miss(GapKind.UNREADABLE, "embedded-object")
            else:
                data = read_stream(store, path, into)
                if path[-1] in ("Workbook", "Book"):
                    _miss_records(data, into)
                into.add(f"stream {path[-1].strip()}", "\n".join(runs(data, into.cells)))


_PICTURE_RECORDS = frozenset({0x7F, 0xE9})
_DRAWING_GROUP = 0xEB
_FILE_PASS = 0x2F
_BLIPS = (b"\x89PNG", b"\xff\xd8\xff", b" EMF", b"\x1a\xf0", b"\x1b\xf0", b"\x1c\xf0", b"\x1f\xf0")


def _miss_records(stream: bytes, into: Content) -> None:
    """Pictures and encryption, which letters do not show (MS-XLS 2.3.1: IMDATA, BKHIM, MSODRAWINGGROUP, FILEPASS)."""
    at = 0
    while at + 4 <= len(stream):
        record, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if record == _FILE_PASS:
            raise UnreadError(GapKind.ENCRYPTED, "workbook")
        if record in _PICTURE_RECORDS or (record == _DRAWING_GROUP and any(mark in body for mark in _BLIPS)):
            into.miss(GapKind.IMAGE_WITHOUT_TEXT, "workbook-picture")
        at += 4 + size


def read_cells(content: bytes, into: Content) -> None:
    """Adds the rows of every sheet, tab between cells, the first row repeated at the head of each block.

    Raises `UnreadError` for a workbook that is encrypted or damaged.
    """
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for metadata in book.sheets_metadata:
            into.add("sheet names", metadata.name)
            _read_sheet(book, metadata.name, into)
    except PasswordError as error:
        raise UnreadError(GapKind.ENCRYPTED, "workbook") from error
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise UnreadError(GapKind.UNREADABLE, "workbook") from error


def _read_sheet(book: CalamineWorkbook, name: str, into: Content) -> None:
    sheet = book.get_sheet_by_name(name)
    head = ""
    block: list[str] = []
    first = 1
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        into.cells.update(cell for cell in cells if isinstance(cell, str))
        filled += sum(cell != "" for cell in cells)
        line = "\t".join(_shown(cell) for cell in cells).rstrip("\t")
        if not line.strip():
            continue
        if not head:
            head = line
        block.append(line)
        if len(block) >= _ROWS_PER_SEGMENT:
            into.add(f"sheet {name} rows {first}-{number}", "\n".join(block))
            block, first = [head], number + 1
    into.sheet_cells.add(filled)
    if len(block) > 1 or first == 1:
        into.add(f"sheet {name} rows {first}-", "\n".join(block))


def _shown(cell: object) -> str:
    """A cell as a person would read it: whole numbers without a fraction, dates the Dutch way, no line breaks."""
    match cell:
        case bool():
            return "ja" if cell else "nee"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime():
            return cell.strftime("%d-%m-%Y") if cell.time() == time() else cell.strftime("%d-%m-%Y %H:%M")
        case date():
            return cell.strftime("%d-%m-%Y")
        case timedelta() | time():
            return str(cell)
        case _:
            return str(cell).replace("\t", " ").replace("\r", "").replace("\n", " ")
