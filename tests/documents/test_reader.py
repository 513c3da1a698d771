"""The confined process: what it reads comes back, what kills it becomes a gap, and it holds no network."""

import gzip

import pytest

from gateway.documents.confinement import Bounds
from gateway.documents.kinds import FileKind
from gateway.documents.reader import DocumentReader
from gateway.errors import DocumentError
from gateway.model.inspection import GapKind
from gateway.model.traffic import PartRole, Upload
from tests.documents import build


def upload(content: bytes | None) -> Upload:
    return Upload("u1", "brief.docx", content=content)


async def test_a_file_comes_back_as_parts() -> None:
    reading = await DocumentReader().read(upload(build.docx_with("Beste Wobbe")))
    assert reading.kind is FileKind.DOCX
    assert reading.complete
    assert any("Wobbe" in part.text for part in reading.parts)
    assert {part.role for part in reading.parts} == {PartRole.FILE}
    assert all(part.id.startswith("u1.") for part in reading.parts)


async def test_a_name_without_bytes_gives_nothing() -> None:
    assert (await DocumentReader().read(upload(None))).complete


async def test_too_large_is_a_gap() -> None:
    reading = await DocumentReader(max_bytes=10).read(upload(b"x" * 11))
    assert [gap.kind for gap in reading.gaps] == [GapKind.TOO_LARGE]


async def test_running_out_of_memory_costs_one_process() -> None:
    """A bomb within the unpacking limits but beyond the memory bound."""
    reader = DocumentReader(bounds=Bounds(memory_bytes=120_000_000))
    reading = await reader.read(upload(gzip.compress(bytes(300_000_000))))
    assert [gap.kind for gap in reading.gaps] == [GapKind.UNREADABLE]
    assert (await reader.read(upload(b"gewone tekst"))).complete


async def test_running_out_of_time_is_a_gap() -> None:
    reader = DocumentReader(bounds=Bounds(wall_seconds=0))
    assert [gap.kind for gap in (await reader.read(upload(b"tekst"))).gaps] == [GapKind.TIMEOUT]


async def test_a_file_is_rewritten() -> None:
    changed = await DocumentReader().redact(upload(b"Beste Wobbe"), [("Wobbe", "[PERSOON-1]")])
    assert changed == b"Beste [PERSOON-1]"


async def test_a_file_that_cannot_be_rewritten_raises() -> None:
    with pytest.raises(DocumentError):
        await DocumentReader().redact(upload(build.pdf_with("Wobbe")), [("Wobbe", "[PERSOON-1]")])
