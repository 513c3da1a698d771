"""Fault injection: whatever goes wrong in whichever room, on whichever transport, nothing of the prompt leaves.

Every case asks four things: upstream saw no byte of the prompt, the user got a readable refusal, a metric moved, and
the journal names the reason (unless the journal itself is what is broken).
"""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.audit.query import Filter, events, reading
from gateway.errors import DocumentError, EnforcementError, InspectionError, JournalError, WireError
from gateway.model.policy import ReasonCode
from tests.e2e.harness import CHAT, Lab
from tests.e2e.sockets import WebSocketClient

MARK = "Merkwoord-Kanarie"
PROMPT = f"{MARK} inwoner met BSN 111222333"
TRANSPORTS = ("http1", "http2", "websocket")


@dataclass(frozen=True)
class Room:
    """One function a request depends on, and whether it is awaited."""

    name: str
    target: str
    is_async: bool = False


ROOMS = (
    Room("wire", "gateway.proxy.walk.extract"),
    Room("detection", "gateway.detection.workers.WorkerPool.inspect", is_async=True),
    Room("decision-question", "gateway.proxy.walk.ask"),
    Room("decision", "gateway.proxy.walk.decide"),
    Room("vault", "gateway.enforcement.vault.MemoryVault.open", is_async=True),
    Room("redaction", "gateway.proxy.walk.plan"),
    Room("rewriting", "gateway.wire.message.Decoded.rewrite"),
    Room("vault-save", "gateway.enforcement.vault.MemoryVault.save", is_async=True),
    Room("fingerprints", "gateway.audit.fingerprints.Fingerprinter.digest"),
    Room("metrics", "gateway.observability.metrics.Metrics.decided"),
)
FAULTS: dict[str, Callable[[], BaseException]] = {
    "exception": lambda: ValueError(PROMPT),
    "memory": MemoryError,
    "recursion": RecursionError,
    "exit": lambda: SystemExit(1),
    "cancelled": asyncio.CancelledError,
    "interrupt": KeyboardInterrupt,
}
NAMED = (
    (InspectionError(ReasonCode.INSPECTION_BUSY), ReasonCode.INSPECTION_BUSY),
    (InspectionError(ReasonCode.WORKER_DIED), ReasonCode.WORKER_DIED),
    (InspectionError(ReasonCode.INSPECTION_FAILED), ReasonCode.INSPECTION_FAILED),
    (TimeoutError(), ReasonCode.INSPECTION_TIMEOUT),
    (DocumentError(), ReasonCode.INSPECTION_FAILED),
    (WireError(), ReasonCode.REWRITE_FORBIDDEN),
    (EnforcementError(), ReasonCode.INTERNAL_ERROR),
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    changes = {"verdict_seconds": 1.0, "inspection_seconds": 0.8, "sentinel_seconds": 3600.0}
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes=changes) as lab:
        lab.ask("Warm")
        yield lab


@pytest.fixture(autouse=True)
def _forget(lab: Lab) -> None:
    lab.upstream.forget()


def broken(room: Room, error: Callable[[], BaseException]) -> Callable[..., object]:
    def fail(*_arguments: object, **_named: object) -> object:
        raise error()

    async def fail_later(*_arguments: object, **_named: object) -> object:
        raise error()

    return fail_later if room.is_async else fail


def send(lab: Lab, transport: str) -> str:
    """Send the prompt; the refusal the user reads."""
    if transport == "websocket":
        with WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as socket:
            socket.send_json({"event": "send", "content": [{"type": "text", "text": PROMPT}]})
            return str(socket.receive_json()["error"]["message"])
    answer = lab.ask(PROMPT, http2=transport == "http2")
    assert answer.status_code == 403
    return str(answer.json()["error"]["message"])


def last_reasons(lab: Lab) -> list[str]:
    with reading(lab.settings.journal_path) as database:
        last = [event for event in events(database, Filter(), 5) if str(event["code"]).startswith("PG10")][-1]
    return [code for code, _ in last["reasons"]]


