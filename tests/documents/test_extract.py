"""Every place of a file where a value can hide is read, and what cannot be read is a gap."""

import gzip
import io
import json
import tarfile

import py7zr
import pytest

from gateway.documents.content import Content, Limits
from gateway.documents.extract import extract
from gateway.documents.kinds import FileKind
from gateway.model.inspection import GapKind
from tests.documents import build
from tests.documents.making import seven_zip

VALUE = "Wobbe Tjallinga"


def read(content: bytes, limits: Limits | None = None) -> tuple[FileKind, str, list[GapKind]]:
    into = Content(limits or Limits())
    kind = extract(content, into)
    return kind, "\n".join(segment.text for segment in into.segments), [gap for gap, _ in into.gaps]


PLACES = [
    ("plain UTF-8", f"Beste {VALUE}".encode(), FileKind.TEXT),
    ("UTF-16 as Windows saves it", f"Beste {VALUE}".encode("utf-16"), FileKind.TEXT),
    ("UTF-16 without a mark", f"Beste {VALUE}, tot morgen".encode("utf-16-le"), FileKind.TEXT),
    ("Windows-1252 with an accent", f"Café, {VALUE}, één".encode("cp1252"), FileKind.TEXT),
    ("JSON value", json.dumps({"naam": VALUE}).encode(), FileKind.JSON),
    ("XML attribute", f'<?xml version="1.0"?><a b="{VALUE}"/>'.encode(), FileKind.XML),
    ("XML comment", f'<?xml version="1.0"?><a><!-- {VALUE} --></a>'.encode(), FileKind.XML),
    ("HTML text", f"<!doctype html><p>Beste {VALUE}</p>".encode(), FileKind.HTML),
    ("HTML comment", f"<html><body><!-- {VALUE} --><p>x</p></body></html>".encode(), FileKind.HTML),
    ("HTML alternative text", f'<html><body><img alt="{VALUE}"></body></html>'.encode(), FileKind.HTML),
    ("HTML split over tags", b"<html><body>Wobbe <b>Tjallinga</b></body></html>", FileKind.HTML),
    ("RTF", rb"{\rtf1\ansi Beste Wobbe Tjallinga\par}", FileKind.RTF),
    ("Word body", build.docx_with(f"Beste {VALUE}"), FileKind.DOCX),
    ("Word header", build.docx_with(word__header9=build.word_part("hdr", VALUE)), FileKind.DOCX),
    ("Word footnote", build.docx_with(word__footnotes=build.word_part("footnotes", VALUE)), FileKind.DOCX),
    ("Word comment", build.docx_with(word__comments=build.word_part("comments", VALUE)), FileKind.DOCX),
    ("Word deleted text", build.docx_with(word__header8=build.word_part("hdr", VALUE, "delText")), FileKind.DOCX),
    ("Word custom XML", build.docx_with(customXml__item7=f"<a><naam>{VALUE}</naam></a>"), FileKind.DOCX),
    ("Word property", build.docx_with(docProps__custom=f"<p><lpwstr>{VALUE}</lpwstr></p>"), FileKind.DOCX),
    ("Excel cell", build.xlsx_with(VALUE), FileKind.XLSX),
    ("Excel hidden sheet", build.xlsx_with(VALUE, hidden="hidden"), FileKind.XLSX),
    ("Excel very hidden sheet", build.xlsx_with(VALUE, hidden="veryHidden"), FileKind.XLSX),
    ("Excel cell comment", build.xlsx_with("x", comment=VALUE), FileKind.XLSX),
    ("Excel page header", build.xlsx_with("x", header=VALUE), FileKind.XLSX),
    ("Excel formula", build.xlsx_with(f'="{VALUE}"&"!"'), FileKind.XLSX),
    ("PowerPoint slide", build.pptx_with(VALUE), FileKind.PPTX),
    ("PowerPoint notes", build.pptx_with("Titel", VALUE), FileKind.PPTX),
    ("PDF text", build.pdf_with(f"Beste {VALUE}"), FileKind.PDF),
    ("mail body", build.eml_with(f"Beste {VALUE}"), FileKind.MAIL),
    ("mail attachment", build.eml_with("zie bijlage", build.docx_with(VALUE), "brief.docx"), FileKind.MAIL),
    ("mail attachment name", build.eml_with("zie bijlage", b"x", f"{VALUE}.txt"), FileKind.MAIL),
    ("ZIP member", build.zip_with(a__txt=VALUE.encode()), FileKind.ZIP),
    ("ZIP in ZIP", build.zip_with(b__zip=build.zip_with(a__txt=VALUE.encode())), FileKind.ZIP),
    ("gzip", gzip.compress(f"Beste {VALUE}".encode()), FileKind.GZIP),
]


