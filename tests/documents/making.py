"""How the files of the corpus are made. Everybody in them is fictional."""

import io
import tarfile
import zipfile
from collections.abc import Callable
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
    pdf_with,
    xlsx_with,
)

pillow_heif.register_heif_opener()

NAME = "Wobbe Tjallinga"
BSN = "999912346"
MAIL = "wobbe.tjallinga@voorbeeld.example"
BORN = date(1971, 4, 23)


def saved(document: object) -> bytes:
    written = io.BytesIO()
    document.save(written)  # type: ignore[attr-defined]
    return written.getvalue()


def word(change: Callable[[object], None]) -> bytes:
    document = Document()
    document.add_paragraph("Een gewone alinea over groenonderhoud.")
    change(document)
    return saved(document)


def book(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["soort", "aantal"])
    book.active.append(["linde", 12])
    change(book)
    return saved(book)


def validated(book: openpyxl.Workbook) -> None:
    rule = DataValidation(type="list", formula1=f'"{NAME},anders"')
    book.active.add_data_validation(rule)
    rule.add("C1")


def named(book: openpyxl.Workbook) -> None:
    book.defined_names["persoon"] = DefinedName("persoon", attr_text=f'"{NAME}"')


def merged(book: openpyxl.Workbook) -> None:
    book.active["D9"] = NAME
    book.active.merge_cells("D9:F9")


def dated(book: openpyxl.Workbook) -> None:
    book.active["B5"] = BORN
    book.active["B5"].number_format = "DD-MM-YYYY"


def show(change: Callable[[object, object], None]) -> bytes:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Fietsplan"
    change(show, slide)
    return saved(show)


def box(show: object, slide: object) -> None:
    slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = NAME


def grid(show: object, slide: object) -> None:
    slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table.cell(1, 1).text = NAME


def hidden(show: object, slide: object) -> None:
    box(show, slide)
    slide._element.set("show", "0")


def alternative(show: object, slide: object) -> None:
    slide.shapes.title._element.nvSpPr.cNvPr.set("descr", f"Foto van {NAME}")


def odt(change: Callable[[OpenDocumentText], None]) -> bytes:
    document = OpenDocumentText()
    document.text.addElement(text.P(text="Een gewone alinea."))
    change(document)
    return saved(document)


def odt_note(document: OpenDocumentText) -> None:
    paragraph = text.P(text="Zie noot")
    note = office.Annotation()
    note.addElement(dc.Creator(text=NAME))
    note.addElement(text.P(text="let op"))
    paragraph.addElement(note)
    document.text.addElement(paragraph)


def odt_header(document: OpenDocumentText) -> None:
    layout = style.PageLayout(name="indeling")
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="Standaard", pagelayoutname=layout)
    header = style.Header()
    header.addElement(text.P(text=NAME))
    master.addElement(header)
    document.masterstyles.addElement(master)


def odt_split(document: OpenDocumentText) -> None:
    paragraph = text.P(text="Beste ")
    paragraph.addElement(text.Span(text="Wobbe"))
    paragraph.addElement(text.S())
    paragraph.addElement(text.Span(text="Tjallinga"))
    document.text.addElement(paragraph)


def ods(value: object, shown: str) -> bytes:
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
    return saved(document)


def odp() -> bytes:
    document = OpenDocumentPresentation()
    document.meta.addElement(meta.InitialCreator(text=NAME))
    return saved(document)


def xls(value: object) -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Blad").write(3, 1, value)
    return saved(book)


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


def pdf_scan() -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    page.drawImage(ImageReader(scan("Geachte lezer,", f"Naam: {NAME}")), 40, 500, 500, 200)
    page.save()
    return written.getvalue()


def pdf_mixed() -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    page.drawString(72, 780, "Een gewone alinea tekst boven een ingescande brief, die apart gelezen wordt.")
    page.drawImage(ImageReader(scan("Geachte lezer,", f"Naam: {NAME}")), 40, 300, 500, 200)
    page.save()
    return written.getvalue()


def pdf_changed(change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_with("Een gewone regel over de afvalkalender."))))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def pdf_note(writer: PdfWriter) -> None:
    writer.add_annotation(0, NoteAnnotation(text=NAME, rect=(50, 550, 200, 650)))


def pdf_form() -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    page.drawString(72, 700, "Vul hier uw naam in, zoals die in uw paspoort staat.")
    page.acroForm.textfield(name="naam", value=NAME, x=72, y=650, width=200, height=20)
    page.save()
    return written.getvalue()


def nested_mail() -> bytes:
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


def html_mail() -> bytes:
    message = EmailMessage()
    message["From"] = "Balie <balie@voorbeeld.example>"
    message["Subject"] = "Vraag"
    message.set_content("Zie HTML.")
    message.add_alternative(f"<html><body><p>Beste {NAME}</p></body></html>", subtype="html")
    return message.as_bytes()


def header_mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"{NAME} <{MAIL}>"
    message["Subject"] = "Vraag"
    message.set_content("Geen naam hier.")
    return message.as_bytes()


def seven_zip(data: bytes) -> bytes:
    written = io.BytesIO()
    with py7zr.SevenZipFile(written, "w") as archive:
        archive.writestr(data, "brief.txt")
    return written.getvalue()


def tar(data: bytes, mode: str = "w") -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as archive:
        member = tarfile.TarInfo("brief.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return written.getvalue()


def comment_part() -> str:
    return (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="{NAME}"><w:p><w:r><w:t>let op</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    )


def text_box() -> str:
    return (
        f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{NAME}</w:t></w:r></w:p>'
        "</w:txbxContent></w:pict></w:r></w:p></w:hdr>"
    )


def cell(document: object) -> None:
    document.add_table(1, 2).cell(0, 1).text = NAME


def core(document: object) -> None:
    document.core_properties.author = NAME


def word_picture() -> bytes:
    return word(lambda document: document.add_picture(io.BytesIO(picture("PNG"))))


def embedded_book() -> bytes:
    package = docx_with("Zie tabel")
    return zip_again(package, {"word/embeddings/Werkblad.xlsx": xlsx_with(NAME)})


def zip_again(package: bytes, parts: dict[str, bytes], *, stored: bool = False) -> bytes:
    """The same package with more parts in it; `stored` keeps them uncompressed."""
    written = io.BytesIO(package)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return written.getvalue()


def photo() -> bytes:
    """Soft colours without an edge: what a photograph of grass and sky is to a reader of letters."""
    picture = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    written = io.BytesIO()
    picture.save(written, "JPEG")
    return written.getvalue()


def word_with_photo() -> bytes:
    return word(lambda document: document.add_picture(io.BytesIO(photo())))
