"""Uploads in parts that a later call puts in order: one part may leave, whatever is in it and however it is asked."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.errors import GatewayError, InspectionError, JournalError
from gateway.model.policy import ReasonCode
from gateway.proxy.uploads import State
from tests.e2e.harness import Lab
from tests.e2e.services import screened
from tests.e2e.uploads import UploadService

API = "https://api.openai.com/v1/uploads"
FIRST, SECOND = b"naam;bsn\nS. de Vries;1112", b"22333\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("parts")
    overlay = screened(folder, "openai-api")
    with Lab(folder, ("api.openai.com",), overlay=overlay, service=UploadService()) as lab:
        yield lab


@pytest.fixture
def client(lab: Lab) -> Iterator[httpx.Client]:
    with lab.client() as client:
        yield client


def announced(client: httpx.Client) -> str:
    body = {"filename": "lijst.csv", "bytes": 31, "purpose": "user_data", "mime_type": "text/csv"}
    place: str = client.post(API, json=body).json()["id"]
    return place


def form(content: bytes) -> dict[str, object]:
    return {"files": {"data": ("blob", content, "application/octet-stream")}}


def field(content: bytes) -> dict[str, object]:
    return {"files": {"data": (None, content)}}


def elsewhere(content: bytes) -> dict[str, object]:
    return form(content) | {"data": {"file_id": "upload-000000000000"}}


def bare(content: bytes) -> dict[str, object]:
    return {"content": content, "headers": {"content-type": "application/octet-stream"}}


@pytest.mark.parametrize("shape", [form, field, elsewhere, bare], ids=lambda shape: shape.__name__)
def test_a_number_over_the_border_of_two_parts_never_leaves(lab: Lab, client: httpx.Client, shape: object) -> None:
    """Every shape a part can have: text in a form is read as text and not as a file; all count."""
    assert callable(shape)
    place = announced(client)
    assert client.post(f"{API}/{place}/parts", **shape(FIRST)).is_success
    lab.upstream.forget()
    for attempt in range(3):
        assert client.post(f"{API}/{place}/parts", **shape(SECOND)).status_code == 403, attempt
    assert lab.upstream.raw == b""


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("gateway.detection.workers.WorkerPool.inspect", InspectionError(ReasonCode.INSPECTION_BUSY)),
        ("gateway.audit.async_journal.AsyncJournal.start", JournalError("disk full")),
    ],
    ids=["busy", "journal"],
)
def test_a_part_of_which_nothing_left_may_be_sent_again(
    lab: Lab, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, target: str, error: GatewayError
) -> None:
    """Its place stayed taken for a day, and a file that no journal row allowed was known as sent."""

    async def fail(*_arguments: object, **_named: object) -> object:
        raise error

    place = announced(client)
    lab.upstream.forget()
    with monkeypatch.context() as patch:
        patch.setattr(target, fail)
        assert client.post(f"{API}/{place}/parts", **form(FIRST)).status_code == 403
    assert lab.upstream.raw == b""
    (sent,) = {
        id(sent): sent for (_, _, name), sent in lab.program.rooms.uploads._sent.items() if name == place
    }.values()
    assert (sent.state, sent.parts) == (State.REFUSED, 0)
    assert client.post(f"{API}/{place}/parts", **form(FIRST)).is_success
    assert client.post(f"{API}/{place}/parts", **form(SECOND)).status_code == 403