@pytest.mark.parametrize(("content", "kind"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_a_planted_value_is_found(content: bytes, kind: FileKind) -> None:
    seen, text, gaps = read(content)
    assert seen is kind
    assert VALUE in text
    assert gaps == []


def _tar() -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(VALUE)
        archive.addfile(member, io.BytesIO(VALUE.encode()))
    return written.getvalue()


def test_a_tar_is_read() -> None:
    assert VALUE in read(_tar())[1]


def test_words_split_over_runs_stay_one_word() -> None:
    """Word cuts a name into runs at every spelling mark; a reader that puts breaks between them misses it."""
    runs = "".join(f"<w:r><w:t>{letter}</w:t></w:r>" for letter in "Wobbe")
    header = f'<w:hdr xmlns:w="{build.W}"><w:p>{runs}</w:p></w:hdr>'
    assert "Wobbe" in read(build.docx_with(word__header9=header))[1]


def test_a_number_in_a_cell_is_shown_whole() -> None:
    """A BSN stored as a number is 111222333.0 inside the file."""
    assert "111222333" in read(build.xlsx_with(111222333))[1]


UNREAD = [
    ("truncated ZIP", build.zip_with(a__txt=b"x" * 5000)[:-40], GapKind.UNREADABLE),
    ("truncated Word", build.docx_with("x")[:-300], GapKind.UNREADABLE),
    ("truncated PDF", build.pdf_with("x")[:80], GapKind.UNREADABLE),
    ("unknown bytes", bytes(range(256)) * 8, GapKind.UNKNOWN_FORMAT),
    ("sound", b"ID3\x04\x00" + bytes(200), GapKind.AUDIO_OR_VIDEO),
    ("entities in XML", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', GapKind.UNREADABLE),
    ("broken part", build.docx_with(word__comments="<w:broken"), GapKind.UNREADABLE),
]


@pytest.mark.parametrize(("content", "gap"), [row[1:] for row in UNREAD], ids=[row[0] for row in UNREAD])
def test_what_cannot_be_read_is_a_gap(content: bytes, gap: GapKind) -> None:
    assert gap in read(content)[2]


def test_nesting_has_an_end() -> None:
    content = b"x"
    for _ in range(9):
        content = build.zip_with(a__zip=content)
    assert GapKind.TOO_DEEP in read(content)[2]


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert GapKind.TOO_LARGE in read(bomb, Limits(unpacked_bytes=1_000_000))[2]


def test_an_empty_file_is_complete() -> None:
    assert read(b"") == (FileKind.EMPTY, "", [])


@pytest.mark.parametrize("fault", [AssertionError, AttributeError, KeyError, TypeError, OverflowError])
def test_what_a_library_does_not_expect_is_a_gap(monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    """Found by fuzzing 7z: the library ends in errors of its own inside on headers that make no sense."""

    def list_members(_archive: object) -> None:
        raise fault

    monkeypatch.setattr(py7zr.SevenZipFile, "list", list_members)
    _, _, gaps = read(seven_zip(b"x"))
    assert gaps == [GapKind.UNREADABLE]
