"""Sizes: what is too large is refused readably, counted and journaled; static content is never read."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gateway.audit.query import Filter, events, reading
from gateway.proxy.budget import ByteBudget, Room
from tests.e2e.harness import CHAT, Lab
from tests.e2e.sockets import WebSocketClient

MARK = "Merkwoord-Kanarie"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    changes = {"max_body_mb": 1, "body_budget_mb": 2, "max_header_kb": 8}
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes=changes) as lab:
        yield lab


@pytest.fixture(autouse=True)
def _forget(lab: Lab) -> None:
    lab.upstream.forget()


def post(lab: Lab, content: bytes | Iterator[bytes], http2: bool, **headers: str) -> httpx.Response:
    with lab.client(http2=http2) as client:
        own = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(f"https://{CHAT}/v1/chat/completions", content=content, headers=own)


def pieces(size: int) -> Iterator[bytes]:
    yield MARK.encode()
    for _ in range(size // 10_000):
        yield b"woord en " * 1_111


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("announced", [True, False], ids=["length", "chunked"])
def test_a_body_over_the_limit_is_refused_readably(lab: Lab, http2: bool, announced: bool) -> None:
    body: bytes | Iterator[bytes] = b"".join(pieces(1_200_000)) if announced else pieces(1_200_000)
    answer = post(lab, body, http2)
    assert answer.status_code == 403
    assert answer.json()["error"]["message"]
    assert not lab.upstream.holds(MARK)
    assert lab.metric("gateway_refusals_total", reason="too-large") >= 1


def test_a_body_far_over_the_limit_gets_413_and_an_audit_row(lab: Lab) -> None:
    """Design §5: over `body_size_limit` only `error` fires."""
    answer = post(lab, b"".join(pieces(2_500_000)), http2=False)
    assert answer.status_code == 413
    assert not lab.upstream.holds(MARK)
    with reading(lab.settings.journal_path) as database:
        last = [event for event in events(database, Filter(), 4) if event["code"] == "PG1005W"][-1]
    assert last["reasons"] == [["too-large", "body"]]


def test_headers_over_the_limit_are_refused(lab: Lab) -> None:
    """Design §5: mitmproxy has no limit on header size."""
    answer = post(lab, b"{}", http2=False, x_big=MARK * 600)
    assert answer.status_code == 403
    assert not lab.upstream.holds(MARK)


class Slow:
    """A body that tells no length, and after its first words waits until it is let go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"messages": '
        self.go_on.wait(30)
        yield b'[{"role": "user", "content": "Hallo"}]}'


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_body_without_a_length_is_held_as_the_largest_until_it_has_come(lab: Lab, http2: bool) -> None:
    """Chunks counted for nothing: any number of bodies of any size went round the budget."""
    slow = Slow()
    with ThreadPoolExecutor(1) as others:
        sent = others.submit(post, lab, iter(slow), http2)
        try:
            lab.wait_until(lambda: lab.metric("gateway_bytes_in_flight") == 1_000_000)
            with pytest.raises(httpx.HTTPError):  # half of the budget is one person's share; over it we cut off
                post(lab, pieces(900_000), http2)
        finally:
            slow.go_on.set()
        assert sent.result().status_code == 200
    lab.wait_until(lambda: lab.metric("gateway_bytes_in_flight") == 0)


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_a_request_without_a_body_is_charged_nothing(lab: Lab, monkeypatch: pytest.MonkeyPatch, http2: bool) -> None:
    taken = []
    take = ByteBudget.take
    monkeypatch.setattr(ByteBudget, "take", lambda budget, size, owner: taken.append(size) or take(budget, size, owner))
    with lab.client(http2=http2) as client:
        assert client.get(f"https://{CHAT}/assets/app.js").status_code == 200
    assert set(taken) == {0}


def test_messages_of_a_socket_are_held_too(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"event": "send", "content": [{"type": "text", "text": "Hoe laat is het loket open?"}]}
    with WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as client:
        with monkeypatch.context() as patch:
            patch.setattr(ByteBudget, "take", lambda *_: Room.REFUSE)
            client.send_json(words)
            assert client.receive_json()["error"]["message"]
        client.send_json(words)
        assert client.answer()
    assert lab.metric("gateway_refusals_total", reason="inspection-busy") >= 1
    assert lab.metric("gateway_bytes_in_flight") == 0


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_no_bytes_are_held_when_all_is_done(lab: Lab, http2: bool) -> None:
    post(lab, b"".join(pieces(900_000)), http2)
    assert lab.metric("gateway_bytes_in_flight") == 0
    assert lab.program.gate.open_exchanges == 0


def test_static_content_is_passed_on_unread_and_unrecorded(lab: Lab) -> None:
    before = lab.metric("gateway_decisions_total", tool="lab-chat", verdict="allow")
    with lab.client() as client:
        assert client.get(f"https://{CHAT}/assets/app.js").status_code == 200
    assert lab.upstream.holds("/assets/app.js")
    assert lab.metric("gateway_decisions_total", tool="lab-chat", verdict="allow") == before


def test_a_body_does_not_go_along_unread_with_static_content(lab: Lab) -> None:
    """A GET with a body is no page asset, so it is read like anything else."""
    with lab.client() as client:
        client.request("GET", f"https://{CHAT}/assets/app.js", json={"text": "Bel inwoner met BSN 111222333."})
    assert not lab.upstream.holds("111222333")
