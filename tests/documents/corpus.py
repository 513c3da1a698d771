"""The file corpus: over 120 files of every format, each with what hides where. Everybody in it is fictional.

`CASES` is the manifest; files are made when a test asks for them, so none is stored.
"""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

import openpyxl
import pillow_heif
import py7zr
import xlwt
from docx import Document
from odf import dc, meta, office, style, table, text
from odf.opendocument import OpenDocumentPresentation, OpenDocumentSpreadsheet, OpenDocumentText
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text as NoteAnnotation
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from tests.documents.build import (
    W,
    docx_with,
    eml_with,
    pdf_with,
    pptx_with,
    with_parts,
    word_part,
    xlsx_with,
    zip_with,
)

pillow_heif.register_heif_opener()

NAME = "Wobbe Tjallinga"
BSN = "999912346"
MAIL = "wobbe.tjallinga@voorbeeld.example"
BORN = date(1971, 4, 23)


@dataclass(frozen=True, slots=True)
class Case:
    """One file: its format and place, how it is made, and the values that must be found (none: harmless)."""

    family: str
    place: str
    make: Callable[[], bytes]
    values: tuple[str, ...] = (NAME,)
    needs_ocr: bool = False

    @property
    def id(self) -> str:
        return f"{self.family}: {self.place}"


def _saved(document: object) -> bytes:
    written = io.BytesIO()
    document.save(written)  # type: ignore[attr-defined]
    return written.getvalue()


def _word(change: Callable[[object], None]) -> bytes:
    document = Document()
    document.add_paragraph("Een gewone alinea over groenonderhoud.")
    change(document)
    return _saved(document)


def _book(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["soort", "aantal"])
    book.active.append(["linde", 12])
    change(book)
    return _saved(book)


def _validated(book: openpyxl.Workbook) -> None:
    rule = DataValidation(type="list", formula1=f'"{NAME},anders"')
    book.active.add_data_validation(rule)
    rule.add("C1")


def _named(book: openpyxl.Workbook) -> None:
    book.defined_names["persoon"] = DefinedName("persoon", attr_text=f'"{NAME}"')


def _merged(book: openpyxl.Workbook) -> None:
    book.active["D9"] = NAME
    book.active.merge_cells("D9:F9")


def _dated(book: openpyxl.Workbook) -> None:
    book.active["B5"] = BORN
    book.active["B5"].number_format = "DD-MM-YYYY"


def _show(change: Callable[[object, object], None]) -> bytes:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Fietsplan"
    change(show, slide)
    return _saved(show)


def _box(_show: object, slide: object) -> None:
    slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = NAME


def _grid(_show: object, slide: object) -> None:
    slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table.cell(1, 1).text = NAME


def _hidden(_show: object, slide: object) -> None:
    _box(_show, slide)
    slide._element.set("show", "0")


def _alternative(_show: object, slide: object) -> None:
    slide.shapes.title._element.nvSpPr.cNvPr.set("descr", f"Foto van {NAME}")


def _odt(change: Callable[[OpenDocumentText], None]) -> bytes:
    document = OpenDocumentText()
    document.text.addElement(text.P(text="Een gewone alinea."))
    change(document)
    return _saved(document)


def _odt_note(document: OpenDocumentText) -> None:
    paragraph = text.P(text="Zie noot")
    note = office.Annotation()
    note.addElement(dc.Creator(text=NAME))
    note.addElement(text.P(text="let op"))
    paragraph.addElement(note)
    document.text.addElement(paragraph)


def _odt_header(document: OpenDocumentText) -> None:
    layout = style.PageLayout(name="indeling")
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="Standaard", pagelayoutname=layout)
    header = style.Header()
    header.addElement(text.P(text=NAME))
    master.addElement(header)
    document.masterstyles.addElement(master)


def _odt_split(document: OpenDocumentText) -> None:
    paragraph = text.P(text="Beste ")
    paragraph.addElement(text.Span(text="Wobbe"))
    paragraph.addElement(text.S())
    paragraph.addElement(text.Span(text="Tjallinga"))
    document.text.addElement(paragraph)


def _ods(value: object, shown: str) -> bytes:
    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Blad")
    row = table.TableRow()
    kind = {int: "float", date: "date", str: "string"}[type(value)]
    attributes = {"valuetype": kind}
    if kind == "float":
        attributes["value"] = str(value)
    if kind == "date":
        attributes["datevalue"] = str(value)
    cell = table.TableCell(**attributes)
    cell.addElement(text.P(text=shown))
    row.addElement(cell)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    return _saved(document)


