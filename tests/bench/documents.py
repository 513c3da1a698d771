"""How fast files are read: CPU-milliseconds in the reader, beside the bare extractor of a library on the same file.

    python -m tests.bench.documents

Both are measured in this process, turn by turn, the best of three; `process` is the wall-clock time through the
confined process, start-up included.
"""

import asyncio
import io
import time
from collections.abc import Callable

import openpyxl
import pypdfium2
from docx import Document
from pptx import Presentation
from reportlab.pdfgen import canvas
from rich.console import Console
from rich.table import Table

from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.reader import DocumentReader
from gateway.model.traffic import Upload

_SENTENCE = "De gemeente werkt aan een nieuw plan voor de openbare ruimte en vraagt bewoners mee te denken. "


def _saved(document: object) -> bytes:
    written = io.BytesIO()
    document.save(written)  # type: ignore[attr-defined]
    return written.getvalue()


def word(pages: int) -> bytes:
    document = Document()
    for _ in range(pages * 8):
        document.add_paragraph(_SENTENCE * 6)
    return _saved(document)


def pdf(pages: int) -> bytes:
    written = io.BytesIO()
    page = canvas.Canvas(written)
    for _ in range(pages):
        for line in range(40):
            page.drawString(50, 800 - 18 * line, _SENTENCE)
        page.showPage()
    page.save()
    return written.getvalue()


def sheet(rows: int) -> bytes:
    book = openpyxl.Workbook()
    for number in range(rows):
        book.active.append([number, "linde", "Lindelaan", number * 3, "gewoon"])
    return _saved(book)


def people(rows: int) -> bytes:
    """A list of fictional people, as an office exports it."""
    line = "Wobbe Tjallinga;{};Lindelaan {};wobbe{}@voorbeeld.example"
    lines = (line.format(999_900_000 + number, number % 90, number) for number in range(rows))
    return ("naam;bsn;adres;e-mail\n" + "\n".join(lines)).encode()


def _repeated(head: str, line: str) -> bytes:
    return (head + line * 10_000).encode()


def slides(count: int) -> bytes:
    show = Presentation()
    for _ in range(count):
        show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = _SENTENCE
    return _saved(show)


def _bare_word(content: bytes) -> object:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


def _bare_pdf(content: bytes) -> object:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def _bare_sheet(content: bytes) -> object:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return list(book.active.iter_rows(values_only=True))


def _bare_slides(content: bytes) -> object:
    show = Presentation(io.BytesIO(content))
    return [shape.text for slide in show.slides for shape in slide.shapes if shape.has_text_frame]


def _bare_text(content: bytes) -> object:
    return content.decode()


CASES: tuple[tuple[str, str, Callable[[], bytes], int, str, Callable[[bytes], object]], ...] = (
    ("docx, 3 pages", "python-docx", lambda: word(3), 3, "pages", _bare_word),
    ("docx, 60 pages", "python-docx", lambda: word(60), 60, "pages", _bare_word),
    ("pdf, 10 pages", "pypdfium2", lambda: pdf(10), 10, "pages", _bare_pdf),
    ("pdf, 100 pages", "pypdfium2", lambda: pdf(100), 100, "pages", _bare_pdf),
    ("xlsx, 20,000 rows", "openpyxl", lambda: sheet(20_000), 20_000, "rows", _bare_sheet),
    ("pptx, 40 slides", "python-pptx", lambda: slides(40), 40, "slides", _bare_slides),
    ("csv, 100,000 people", "decode", lambda: people(100_000), 100_000, "rows", _bare_text),
    ("html, 1 MB", "decode", lambda: _repeated("<!doctype html>", f"<p>{_SENTENCE}</p>"), 10_000, "lines", _bare_text),
    ("rtf, 1 MB", "decode", lambda: _repeated("{\\rtf1 ", f"{_SENTENCE}\\par "), 10_000, "lines", _bare_text),
    ("json, 5 MB", "decode", lambda: b"[" + b'{"a":"x\\u00eb"},' * 300_000 + b"1]", 300_000, "rows", _bare_text),
    ("csv, 5 MB", "decode", lambda: ("boom;laan;aantal\n" * 300_000).encode(), 300_000, "rows", _bare_text),
)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def measure(content: bytes, bare: Callable[[bytes], object]) -> tuple[float, float]:
    """CPU seconds of our reader and of the bare extractor, the best of three turns each."""
    pairs = [(_cpu(lambda: extract(content, Content())), _cpu(lambda: bare(content))) for _ in range(3)]
    return min(ours for ours, _ in pairs), min(theirs for _, theirs in pairs)


def through_the_process(content: bytes) -> float:
    """Wall-clock seconds of one file through the confined process."""
    began = time.perf_counter()
    asyncio.run(DocumentReader().read(Upload("u", "file", content=content)))
    return time.perf_counter() - began


def main() -> None:
    """Print the table."""
    table = Table(
        "file",
        "kB",
        "reader, CPU ms",
        "bare, CPU ms",
        "bare is",
        "ratio",
        "per CPU-second",
        "MB per CPU-s",
        "process, ms",
    )
    for name, library, make, units, unit, bare in CASES:
        content = make()
        ours, theirs = measure(content, bare)
        table.add_row(
            name,
            f"{len(content) / 1000:,.0f}",
            f"{ours * 1000:.1f}",
            f"{theirs * 1000:.1f}",
            library,
            f"{ours / max(theirs, 1e-6):.2f}",
            f"{units / ours:,.0f} {unit}",
            f"{len(content) / 1e6 / ours:,.1f}",
            f"{through_the_process(content) * 1000:.0f}",
        )
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
