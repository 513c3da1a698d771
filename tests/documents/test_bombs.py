"""Files made to hurt: bounded time and memory, one gap each, and the reader goes on."""

import asyncio
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from gateway.documents.confinement import Bounds
from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.reader import DocumentReader
from gateway.model.inspection import GapKind
from gateway.model.traffic import Upload
from tests.documents import making
from tests.documents.build import docx_with, eml_with, pdf_with, pptx_with, with_parts, xlsx_with, zip_with
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


def quine_zip() -> bytes:
    """As a quine unpacks to itself without end: forty archives in one another, none of which is ever empty."""
    content = b"x" * 64
    for _ in range(40):
        content = zip_with(r__zip=content)
    return content


def overlapping_zip() -> bytes:
    """Many entries of the directory that share one member (Fifield's bomb): little stored, much unpacked."""
    one = zip_with(a__txt=bytes(40_000_000))
    at = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entries = one[at:end] * 300
    tail = one[end : end + 8] + struct.pack("<HHII", 300, 300, len(entries), at) + b"\x00\x00"
    return one[:at] + entries + tail


def nested_bomb() -> bytes:
    return zip_with(**{f"a{number}__zip": zip_with(b__txt=bytes(45_000_000)) for number in range(12)})


def seven_zip_bomb() -> bytes:
    return making.seven_zip(bytes(450_000_000))


def gzip_in_mail() -> bytes:
    return eml_with("Zie bijlage", gzip.compress(bytes(450_000_000)), "a.gz")


def compressed_note() -> bytes:
    """A PNG whose text chunk unpacks to a hundred megabytes."""
    packed = zlib.compress(bytes(100_000_000))
    chunk = b"zTXtComment\x00\x00" + packed
    made = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    plain = making.picture("PNG")
    return plain[:33] + made + plain[33:]


def shared_strings_bomb() -> bytes:
    """One string of ten megabytes, shown in a thousand cells."""
    strings = f"<sst><si><t>{'x' * 10_000_000}</t></si></sst>".encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1001))
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return _with_sheet(xlsx_with("x"), {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet.encode()})


def _with_sheet(package: bytes, parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, parts.get(member.filename) or old.read(member))
    return written.getvalue()


def million_rows() -> bytes:
    """A sheet of a million rows of four cells: more text than one file may hold."""
    row = '<row><c t="inlineStr"><is><t>regel met een naam of een gewoon woord</t></is></c></row>'
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{row * 1_000_000}{row.replace('regel', 'slot') * 300_000}</sheetData></worksheet>"
    )
    return _with_sheet(xlsx_with("x"), {"xl/worksheets/sheet1.xml": sheet.encode()})


def deep_xml() -> bytes:
    return b'<?xml version="1.0"?>' + b"<a>" * 200_000 + b"</a>" * 200_000


def deep_json() -> bytes:
    return b"[" * 3_000_000 + b"]" * 3_000_000


def deep_rtf() -> bytes:
    return b"{\\rtf1 " + b"{" * 400_000 + b"x" + b"}" * 400_000 + b"}"


def object_stream_loop() -> bytes:
    """An object stream that says it extends itself, and a page tree inside it."""
    return (
        b"%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4/Extends 1 0 R/Length 8>>stream\n2 0 1 0 R\nendstream endobj\n"
        b"3 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 3 0 R/Prev 9>>\nstartxref\n9\n%%EOF"
    )


def xref_loop() -> bytes:
    whole = pdf_with("x")
    at = whole.rindex(b"startxref")
    place = int(whole[at + 10 :].split()[0])
    return whole.replace(b"trailer\n<<", b"trailer\n<</Prev %d " % place, 1)


def huge_character_map() -> bytes:
    """A font table that maps four thousand million codes in one range."""
    table = b"/CIDInit begincmap 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap"
    body = pdf_with("x").replace(b"/Type /Font", b"/Type /Font /ToUnicode 99 0 R")
    return body + b"\n99 0 obj<</Length %d>>stream\n%s\nendstream endobj\n%%%%EOF" % (len(table), table)


