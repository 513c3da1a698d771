"""PDF: the text of pages and of earlier versions, what stands beside it, and pictures of text through OCR."""

import hashlib
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.pdf_objects import Objects, has_unreliable_fonts, load, read_objects
from gateway.documents.picture import recognise
from gateway.model.inspection import GapKind

_FEW_LETTERS = 20
"""A page with fewer letters than this and a drawing on it is taken for a scan."""
_LARGE_PICTURE_SHARE = 0.15
"""A picture over this share of the page is read with the page as it is shown."""
_SMALL_PICTURE = (24.0, 5.0)
"""Points: a smaller picture, on the page, holds no readable line."""
_FEW_PICTURES = 3
"""More large pictures on a page than this are strips of one scan."""
_SCALE = 200 / 72
"""Render at 200 dots an inch, which Tesseract reads well."""
_VERSIONS = 10
_STREAM = re.compile(rb"\b(end)?stream\b")
_REMARK = re.compile(rb"%(?!PDF-|%EOF)%*([^\r\n]{4,})")
_STRAY_BYTES = 8


def read_pdf(content: bytes, into: Content, nested: Nested) -> None:
    """Raises `UnreadError` for encrypted or damaged files; XFA forms and bytes outside the document are gaps."""
    document = _opened(content)
    try:
        if len(document) > into.limits.pages:
            raise UnreadError(GapKind.TOO_LARGE, "pages")
        objects = _structure(content, into)
        doubted = objects is None or has_unreliable_fonts(objects)
        seen: set[bytes] = set()
        texts = [_read_page(document, number, doubted, seen, into) for number in range(len(document))]
        for index in range(document.count_attachments()):
            into.add("attachment name", document.get_attachment(index).get_name())
    except pdfium.PdfiumError as error:
        raise UnreadError(GapKind.UNREADABLE, "pdf-page") from error
    finally:
        document.close()
    _read_earlier(content, texts, into)
    into.add("remarks", "\n".join(_remarks(content)))
    if (
        len(content.partition(b"%PDF-")[0].strip()) > _STRAY_BYTES
        or len(content.rpartition(b"%%EOF")[2].strip(b"\x00\r\n ")) > _STRAY_BYTES
    ):
        into.miss(GapKind.UNREADABLE, "bytes-outside-pdf")
    if objects is not None:
        read_objects(objects, texts, into, nested)


def _structure(content: bytes, into: Content) -> Objects | None:
    try:
        return load(content)
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)
        return None


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or b"/Encrypt" in content:
            raise UnreadError(GapKind.ENCRYPTED, "pdf") from error
        raise UnreadError(GapKind.UNREADABLE, "pdf") from error


def _remarks(content: bytes) -> Iterator[str]:
    """Lines that begin with a percent sign, outside of streams: programs skip them (ISO 32000-1, 7.2.4)."""
    for remark in _REMARK.finditer(b"\n".join(_outside_streams(content))):
        text = remark[1].decode("utf-8", "replace")
        if 2 * sum(letter.isalnum() for letter in text) > len("".join(text.split())):
            yield text


def _outside_streams(content: bytes) -> Iterator[bytes]:
    at, is_inside = 0, False
    for word in _STREAM.finditer(content):
        if is_inside and word[1]:
            at, is_inside = word.end(), False
        elif not is_inside and not word[1]:
            yield content[at : word.start()]
            is_inside = True
    if not is_inside:
        yield content[at:]


def _read_earlier(content: bytes, texts: list[str], into: Content) -> None:
    """An edited file often still holds what it was: each earlier end of the file closes an older version."""
    ends: list[int] = []
    at = content.find(b"%%EOF")
    while at >= 0 and len(ends) <= _VERSIONS + 1:
        ends.append(at + 5)
        at = content.find(b"%%EOF", at + 5)
    if len(ends) > _VERSIONS + 1:
        into.miss(GapKind.TOO_LARGE, "pdf-versions")
    for end in ends[:-1][:_VERSIONS]:
        try:
            document = pdfium.PdfDocument(content[:end])
        except pdfium.PdfiumError:
            continue
        try:
            for number in range(min(len(document), into.limits.pages)):
                text = document[number].get_textpage().get_text_range()
                if text not in texts:
                    into.add(f"earlier version, page {number + 1}", text)
        except pdfium.PdfiumError:
            into.miss(GapKind.UNREADABLE, "pdf-version")
        finally:
            document.close()


def _read_page(document: pdfium.PdfDocument, number: int, doubted: bool, seen: set[bytes], into: Content) -> str:
    page = document[number]
    where = f"page {number + 1}"
    try:
        text = page.get_textpage().get_text_range()
        into.add(where, text)
        into.add(f"{where} (letters apart)", _together(text))
        letters = sum(letter.isalnum() for letter in text)
        area = page.get_width() * page.get_height()
        pictures = list(page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=6))
        large = [shape for shape in pictures if _area(shape.get_bounds()) > _LARGE_PICTURE_SHARE * area]
        one_by_one = letters >= _FEW_LETTERS and len(large) <= _FEW_PICTURES
        if (large and not one_by_one) or (doubted and letters) or (letters < _FEW_LETTERS and _is_drawn_on(page)):
            recognise(
                _rendered(page), f"{where} (scan)", into, strict=doubted or bool(large and letters < _FEW_LETTERS)
            )
        for shape in pictures:
            if one_by_one or shape not in large:
                _read_small(shape, where, seen, into)
        return str(text)
    finally:
        page.close()


def _rendered(page: pdfium.PdfPage) -> Image.Image:
    picture: Image.Image = page.render(scale=_SCALE, grayscale=True).to_pil()
    return picture


def _read_small(shape: pdfium.PdfImage, where: str, seen: set[bytes], into: Content) -> None:
    """A picture on the page by itself, once for each different picture, as a logo stands on every page."""
    left, bottom, right, top = shape.get_bounds()
    if max(right - left, top - bottom) < _SMALL_PICTURE[0] or min(right - left, top - bottom) < _SMALL_PICTURE[1]:
        return
    try:
        picture = shape.get_bitmap().to_pil()
    except (pdfium.PdfiumError, ValueError):
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "pdf-picture")
        return
    digest = hashlib.sha256(picture.tobytes()).digest()
    if digest not in seen:
        seen.add(digest)
        deeper = into.inside("picture")
        recognise(picture, where, deeper)


def _together(text: str) -> str:
    """Lines set letter by letter ("W o b b e") without the spaces between their letters."""
    lines = []
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) > 5 and sum(len(word) <= 1 for word in words) > 0.7 * len(words):
            lines.append(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", "".join(word or " " for word in words)))
    return "\n".join(lines)


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return abs(right - left) * abs(top - bottom)


def _is_drawn_on(page: pdfium.PdfPage) -> bool:
    return any(shape.type != pdfium.raw.FPDF_PAGEOBJ_TEXT for shape in page.get_objects(max_depth=3))
