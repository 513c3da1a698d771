"""A PDF or picture replaced by its redacted text: no value in any byte or word, the same kind of file, and a note."""

import io

import pytest
from PIL import Image

from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.kinds import FileKind
from gateway.documents.reader import DocumentReader
from gateway.documents.replace import replace_values
from gateway.documents.text_version import NOTE
from gateway.errors import DocumentError
from gateway.model.traffic import Upload
from gateway.rulebook.documents.rulebook import FileRules
from tests.conftest import require_tool
from tests.documents import build, making
from tests.documents.hidden import pdf as hidden_pdf

PAIRS = [(making.NAME, "[PERSOON-1]"), (making.BSN, "[BSN-1]")]
BOTH = ("pdf", "image")


def words(content: bytes) -> tuple[FileKind, str]:
    into = Content()
    kind = extract(content, into)
    assert into.gaps == []
    return kind, "\n".join(segment.text for segment in into.segments)


PDFS = [
    ("text", lambda: build.pdf_with(f"Beste {making.NAME}, {making.BSN}")),
    ("metadata", lambda: making.pdf_changed(lambda writer: writer.add_metadata({"/Author": making.NAME}))),
    ("note", lambda: making.pdf_changed(making.pdf_note)),
    ("attachment", lambda: making.pdf_changed(lambda writer: writer.add_attachment("a.txt", making.NAME.encode()))),
    ("white letters", lambda: hidden_pdf.drawn(hidden_pdf._white)),
    ("letters of many alphabets", lambda: build.pdf_with(f"Zoe {making.NAME}")),
]


@pytest.mark.parametrize("make", [row[1] for row in PDFS], ids=[row[0] for row in PDFS])
def test_a_pdf_becomes_a_pdf_of_its_text(make: object) -> None:
    changed = replace_values(make(), PAIRS, BOTH)
    kind, text = words(changed)
    assert kind is FileKind.PDF
    assert making.NAME not in text
    assert making.BSN not in text
    assert making.NAME.encode() not in changed
    assert "[PERSOON-1]" in text
    assert " ".join(text.split()).startswith(NOTE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_picture_becomes_a_picture_of_its_text(kind: str) -> None:
    require_tool("tesseract")
    changed = replace_values(making.picture(kind), PAIRS, BOTH)
    assert Image.open(io.BytesIO(changed)).format == kind
    _, text = words(changed)
    assert "Tjallinga" not in text
    assert "PERSOON" in text
    assert "Alleen de tekst van dit bestand" in text


def test_letters_beyond_one_font_come_back() -> None:
    from gateway.documents.text_version import _pdf

    signs = "".join(chr(number) for number in range(0xC0, 0x24F)) + "Яшма € 日本"
    assert signs[:60] in words(_pdf(signs))[1].replace("\r\n", "")


@pytest.mark.parametrize(
    ("content", "as_text"),
    [
        (build.pdf_with(making.NAME), ()),
        (build.pdf_with(making.NAME), ("image",)),
        (hidden_pdf.encrypted("geheim"), BOTH),
        (build.eml_with(making.NAME), BOTH),
        (build.zip_with(a__txt=making.NAME.encode()), BOTH),
    ],
    ids=["no rule", "a rule for pictures only", "not read to the end", "mail", "archive"],
)
def test_anything_else_is_refused(content: bytes, as_text: tuple[str, ...]) -> None:
    with pytest.raises(DocumentError):
        replace_values(content, PAIRS, as_text)


async def test_the_reader_asks_its_process_for_it() -> None:
    upload = Upload("u1", "brief.pdf", content=build.pdf_with(f"Beste {making.NAME}"))
    changed = await DocumentReader().redact(upload, PAIRS, BOTH)
    assert "[PERSOON-1]" in words(changed)[1]


def test_the_house_rules_name_the_kinds_and_none_is_the_default() -> None:
    assert FileRules().text_version == ()
    assert FileRules.model_validate({"text_version": ["pdf", "image"]}).text_version == BOTH
