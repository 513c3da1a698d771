"""The life of a gateway: ready, watched, asked for a login, drained; and what it does with files and explanations."""

import asyncio
import base64
import json
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import httpx
import pytest

from gateway.audit.query import Filter, events, reading
from gateway.detection.inspector import PartInspection
from gateway.detection.processes import Worker
from gateway.errors import JournalError, SettingsError
from gateway.model.inspection import Inspection
from gateway.proxy.identity import hash_password
from gateway.proxy.program import SETTLE_SECONDS
from tests.e2e.harness import CHAT, Lab
from tests.e2e.sockets import WebSocketClient


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes={"max_buffered_mb": 1}) as lab:
        yield lab


def ready(lab: Lab) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{lab.program.health_port}/readyz") as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))


def test_it_is_ready_when_the_sentinel_was_refused(lab: Lab) -> None:
    lab.thread.run(lab.program.sentinel.try_once())
    assert ready(lab) == {"ready": True, "problems": {}}
    assert lab.metric("gateway_sentinel_refused") == 1


def test_a_sentinel_that_is_not_refused_makes_it_not_ready(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that lets everything through shows within a minute, and the balancer takes the gateway out."""

    with monkeypatch.context() as patch:
        patch.setattr("gateway.proxy.gate.Gate.identify", lambda _gate, _flow: None)  # nothing is ours
        assert not lab.thread.run(lab.program.sentinel.try_once())
    assert ready(lab)["problems"] == {"sentinel": "not-refused"}
    lab.thread.run(lab.program.sentinel.try_once())
    assert ready(lab)["ready"]


def test_detection_that_finds_nothing_makes_it_not_ready(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    async def blind(*_arguments: object, **_named: object) -> Inspection:
        return Inspection()

    with monkeypatch.context() as patch:
        patch.setattr("gateway.detection.workers.WorkerPool.inspect", blind)
        assert not lab.thread.run(lab.program.sentinel.try_once())
    assert ready(lab)["problems"] == {"sentinel": "not-found"}
    lab.thread.run(lab.program.sentinel.try_once())


def test_background_work_that_fails_makes_it_not_ready_until_it_succeeds(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(lab.program.gate, "forget_abandoned", lambda: 1 / 0)
        lab.wait_until(lambda: ready(lab)["problems"] == {"background": "measuring"})
    lab.wait_until(lambda: bool(ready(lab)["ready"]))
    assert lab.metric("gateway_background_failures_total", task="measuring") >= 1


def test_the_sentinel_is_not_in_the_journal(lab: Lab) -> None:
    rows = lab.metric("gateway_journal_rows_total", kind="start")
    lab.thread.run(lab.program.sentinel.try_once())
    assert lab.metric("gateway_journal_rows_total", kind="start") == rows


def test_the_status_lists_every_opt_out(lab: Lab) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{lab.program.health_port}/status") as answer:
        status = json.load(answer)
    assert {"connect-to", "upstream-ca", "no-second-opinion", "no-reload"} <= set(status["opt_outs"])


def test_a_file_is_read_and_its_values_stay_in(lab: Lab) -> None:
    lab.upstream.forget()
    with lab.client() as client:
        answer = client.post(
            f"https://{CHAT}/v1/files",
            content=b"Verslag\nInwoner met BSN 111222333 belde.\n",
            headers={"content-type": "text/plain", "x-file-name": "verslag.txt"},
        )
    assert answer.status_code == 200
    assert not lab.upstream.holds("111222333")
    assert lab.upstream.holds("Verslag", "[BSN-1]") == ["Verslag", "[BSN-1]"]


def test_coaching_holds_a_message_once_and_lets_it_go_when_it_is_sent_again(lab: Lab) -> None:
    lab.upstream.forget()
    with lab.client() as client:
        answers = [
            client.post(
                f"https://{CHAT}/v1/files",
                content=b"Hoe laat is het loket open?",
                headers={"content-type": "text/plain", "x-file-name": "vraag.txt"},
            )
            for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [403, 200]
    assert len(lab.upstream.service.received) == 1
    assert lab.metric("gateway_decisions_total", tool="lab-chat", verdict="coach") == 2


def test_a_refusal_after_a_failure_has_an_id_of_its_own(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start row of the exchange was written before the failure: it ends as dropped, the refusal is another row."""
    with monkeypatch.context() as patch, lab.client() as client:
        patch.setattr("gateway.proxy.gate.Gate.release", lambda *_arguments: 1 / 0)
        body = {"messages": [{"role": "user", "content": "Hoe laat is het loket open?"}]}
        assert client.post(f"https://{CHAT}/v1/chat/completions", json=body).status_code == 403
        time.sleep(0.5)
    with reading(lab.program.settings.journal_path) as database:
        rows = [event for event in events(database, Filter(code="PG1")) if "decision_id" in event][-4:]
    starts = [row["decision_id"] for row in rows if row["code"].startswith("PG10")]
    ends = {row["decision_id"]: row["action"] for row in rows if row["code"].startswith("PG11")}
    assert len(set(starts)) == len(starts) == 2
    assert ends == {starts[0]: "dropped", starts[1]: "answered"}


def test_values_in_the_url_and_in_headers_go_out_as_well(lab: Lab) -> None:
    lab.upstream.forget()
    with lab.client() as client:
        client.post(
            f"https://{CHAT}/v1/chat/completions?ref=111222333",
            json={"messages": [{"role": "user", "content": "Inwoner met BSN 111222333"}], "user": "111222333"},
            headers={"x-reference": "111222333"},
        )
    assert not lab.upstream.holds("111222333")


def test_an_answer_nobody_reads_is_cut_off(lab: Lab) -> None:
    """Engine fact: HTTP/2 flow control is not passed on; an unread answer would fill the memory."""
    lab.upstream.service.page = "x" * 20_000_000
    try:
        received, closed = read_without_window(lab)
    finally:
        lab.upstream.service.page = "-"
    assert closed
    assert received < 1_000_000


def read_without_window(lab: Lab) -> tuple[int, bool]:
    """Ask over HTTP/2 and never open the window; how much came, and whether we were cut off."""
    host, port = lab.program.addresses[0]
    plain = socket.create_connection((host, port), 20)
    plain.sendall(f"CONNECT {CHAT}:443 HTTP/1.1\r\nhost: {CHAT}:443\r\n\r\n".encode())
    assert b"200" in plain.recv(4096)
    trust = lab.trust()
    trust.set_alpn_protocols(["h2"])
    tunnel = trust.wrap_socket(plain, server_hostname=CHAT)
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    connection.initiate_connection()
    connection.send_headers(
        1, [(":method", "GET"), (":path", "/big"), (":scheme", "https"), (":authority", CHAT)], end_stream=True
    )
    tunnel.sendall(connection.data_to_send())
    received = 0
    while True:
        try:
            data = tunnel.recv(65536)
        except (ssl.SSLError, ConnectionError):
            return received, True
        except TimeoutError:
            return received, False
        if not data:
            return received, True
        received += sum(len(e.data) for e in connection.receive_data(data) if isinstance(e, h2.events.DataReceived))


@pytest.mark.parametrize("error", [RuntimeError("ours"), MemoryError(), asyncio.CancelledError()], ids=repr)
def test_how_an_exchange_ended_is_written_whatever_becomes_of_its_answer(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    async def broken(*_arguments: object) -> dict[str, int]:
        raise error

    lab.wait_until(lambda: lab.program.gate.open_exchanges == 0)  # those of the tests before
    before, caught = finished(lab), lab.metric("gateway_guard_catches_total", hook="response")
    with monkeypatch.context() as patch:
        patch.setattr("gateway.proxy.pipeline.Pipeline.answer_entities", broken)
        assert lab.ask("Hallo").status_code == 200
        lab.wait_until(lambda: finished(lab) == before + 1)
    assert lab.metric("gateway_guard_catches_total", hook="response") == caught + 1
    lab.wait_until(lambda: lab.program.gate.open_exchanges == 0)


def finished(lab: Lab) -> float:
    return lab.metric("gateway_journal_rows_total", kind="finish")


def test_a_login_is_asked_where_that_is_set(tmp_path: Path) -> None:
    people = tmp_path / "people.toml"
    people.write_text(f'[jansen]\npassword = "{hash_password("geheim")}"\ndepartment = "zorg"\n')
    people.chmod(0o600)
    with Lab(tmp_path, changes={"identity": "basic", "identity_file": people}) as lab:
        with pytest.raises(httpx.ProxyError, match="407"):
            lab.ask("Hallo")
        with httpx.Client(proxy=httpx.Proxy(lab.proxy, auth=("jansen", "geheim")), verify=lab.trust()) as client:
            body = {"messages": [{"role": "user", "content": "Hallo"}]}
            assert client.post(f"https://{CHAT}/v1/chat/completions", json=body).status_code == 200
        credential = base64.b64encode(b"jansen:geheim")
        assert credential not in lab.upstream.raw
        assert b"jansen" not in lab.settings.journal_path.read_bytes()


def test_draining_lets_running_requests_finish_and_takes_no_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Lab(tmp_path) as lab:
        pool, entered, released = lab.program.workers.inspect, threading.Event(), threading.Event()

        async def slow(parts: Any, **named: Any) -> Inspection:  # noqa: ANN401
            if any("Hallo" in part.text for part in parts):
                entered.set()
                await asyncio.to_thread(released.wait, 20)
            return await pool(parts, **named)

        monkeypatch.setattr(lab.program.workers, "inspect", slow)
        statuses: list[int] = []
        asking = threading.Thread(target=lambda: statuses.append(lab.ask("Hallo").status_code))
        asking.start()
        assert entered.wait(20)
        address = lab.program.addresses[0]
        stopping = asyncio.run_coroutine_threadsafe(lab.program.stop(), lab.thread.loop)
        while "drain" not in ready(lab)["problems"]:
            time.sleep(0.02)
        while lab.program.addresses:
            time.sleep(0.02)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(address, 2)
        assert statuses == []
        released.set()
        asking.join(20)
        stopping.result(30)
        assert statuses == [200]
        lab.is_stopped = True


def test_stopping_waits_for_answers_and_their_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange whose answer is still being inspected is open; at the end of the drain the answer gives up."""
    real, hung = Worker.ask, threading.Event()

    async def hang(worker: Worker, texts: Sequence[str]) -> list[PartInspection]:
        if any("Ontvangen" in text for text in texts):
            hung.set()
            await asyncio.sleep(3600)
        return await real(worker, texts)

    with Lab(tmp_path, changes={"drain_seconds": 0.5}) as lab:
        monkeypatch.setattr(Worker, "ask", hang)
        assert lab.ask("Hallo").status_code == 200
        assert hung.wait(20)
        assert lab.program.gate.open_exchanges == 1
        lab.is_stopped = True
        lab.thread.run(lab.program.stop())
        with reading(lab.settings.journal_path) as database:
            rows = [*events(database, Filter(), 20)]
    codes = [row["code"] for row in rows]
    assert (codes.count("PG1001I"), codes.count("PG1101I")) == (1, 1)
    assert [row["fields"]["unfinished"] for row in rows if row["code"] == "PG2003I"] == ["1"]


def test_an_answer_cut_off_by_the_end_has_its_row(tmp_path: Path) -> None:
    with Lab(tmp_path, changes={"drain_seconds": 0.2}) as lab:
        with WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()):
            assert lab.program.gate.open_exchanges == 1
            lab.is_stopped = True
            started = time.monotonic()
            lab.thread.run(lab.program.stop())
        assert time.monotonic() - started < 0.2 + SETTLE_SECONDS
        assert lab.program.gate.open_exchanges == 0
        assert lab.metric("gateway_journal_rows_total", kind="start") == finished(lab) == 1


def test_a_broken_journal_does_not_keep_it_from_stopping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object) -> None:
        raise JournalError("disk full")

    with Lab(tmp_path) as lab:
        monkeypatch.setattr("gateway.audit.async_journal.AsyncJournal.record", broken)
        lab.is_stopped = True
        lab.thread.run(lab.program.stop())
        assert (lab.program.addresses, lab.program.workers.alive) == ((), 0)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", lab.program.health_port), 2)


def test_a_reverse_mode_for_a_host_nobody_knows_does_not_start(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="no rule file knows"),
        Lab(tmp_path, changes={"mode": ("reverse:https://news.example@127.0.0.1:0",)}),
    ):
        pass
