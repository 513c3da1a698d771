"""PDF: text, form values, annotations, attachments, metadata; pages without text go through OCR."""

import io

import pypdf
import pypdfium2 as pdfium
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.picture import recognise
from gateway.model.inspection import GapKind

_FEW_LETTERS = 20
"""A page with fewer letters than this and a picture on it is taken for a scan."""
_LARGE_PICTURE_SHARE = 0.15
"""A picture over this share of the page may hold text of its own."""
_SCALE = 200 / 72
"""Render at 200 dots an inch, which Tesseract reads well."""


def read_pdf(content: bytes, into: Content, nested: Nested) -> None:
    """Raises `UnreadError` for encrypted or damaged files; XFA forms and scripts are gaps."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or b"/Encrypt" in content:
            raise UnreadError(GapKind.ENCRYPTED, "pdf") from error
        raise UnreadError(GapKind.UNREADABLE, "pdf") from error
    try:
        if len(document) > into.limits.pages:
            raise UnreadError(GapKind.TOO_LARGE, "pages")
        for key, value in document.get_metadata_dict(skip_empty=True).items():
            if key != "Producer":
                into.add(f"metadata {key}", value)
        for number in range(len(document)):
            _read_page(document, number, into)
        for index in range(document.count_attachments()):
            attachment = document.get_attachment(index)
            into.add("attachment name", attachment.get_name())
            data = bytes(attachment.get_data())
            into.unpack(len(data))
            try:
                nested(data, into.inside("attachment"))
            except UnreadError as unread:
                into.miss(unread.kind, unread.detail)
    except pdfium.PdfiumError as error:
        raise UnreadError(GapKind.UNREADABLE, "pdf-page") from error
    finally:
        document.close()
    _read_structure(content, into)


def _read_page(document: pdfium.PdfDocument, number: int, into: Content) -> None:
    page = document[number]
    try:
        text = page.get_textpage().get_text_bounded()
        into.add(f"page {number + 1}", text)
        letters = sum(letter.isalnum() for letter in text)
        area = page.get_width() * page.get_height()
        large = [
            shape
            for shape in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)
            if _area(shape.get_bounds()) > _LARGE_PICTURE_SHARE * area
        ]
        if large or (letters < _FEW_LETTERS and _has_marks(page)):
            picture = page.render(scale=_SCALE, grayscale=True).to_pil()
            recognise(picture, f"page {number + 1} (scan)", into)
    finally:
        page.close()


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return abs(right - left) * abs(top - bottom)


def _has_marks(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(max_depth=2))


def _read_structure(content: bytes, into: Content) -> None:
    """What pdfium's page text leaves out: annotations, form fields, XMP, and things that hide content."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadError(GapKind.ENCRYPTED, "pdf")
        for number, page in enumerate(reader.pages, start=1):
            for annotation in _annotations(page):
                for key in ("/Contents", "/T", "/Subj", "/RC", "/TU", "/V"):
                    value = annotation.get(key)
                    if isinstance(value, str):
                        into.add(f"page {number} note", value)
        for name, form_field in (reader.get_fields() or {}).items():
            value = form_field.get("/V")
            into.add("form field", f"{name}: {value}" if value else str(name))
        metadata = reader.root_object.get("/Metadata")
        if isinstance(metadata, IndirectObject) and isinstance(stream := metadata.get_object(), StreamObject):
            into.add("xmp", stream.get_data().decode("utf-8", "replace"))
        form = reader.root_object.get("/AcroForm")
        if form is not None and isinstance(fields := form.get_object(), DictionaryObject) and "/XFA" in fields:
            into.miss(GapKind.UNREADABLE, "xfa-form")
    except (pypdf.errors.PyPdfError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UnreadError(GapKind.UNREADABLE, "pdf-structure") from error


def _annotations(page: pypdf.PageObject) -> list[DictionaryObject]:
    entries = page.get("/Annots")
    if isinstance(entries, IndirectObject):
        entries = entries.get_object()
    if not isinstance(entries, ArrayObject):
        return []
    return [one for one in (entry.get_object() for entry in entries) if isinstance(one, DictionaryObject)]
