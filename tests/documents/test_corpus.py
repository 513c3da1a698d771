"""The file corpus: every planted value is found or the file is not complete; no harmless file is incomplete."""

import pytest

from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.kinds import FileKind
from tests.conftest import require_tool
from tests.documents import formats
from tests.documents.corpus import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_found_or_not_complete(case: Case) -> None:
    if case.needs_ocr:
        require_tool("tesseract")
    into = Content()
    kind = extract(case.make(), into)
    text = "\n".join(segment.text for segment in into.segments)
    assert kind.value == {"csv": "text"}.get(case.family, case.family)
    missing = [value for value in case.values if value not in text]
    assert not missing or into.gaps
    if not case.values:
        assert into.gaps == []


def test_the_corpus_covers_every_format() -> None:
    """Kinds without a file here: those that nobody reads."""
    assert len(CASES) >= 120
    unread = {FileKind.OLE, FileKind.SOUND_OR_FILM, FileKind.EMPTY}
    assert formats.untested() == unread


@pytest.mark.slow
def test_the_handbook_says_what_the_readers_do() -> None:
    require_tool("tesseract")
    assert formats.PAGE.read_text(encoding="utf-8") == formats.page()
