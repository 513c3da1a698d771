"""Files made to hurt: bounded time and memory, one gap each, and the reader goes on."""

import asyncio
import io
import random
import struct
import zipfile
import zlib

import pytest

from gateway.documents.confinement import Bounds
from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.reader import DocumentReader
from gateway.model.inspection import GapKind
from gateway.model.traffic import Upload
from tests.documents.build import docx_with, pdf_with, with_parts, zip_with
from tests.documents.corpus import CASES


def zip_bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nullen", bytes(200_000_000))
    return written.getvalue()


def lying_zip() -> bytes:
    """The directory says 10 bytes, the member unpacks to far more."""
    honest = zip_with(a__txt=b"x" * 5_000)
    return honest.replace(struct.pack("<I", 5_000), struct.pack("<I", 10))


def many_members() -> bytes:
    return zip_with(**{f"m{number}__txt": b"x" for number in range(6_000)})


def laughing_xml() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a0 "ha">{entities}]><z>&a9;</z>'.encode()


def laughing_word() -> bytes:
    return with_parts(docx_with("x"), {"word__comments": laughing_xml().decode()})


def huge_picture() -> bytes:
    """A PNG that says it is 20,000 by 20,000 pixels and holds almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def looping_pdf() -> bytes:
    """A page tree that has itself as its child."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


BOMBS = [
    ("zip bomb", zip_bomb, GapKind.TOO_LARGE),
    ("zip that lies about sizes", lying_zip, GapKind.UNREADABLE),
    ("six thousand members", many_members, GapKind.TOO_LARGE),
    ("billion laughs", laughing_xml, GapKind.UNREADABLE),
    ("billion laughs in Word", laughing_word, GapKind.UNREADABLE),
    ("400-megapixel picture", huge_picture, GapKind.TOO_LARGE),
    ("PDF with a loop", looping_pdf, GapKind.UNREADABLE),
]


@pytest.mark.parametrize(("make", "gap"), [row[1:] for row in BOMBS], ids=[row[0] for row in BOMBS])
async def test_a_bomb_costs_one_process(make: object, gap: GapKind) -> None:
    reader = DocumentReader(bounds=Bounds(memory_bytes=800_000_000, cpu_seconds=20, wall_seconds=30))
    reading = await reader.read(Upload("u1", "bestand", content=make()))
    assert gap in {one.kind for one in reading.gaps}
    assert (await reader.read(Upload("u2", "bestand", content=b"gewone tekst"))).complete


@pytest.mark.slow
async def test_damaged_files_never_raise_and_never_hang() -> None:
    """Each file of the corpus, cut short or with bytes changed at random (seed 20261125).

    Parsers of others panic and crash on such bytes; that must cost their process and leave a gap, whatever it was.
    """
    chance = random.Random(20261125)
    reader = DocumentReader(bounds=Bounds(memory_bytes=800_000_000, cpu_seconds=20, wall_seconds=40))
    files = [case.make() for case in CASES if not case.needs_ocr]
    damaged = [_damaged(chance, whole) for whole in files]
    readings = await asyncio.gather(
        *(reader.read(Upload(f"u{number}", "bestand", content=content)) for number, content in enumerate(damaged))
    )
    assert len(readings) == len(files)
    assert any(not reading.complete for reading in readings)


def _damaged(chance: random.Random, whole: bytes) -> bytes:
    if chance.random() < 0.4:
        return whole[: chance.randrange(len(whole))]
    changed = bytearray(whole)
    for _ in range(6):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def test_a_truncated_document_is_never_complete() -> None:
    for whole in (docx_with("Beste lezer"), pdf_with("Beste lezer"), zip_with(a__txt=b"x" * 400)):
        into = Content()
        extract(whole[: len(whole) * 2 // 3], into)
        assert into.gaps
