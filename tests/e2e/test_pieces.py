"""Files in several requests through the running gateway: nothing leaves before the last piece and the verdict."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.documents.build import docx_with, pdf_with, xlsx_with
from tests.e2e.harness import Lab
from tests.e2e.services import screened
from tests.e2e.uploads import BSN, UploadService, unzipped

TENANT, GRAPH = "westermeer-my.sharepoint.com", "graph.microsoft.com"
PUSH, API = "content-push.googleapis.com", "generativelanguage.googleapis.com"
CLEAN = ("boom;aantal\n" + "linde;12\n" * 200).encode()
PIECE = 512

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("pieces")
    overlay = screened(folder, "m365-copilot", "gemini", "gemini-api")
    changes = {"max_joined_mb": 1, "piece_seconds": 2.0}
    with Lab(folder, (TENANT, GRAPH, PUSH, API), changes=changes, overlay=overlay, service=UploadService()) as lab:
        yield lab


@pytest.fixture
def client(lab: Lab) -> Iterator[httpx.Client]:
    lab.upstream.forget()
    with lab.client() as client:
        yield client
    lab.wait_until(lambda: lab.metric("gateway_unfinished_uploads") == 0)


@dataclass
class Session:
    """One upload in pieces. Subclasses speak a protocol; `status` is that of an answer which says: go on."""

    lab: Lab
    client: httpx.Client
    url: str = ""

    def send(self, content: bytes, *, size: int = PIECE) -> httpx.Response:
        """All pieces in order; the answer to the last. Asserts that nothing left before it."""
        self.lab.upstream.forget()
        starts = range(0, len(content), size)
        for start in starts:
            answer = self.piece(content, start, size)
            if start != starts[-1]:
                self.goes_on(answer, start + size)
                assert self.lab.upstream.raw == b"", "a piece left before the verdict"
        return answer

    def piece(self, content: bytes, start: int, size: int = PIECE) -> httpx.Response:
        raise NotImplementedError

    def goes_on(self, answer: httpx.Response, received: int) -> None:
        raise NotImplementedError


class Microsoft(Session):
    def announce(self, name: str = "Plan.docx") -> None:
        session = self.client.post(
            f"https://{GRAPH}/v1.0/me/drive/special/copilotuploads:/{name}:/createUploadSession", json={"item": {}}
        )
        self.url = session.json()["uploadUrl"]

    def piece(self, content: bytes, start: int, size: int = PIECE) -> httpx.Response:
        part = content[start : start + size]
        said = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
        return self.client.put(self.url, content=part, headers={"content-range": said})

    def goes_on(self, answer: httpx.Response, received: int) -> None:
        assert answer.status_code == 202
        assert answer.json()["nextExpectedRanges"] == [f"{received}-"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.json()["expirationDateTime"])


class Google(Session):
    host = PUSH

    def announce(self, name: str = "Plan.docx") -> None:
        start = {"x-goog-upload-protocol": "resumable", "x-goog-upload-command": "start"}
        if self.host == PUSH:
            body, kind = f"File name: {name}", "application/x-www-form-urlencoded;charset=UTF-8"
            where = f"https://{PUSH}/upload"
        else:
            body, kind = json.dumps({"file": {"display_name": name}}), "application/json"
            where = f"https://{API}/upload/v1beta/files"
        answer = self.client.post(where, content=body, headers=start | {"content-type": kind})
        self.url = answer.headers["x-goog-upload-url"]

    def command(self, words: str, content: bytes = b"", **headers: str) -> httpx.Response:
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(self.url, content=content, headers={"x-goog-upload-command": words} | own)

    def piece(self, content: bytes, start: int, size: int = PIECE) -> httpx.Response:
        words = "upload" if start + size < len(content) else "upload, finalize"
        return self.command(words, content[start : start + size], x_goog_upload_offset=str(start))

    def goes_on(self, answer: httpx.Response, received: int) -> None:
        assert answer.status_code == 200
        assert answer.headers["x-goog-upload-status"] == "active"
        assert answer.headers["x-goog-upload-size-received"] == str(received)


class GoogleApi(Google):
    host = API


class GoogleRanges(GoogleApi):
    """The older protocol: the total stays open until the last piece."""

    def piece(self, content: bytes, start: int, size: int = PIECE) -> httpx.Response:
        part = content[start : start + size]
        total = len(content) if start + size >= len(content) else "*"
        said = f"bytes {start}-{start + len(part) - 1}/{total}"
        return self.client.put(self.url, content=part, headers={"content-range": said})

    def goes_on(self, answer: httpx.Response, received: int) -> None:
        assert answer.status_code == 308
        assert answer.headers["range"] == f"bytes=0-{received - 1}"


PROTOCOLS = (Microsoft, Google, GoogleApi, GoogleRanges)


@pytest.fixture(params=PROTOCOLS, ids=lambda one: one.__name__)
def session(request: pytest.FixtureRequest, lab: Lab, client: httpx.Client) -> Session:
    session: Session = request.param(lab, client)
    session.announce()  # type: ignore[attr-defined]
    return session


def says_it_is_whole(received: dict[str, str], length: int) -> bool:
    """The one request that went on claims to hold everything."""
    if "content-range" in received:
        return received["content-range"] == f"bytes 0-{length - 1}/{length}"
    return (received["x-goog-upload-command"], received["x-goog-upload-offset"]) == ("upload, finalize", "0")


@pytest.mark.parametrize("content", [CLEAN, docx_with("Het plan voor de linde."), pdf_with("Het plan voor de linde.")])
def test_the_whole_file_goes_on_in_one_request(lab: Lab, session: Session, content: bytes) -> None:
    assert session.send(content).status_code in (200, 201)
    [received] = lab.upstream.service.received
    assert received.body == content
    assert says_it_is_whole(received.headers, len(content))
    assert received.headers["content-length"] == str(len(content))
    assert lab.metric("gateway_unfinished_uploads") == 0
    assert lab.metric("gateway_bytes_in_flight") == 0


def test_a_number_over_the_border_of_two_pieces_is_found(lab: Lab, session: Session) -> None:
    """The BSN is cut in two: neither piece holds it."""
    content = b"naam;bsn\n" + b"linde;12\n" * 60 + f"x;{BSN}\n".encode() + b"linde;12\n" * 60
    cut = content.index(BSN.encode()) + 4
    assert session.send(content, size=cut).status_code in (200, 201)
    [received] = lab.upstream.service.received
    assert lab.upstream.holds(BSN) == []
    assert b"[BSN-" in received.body
    assert says_it_is_whole(received.headers, len(received.body))


def test_a_rewritten_package_opens_and_holds_no_value(lab: Lab, session: Session) -> None:
    assert session.send(xlsx_with(int(BSN), hidden="veryHidden"), size=2048).status_code in (200, 201)
    [received] = lab.upstream.service.received
    assert BSN.encode() not in unzipped(received.body)
    assert says_it_is_whole(received.headers, len(received.body))


@pytest.mark.parametrize("content", [pdf_with(f"BSN {BSN}"), docx_with("x")[:-200]], ids=["personal", "damaged"])
def test_a_refused_file_leaves_nothing(lab: Lab, session: Session, content: bytes) -> None:
    refused = session.send(content)
    assert refused.status_code == 403
    assert "Er is niets verstuurd" in refused.text
    assert lab.upstream.raw == b""
    assert lab.metric("gateway_bytes_in_flight") == 0


def test_a_refusal_is_an_error_of_the_api(lab: Lab, client: httpx.Client) -> None:
    microsoft, google = Microsoft(lab, client), GoogleApi(lab, client)
    for session, place in ((microsoft, "code"), (google, "status")):
        session.announce()
        error = session.send(pdf_with(f"BSN {BSN}")).json()["error"]
        assert error[place] in ("accessDenied", "PERMISSION_DENIED")
        assert "Er is niets verstuurd" in error["message"]


def test_a_file_nobody_announced_is_refused(lab: Lab, client: httpx.Client) -> None:
    for session in (Microsoft(lab, client), Google(lab, client)):
        session.announce()
        session.url = session.url.replace("=", "=0", 1)
        assert session.send(CLEAN).status_code == 403
        assert lab.upstream.raw == b""


@pytest.mark.parametrize(
    ("start", "why"), [(2 * PIECE, "a piece is missing"), (0, "it was sent before")], ids=["gap", "overlap"]
)
def test_a_piece_out_of_place_is_refused_and_the_upload_can_go_on(
    lab: Lab, session: Session, start: int, why: str
) -> None:
    lab.upstream.forget()
    session.goes_on(session.piece(CLEAN, 0), PIECE)
    refused = session.piece(CLEAN, start)
    assert refused.status_code in (400, 416), why
    assert "sloot niet aan" in refused.json()["error"]["message"]
    assert lab.upstream.raw == b""
    for place in range(PIECE, len(CLEAN), PIECE):
        answer = session.piece(CLEAN, place)
    assert answer.status_code in (200, 201)
    assert lab.upstream.service.received[-1].body == CLEAN


def test_questions_are_answered_truthfully(lab: Lab, client: httpx.Client) -> None:
    microsoft = Microsoft(lab, client)
    microsoft.announce()
    assert client.get(microsoft.url).json()["nextExpectedRanges"] == ["0-"], "the service itself says so"
    microsoft.piece(CLEAN, 0)
    lab.upstream.forget()
    asked = client.get(microsoft.url)
    assert (asked.status_code, asked.json()["nextExpectedRanges"]) == (200, [f"{PIECE}-"])

    google = Google(lab, client)
    google.announce()
    google.piece(CLEAN, 0)
    lab.upstream.forget()
    google.goes_on(google.command("query"), PIECE)

    ranges = GoogleRanges(lab, client)
    ranges.announce()
    ranges.piece(CLEAN, 0)
    lab.upstream.forget()
    ranges.goes_on(client.put(ranges.url, headers={"content-range": "bytes */*"}), PIECE)
    assert lab.upstream.raw == b""


def test_a_cancel_reaches_the_service_and_drops_the_pieces(lab: Lab, session: Session) -> None:
    session.piece(CLEAN, 0)
    lab.upstream.forget()
    if type(session) in (Google, GoogleApi):
        session.command("cancel")  # type: ignore[attr-defined]
    else:
        session.client.delete(session.url)
    assert len(lab.upstream.service.received) == 1
    assert lab.metric("gateway_unfinished_uploads") == 0
    assert lab.metric("gateway_bytes_in_flight") == 0
    assert session.piece(CLEAN, PIECE).status_code == 404


def test_what_is_abandoned_gives_its_memory_back(lab: Lab, session: Session) -> None:
    before = lab.metric("gateway_ended_uploads_total", ending="abandoned")
    session.piece(CLEAN, 0)
    assert lab.metric("gateway_bytes_in_flight") >= PIECE
    lab.wait_until(lambda: lab.metric("gateway_ended_uploads_total", ending="abandoned") > before)
    assert lab.metric("gateway_bytes_in_flight") == 0
    assert session.piece(CLEAN, PIECE).status_code == 404


def test_too_large_is_told_at_the_first_piece(lab: Lab, client: httpx.Client) -> None:
    session = Microsoft(lab, client)
    session.announce()
    lab.upstream.forget()
    refused = client.put(session.url, content=b"a" * 512, headers={"content-range": "bytes 0-511/1000001"})
    assert refused.status_code == 403
    assert "te groot" in refused.json()["error"]["message"]
    assert lab.upstream.raw == b""


def test_a_piece_where_none_is_taken_is_refused(lab: Lab, client: httpx.Client) -> None:
    """The same range to a path of Graph that takes whole files only, in words that would be readable by themselves."""
    lab.upstream.forget()
    where = f"https://{GRAPH}/v1.0/me/drive/special/copilotuploads:/lijst.csv:/content"
    refused = client.put(where, content=b"linde;12\n" * 20, headers={"content-range": "bytes 0-179/1800"})
    assert refused.status_code == 403
    assert lab.upstream.raw == b""


def test_pieces_are_journaled_once(lab: Lab, session: Session) -> None:
    before = lab.metric("gateway_journal_rows_total", kind="start")
    assert session.send(CLEAN).status_code in (200, 201)
    assert lab.metric("gateway_journal_rows_total", kind="start") == before + 1


def test_an_answer_without_a_body_stays_without_one(lab: Lab, client: httpx.Client) -> None:
    """Once there is something to restore, answers go out chunked: after a 204 the end mark read as the next answer."""
    session = Microsoft(lab, client)
    session.announce()
    assert session.send(f"naam;bsn\nx;{BSN}\n".encode(), size=8).status_code == 201
    session.announce()
    answer = client.delete(session.url)
    assert answer.status_code == 204
    assert "transfer-encoding" not in answer.headers
