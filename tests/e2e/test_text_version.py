"""A PDF or a picture through the running gateway: its redacted text where the house rules say so, else nothing."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from gateway.documents.content import Content
from gateway.documents.extract import extract
from gateway.documents.kinds import FileKind
from gateway.documents.text_version import NOTE
from gateway.rulebook.load import default_root
from tests.conftest import require_tool
from tests.documents.build import pdf_with
from tests.documents.hidden.pdf import encrypted
from tests.documents.making import scan
from tests.e2e.harness import Lab
from tests.e2e.test_faults import last_reasons
from tests.e2e.uploads import BSN

CHAT, STORE = "chatgpt.com", "sdmntprlab.oaiusercontent.com"
FILE_ID = "file_5c733854a40758dea2dd662735ce"
PLACE = f"https://{STORE}/files/{FILE_ID}/raw?se=2026&sig=VOORBEELD"
NAME = "Wobbe Tjallinga"
PERSONAL = (f"Naam: {NAME}", f"BSN {BSN}", "Het bezwaar gaat over de linde.")
REFUSED = "Er is niets verstuurd"

pytestmark = pytest.mark.slow


def picture(*lines: str) -> bytes:
    written = io.BytesIO()
    scan("Geachte mevrouw, heer,", *lines).save(written, "PNG")
    return written.getvalue()


BOTH = pytest.mark.parametrize(
    ("make", "kind"), [(pdf_with, FileKind.PDF), (picture, FileKind.IMAGE)], ids=["pdf", "png"]
)


def running(folder: Path, overlay: Path | None) -> Iterator[Lab]:
    patient = {"verdict_seconds": 120.0, "inspection_seconds": 60.0}
    with Lab(folder, hosts=(CHAT, STORE), changes=patient, overlay=overlay) as lab:
        answer = {"status": "success", "upload_url": PLACE, "file_id": FILE_ID}
        lab.upstream.service.answers["/backend-api/files"] = answer
        yield lab


@pytest.fixture(scope="module")
def by_rule(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The shipped house rules, with text versions."""
    folder = tmp_path_factory.mktemp("text-version")
    shipped = (default_root() / "rulebook.yaml").read_text(encoding="utf-8")
    overlay = folder / "local"
    overlay.mkdir()
    (overlay / "rulebook.yaml").write_text(f"{shipped}\nfiles:\n  text_version: [pdf, image]\n", encoding="utf-8")
    yield from running(folder, overlay)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    yield from running(tmp_path_factory.mktemp("shipped"), None)


def sent(lab: Lab, content: bytes, name: str) -> httpx.Response:
    """The answer to the bytes, after they were announced; the upstream remembers only what came with them."""
    with lab.client() as client:
        body = {"file_name": name, "file_size": len(content), "use_case": "my_files"}
        client.post(f"https://{CHAT}/backend-api/files", json=body)
        lab.upstream.forget()
        return client.put(PLACE, content=content, headers={"x-ms-blob-type": "BlockBlob"})


def words(content: bytes) -> tuple[FileKind, str]:
    into = Content()
    kind = extract(content, into)
    assert into.gaps == []
    return kind, " ".join(" ".join(segment.text for segment in into.segments).split())


@BOTH
def test_only_the_redacted_text_arrives(by_rule: Lab, make: Callable[..., bytes], kind: FileKind) -> None:
    if kind is FileKind.IMAGE:
        require_tool("tesseract")
    original = make(*PERSONAL)
    assert BSN in words(original)[1]
    answer = sent(by_rule, original, f"brief.{kind}")
    assert answer.is_success, answer.text
    [received] = by_rule.upstream.service.received
    arrived, text = words(received.body)
    assert arrived is kind
    assert BSN not in text
    assert "Tjallinga" not in text
    assert "over de linde" in text
    assert NOTE.split(".", maxsplit=1)[0] in text
    assert "BSN-1" in text
    assert "PERSOON-1" in text
    assert by_rule.upstream.holds(BSN, "Tjallinga", NAME) == []


def test_a_picture_stays_the_kind_that_was_announced(by_rule: Lab) -> None:
    require_tool("tesseract")
    assert sent(by_rule, picture(*PERSONAL), "brief.png").is_success
    [received] = by_rule.upstream.service.received
    assert Image.open(io.BytesIO(received.body)).format == "PNG"


@BOTH
def test_a_file_with_nothing_in_it_keeps_every_byte(by_rule: Lab, make: Callable[..., bytes], kind: FileKind) -> None:
    if kind is FileKind.IMAGE:
        require_tool("tesseract")
    clean = make("Het plan voor de linde.")
    assert sent(by_rule, clean, f"plan.{kind}").is_success
    [received] = by_rule.upstream.service.received
    assert received.body == clean


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(encrypted("geheim"), id="a password: its text is not known"),
        pytest.param(pdf_with(*PERSONAL)[:-400], id="damaged"),
        pytest.param(pdf_with(*(f"Naam: {name}, BSN {BSN}" for name in (
            "Wobbe Tjallinga", "Jelle Hofstra", "Sietske Postma", "Douwe Wiersma", "Fenna Dijkstra", "Gosse Bakker",
        ))), id="a list of people is refused whole"),
    ],
)  # fmt: skip
def test_the_rule_does_not_open_the_door_for_more(by_rule: Lab, content: bytes) -> None:
    answer = sent(by_rule, content, "brief.pdf")
    assert answer.status_code == 403
    assert by_rule.upstream.raw == b""


@BOTH
def test_the_shipped_rules_refuse(shipped: Lab, make: Callable[..., bytes], kind: FileKind) -> None:
    if kind is FileKind.IMAGE:
        require_tool("tesseract")
    answer = sent(shipped, make(*PERSONAL), f"brief.{kind}")
    assert answer.status_code == 403
    assert REFUSED in answer.text
    assert "Dit bestand kunnen wij niet aanpassen" in answer.text
    assert "1 burgerservicenummer" in answer.text
    assert shipped.upstream.raw == b""
    assert last_reasons(shipped)[0] == "file-unchangeable"
