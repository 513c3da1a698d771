"""WebSocket: messages are dropped before they are looked at, edited, refused on the socket itself, and restored."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.rulebook.load import default_root, load
from tests.e2e.harness import BLOCKED, CHAT, RULES, Lab
from tests.e2e.sockets import Rejected, WebSocketClient

URL = f"wss://{CHAT}/c/api/chat"
PROMPT = "Bel inwoner met BSN 111222333 op 06-12345678."
REFUSED = "Het MAC-adres van de laptop is 00:1A:2B:3C:4D:5E."


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes={"max_message_mb": 1}) as lab:
        yield lab


@pytest.fixture
def socket(lab: Lab) -> Iterator[WebSocketClient]:
    lab.upstream.forget()
    with WebSocketClient(lab.proxy, URL, lab.trust()) as client:
        yield client


def message(text: str) -> dict[str, object]:
    return {"event": "send", "conversationId": "c-1", "content": [{"type": "text", "text": text}]}


def received(lab: Lab) -> bytes:
    return lab.upstream.service.all_bytes()


def test_values_stay_in_and_come_back_split_over_messages(lab: Lab, socket: WebSocketClient) -> None:
    socket.send_json(message(PROMPT))
    assert PROMPT in socket.answer()
    assert b"111222333" not in received(lab)
    assert b"[BSN-1]" in received(lab)


def test_a_message_in_several_frames_is_judged_whole(lab: Lab, socket: WebSocketClient) -> None:
    socket.send_in_pieces(json.dumps(message(PROMPT)), 7)
    assert PROMPT in socket.answer()
    assert b"111222333" not in received(lab)


def test_a_refused_message_is_answered_on_the_socket_and_the_next_one_goes_on(
    lab: Lab, socket: WebSocketClient
) -> None:
    socket.send_json(message(REFUSED))
    assert socket.receive_json()["error"]["message"]
    assert b"00:1A" not in received(lab)
    socket.send_json(message("Hoe laat is het loket open?"))
    assert "Hoe laat is het loket open?" in socket.answer()


def test_a_message_over_the_limit_is_refused(lab: Lab, socket: WebSocketClient) -> None:
    socket.send_json(message("a" * 1_100_000))
    assert socket.receive()
    assert b"aaaa" not in received(lab)


def test_an_unreadable_message_is_refused(lab: Lab, socket: WebSocketClient) -> None:
    socket.send_bytes(bytes(range(256)) * 20)
    assert socket.receive()
    assert received(lab) == b""


def test_a_blocked_tools_socket_is_refused_at_the_upgrade(lab: Lab) -> None:
    lab.upstream.forget()
    with pytest.raises(Rejected) as caught:
        WebSocketClient(lab.proxy, f"wss://{BLOCKED}/c/api/chat", lab.trust())
    assert caught.value.status == 403
    assert not lab.upstream.holds(BLOCKED)


def test_the_list_of_messages_is_kept_short(lab: Lab, socket: WebSocketClient) -> None:
    """Engine fact: the list grows for as long as the socket lives."""
    for number in range(5):
        socket.send_json(message(f"Vraag {number}"))
        socket.answer()
    assert lab.metric("gateway_actions_total", tool="lab-chat", action="forwarded") >= 5


def test_a_tool_that_expires_while_its_socket_is_open_takes_no_more_messages(
    lab: Lab, socket: WebSocketClient, tmp_path: Path
) -> None:
    """The standing of the handshake held for as long as a tab stayed open."""
    socket.send_json(message("Hoe laat is het loket open?"))
    socket.answer()
    lab.upstream.forget()
    for rule in RULES.glob("*.yaml"):
        (tmp_path / rule.name).write_text(rule.read_text(encoding="utf-8").replace("2099-12-31", "2026-01-31"))
    book = lab.program.book
    lab.thread.run(lab.program.workers.replace(load(default_root(), overlay=tmp_path)))
    try:
        socket.send_json(message("Hoe laat gaat het loket dicht?"))
        assert socket.receive_json()["error"]["message"]
    finally:
        lab.thread.run(lab.program.workers.replace(book))
    assert received(lab) == b""
    assert lab.metric("gateway_refusals_total", reason="tool-expired") == 1
