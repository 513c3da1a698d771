"""Workbooks: rules, caches, comments of both generations, names of things, and sheets outside the book."""

# ruff: noqa: E501 - a file of the corpus is one expression, and its XML one line

import io

import openpyxl
import xlwt
from openpyxl.formatting.rule import CellIsRule, Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.documents.build import docx_with, xlsx_with
from tests.documents.case import Case
from tests.documents.making import NAME, book, picture, saved, zip_again

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def part(name: str, root: str, inside: str, attributes: str = "") -> bytes:
    xml = f'<{root} xmlns="{_MAIN}" xmlns:x14="urn:x14" {attributes}>{inside}</{root}>'
    return zip_again(xlsx_with("x"), {name: xml.encode()})


def prompted(book: openpyxl.Workbook) -> None:
    rule = DataValidation(type="whole", formula1="1", promptTitle="Let op", prompt=f"Vraag {NAME}")
    book.active.add_data_validation(rule)
    rule.add("C1")


def warned(book: openpyxl.Workbook) -> None:
    rule = DataValidation(type="whole", formula1="1", errorTitle=NAME, error="fout")
    book.active.add_data_validation(rule)
    rule.add("C1")


def formatted(book: openpyxl.Workbook) -> None:
    book.active.conditional_formatting.add("A1:A9", CellIsRule(operator="equal", formula=[f'"{NAME}"']))


def containing(book: openpyxl.Workbook) -> None:
    rule = Rule(type="containsText", operator="containsText", text=NAME, dxf=DifferentialStyle())
    rule.formula = ['NOT(ISERROR(SEARCH("x",A1)))']
    book.active.conditional_formatting.add("A1:A9", rule)


def number_format(book: openpyxl.Workbook) -> None:
    book.active["B2"].number_format = f'"{NAME}" 0'


def linked(book: openpyxl.Workbook) -> None:
    book.active["D1"].hyperlink = "https://voorbeeld.example/?naam=Wobbe+Tjallinga"


def tooltip(book: openpyxl.Workbook) -> None:
    book.active["D1"].hyperlink = "https://voorbeeld.example/"
    book.active["D1"].hyperlink.tooltip = NAME


def hidden_row(book: openpyxl.Workbook) -> None:
    book.active.append([NAME])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["A"].hidden = True


def filtered(book: openpyxl.Workbook) -> None:
    book.active.auto_filter.ref = "A1:B9"
    book.active.auto_filter.add_filter_column(0, [NAME])


def tabled(book: openpyxl.Workbook) -> None:
    book.active["A1"], book.active["B1"] = NAME, "n"
    book.active.add_table(Table(displayName="Wobbe_Tjallinga", ref="A1:B2"))


def page_footer(book: openpyxl.Workbook) -> None:
    book.active.evenFooter.left.text = NAME


def orphan_sheet() -> bytes:
    """A sheet left in the package that the book no longer lists: no program shows it, anybody can unzip it."""
    cell = f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{NAME}</t></is></c></row></sheetData>'
    return part("xl/worksheets/sheet99.xml", "worksheet", cell)


def orphan_number() -> bytes:
    return part(
        "xl/worksheets/sheet99.xml",
        "worksheet",
        '<sheetData><row r="1"><c r="A1"><v>999912346</v></c></row></sheetData>',
    )


def xls_named(name: str) -> bytes:
    book = xlwt.Workbook()
    book.add_sheet(name).write(0, 0, "x")
    return saved(book)


def xls_header() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad")
    sheet.write(0, 0, "x")
    sheet.header_str = NAME.encode()
    return saved(book)


def xls_picture() -> bytes:
    from PIL import Image

    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad")
    written = io.BytesIO()
    Image.open(io.BytesIO(picture("PNG"))).convert("RGB").save(written, "BMP")
    sheet.insert_bitmap_data(written.getvalue(), 1, 1)
    return saved(book)


_PIVOT = (
    f'<cacheFields count="1"><cacheField name="n"><sharedItems><s v="{NAME}"/></sharedItems></cacheField></cacheFields>'
)
_LINK = f'<externalBook><sheetNames><sheetName val="x"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{NAME}</v></cell></row></sheetData></sheetDataSet></externalBook>'

