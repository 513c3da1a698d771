"""Fault injection in the room that reads files: an exception, a hang, a dead reader. Nothing of the file leaves."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.harness import CHAT, Lab
from tests.e2e.test_faults import FAULTS, last_reasons

MARK = "Merkwoord-Kanarie"
READ = "gateway.documents.reader.DocumentReader.read"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    changes = {"verdict_seconds": 3.0, "inspection_seconds": 2.5, "sentinel_seconds": 3600.0}
    with Lab(Path(tmp_path_factory.mktemp("files")), changes=changes) as lab:
        yield lab


@pytest.fixture(autouse=True)
def _forget(lab: Lab) -> None:
    lab.upstream.forget()


def send(lab: Lab, *, http2: bool) -> httpx.Response:
    files = {"file": ("lijst.csv", f"boom;{MARK}\n".encode(), "text/csv")}
    with lab.client(http2=http2) as client:
        return client.post(f"https://{CHAT}/v1/files", files=files, data={"purpose": "user_data"})


def assert_refused(lab: Lab, answer: httpx.Response) -> list[str]:
    assert answer.status_code == 403
    assert "verstuurd" in answer.json()["error"]["message"]
    assert lab.upstream.holds(MARK) == []
    return last_reasons(lab)


def test_the_file_goes_through_when_nothing_is_wrong(lab: Lab) -> None:
    """The lab's rules ask first: sent again, the file goes."""
    assert "nog een keer" in send(lab, http2=False).json()["error"]["message"]
    assert lab.upstream.holds(MARK) == []
    assert send(lab, http2=False).status_code == 200
    assert lab.upstream.holds(MARK) == [MARK]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_exception(lab: Lab, monkeypatch: pytest.MonkeyPatch, fault: str, http2: bool) -> None:
    async def fail(*_arguments: object) -> object:
        raise FAULTS[fault]()

    monkeypatch.setattr(READ, fail)
    before = lab.metric("gateway_guard_catches_total", hook="request")
    assert_refused(lab, send(lab, http2=http2))
    assert lab.metric("gateway_guard_catches_total", hook="request") == before + 1


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_hang(lab: Lab, monkeypatch: pytest.MonkeyPatch, http2: bool) -> None:
    async def hang(*_arguments: object) -> object:
        return await asyncio.sleep(3600)

    monkeypatch.setattr(READ, hang)
    assert "inspection-timeout" in assert_refused(lab, send(lab, http2=http2))


def _dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.documents.reader.sys.executable", "/bin/false")


def _is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.documents.reader.sys.executable", "/does/not/exist")


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("breaks", [_dies, _is_not_there])
def test_a_reader_process_that_fails(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, breaks: Callable[[pytest.MonkeyPatch], None], http2: bool
) -> None:
    breaks(monkeypatch)
    assert assert_refused(lab, send(lab, http2=http2)) != ["clean"]
