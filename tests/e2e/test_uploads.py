"""Files through the running gateway: held until judged, rewritten or refused, and known by their ids afterwards."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.documents.build import docx_with, pdf_with, xlsx_with, zip_with
from tests.documents.making import zip_again
from tests.e2e.harness import Lab

CHAT, STORE, API = "chatgpt.com", "sdmntprlab.oaiusercontent.com", "api.openai.com"
BSN = "111222333"
FILE_ID = "file_5c733854a40758dea2dd662735ce"
PLACE = f"https://{STORE}/files/{FILE_ID}/raw?se=2026&sig=VOORBEELD"
ANNOUNCED = {"status": "success", "upload_url": PLACE, "file_id": FILE_ID}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = Path(tmp_path_factory.mktemp("uploads"))
    with Lab(folder, hosts=(CHAT, STORE, API), overlay=None) as lab:
        lab.upstream.service.answers["/backend-api/files"] = ANNOUNCED
        yield lab


@pytest.fixture
def client(lab: Lab) -> Iterator[httpx.Client]:
    lab.upstream.forget()
    with lab.client() as client:
        yield client


def announce(client: httpx.Client, name: str = "lijst.csv") -> httpx.Response:
    return client.post(
        f"https://{CHAT}/backend-api/files", json={"file_name": name, "file_size": 9, "use_case": "my_files"}
    )


def put(client: httpx.Client, content: bytes) -> httpx.Response:
    return client.put(PLACE, content=content, headers={"x-ms-blob-type": "BlockBlob"})


def mention(client: httpx.Client) -> httpx.Response:
    attachment = {"id": FILE_ID, "name": "lijst.csv", "mime_type": "text/csv"}
    message = {
        "author": {"role": "user"},
        "content": {"content_type": "text", "parts": ["Vat dit bestand samen."]},
        "metadata": {"attachments": [attachment]},
    }
    return client.post(f"https://{CHAT}/backend-api/f/conversation", json={"action": "next", "messages": [message]})


def test_a_harmless_file_goes_through_all_three_steps(lab: Lab, client: httpx.Client) -> None:
    assert announce(client).json() == ANNOUNCED
    assert put(client, b"boom;aantal\nlinde;12\n").status_code == 200
    assert lab.upstream.holds("linde;12") == ["linde;12"]
    assert mention(client).status_code == 200


def test_a_file_with_a_number_goes_without_it(lab: Lab, client: httpx.Client) -> None:
    announce(client)
    assert put(client, xlsx_with(int(BSN), hidden="veryHidden")).status_code == 200
    received = lab.upstream.service.received[-1].body
    assert received[:2] == b"PK"
    assert BSN.encode() not in _unzipped(received)
    assert b"[BSN-" in _unzipped(received)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a PDF cannot be rewritten", pdf_with(f"BSN {BSN}")),
        ("an archive cannot be rewritten", zip_with(a__txt=f"BSN {BSN}".encode())),
        ("a damaged file is a gap", docx_with("x")[:-200]),
        ("unknown bytes are a gap", bytes(range(256)) * 8),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_go_is_refused_and_so_is_every_mention(
    lab: Lab, client: httpx.Client, name: str, content: bytes
) -> None:
    announce(client)
    lab.upstream.forget()
    refused = put(client, content)
    assert refused.status_code == 403
    assert lab.upstream.raw == b""
    assert "Er is niets verstuurd" in _shown(mention(client))
    assert lab.upstream.raw == b""


def test_announced_and_never_sent_is_refused(lab: Lab, client: httpx.Client) -> None:
    announce(client)
    lab.upstream.forget()
    assert "Er is niets verstuurd" in _shown(mention(client))
    assert lab.upstream.raw == b""


def test_bytes_nobody_announced_are_refused(lab: Lab, client: httpx.Client) -> None:
    other = PLACE.replace(FILE_ID, "file_0000000000000000000000000000")
    assert client.put(other, content=b"boom;aantal\nlinde;12\n").status_code == 403
    assert lab.upstream.raw == b""


def test_a_name_is_inspected_too(lab: Lab, client: httpx.Client) -> None:
    announce(client, f"dossier {BSN}.csv")
    assert lab.upstream.holds(BSN) == []


def test_multipart_and_data_url(lab: Lab, client: httpx.Client) -> None:
    files = {"file": ("lijst.csv", f"naam;bsn\nx;{BSN}\n".encode(), "text/csv")}
    assert client.post(f"https://{API}/v1/files", files=files, data={"purpose": "user_data"}).status_code == 200
    assert lab.upstream.holds(BSN) == []
    assert lab.upstream.holds("naam;bsn") == ["naam;bsn"]


@pytest.mark.parametrize(("count", "status"), [(20, 200), (21, 403)])
def test_many_files_in_one_message(lab: Lab, client: httpx.Client, count: int, status: int) -> None:
    """600 small files in one request held a slot of the reader for half a minute."""
    files = [("file", (f"lijst{number}.csv", b"boom;aantal\nlinde;12\n", "text/csv")) for number in range(count)]
    answer = client.post(f"https://{API}/v1/files", files=files, data={"purpose": "user_data"})
    assert answer.status_code == status
    if status != 200:
        assert "kleinere groepjes" in answer.json()["error"]["message"]
        assert lab.upstream.raw == b""


def test_25_megabytes(lab: Lab, client: httpx.Client) -> None:
    """A document with one large picture, as people make them."""
    announce(client)
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((2800, 2800)).convert("RGB").save(picture, "PNG", compress_level=0)
    content = zip_again(
        docx_with("Het plan voor de linde."), {"word/media/image9.png": picture.getvalue()}, stored=True
    )
    assert len(content) > 22_000_000
    assert put(client, content).status_code == 200
    assert lab.upstream.service.received[-1].body == content


def _unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())


def _shown(answer: httpx.Response) -> str:
    """The words of a refusal in ChatGPT's own stream."""
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    return "".join(event["v"] for event in events if isinstance(event.get("v"), str))
