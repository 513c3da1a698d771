"""PDF files: what stands outside the page text, text no program can decode, layers, and earlier versions."""

import io
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from tests.documents.build import docx_with, pdf_with
from tests.documents.case import Case
from tests.documents.making import NAME, pdf_changed, scan

_LINE = "Een gewone regel over de afvalkalender."


def drawn(draw: Callable[[canvas.Canvas], None], **options: object) -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written, **options)
    draw(page)
    page.save()
    return written.getvalue()


def _each_letter(page: canvas.Canvas) -> None:
    across = 72.0
    for letter in NAME:
        page.drawString(across, 700, letter)
        across += stringWidth(letter, "Helvetica", 12)


def _rotated(page: canvas.Canvas) -> None:
    page.drawString(72, 760, _LINE)
    page.rotate(90)
    page.drawString(100, -300, NAME)


def _white(page: canvas.Canvas) -> None:
    page.setFillColorRGB(1, 1, 1)
    page.drawString(72, 700, NAME)


def _invisible(page: canvas.Canvas) -> None:
    line = page.beginText(72, 700)
    line.setTextRenderMode(3)
    line.textLine(NAME)
    page.drawText(line)


def _outside(page: canvas.Canvas) -> None:
    page.drawString(72, 700, _LINE)
    page.drawString(2000, 3000, NAME)


def _covered(page: canvas.Canvas) -> None:
    page.drawString(72, 700, NAME)
    page.rect(60, 690, 300, 30, fill=1)


def _bookmark(page: canvas.Canvas) -> None:
    page.drawString(72, 700, _LINE)
    page.bookmarkPage("x")
    page.addOutlineEntry(NAME, "x")


def _link(page: canvas.Canvas) -> None:
    page.drawString(72, 700, _LINE)
    page.linkURL("mailto:wobbe.tjallinga@voorbeeld.example", (10, 10, 99, 99))


def _small_scan(page: canvas.Canvas) -> None:
    page.drawString(72, 780, "Een gewone alinea tekst boven een kleine afbeelding, die apart gelezen wordt.")
    page.drawImage(ImageReader(scan(f"Naam: {NAME}").crop((0, 0, 700, 160))), 40, 300, 200, 46)


def _strip(page: canvas.Canvas) -> None:
    page.drawString(72, 780, "Een gewone alinea tekst boven een strook van een afbeelding.")
    page.drawImage(ImageReader(scan(f"Naam: {NAME}").crop((60, 45, 700, 101))), 40, 300, 400, 35)


def _rotated_scan(page: canvas.Canvas) -> None:
    picture = scan("Geachte mevrouw, heer,", f"Naam: {NAME}", "Met vriendelijke groet").rotate(90, expand=True)
    page.drawImage(ImageReader(picture), 40, 40, 200, 496)


def object_with(key: str, value: object, *, in_page: bool = False) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        holder = writer.pages[0] if in_page else writer.root_object
        holder[NameObject(key)] = value

    return change


def annotation(**entries: object) -> Callable[[PdfWriter], None]:
    """One annotation on the first page; `entries` by key without its slash."""

    def change(writer: PdfWriter) -> None:
        note = DictionaryObject(
            {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Text")}
        )
        note[NameObject("/Rect")] = ArrayObject([NumberObject(n) for n in (10, 10, 50, 50)])
        for key, value in entries.items():
            note[NameObject(f"/{key}")] = value
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

    return change


def stream(text: str) -> DecodedStreamObject:
    data = DecodedStreamObject()
    data.set_data(text.encode("latin-1"))
    return data


def script(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(f'alert("{NAME}")')}
    )
    writer.root_object[NameObject("/OpenAction")] = action


def script_in_a_stream(writer: PdfWriter) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    action[NameObject("/JS")] = writer._add_object(stream(f'app.alert("{NAME}")'))
    writer.root_object[NameObject("/OpenAction")] = action


def xmp(writer: PdfWriter) -> None:
    holder = stream(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>{NAME}</creator></x:xmpmeta>")
    holder[NameObject("/Type")] = NameObject("/Metadata")
    holder[NameObject("/Subtype")] = NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(holder)


def attached_to_a_note(writer: PdfWriter) -> None:
    inner = stream("")
    inner.set_data(docx_with(NAME))
    inner[NameObject("/Type")] = NameObject("/EmbeddedFile")
    spec = DictionaryObject(
        {NameObject("/Type"): NameObject("/Filespec"), NameObject("/F"): TextStringObject("a.docx")}
    )
    spec[NameObject("/EF")] = DictionaryObject({NameObject("/F"): writer._add_object(inner)})
    annotation(FS=writer._add_object(spec))(writer)


def layer(writer: PdfWriter) -> None:
    """A layer that is off, with text in a form of its own."""
    group = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("laag")})
    )
    off = DictionaryObject({NameObject("/OFF"): ArrayObject([group]), NameObject("/Order"): ArrayObject([group])})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): off}
    )
    page = writer.pages[0]
    page["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/oc1"): group})
    old = page.get_contents().get_data().decode("latin-1")
    new = stream(f"{old}\n/OC /oc1 BDC BT /F1 12 Tf 72 600 Td ({NAME}) Tj ET EMC")
    page[NameObject("/Contents")] = writer._add_object(new)


