"""A PDF or a picture of nothing but the text of the file, with values replaced: sent instead, where a rule says so.

Name and type stay what the service was told, because a PDF stays a PDF and a PNG a PNG. Layout, pictures and
attachments are left behind; the first line says so.
"""

import io
import textwrap
from collections.abc import Iterator, Sequence

from PIL import Image, ImageDraw, ImageFont

from gateway.documents.content import Content
from gateway.documents.kinds import FileKind
from gateway.errors import DocumentError

TEXT_VERSIONS = frozenset({FileKind.PDF, FileKind.IMAGE})
"""The kinds `text_version` can write."""
NOTE = (
    "Alleen de tekst van dit bestand is verstuurd. "
    "Persoonsgegevens zijn vervangen; opmaak en afbeeldingen zijn weggelaten."
)
"""What the reader of the file is told, in its first line."""

_LINE, _LINES, _SIZE = 92, 52, 10
"""Letters on a line, lines on a page, and points of a letter."""
_SIGNS = 200
"""Different letters one font of the PDF holds."""
_PICTURE_LINE, _PICTURE_LINES, _PICTURE_SIZE, _MARGIN = 75, 55, 44, 60
"""Letters of a size at which Tesseract read 58 of 60 placeholders as they stand; smaller, it sees `[PERSOON- 1]`."""


def text_version(kind: FileKind, into: Content, replacements: Sequence[tuple[str, str]], like: bytes) -> bytes:
    """The text of `into`, replaced, as a file of `kind`; raises `DocumentError` when it is not all or will not fit."""
    if into.gaps:
        raise DocumentError("a text version needs a file that was read to the end")
    text = "\n\n".join(segment.text for segment in into.segments)
    for value, token in sorted(replacements, key=lambda pair: -len(pair[0])):
        text = text.replace(value, token)
    return _pdf(text) if kind is FileKind.PDF else _picture(text, like)


def _lines(text: str, width: int) -> list[str]:
    plain = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in f"{NOTE}\n\n{text}")
    wrap = textwrap.TextWrapper(width, break_on_hyphens=False)
    return [line for paragraph in plain.split("\n") for line in (wrap.wrap(paragraph) or [""])]


def _picture(text: str, like: bytes) -> bytes:
    lines = _lines(text, _PICTURE_LINE)
    if len(lines) > _PICTURE_LINES:
        raise DocumentError("too much text for one picture")
    with Image.open(io.BytesIO(like)) as old:
        kind = old.format or ""
    step = _PICTURE_SIZE + 16
    page = Image.new("RGB", (2480, 2 * _MARGIN + step * len(lines)), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(_PICTURE_SIZE)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, _MARGIN + number * step), line, fill="black", font=font)
    written = io.BytesIO()
    try:
        page.save(written, kind)
    except (KeyError, OSError, ValueError) as error:
        raise DocumentError("this kind of picture cannot be written") from error
    return written.getvalue()


def _pdf(text: str) -> bytes:
    """A PDF 1.4 with a table of letters beside each font, so that any program finds the very letters."""
    lines = _lines(text, _LINE)
    signs = sorted(set("".join(lines)))
    code = {sign: (number // _SIGNS, 33 + number % _SIGNS) for number, sign in enumerate(signs)}
    fonts = [signs[at : at + _SIGNS] for at in range(0, len(signs), _SIGNS)] or [[" "]]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    first_font = 3
    first_page = first_font + 2 * len(fonts)
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(pages)))
    used = " ".join(f"/F{number} {first_font + 2 * number} 0 R" for number in range(len(fonts)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>"]
    for number, own in enumerate(fonts):
        objects += [_font(own, first_font + 2 * number + 1), _stream(_table(own))]
    for number, page in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<<{used}>>>>"
            f"/Contents {first_page + 2 * number + 1} 0 R>>"
        )
        objects.append(_stream(f"BT {_SIZE * 1.4:.0f} TL 50 790 Td\n{'\n'.join(_shown(page, code))}\nET"))
    return _assembled(objects)


def _shown(page: list[str], code: dict[str, tuple[int, int]]) -> Iterator[str]:
    font = -1
    for line in page:
        run: list[int] = []
        for sign in line:
            own, number = code[sign]
            if own != font:
                if run:
                    yield f"<{bytes(run).hex()}> Tj"
                run, font = [], own
                yield f"/F{own} {_SIZE} Tf"
            run.append(number)
        if run:
            yield f"<{bytes(run).hex()}> Tj"
        yield "T*"


def _font(signs: list[str], table: int) -> str:
    names = " ".join(f"/uni{ord(sign):04X}" if ord(sign) < 0x10000 else f"/u{ord(sign):X}" for sign in signs)
    return (
        f"<</Type/Font/Subtype/Type1/BaseFont/Courier/FirstChar 33/LastChar {32 + len(signs)}"
        f"/Widths[{' '.join(['600'] * len(signs))}]"
        f"/Encoding<</Type/Encoding/Differences[33 {names}]>>/ToUnicode {table} 0 R>>"
    )


def _table(signs: list[str]) -> str:
    rows = [f"<{33 + number:02x}> <{sign.encode('utf-16-be').hex()}>" for number, sign in enumerate(signs)]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n{'\n'.join(block)}\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{body}\nendcmap end end"
    )


def _stream(body: str) -> str:
    return f"<</Length {len(body)}>>stream\n{body}\nendstream"


def _assembled(objects: list[str]) -> bytes:
    whole = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    start = len(whole)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    whole += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode("ascii")
    whole += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(whole)