CASES = [
    Case(
        "xlsx",
        "threaded comment",
        lambda: part(
            "xl/threadedComments/threadedComment1.xml",
            "ThreadedComments",
            f"<threadedComment><text>{NAME}</text></threadedComment>",
        ),
    ),
    Case(
        "xlsx",
        "threaded comment person",
        lambda: part("xl/persons/person.xml", "personList", f'<person displayName="{NAME}"/>'),
    ),
    Case("xlsx", "validation prompt", lambda: book(prompted)),
    Case("xlsx", "validation warning", lambda: book(warned)),
    Case("xlsx", "conditional format, equal", lambda: book(formatted)),
    Case("xlsx", "conditional format, contains", lambda: book(containing)),
    Case("xlsx", "number format", lambda: book(number_format)),
    Case("xlsx", "hyperlink", lambda: book(linked), ("Wobbe+Tjallinga",)),
    Case("xlsx", "hyperlink tooltip", lambda: book(tooltip)),
    Case("xlsx", "hidden row and column", lambda: book(hidden_row)),
    Case("xlsx", "filter choice", lambda: book(filtered)),
    Case("xlsx", "table name", lambda: book(tabled), (NAME, "Wobbe_Tjallinga")),
    Case("xlsx", "page footer", lambda: book(page_footer)),
    Case("xlsx", "sheet outside the book", orphan_sheet),
    Case("xlsx", "number outside the book", orphan_number, ("999912346",)),
    Case(
        "xlsx",
        "pivot cache field",
        lambda: part("xl/pivotCache/pivotCacheDefinition1.xml", "pivotCacheDefinition", _PIVOT),
    ),
    Case(
        "xlsx",
        "pivot cache record",
        lambda: part("xl/pivotCache/pivotCacheRecords1.xml", "pivotCacheRecords", f'<r><s v="{NAME}"/></r>'),
    ),
    Case(
        "xlsx",
        "pivot refreshed by",
        lambda: part("xl/pivotCache/pivotCacheDefinition1.xml", "pivotCacheDefinition", "", f'refreshedBy="{NAME}"'),
    ),
    Case("xlsx", "external link cache", lambda: part("xl/externalLinks/externalLink1.xml", "externalLink", _LINK)),
    Case(
        "xlsx",
        "external sheet name",
        lambda: part(
            "xl/externalLinks/externalLink1.xml",
            "externalLink",
            f'<externalBook><sheetNames><sheetName val="{NAME}"/></sheetNames></externalBook>',
        ),
    ),
    Case(
        "xlsx",
        "connection string",
        lambda: part(
            "xl/connections.xml", "connections", f'<connection name="c"><dbPr connection="User={NAME}"/></connection>'
        ),
    ),
    Case(
        "xlsx",
        "connection command",
        lambda: part(
            "xl/connections.xml",
            "connections",
            f'<connection name="c"><dbPr command="WHERE n=\'{NAME}\'"/></connection>',
        ),
    ),
    Case("xlsx", "query table", lambda: part("xl/queryTables/queryTable1.xml", "queryTable", "", f'name="{NAME}"')),
    Case(
        "xlsx",
        "slicer caption",
        lambda: part("xl/slicers/slicer1.xml", "slicers", f'<slicer name="s" caption="{NAME}"/>'),
    ),
    Case(
        "xlsx",
        "scenario comment",
        lambda: part(
            "xl/worksheets/sheet99.xml", "worksheet", f'<scenarios><scenario name="s" comment="{NAME}"/></scenarios>'
        ),
    ),
    Case(
        "xlsx",
        "scenario value",
        lambda: part(
            "xl/worksheets/sheet99.xml",
            "worksheet",
            f'<scenarios><scenario name="s"><inputCells r="A1" val="{NAME}"/></scenario></scenarios>',
        ),
    ),
    Case("xlsx", "reserved by", lambda: part("xl/workbook9.xml", "workbook", f'<fileSharing userName="{NAME}"/>')),
    Case(
        "xlsx",
        "defined name comment",
        lambda: part(
            "xl/workbook9.xml",
            "workbook",
            f'<definedNames><definedName name="x" comment="{NAME}">1</definedName></definedNames>',
        ),
    ),
    Case("xlsx", "drawing text", lambda: part("xl/drawings/drawing9.xml", "wsDr", f"<p><r><t>{NAME}</t></r></p>")),
    Case(
        "xlsx",
        "chart data",
        lambda: part("xl/charts/chart9.xml", "chartSpace", f"<strCache><pt><v>{NAME}</v></pt></strCache>"),
    ),
    Case(
        "xlsx",
        "control caption",
        lambda: part("xl/ctrlProps/ctrlProp1.xml", "formControlPr", f'<itemLst><item val="{NAME}"/></itemLst>'),
    ),
    Case(
        "xlsx",
        "phonetic text",
        lambda: part("xl/sharedStrings9.xml", "sst", f"<si><t>x</t><rPh><t>{NAME}</t></rPh></si>"),
    ),
    Case("xlsx", "Word inside", lambda: zip_again(xlsx_with("x"), {"xl/embeddings/Document.docx": docx_with(NAME)})),
    Case(
        "xlsx",
        "harmless, with a rule and a filter",
        lambda: book(lambda book: (setattr(book.active.auto_filter, "ref", "A1:B2"), None)[1]),
        (),
    ),
    Case(
        "xlsx",
        "text called printer settings",
        lambda: zip_again(xlsx_with("x"), {"xl/printerSettings/printerSettings1.bin": NAME.encode("utf-16-le") * 2}),
    ),
    Case(
        "xlsx",
        "Word called printer settings",
        lambda: zip_again(xlsx_with("x"), {"xl/printerSettings/printerSettings1.bin": docx_with(NAME)}),
    ),
    Case("xls", "sheet name", lambda: xls_named(NAME)),
    Case("xls", "page header", xls_header),
    Case("xls", "picture", xls_picture),
]