def assert_nothing_left(lab: Lab) -> None:
    assert lab.upstream.holds(MARK, "111222333") == []


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_any_exception_in_any_room(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, room: Room, fault: str, transport: str
) -> None:
    hook = "websocket_message" if transport == "websocket" else "request"
    before = lab.metric("gateway_guard_catches_total", hook=hook)
    with monkeypatch.context() as patch:
        if transport == "websocket":  # the upgrade is a request of its own, so break the room after it
            with WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as socket:
                patch.setattr(room.target, broken(room, FAULTS[fault]))
                socket.send_json({"event": "send", "content": [{"type": "text", "text": PROMPT}]})
                refusal = str(socket.receive_json()["error"]["message"])
        else:
            patch.setattr(room.target, broken(room, FAULTS[fault]))
            refusal = send(lab, transport)
    assert_nothing_left(lab)
    assert len(refusal) > 40
    assert PROMPT not in refusal
    assert lab.metric("gateway_guard_catches_total", hook=hook) > before
    if room.name != "metrics":
        assert last_reasons(lab) == [ReasonCode.INTERNAL_ERROR]


@pytest.mark.parametrize("transport", ["http1", "http2"])
@pytest.mark.parametrize(("error", "reason"), NAMED, ids=lambda value: getattr(value, "value", type(value).__name__))
def test_each_kind_of_failure_has_its_own_reason(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: ReasonCode, transport: str
) -> None:
    before = lab.metric("gateway_refusals_total", reason=reason.value)
    room = Room("detection", "gateway.detection.workers.WorkerPool.inspect", is_async=True)
    with monkeypatch.context() as patch:
        patch.setattr(room.target, broken(room, lambda: error))
        send(lab, transport)
    assert_nothing_left(lab)
    assert last_reasons(lab) == [reason]
    assert lab.metric("gateway_refusals_total", reason=reason.value) == before + 1


@pytest.mark.parametrize("transport", ["http1", "http2"])
@pytest.mark.parametrize(
    "target", ["gateway.detection.workers.WorkerPool.inspect", "gateway.enforcement.vault.MemoryVault.open"]
)
def test_a_hang_ends_at_the_deadline(lab: Lab, monkeypatch: pytest.MonkeyPatch, target: str, transport: str) -> None:
    async def hang(*_arguments: object, **_named: object) -> object:
        await asyncio.sleep(3600)

    with monkeypatch.context() as patch:
        patch.setattr(target, hang)
        send(lab, transport)
    assert_nothing_left(lab)
    assert last_reasons(lab) == [ReasonCode.INSPECTION_TIMEOUT]


