"""Every way a file reaches a service, through the running gateway, with real files: clean, personal, unreadable.

The real proxy, the shipped rules with the tools screened, and a service on loopback that records what arrives.
"""

import base64
import io
import json
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from PIL import Image

from gateway.proxy.gate import Gate
from tests.documents.build import docx_with, pdf_with, xlsx_with
from tests.documents.making import scan, zip_again
from tests.e2e.harness import Lab
from tests.e2e.services import screened
from tests.e2e.upload_flows import FLOWS, OTHERS, Flow, hosts, page
from tests.e2e.upload_steps import SAMPLES, File, Place, call, in_ranges
from tests.e2e.uploads import BSN, UploadService, unzipped

PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "upload-flows.md"
KINDS = ("docx", "xlsx", "pdf", "png", "csv")
REWRITTEN = frozenset(("docx", "xlsx", "csv"))
WORDS = "Het plan voor de linde."
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "csv": "text/csv",
}
REFUSED = "Er is niets verstuurd"


def picture(*lines: str) -> bytes:
    written = io.BytesIO()
    scan(*lines).save(written, "PNG")
    return written.getvalue()


@cache
def file(kind: str, state: str) -> File:
    """A real file of a kind: `clean`, `personal` (holds a BSN) or `unreadable` (damaged)."""
    words = f"BSN {BSN}" if state == "personal" else WORDS
    made = {
        "docx": lambda: docx_with(words),
        "xlsx": lambda: xlsx_with(words, hidden="veryHidden"),
        "pdf": lambda: pdf_with(words),
        "png": lambda: picture("Geachte mevrouw, heer,", words, "Met vriendelijke groet"),
        "csv": lambda: f"soort;waarde\nregel;{words}\n".encode(),
    }[kind]()
    if state == "unreadable":
        made = bytes(range(256)) * 8 if kind == "csv" else made[: len(made) // 2]
    return File(f"plan.{kind}", MEDIA_TYPES[kind], made)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("flows")
    overlay = screened(folder, *dict.fromkeys(flow.tool for flow in FLOWS))
    patient = {"verdict_seconds": 120.0, "inspection_seconds": 60.0}
    with Lab(folder, hosts(), changes=patient, overlay=overlay, service=UploadService()) as lab:
        yield lab


@pytest.fixture
def client(lab: Lab) -> Iterator[httpx.Client]:
    lab.upstream.forget()
    with lab.client() as client:
        yield client


@pytest.fixture
def before_release(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes had arrived upstream each time the gateway let a request go."""
    seen: list[int] = []
    release = Gate.release

    def watched(*given: object) -> None:
        seen.append(len(lab.upstream.raw))
        release(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Gate, "release", watched)
    return seen


def announced(client: httpx.Client, flow: Flow, name: str) -> Place:
    return flow.place(flow.announce(client, name)) if flow.announce else {}


def uploaded(
    lab: Lab, client: httpx.Client, flow: Flow, sent: File, before_release: list[int]
) -> tuple[Place, httpx.Response]:
    """A file announced and sent; what is watched begins with its bytes."""
    place = announced(client, flow, sent.name)
    lab.upstream.forget()
    before_release.clear()
    return place, flow.send(client, place, sent)


slow = pytest.mark.slow
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)


@slow
@each_flow
@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_file_arrives_as_it_is(
    lab: Lab, client: httpx.Client, before_release: list[int], flow: Flow, kind: str
) -> None:
    sent = file(kind, "clean")
    place, answer = uploaded(lab, client, flow, sent, before_release)
    assert answer.is_success, answer.text
    assert flow.arrived(lab.upstream.service.received[0]) == sent.content
    assert before_release[0] == 0, "something left before the verdict"
    if flow.mention:
        known = dict(place) or dict(_ids(answer))
        assert REFUSED not in flow.mention(client, known, sent.name).text


@slow
@each_flow
@pytest.mark.parametrize("kind", KINDS)
def test_personal_data_does_not_arrive(
    lab: Lab, client: httpx.Client, before_release: list[int], flow: Flow, kind: str
) -> None:
    """Rewritten where that can be done exactly, else refused."""
    sent = file(kind, "personal")
    place, answer = uploaded(lab, client, flow, sent, before_release)
    if kind not in REWRITTEN:
        refused(lab, client, flow, place, answer)
        return
    assert answer.is_success, answer.text
    assert before_release[0] == 0, "something left before the verdict"
    assert lab.upstream.holds(BSN) == []
    arrived = flow.arrived(lab.upstream.service.received[0])
    inside = arrived if kind == "csv" else unzipped(arrived)
    assert BSN.encode() not in inside
    assert b"[BSN-" in inside
    if kind != "csv":
        with zipfile.ZipFile(io.BytesIO(arrived)) as package:
            assert package.testzip() is None


@slow
@each_flow
@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_read_is_refused(lab: Lab, client: httpx.Client, flow: Flow, kind: str) -> None:
    sent = file(kind, "unreadable")
    place = announced(client, flow, sent.name)
    lab.upstream.forget()
    refused(lab, client, flow, place, flow.send(client, place, sent))


def refused(lab: Lab, client: httpx.Client, flow: Flow, place: Place, answer: httpx.Response) -> None:
    """Nothing arrived, and where the client already had an id, nothing that speaks of it gets through either."""
    assert REFUSED in answer.text
    assert lab.upstream.raw == b""
    if flow.is_known_early and flow.mention:
        assert REFUSED in flow.mention(client, place, "plan").text
        assert lab.upstream.raw == b""


@slow
@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow.is_known_early], ids=lambda flow: flow.id)
def test_announced_and_never_sent_is_a_gap(lab: Lab, client: httpx.Client, flow: Flow) -> None:
    place = announced(client, flow, "plan.csv")
    lab.upstream.forget()
    assert flow.mention
    assert REFUSED in flow.mention(client, place, "plan.csv").text
    assert lab.upstream.raw == b""


UNNAMED = ("chatgpt", "gemini", "gemini-api-files", "notebooklm", "m365-document")


@slow
@pytest.mark.parametrize("flow", [flow for flow in FLOWS if flow.id in UNNAMED], ids=lambda flow: flow.id)
def test_bytes_without_a_name_that_nobody_announced_are_a_gap(lab: Lab, client: httpx.Client, flow: Flow) -> None:
    place = {key: value.replace("0", "9") for key, value in announced(client, flow, "plan.csv").items()}
    lab.upstream.forget()
    assert REFUSED in flow.send(client, place, file("csv", "clean")).text
    assert lab.upstream.raw == b""


@slow
@each_flow
def test_the_name_is_inspected_too(lab: Lab, client: httpx.Client, flow: Flow) -> None:
    name = f"dossier {BSN}.csv"
    clean = file("csv", "clean")
    if flow.announce:
        flow.announce(client, name)
    else:
        flow.send(client, {}, File(name, clean.media_type, clean.content))
    assert lab.upstream.holds(BSN, BSN.replace("1", "%31")) == []


@slow
@pytest.mark.parametrize("sample", ["chatgpt-web/dictation", "openai-api/audio-transcription"])
def test_sound_is_refused(lab: Lab, client: httpx.Client, sample: str) -> None:
    """The sample as it was recorded: a file nobody here can hear."""
    request = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))["request"]
    content = base64.b64decode(request["body"]["data"])
    answer = client.request(request["method"], request["url"], headers=request["headers"], content=content)
    assert REFUSED in answer.text
    assert lab.upstream.raw == b""


@slow
@pytest.mark.parametrize(
    ("sample", "body"),
    [
        ("claude-web/project-doc", json.dumps({"file_name": "plan.md", "content": f"Plan voor de linde. BSN {BSN}."})),
        (
            "notebooklm/add-text-source",
            urlencode(
                {
                    "f.req": json.dumps(
                        [[["izAoDd", json.dumps([[[None, ["Plan", f"BSN {BSN}."]]], "n"]), None, "generic"]]]
                    )
                }
            ),
        ),
    ],
)
def test_a_text_sent_as_a_source_is_inspected(lab: Lab, client: httpx.Client, sample: str, body: str) -> None:
    kind = dict(json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))["request"]["headers"])
    call(client, sample, content=body, headers={"content-type": kind["content-type"]})
    assert lab.upstream.holds(BSN) == []


@slow
def test_four_large_files_at_once_within_the_budget(lab: Lab) -> None:
    """Documents of 23 MB: two in one request, two in ranges of 5 MB, side by side."""
    noise = io.BytesIO()
    Image.linear_gradient("L").resize((2800, 2800)).convert("RGB").save(noise, "PNG", compress_level=0)
    content = zip_again(docx_with(WORDS), {"word/media/image9.png": noise.getvalue()}, stored=True)
    large = File("plan.docx", MEDIA_TYPES["docx"], content)
    assert len(content) > 22_000_000
    lab.upstream.forget()
    [microsoft] = [flow for flow in FLOWS if flow.id == "m365-document"]
    held: list[float] = []

    def send(number: int) -> int:
        with lab.client() as client:
            place = announced(client, microsoft, f"plan{number}.docx")
            if number % 2:
                return in_ranges(client, place, large, 5_000_000).status_code
            return microsoft.send(client, place, large).status_code

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(send, number) for number in range(4)]
        while not all(one.done() for one in waiting):
            held.append(lab.metric("gateway_bytes_in_flight"))
            time.sleep(0.05)
    assert [one.result() for one in waiting] == [201] * 4
    assert [len(one.body) for one in lab.upstream.service.received if one.body[:2] == b"PK"] == [len(content)] * 4
    assert max(held) <= 4 * len(content) + 100_000
    lab.wait_until(lambda: lab.metric("gateway_bytes_in_flight") == 0)


def test_every_upload_of_the_samples_is_in_the_table() -> None:
    uploads = {
        path.relative_to(SAMPLES).with_suffix("").as_posix()
        for path in SAMPLES.glob("*/*.json")
        if json.loads(path.read_text(encoding="utf-8"))["operation"] in ("upload", "upload-meta")
    }
    tested = {sample for flow in FLOWS for sample in flow.samples} | {one.sample for one in OTHERS}
    assert uploads - tested == set()


def test_the_handbook_has_the_table() -> None:
    """Write it again with `python -c "from tests.e2e.upload_flows import page; print(page())"`."""
    assert f"|---|---|---|---|---|\n{page()}\n" in PAGE.read_text(encoding="utf-8")
    tests = {one.test for one in OTHERS}
    assert tests <= set(globals())


def _ids(answer: httpx.Response) -> Iterator[tuple[str, str]]:
    said = answer.json()
    yield from ((key, value) for key, value in said.items() if isinstance(value, str))
