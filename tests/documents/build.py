"""Small files of each kind, with a value planted in a chosen place. Everybody in them is fictional."""

import io
import zipfile
from email.message import EmailMessage

import openpyxl
from docx import Document
from openpyxl.comments import Comment
from pptx import Presentation
from reportlab.pdfgen import canvas

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx_with(body: str = "Geachte lezer,", **parts: str) -> bytes:
    """A Word file; `parts` are extra or replaced package parts by name (`word__comments` is word/comments.xml)."""
    document = Document()
    document.add_paragraph(body)
    written = io.BytesIO()
    document.save(written)
    return with_parts(written.getvalue(), parts)


def with_parts(package: bytes, parts: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member, old.read(member))
        for name, xml in parts.items():
            new.writestr(name.replace("__", "/") + ".xml", xml)
    return written.getvalue()


def word_part(root: str, text: str, tag: str = "t") -> str:
    return f'<w:{root} xmlns:w="{W}"><w:p><w:r><w:{tag}>{text}</w:{tag}></w:r></w:p></w:{root}>'


def xlsx_with(cell: object, *, hidden: str = "visible", comment: str = "", header: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Blad"
    sheet.append(["soort", "waarde"])
    sheet.append(["regel", "gewoon"])
    other = book.create_sheet("Tweede")
    other.sheet_state = hidden
    other["B7"] = cell
    if comment:
        sheet["A1"].comment = Comment(comment, "iemand")
    if header:
        sheet.oddHeader.center.text = header
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def pptx_with(title: str, notes: str = "") -> bytes:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = title
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    written = io.BytesIO()
    show.save(written)
    return written.getvalue()


def pdf_with(*lines: str) -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    for number, line in enumerate(lines):
        page.drawString(72, 760 - 20 * number, line)
    page.save()
    return written.getvalue()


def eml_with(body: str, attachment: bytes = b"", name: str = "bijlage.txt") -> bytes:
    message = EmailMessage()
    message["From"] = "Balie <balie@voorbeeld.example>"
    message["To"] = "team@voorbeeld.example"
    message["Subject"] = "Vraag"
    message.set_content(body)
    if attachment:
        message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zip_with(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return written.getvalue()