def test_a_hang_in_the_decoding_of_a_large_body_ends_at_the_deadline(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large bodies are decoded in a thread, so that a hang there stops one request and not the gateway."""

    def hang(*_arguments: object, **_named: object) -> object:
        time.sleep(1.5)

    with monkeypatch.context() as patch:
        patch.setattr("gateway.proxy.walk.extract", hang)
        answer = lab.ask(PROMPT + "." * 70_000)
    assert answer.status_code == 403
    assert_nothing_left(lab)
    assert last_reasons(lab) == [ReasonCode.INSPECTION_TIMEOUT]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_unwritable_journal_means_no_service(lab: Lab, monkeypatch: pytest.MonkeyPatch, transport: str) -> None:
    room = Room("journal", "gateway.audit.async_journal.AsyncJournal.start", is_async=True)
    with monkeypatch.context() as patch:
        patch.setattr(room.target, broken(room, lambda: JournalError("disk full")))
        if transport == "websocket":
            with pytest.raises(Exception, match="403"):
                send(lab, transport)
        else:
            answer = lab.ask(PROMPT, http2=transport == "http2")
            assert answer.json()["error"]["code"] == ReasonCode.JOURNAL_UNWRITABLE
    assert_nothing_left(lab)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_outcome_that_cannot_be_written_decides_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """It was written before the message went, which was then refused while the journal said "forwarded"."""
    before = lab.metric("gateway_guard_catches_total", hook="websocket_message")
    room = Room("journal", "gateway.audit.async_journal.AsyncJournal.finish", is_async=True)
    with (
        monkeypatch.context() as patch,
        WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as socket,
    ):
        patch.setattr(room.target, broken(room, FAULTS[fault]))
        for number in range(2):
            socket.send_json({"event": "send", "content": [{"type": "text", "text": f"Vraag {number}"}]})
            assert f"Vraag {number}" in socket.answer()
    assert lab.metric("gateway_guard_catches_total", hook="websocket_message") == before + 2


def test_the_outcome_of_every_message_of_a_socket_is_written(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also that of a message of which the check failed."""
    before = lab.metric("gateway_journal_rows_total", kind="start") - lab.metric(
        "gateway_journal_rows_total", kind="finish"
    )
    with WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as socket:
        socket.send_json({"event": "send", "content": [{"type": "text", "text": "Hallo"}]})
        socket.answer()
        with monkeypatch.context() as patch:
            patch.setattr(ROOMS[0].target, broken(ROOMS[0], FAULTS["exception"]))
            socket.send_json({"event": "send", "content": [{"type": "text", "text": PROMPT}]})
            socket.receive_json()
    lab.wait_until(
        lambda: (
            lab.metric("gateway_journal_rows_total", kind="start")
            - lab.metric("gateway_journal_rows_total", kind="finish")
            == before
        )
    )


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_killed_workers(lab: Lab, http2: bool) -> None:
    async def kill() -> None:
        for worker in list(lab.program.workers._generation.idle._queue):  # type: ignore[union-attr,attr-defined]
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)

    lab.thread.run(kill())
    answer = lab.ask(f"{PROMPT} {http2}", http2=http2)  # a text nobody remembers
    assert answer.status_code == 403
    assert_nothing_left(lab)
    assert last_reasons(lab) == [ReasonCode.WORKER_DIED]
    assert lab.metric("gateway_inspection_failures_total", reason="worker-died") > 0
    for number in range(50):  # the pool heals
        if lab.ask(f"Hoe laat gaat loket {number} {http2} open?").status_code == 200:
            return
        time.sleep(0.1)
    pytest.fail("no new worker")


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "target",
    [
        "gateway.rulebook.book.RuleBook.match",
        "gateway.proxy.identity.ByAddress.person",
        "gateway.proxy.gate.Gate.admit",
    ],
)
def test_a_failure_before_the_body_comes(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, target: str, fault: str, http2: bool
) -> None:
    before = lab.metric("gateway_guard_catches_total", hook="requestheaders")
    with monkeypatch.context() as patch:
        patch.setattr(target, broken(Room("", target), FAULTS[fault]))
        answer = lab.ask(PROMPT, http2=http2)
    assert answer.status_code == 403
    assert len(answer.json()["error"]["message"]) > 40
    assert_nothing_left(lab)
    assert lab.metric("gateway_guard_catches_total", hook="requestheaders") > before
    assert last_reasons(lab) == [ReasonCode.INTERNAL_ERROR]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_cannot_be_handled_is_replaced(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, fault: str, http2: bool
) -> None:
    """Engine fact: an exception in `responseheaders` delivers the answer unchanged."""
    target = "gateway.proxy.gate.Gate.open_answer"
    with monkeypatch.context() as patch:
        patch.setattr(target, broken(Room("", target), FAULTS[fault]))
        answer = lab.ask(PROMPT, http2=http2)
    assert answer.status_code == 403
    assert "Ontvangen" not in answer.text
    assert json.loads(answer.text)["error"]["message"]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_stream_ends_the_answer(lab: Lab, monkeypatch: pytest.MonkeyPatch, fault: str, http2: bool) -> None:
    """Engine fact: an exception in a stream callable crashes the layer and the client hangs."""
    target = "gateway.enforcement.restoration.Restorer.feed"
    with monkeypatch.context() as patch:
        patch.setattr(target, broken(Room("", target), FAULTS[fault]))
        answer = lab.ask(PROMPT, http2=http2, stream=True)
    assert answer.status_code == 200
    assert answer.content == b""