def layer_name(writer: PdfWriter) -> None:
    group = DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject(NAME)})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([writer._add_object(group)])}
    )


def appearance(writer: PdfWriter) -> None:
    """A stamp: its words stand only in the drawing of the annotation."""
    form = stream(f"BT /F1 12 Tf 5 5 Td ({NAME}) Tj ET")
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject([NumberObject(n) for n in (0, 0, 200, 40)])
    form[NameObject("/Resources")] = writer.pages[0]["/Resources"]
    annotation(AP=DictionaryObject({NameObject("/N"): writer._add_object(form)}), Subtype=NameObject("/Stamp"))(writer)


def unused_form(writer: PdfWriter) -> None:
    """A form in the resources that no page draws."""
    form = stream(f"BT /F1 12 Tf 5 5 Td ({NAME}) Tj ET")
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject([NumberObject(n) for n in (0, 0, 200, 40)])
    form[NameObject("/Resources")] = writer.pages[0]["/Resources"]
    writer.pages[0]["/Resources"][NameObject("/XObject")] = DictionaryObject(
        {NameObject("/Fm1"): writer._add_object(form)}
    )


def earlier_version() -> bytes:
    """The name is on the first version; an incremental save put another page text over it."""
    first = pdf_with(f"Beste {NAME}")
    writer = PdfWriter(io.BytesIO(first), incremental=True)
    page = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(stream(f"BT /F1 12 Tf 72 700 Td ({_LINE}) Tj ET"))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def removed_page() -> bytes:
    """The page is gone from the tree, its objects are still there."""
    pages = drawn(lambda page: (page.drawString(72, 700, NAME), page.showPage(), page.drawString(72, 700, _LINE))[0])
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pages)))
    writer._pages.get_object()["/Kids"].pop(0)
    writer._pages.get_object()[NameObject("/Count")] = NumberObject(1)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def undecodable() -> bytes:
    """A font whose letters are numbered in an order of its own, without a table that says which is which."""
    shift = "".join(chr(ord(letter) + 1) for letter in NAME)

    def change(writer: PdfWriter) -> None:
        page = writer.pages[0]
        font = page["/Resources"]["/Font"]["/F1"]
        differences = [NumberObject(33)] + [NameObject(f"/g{number}") for number in range(33, 126)]
        font[NameObject("/Encoding")] = DictionaryObject(
            {NameObject("/Type"): NameObject("/Encoding"), NameObject("/Differences"): ArrayObject(differences)}
        )
        page[NameObject("/Contents")] = writer._add_object(stream(f"BT /F1 12 Tf 72 700 Td ({shift}) Tj ET"))

    return pdf_changed(change)


def encrypted(user: str) -> bytes:
    def change(writer: PdfWriter) -> None:
        writer.encrypt(user, "eigenaar", algorithm="AES-256")

    return pdf_changed(change) if user else drawn_and_locked()


