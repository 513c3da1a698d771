"""Markers planted everywhere in the traffic appear in nothing the gateway wrote, at the most talkative log level."""

import json
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.harness import BLOCKED, CHAT, Running
from tests.e2e.sockets import WebSocketClient

pytestmark = pytest.mark.slow

MARKERS = {
    name: f"Kanarie{name.title()}Zq7"
    for name in (
        "prompt",
        "header",
        "cookie",
        "query",
        "path",
        "file",
        "content",
        "session",
        "frame",
        "plain",
        "raw",
        "person",
    )
}
BSN = "111222333"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(Path(tmp_path_factory.mktemp("canary")), variables={"LOG_LEVEL": "debug"}) as gateway:
        yield gateway


def plant(gateway: Running) -> bytes:
    """Traffic of every kind, good and bad; what metrics and status say of it."""
    marks = MARKERS
    headers = {"x-note": marks["header"], "cookie": f"session={marks['cookie']}"}
    chat = f"https://{CHAT}/v1/chat/completions?q={marks['query']}"
    for http2 in (False, True):
        with gateway.client(http2=http2) as client:
            for stream in (False, True):
                text = f"{marks['prompt']} {marks['person']} BSN {BSN}"
                body = {"stream": stream, "messages": [{"role": "user", "content": text}]}
                assert client.post(chat, json=body, headers=headers).status_code == 200
            refused = {"messages": [{"role": "user", "content": f"{marks['prompt']} MAC 00:1A:2B:3C:4D:5E"}]}
            assert client.post(chat, json=refused, headers=headers).status_code == 403
            client.post(chat, content=f'{{"broken": "{marks["raw"]}', headers=headers)
            client.post(chat, content=b"\x00\xff" + marks["raw"].encode(), headers={"content-encoding": "gzip"})
            named = {"x-file-name": f"{marks['file']}.txt", "content-type": "text/plain"}
            client.post(f"https://{CHAT}/v1/files", content=f"{marks['content']} BSN {BSN}", headers=named)
            in_pieces(
                client, f"https://{CHAT}/v1/pieces/{marks['session']}{http2}", f"{marks['content']} BSN {BSN}", named
            )
            client.get(f"https://{CHAT}/{marks['path']}?q={marks['query']}", headers=headers)
            client.get(f"https://{BLOCKED}/{marks['path']}", headers=headers | {"sec-fetch-mode": "navigate"})
    with WebSocketClient(gateway.proxy, f"wss://{CHAT}/c/api/chat", gateway.trust()) as client:
        client.send_json({"event": "send", "content": [{"type": "text", "text": f"{marks['frame']} BSN {BSN}"}]})
        client.answer()
        client.send_json(
            {"event": "send", "content": [{"type": "text", "text": f"{marks['frame']} 00:1A:2B:3C:4D:5E"}]}
        )
        client.receive()
    unruly(gateway, marks["plain"])
    health = gateway.places["metrics"].removesuffix("/metrics")
    return b"".join(urllib.request.urlopen(f"{health}/{page}").read() for page in ("metrics", "status", "readyz"))


def in_pieces(client: httpx.Client, session: str, text: str, headers: dict[str, str]) -> None:
    """A file whose last piece never comes, one that is judged whole, and a piece that does not fit."""
    content, half = text.encode(), len(text) // 2
    said = []
    for url, starts in ((f"{session}/a", (0,)), (f"{session}/b", (0, half)), (f"{session}/c", (half,))):
        for start in starts:
            piece = content[start : half if start == 0 else None]
            place = {"content-range": f"bytes {start}-{start + len(piece) - 1}/{len(content)}"}
            said.append(client.put(url, content=piece, headers=headers | place).status_code)
    assert said == [308, 308, 200, 404]


def unruly(gateway: Running, mark: str) -> None:
    """Connections that break rules of HTTP, so that layers of the engine complain or crash."""
    host, port = gateway.proxy.removeprefix("http://").split(":")
    for data in (
        f"GET http://{CHAT}/{mark} HTTP/9.9\r\n\r\n",
        f"POST http://{CHAT}/ HTTP/1.1\r\nhost: {CHAT}\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{mark}",
        f"POST http://{CHAT}/ HTTP/1.1\r\nhost: {CHAT}\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n{mark}\r\n",
        f"POST http://{CHAT}/ HTTP/1.1\r\nhost: {CHAT}\r\nx\r\n: {mark}\r\n\r\n",
        f"CONNECT {mark}:notaport HTTP/1.1\r\n\r\n",
        f"CONNECT {CHAT}:443 HTTP/1.1\r\n\r\n\x16\x03\x01\x00\xff{mark}",
        f"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{mark}",
    ):
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(data.encode("latin-1"))
            connection.settimeout(0.5)
            try:
                while connection.recv(65536):
                    pass
            except OSError:
                continue


def test_no_marker_is_in_anything_the_gateway_wrote(gateway: Running) -> None:
    shown = plant(gateway)
    assert gateway.upstream.holds(MARKERS["prompt"]) == [MARKERS["prompt"]]
    assert gateway.stop() == 0
    written = {"output": gateway.said, "metrics": shown}
    written |= {str(path): path.read_bytes() for path in gateway.data.rglob("*") if path.is_file()}
    assert any(name.endswith("journal.sqlite") for name in written)
    assert b"guard-caught" not in gateway.said
    found = [
        (name, word)
        for name, content in written.items()
        for word in (*MARKERS.values(), BSN)
        for spelling in {word.encode(), word.lower().encode(), json.dumps(word)[1:-1].encode()}
        if spelling in content.lower() or spelling in content
    ]
    assert found == []
