"""Spreadsheets cell by cell, each row with the column heads it stands under; hidden sheets like any other."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

import olefile
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.package import read_package
from gateway.model.inspection import GapKind

_ROWS_PER_SEGMENT = 200


def read_workbook(content: bytes, into: Content, nested: Nested) -> None:
    """The cells, then every other part of the package: comments, headers, names, properties."""
    read_cells(content, into)
    read_package(content, into, nested)


def read_old_workbook(content: bytes, into: Content, _nested: Nested) -> None:
    """Excel 97: the cells, then every readable run of letters of the file, for comments, headers and text boxes.

    Macros and embedded files are gaps.
    """
    read_cells(content, into)
    with olefile.OleFileIO(BytesIO(content)) as store:
        for path in store.listdir(streams=True, storages=False):
            if path[0] == "_VBA_PROJECT_CUR":
                into.miss(GapKind.MACRO, "macro")
            elif path[0].startswith("MBD") or path[0] == "ObjectPool":
                into.miss(GapKind.UNREADABLE, "embedded-object")
            else:
                into.add(f"stream {path[-1].strip()}", "\n".join(_letters(store.openstream(path).read(), into.cells)))


_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00|[\x00-\xff][\x01-\x06]){4,}")
_NARROW = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")


def _letters(stream: bytes, known: set[str]) -> Iterator[str]:
    """Runs of four and more letters, in both ways a BIFF file stores them (MS-XLS 2.5.293), without what cells show."""
    for pattern, encoding in ((_WIDE, "utf-16-le"), (_NARROW, "cp1252")):
        for run in pattern.finditer(stream):
            text = run.group().decode(encoding, "replace")
            if text not in known and any(letter.isalnum() for letter in text):
                yield text


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
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        into.cells.update(cell for cell in cells if isinstance(cell, str))
        line = "\t".join(_shown(cell) for cell in cells).rstrip("\t")
        if not line.strip():
            continue
        if not head:
            head = line
        block.append(line)
        if len(block) >= _ROWS_PER_SEGMENT:
            into.add(f"sheet {name} rows {first}-{number}", "\n".join(block))
            block, first = [head], number + 1
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
