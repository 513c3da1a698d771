"""A rewritten file holds its token and nothing of the value, in any part, and opens as before."""

import io
import zipfile

import openpyxl
import pytest
from docx import Document

from gateway.documents.replace import replace_values
from gateway.errors import DocumentError
from tests.documents import build

VALUE, TOKEN = "Wobbe Tjallinga", "[PERSOON-1]"

ROWS = [
    ("text keeps its encoding", f"Beste {VALUE} é".encode("cp1252")),
    ("UTF-16 keeps its mark", f"Beste {VALUE}".encode("utf-16")),
    ("JSON", f'{{"a":1.0e5,"b":"{VALUE}"}}'.encode()),
    ("Word body", build.docx_with(f"Beste {VALUE}")),
    ("Word comment", build.docx_with(word__comments=build.word_part("comments", VALUE))),
    ("Word deleted text", build.docx_with(word__header8=build.word_part("hdr", VALUE, "delText"))),
    ("Excel hidden sheet", build.xlsx_with(VALUE, hidden="veryHidden")),
    ("Excel comment", build.xlsx_with("x", comment=VALUE)),
    ("PowerPoint notes", build.pptx_with("Titel", VALUE)),
]


@pytest.mark.parametrize("content", [row[1] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_value_is_gone_and_the_token_is_there(content: bytes) -> None:
    changed = replace_values(content, [(VALUE, TOKEN)])
    everything = _all_bytes(changed)
    assert VALUE.encode() not in everything
    assert VALUE.encode("utf-16-le") not in everything
    assert TOKEN.encode() in everything or TOKEN.encode("utf-16-le") in everything


def _all_bytes(content: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())


def test_runs_keep_their_formatting() -> None:
    """The value is spread over a bold and a plain run; both runs stay, and the text around them too."""
    document = Document()
    paragraph = document.add_paragraph("Voor ")
    paragraph.add_run("Wobbe").bold = True
    paragraph.add_run(" Tjallinga, bedankt")
    written = io.BytesIO()
    document.save(written)
    changed = Document(io.BytesIO(replace_values(written.getvalue(), [(VALUE, TOKEN)])))
    runs = changed.paragraphs[0].runs
    assert [run.text for run in runs] == ["Voor ", TOKEN, ", bedankt"]
    assert runs[1].bold


def test_a_number_in_a_cell_becomes_the_token() -> None:
    changed = replace_values(build.xlsx_with(111222333), [("111222333", "[BSN-1]")])
    assert openpyxl.load_workbook(io.BytesIO(changed))["Tweede"]["B7"].value == "[BSN-1]"


def test_the_longest_value_goes_first() -> None:
    changed = replace_values(b"Jan de Wit en Jan", [("Jan", "[A]"), ("Jan de Wit", "[B]")])
    assert changed == b"[B] en [A]"


def test_authors_are_taken_out_of_the_properties() -> None:
    document = Document()
    document.core_properties.author = "Geheime Auteur"
    document.add_paragraph(VALUE)
    written = io.BytesIO()
    document.save(written)
    changed = replace_values(written.getvalue(), [(VALUE, TOKEN)])
    assert b"Geheime Auteur" not in _all_bytes(changed)


def test_nothing_to_replace_changes_no_text() -> None:
    assert replace_values(b"geen namen", [(VALUE, TOKEN)]) == b"geen namen"


@pytest.mark.parametrize(
    "content",
    [build.pdf_with(VALUE), build.zip_with(a__txt=VALUE.encode()), bytes(range(256)) * 4],
    ids=["pdf", "archive", "unknown"],
)
def test_kinds_that_cannot_be_rewritten_are_refused(content: bytes) -> None:
    with pytest.raises(DocumentError):
        replace_values(content, [(VALUE, TOKEN)])