def drawn_and_locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_with(NAME))))
    writer.encrypt("", "eigenaar", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


TEXT = TextStringObject(NAME)


def remarked() -> bytes:
    """The remark at the head of every file of this library, in other words of the same length."""
    plain, words = drawn(lambda page: page.drawString(72, 700, _LINE)), b"ReportLab Generated PDF document"
    assert words in plain
    return plain.replace(words, NAME.encode().ljust(len(words)))


CASES = [
    Case("pdf", "a letter at a time", lambda: drawn(_each_letter)),
    Case("pdf", "letters spaced out", lambda: pdf_with("W o b b e  T j a l l i n g a")),
    Case("pdf", "rotated", lambda: drawn(_rotated)),
    Case("pdf", "white", lambda: drawn(_white)),
    Case("pdf", "invisible", lambda: drawn(_invisible)),
    Case("pdf", "outside the page", lambda: drawn(_outside)),
    Case("pdf", "under a black bar", lambda: drawn(_covered)),
    Case("pdf", "bookmark", lambda: drawn(_bookmark)),
    Case("pdf", "link", lambda: drawn(_link), ("wobbe.tjallinga@voorbeeld.example",)),
    Case("pdf", "small picture", lambda: drawn(_small_scan), needs_ocr=True),
    Case("pdf", "strip of a picture", lambda: drawn(_strip), needs_ocr=True),
    Case("pdf", "rotated scan", lambda: drawn(_rotated_scan), needs_ocr=True),
    Case("pdf", "note author", lambda: pdf_changed(annotation(T=TEXT))),
    Case("pdf", "rich note", lambda: pdf_changed(annotation(RC=TextStringObject(f"<p>{NAME}</p>")))),
    Case("pdf", "callout default", lambda: pdf_changed(annotation(DS=TEXT))),
    Case("pdf", "field default", lambda: pdf_changed(annotation(DV=TEXT, FT=NameObject("/Tx")))),
    Case("pdf", "field choices", lambda: pdf_changed(annotation(Opt=ArrayObject([TEXT]), FT=NameObject("/Ch")))),
    Case("pdf", "field tooltip", lambda: pdf_changed(annotation(TU=TEXT))),
    Case(
        "pdf",
        "field value in a stream",
        lambda: pdf_changed(lambda writer: annotation(V=writer._add_object(stream(NAME)))(writer)),
    ),
    Case("pdf", "stamp", lambda: pdf_changed(appearance)),
    Case("pdf", "form nobody draws", lambda: pdf_changed(unused_form)),
    Case("pdf", "xmp", lambda: pdf_changed(xmp)),
    Case("pdf", "custom metadata", lambda: pdf_changed(lambda writer: writer.add_metadata({"/Zaak": NAME}))),
    Case("pdf", "script", lambda: pdf_changed(script)),
    Case("pdf", "script in a stream", lambda: pdf_changed(script_in_a_stream)),
    Case("pdf", "attached to a note", lambda: pdf_changed(attached_to_a_note)),
    Case("pdf", "attachment name", lambda: pdf_changed(lambda writer: writer.add_attachment(f"{NAME}.txt", b"x"))),
    Case("pdf", "Word attached", lambda: pdf_changed(lambda writer: writer.add_attachment("a.docx", docx_with(NAME)))),
    Case("pdf", "hidden layer", lambda: pdf_changed(layer)),
    Case("pdf", "layer name", lambda: pdf_changed(layer_name)),
    Case(
        "pdf",
        "page label",
        lambda: pdf_changed(
            object_with(
                "/PageLabels",
                DictionaryObject(
                    {NameObject("/Nums"): ArrayObject([NumberObject(0), DictionaryObject({NameObject("/P"): TEXT})])}
                ),
            )
        ),
    ),
    Case(
        "pdf",
        "alternative text",
        lambda: pdf_changed(
            object_with(
                "/StructTreeRoot", DictionaryObject({NameObject("/K"): DictionaryObject({NameObject("/Alt"): TEXT})})
            )
        ),
    ),
    Case(
        "pdf",
        "replacement text",
        lambda: pdf_changed(
            object_with(
                "/StructTreeRoot",
                DictionaryObject({NameObject("/K"): DictionaryObject({NameObject("/ActualText"): TEXT})}),
            )
        ),
    ),
    Case(
        "pdf",
        "private data",
        lambda: pdf_changed(
            object_with(
                "/PieceInfo",
                DictionaryObject({NameObject("/App"): DictionaryObject({NameObject("/Private"): TEXT})}),
                in_page=True,
            )
        ),
    ),
    Case(
        "pdf",
        "article thread",
        lambda: pdf_changed(
            object_with(
                "/Threads",
                ArrayObject([DictionaryObject({NameObject("/I"): DictionaryObject({NameObject("/Title"): TEXT})})]),
            )
        ),
    ),
    Case("pdf", "earlier version", earlier_version),
    Case("pdf", "removed page", removed_page),
    Case("pdf", "font without a table", undecodable),
    Case("pdf", "password", lambda: encrypted("geheim")),
    Case("pdf", "empty password", drawn_and_locked),
    Case("pdf", "producer", lambda: pdf_changed(lambda writer: writer.add_metadata({"/Producer": NAME}))),
    Case("pdf", "creating program", lambda: pdf_changed(lambda writer: writer.add_metadata({"/Creator": NAME}))),
    Case("pdf", "remark between objects", remarked),
    Case("pdf", "comment in the file", lambda: pdf_with("x") + f"\n%{NAME}\n".encode()),
    Case("pdf", "after the end", lambda: pdf_with("x") + b"\nPK" + NAME.encode()),
    Case("pdf", "before the start", lambda: f"{NAME}\n".encode() + pdf_with("x")),
    Case(
        "pdf",
        "harmless, bookmarks and a link",
        lambda: drawn(
            lambda page: (page.drawString(72, 700, _LINE), page.bookmarkPage("x"), page.addOutlineEntry("Plan", "x"))[0]
        ),
        (),
    ),
    Case(
        "pdf",
        "harmless, empty page",
        lambda: drawn(lambda page: (page.drawString(72, 700, _LINE), page.showPage(), page.showPage())[0]),
        (),
    ),
]