def mail_of_parts() -> bytes:
    parts = "".join("--B\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(6_000))
    head = 'From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n'
    return f"{head}{parts}--B--\r\n".encode()


def deep_mail() -> bytes:
    """Messages in messages, two hundred deep."""
    content = "From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nx"
    for _ in range(200):
        content = f"From: a@b.example\r\nTo: c@d.example\r\nContent-Type: message/rfc822\r\n\r\n{content}"
    return content.encode()


def laughing(root: str) -> bytes:
    return laughing_xml().replace(b"<z>", f"<{root}>".encode()).replace(b"</z>", f"</{root}>".encode())


def laughing_part(package: bytes, name: str) -> bytes:
    return _with_sheet(package, {name: laughing_xml()})


BOMBS = [
    ("archives without end", quine_zip, GapKind.TOO_DEEP),
    ("overlapping members", overlapping_zip, None),
    ("bombs in an archive", nested_bomb, GapKind.TOO_LARGE),
    ("7z bomb", seven_zip_bomb, None),
    ("gzip bomb in a mail", gzip_in_mail, GapKind.TOO_LARGE),
    ("PNG note bomb", compressed_note, None),
    ("shared strings bomb", shared_strings_bomb, None),
    ("million rows", million_rows, None),
    ("deep XML", deep_xml, GapKind.UNREADABLE),
    ("PDF, object streams in a loop", object_stream_loop, None),
    ("mail of six thousand parts", mail_of_parts, GapKind.TOO_LARGE),
    ("billion laughs in a workbook", lambda: laughing_part(xlsx_with("x"), "xl/workbook.xml"), None),
    ("billion laughs in slides", lambda: laughing_part(pptx_with("x"), "ppt/slides/slide1.xml"), GapKind.UNREADABLE),
    (
        "billion laughs in OpenDocument",
        lambda: laughing_part(making.odt(lambda _: None), "content.xml"),
        GapKind.UNREADABLE,
    ),
    ("billion laughs in a drawing", lambda: laughing("svg"), GapKind.UNREADABLE),
    ("zip bomb", zip_bomb, GapKind.TOO_LARGE),
    ("zip that lies about sizes", lying_zip, GapKind.UNREADABLE),
    ("six thousand members", many_members, GapKind.TOO_LARGE),
    ("billion laughs", laughing_xml, GapKind.UNREADABLE),
    ("billion laughs in Word", laughing_word, GapKind.UNREADABLE),
    ("400-megapixel picture", huge_picture, GapKind.TOO_LARGE),
    ("PDF with a loop", looping_pdf, GapKind.UNREADABLE),
]


@pytest.mark.slow
@pytest.mark.parametrize(("make", "gap"), [row[1:] for row in BOMBS], ids=[row[0] for row in BOMBS])
async def test_a_bomb_costs_one_process(make: Callable[[], bytes], gap: GapKind | None) -> None:
    """Within the bounds of one process there is a refusal, of a named kind where our own limit ends it."""
    reader = DocumentReader(bounds=Bounds(memory_bytes=800_000_000, cpu_seconds=20, wall_seconds=120))
    reading = await reader.read(Upload("u1", "bestand", content=make()))
    kinds = {one.kind for one in reading.gaps}
    assert kinds
    assert gap is None or gap in kinds
    assert (await reader.read(Upload("u2", "bestand", content=b"gewone tekst"))).complete


ODD = [
    ("deep JSON", deep_json),
    ("deep RTF", deep_rtf),
    ("PDF, cross-reference in a loop", xref_loop),
    ("PDF, endless character map", huge_character_map),
    ("messages two hundred deep", deep_mail),
]


@pytest.mark.slow
@pytest.mark.parametrize("make", [row[1] for row in ODD], ids=[row[0] for row in ODD])
async def test_an_odd_file_is_read_or_refused_within_bounds(make: Callable[[], bytes]) -> None:
    """Some of these hold nothing that hurts our readers; none may take the time of the process or stop the next."""
    reader = DocumentReader(bounds=Bounds(memory_bytes=800_000_000, cpu_seconds=20, wall_seconds=120))
    reading = await reader.read(Upload("u1", "bestand", content=make()))
    assert GapKind.TIMEOUT not in {one.kind for one in reading.gaps}
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