def _odp() -> bytes:
    document = OpenDocumentPresentation()
    document.meta.addElement(meta.InitialCreator(text=NAME))
    return _saved(document)


def _xls(value: object) -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Blad").write(3, 1, value)
    return _saved(book)


def scan(*lines: str, size: int = 34) -> Image.Image:
    """A page of black letters on white, as a scanner gives."""
    picture = Image.new("RGB", (1240, 500), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((80, 60 + number * 70), line, fill="black", font=font)
    return picture


def picture(kind: str, *, exif: str = "") -> bytes:
    written = io.BytesIO()
    image = scan("Geachte mevrouw, heer,", f"Naam: {NAME}", "Met vriendelijke groet")
    if exif:
        tags = Image.Exif()
        tags[0x010E] = exif
        image.save(written, kind, exif=tags)
    else:
        image.save(written, kind)
    return written.getvalue()


def _pdf_scan() -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    page.drawImage(ImageReader(scan("Geachte lezer,", f"Naam: {NAME}")), 40, 500, 500, 200)
    page.save()
    return written.getvalue()


def _pdf_mixed() -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    page.drawString(72, 780, "Een gewone alinea tekst boven een ingescande brief, die apart gelezen wordt.")
    page.drawImage(ImageReader(scan("Geachte lezer,", f"Naam: {NAME}")), 40, 300, 500, 200)
    page.save()
    return written.getvalue()


def _pdf_changed(change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_with("Een gewone regel over de afvalkalender."))))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _pdf_note(writer: PdfWriter) -> None:
    writer.add_annotation(0, NoteAnnotation(text=NAME, rect=(50, 550, 200, 650)))


def _pdf_form() -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    page.drawString(72, 700, "Vul hier uw naam in, zoals die in uw paspoort staat.")
    page.acroForm.textfield(name="naam", value=NAME, x=72, y=650, width=200, height=20)
    page.save()
    return written.getvalue()


def _nested_mail() -> bytes:
    inner = EmailMessage()
    inner["Subject"] = "Doorgestuurd"
    inner["From"] = f"{NAME} <{MAIL}>"
    inner.set_content("Zie onder.")
    outer = EmailMessage()
    outer["From"] = "Balie <balie@voorbeeld.example>"
    outer["Subject"] = "FW"
    outer.set_content("Ter info.")
    outer.add_attachment(inner)
    return outer.as_bytes()


def _html_mail() -> bytes:
    message = EmailMessage()
    message["From"] = "Balie <balie@voorbeeld.example>"
    message["Subject"] = "Vraag"
    message.set_content("Zie HTML.")
    message.add_alternative(f"<html><body><p>Beste {NAME}</p></body></html>", subtype="html")
    return message.as_bytes()


def _header_mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"{NAME} <{MAIL}>"
    message["Subject"] = "Vraag"
    message.set_content("Geen naam hier.")
    return message.as_bytes()


def _seven_zip(data: bytes) -> bytes:
    written = io.BytesIO()
    with py7zr.SevenZipFile(written, "w") as archive:
        archive.writestr(data, "brief.txt")
    return written.getvalue()


def _tar(data: bytes, mode: str = "w") -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as archive:
        member = tarfile.TarInfo("brief.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return written.getvalue()


LINE = f"Beste {NAME}, tot maandag."
PLAIN = LINE.encode()
_SVG = f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>{NAME}</text></svg>'

TEXTS = [
    Case("text", "utf-8", lambda: PLAIN),
    Case("text", "utf-8 with a mark", lambda: LINE.encode("utf-8-sig")),
    Case("text", "utf-16 with a mark", lambda: LINE.encode("utf-16")),
    Case("text", "utf-16 little endian", lambda: LINE.encode("utf-16-le")),
    Case("text", "utf-16 big endian", lambda: LINE.encode("utf-16-be")),
    Case("text", "utf-32", lambda: LINE.encode("utf-32")),
    Case("text", "windows-1252", lambda: f"{LINE} Één café, € 5".encode("cp1252")),
    Case("text", "latin-1", lambda: f"{LINE} Één café".encode("latin-1")),
    Case("text", "markdown", lambda: f"# Verslag\n\n- **{NAME}** was er".encode()),
    Case("text", "python code", lambda: f'naam = "{NAME}"\nprint(naam)\n'.encode()),
    Case("text", "sql", lambda: f"INSERT INTO p VALUES ('{NAME}', {BSN});".encode(), (NAME, BSN)),
    Case("text", "yaml", lambda: f"persoon:\n  naam: {NAME}\n".encode()),
    Case("text", "log file", lambda: f"2026-11-01 10:00 INFO aanmelding {MAIL}\n".encode(), (MAIL,)),
    Case("csv", "semicolons", lambda: f"naam;bsn\n{NAME};{BSN}\n".encode(), (NAME, BSN)),
    Case("csv", "commas and quotes", lambda: f'naam,bsn\n"{NAME}",{BSN}\n'.encode(), (NAME, BSN)),
    Case("csv", "tabs", lambda: f"naam\tbsn\n{NAME}\t{BSN}\n".encode(), (NAME, BSN)),
    Case("csv", "windows-1252 from Excel", lambda: f"naam;plaats\n{NAME};Één\n".encode("cp1252")),
    Case("json", "object", lambda: json.dumps({"naam": NAME, "bsn": BSN}).encode(), (NAME, BSN)),
    Case("json", "array, indented", lambda: json.dumps([{"naam": NAME}], indent=2).encode()),
    Case("json", "lines", lambda: f'{{"naam":"{NAME}"}}\n{{"naam":"x"}}\n'.encode()),
    Case("xml", "element", lambda: f'<?xml version="1.0"?><a><naam>{NAME}</naam></a>'.encode()),
    Case("xml", "attribute", lambda: f'<?xml version="1.0"?><a naam="{NAME}"/>'.encode()),
    Case("xml", "comment", lambda: f'<?xml version="1.0"?><a><!--{NAME}--></a>'.encode()),
    Case("xml", "cdata", lambda: f'<?xml version="1.0"?><a><![CDATA[{NAME}]]></a>'.encode()),
    Case("xml", "svg drawing", _SVG.encode),
    Case("html", "paragraph", lambda: f"<!doctype html><p>{LINE}</p>".encode()),
    Case("html", "comment", lambda: f"<html><body><!--{NAME}--></body></html>".encode()),
    Case("html", "title", lambda: f"<html><head><title>{NAME}</title></head></html>".encode()),
    Case("html", "meta", lambda: f'<html><head><meta name="author" content="{NAME}"></head></html>'.encode()),
    Case("html", "form value", lambda: f'<html><body><input value="{NAME}"></body></html>'.encode()),
    Case("html", "script", lambda: f'<html><body><script>var n="{NAME}"</script></body></html>'.encode()),
    Case("html", "entities", lambda: b"<html><body>Wobbe&nbsp;Tjallinga &euml;</body></html>", ("Wobbe\xa0Tjallinga",)),
    Case("rtf", "body", lambda: b"{\\rtf1\\ansi Beste " + NAME.encode() + b"\\par}"),
    Case("rtf", "bold in the middle", lambda: b"{\\rtf1\\ansi Wobbe {\\b Tjallinga}\\par}"),
    Case("rtf", "author", lambda: b"{\\rtf1\\ansi{\\info{\\author " + NAME.encode() + b"}}Tekst\\par}"),
]


def _comment_part() -> str:
    return (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="{NAME}"><w:p><w:r><w:t>let op</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    )


def _text_box() -> str:
    return (
        f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{NAME}</w:t></w:r></w:p>'
        "</w:txbxContent></w:pict></w:r></w:p></w:hdr>"
    )


def _cell(document: object) -> None:
    document.add_table(1, 2).cell(0, 1).text = NAME


def _core(document: object) -> None:
    document.core_properties.author = NAME


def _word_picture() -> bytes:
    return _word(lambda document: document.add_picture(io.BytesIO(picture("PNG"))))


def _embedded_book() -> bytes:
    package = docx_with("Zie tabel")
    return zip_again(package, {"word/embeddings/Werkblad.xlsx": xlsx_with(NAME)})


def zip_again(package: bytes, parts: dict[str, bytes], *, stored: bool = False) -> bytes:
    """The same package with more parts in it; `stored` keeps them uncompressed."""
    written = io.BytesIO(package)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return written.getvalue()


OFFICE = [
    Case("docx", "body", lambda: docx_with(LINE)),
    Case("docx", "table cell", lambda: _word(_cell)),
    Case("docx", "author property", lambda: _word(_core)),
    Case("docx", "header", lambda: docx_with(word__header9=word_part("hdr", NAME))),
    Case("docx", "footer", lambda: docx_with(word__footer9=word_part("ftr", NAME))),
    Case("docx", "footnote", lambda: docx_with(word__footnotes=word_part("footnotes", NAME))),
    Case("docx", "endnote", lambda: docx_with(word__endnotes=word_part("endnotes", NAME))),
    Case("docx", "comment text", lambda: docx_with(word__comments=word_part("comments", NAME))),
    Case("docx", "comment author", lambda: docx_with(word__comments=_comment_part())),
    Case("docx", "tracked deletion", lambda: docx_with(word__header8=word_part("hdr", NAME, "delText"))),
    Case("docx", "field code", lambda: docx_with(word__header8=word_part("hdr", NAME, "instrText"))),
    Case("docx", "text box", lambda: docx_with(word__header7=_text_box())),
    Case("docx", "custom XML", lambda: docx_with(customXml__item7=f"<a><naam>{NAME}</naam></a>")),
    Case("docx", "custom property", lambda: docx_with(docProps__custom=f"<p><lpwstr>{NAME}</lpwstr></p>")),
    Case("docx", "embedded workbook", _embedded_book),
    Case(
        "docx",
        "alternative format chunk",
        lambda: zip_again(docx_with(), {"word/afchunk.html": f"<html>{NAME}</html>".encode()}),
    ),
    Case("docx", "picture of a page", _word_picture, needs_ocr=True),
    Case("xlsx", "cell", lambda: xlsx_with(NAME)),
    Case("xlsx", "number", lambda: xlsx_with(int(BSN)), (BSN,)),
    Case("xlsx", "date", lambda: _book(_dated), ("23-04-1971",)),
    Case("xlsx", "hidden sheet", lambda: xlsx_with(NAME, hidden="hidden")),
    Case("xlsx", "very hidden sheet", lambda: xlsx_with(NAME, hidden="veryHidden")),
    Case("xlsx", "comment", lambda: xlsx_with("x", comment=NAME)),
    Case("xlsx", "page header", lambda: xlsx_with("x", header=NAME)),
    Case("xlsx", "formula", lambda: xlsx_with(f'="{NAME}"&"!"')),
    Case("xlsx", "defined name", lambda: _book(_named)),
    Case("xlsx", "data validation", lambda: _book(_validated)),
    Case("xlsx", "merged cells", lambda: _book(_merged)),
    Case("xlsx", "sheet name", lambda: _book(lambda book: book.create_sheet(NAME))),
    Case("xlsx", "document property", lambda: _book(lambda book: setattr(book.properties, "creator", NAME))),
    Case("xls", "cell", lambda: _xls(NAME)),
    Case("xls", "number", lambda: _xls(int(BSN)), (BSN,)),
    Case("pptx", "title", lambda: pptx_with(NAME)),
    Case("pptx", "speaker notes", lambda: pptx_with("Fietsplan", NAME)),
    Case("pptx", "text box", lambda: _show(_box)),
    Case("pptx", "table", lambda: _show(_grid)),
    Case("pptx", "hidden slide", lambda: _show(_hidden)),
    Case("pptx", "alternative text", lambda: _show(_alternative)),
    Case(
        "pptx", "comment part", lambda: with_parts(pptx_with("x"), {"ppt__comments__comment1": f"<c><t>{NAME}</t></c>"})
    ),
    Case("odt", "body", lambda: _odt(lambda document: document.text.addElement(text.P(text=LINE)))),
    Case("odt", "annotation", lambda: _odt(_odt_note)),
    Case("odt", "page header", lambda: _odt(_odt_header)),
    Case("odt", "spans", lambda: _odt(_odt_split)),
    Case("odt", "meta", lambda: _odt(lambda document: document.meta.addElement(meta.InitialCreator(text=NAME)))),
    Case("ods", "text cell", lambda: _ods(NAME, NAME)),
    Case("ods", "number cell", lambda: _ods(int(BSN), BSN), (BSN,)),
    Case("ods", "date cell", lambda: _ods(BORN, "23-04-71"), ("23-04-1971",)),
    Case("odp", "meta", _odp),
]

OTHERS = [
    Case("pdf", "text", lambda: pdf_with(LINE)),
    Case("pdf", "two lines", lambda: pdf_with("Betreft:", LINE)),
    Case("pdf", "form value", _pdf_form),
    Case("pdf", "annotation", lambda: _pdf_changed(_pdf_note)),
    Case("pdf", "attachment", lambda: _pdf_changed(lambda writer: writer.add_attachment("brief.txt", PLAIN))),
    Case("pdf", "metadata", lambda: _pdf_changed(lambda writer: writer.add_metadata({"/Author": NAME}))),
    Case("pdf", "scan", _pdf_scan, needs_ocr=True),
    Case("pdf", "text and a scan", _pdf_mixed, needs_ocr=True),
    Case("eml", "body", lambda: eml_with(LINE)),
    Case("eml", "html alternative", _html_mail),
    Case("eml", "sender", _header_mail, (NAME, MAIL)),
    Case("eml", "text attachment", lambda: eml_with("Zie bijlage", PLAIN)),
    Case("eml", "Word attachment", lambda: eml_with("Zie bijlage", docx_with(LINE), "brief.docx")),
    Case("eml", "attachment name", lambda: eml_with("Zie bijlage", b"x", f"{NAME}.txt")),
    Case("eml", "forwarded message", _nested_mail, (NAME, MAIL)),
    Case("eml", "zipped Word attachment", lambda: eml_with("Zie", zip_with(a__docx=docx_with(LINE)), "a.zip")),
    Case("zip", "text", lambda: zip_with(brief__txt=PLAIN)),
    Case("zip", "member name", lambda: zip_with(**{f"{NAME}__txt": b"x"})),
    Case("zip", "Word", lambda: zip_with(brief__docx=docx_with(LINE))),
    Case("zip", "zip in zip", lambda: zip_with(a__zip=zip_with(b__txt=PLAIN))),
    Case("zip", "workbook, hidden sheet", lambda: zip_with(a__xlsx=xlsx_with(NAME, hidden="veryHidden"))),
    Case("7z", "text", lambda: _seven_zip(PLAIN)),
    Case("tar", "text", lambda: _tar(PLAIN)),
    Case("gzip", "tar", lambda: _tar(PLAIN, "w:gz")),
    Case("bzip2", "tar", lambda: _tar(PLAIN, "w:bz2")),
    Case("gzip", "text", lambda: gzip.compress(PLAIN)),
    Case("bzip2", "text", lambda: bz2.compress(PLAIN)),
    Case("xz", "text", lambda: lzma.compress(PLAIN)),
    Case("image", "png", lambda: picture("PNG"), needs_ocr=True),
    Case("image", "jpeg", lambda: picture("JPEG"), needs_ocr=True),
    Case("image", "tiff", lambda: picture("TIFF"), needs_ocr=True),
    Case("image", "webp", lambda: picture("WEBP"), needs_ocr=True),
    Case("image", "heic", lambda: picture("HEIF"), needs_ocr=True),
    Case("image", "jpeg description", lambda: picture("JPEG", exif=MAIL), (MAIL,), needs_ocr=True),
    Case("eml", "picture attached", lambda: eml_with("Zie foto", picture("PNG"), "foto.png"), needs_ocr=True),
]

_PARK = "Het plan voor de Lindelaan vraagt twaalf nieuwe bomen en een breder fietspad."


def _photo() -> bytes:
    """Soft colours without an edge: what a photograph of grass and sky is to a reader of letters."""
    picture = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    written = io.BytesIO()
    picture.save(written, "JPEG")
    return written.getvalue()


HARMLESS = [
    Case("text", "harmless", _PARK.encode, ()),
    Case("csv", "harmless", lambda: b"boom;aantal\nlinde;12\neik;4\n", ()),
    Case("json", "harmless", lambda: b'{"bomen": 12, "soort": "linde"}', ()),
    Case("xml", "harmless", lambda: b'<?xml version="1.0"?><bomen><linde>12</linde></bomen>', ()),
    Case("html", "harmless", lambda: f"<!doctype html><h1>Plan</h1><p>{_PARK}</p>".encode(), ()),
    Case("docx", "harmless", lambda: docx_with(_PARK), ()),
    Case("docx", "harmless, with a photo", lambda: _word(lambda one: one.add_picture(io.BytesIO(_photo()))), ()),
    Case("xls", "harmless", lambda: _xls("linde"), ()),
    Case("xlsx", "harmless", lambda: _book(lambda book: None), ()),
    Case("pptx", "harmless", lambda: pptx_with("Fietsplan", "Denk aan de planning"), ()),
    Case("odt", "harmless", lambda: _odt(lambda document: None), ()),
    Case("pdf", "harmless", lambda: pdf_with(_PARK), ()),
    Case("eml", "harmless", lambda: eml_with("De vergadering is om tien uur."), ()),
    Case("zip", "harmless", lambda: zip_with(plan__txt=_PARK.encode()), ()),
]

CASES = (*TEXTS, *OFFICE, *OTHERS, *HARMLESS)
