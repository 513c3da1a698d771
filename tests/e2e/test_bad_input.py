"""Bad input through the running gateway: refused or cut off in bounded memory, nothing uninspected upstream, and the
gateway goes on serving."""

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import struct
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import brotli
import h2.config
import h2.connection
import httpx
import pytest
import zstandard
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from wsproto.events import TextMessage

from gateway.cli.pretend import PretendService
from tests.e2e.harness import CHAT, Running
from tests.e2e.sockets import WebSocketClient

MARK = "Merkwoord-Kanarie"
BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": f"{MARK}, BSN 111222333"}]}).encode()
CHAT_URL = f"https://{CHAT}/v1/chat/completions"
MEGABYTE = 1_000_000
BOMB = b'{"messages":[{"role":"user","content":"' + MARK.encode() + b" " * (200 * MEGABYTE)
BUFFERED = 2
"""Megabytes of an answer that may wait for a reader here."""

pytestmark = pytest.mark.slow


class Endless(PretendService):
    """A service that also has an answer without an end."""

    written = 0
    is_over = False

    def app(self) -> Starlette:
        app = super().app()
        app.router.routes.insert(0, Route("/endless", self._endless, methods=["POST"]))
        return app

    async def _endless(self, request: Request) -> StreamingResponse:
        await self._keep(request)
        self.written, self.is_over = 0, False
        row = _event("x" * 60_000)

        async def send() -> AsyncIterator[bytes]:
            try:
                while self.written < 400 * MEGABYTE:
                    yield row
                    self.written += len(row)
                    await asyncio.sleep(0)
            finally:
                self.is_over = True

        return StreamingResponse(send(), media_type="text/event-stream")


def _event(text: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'content': text}}]})}\n\n".encode()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    variables = {"MAX_BUFFERED_MB": str(BUFFERED)}
    with Running(Path(tmp_path_factory.mktemp("bad")), variables=variables, service=Endless()) as gateway:
        with gateway.client() as client:
            assert is_served(client)
        yield gateway


@pytest.fixture(autouse=True)
def _goes_on(gateway: Running) -> Iterator[None]:
    """Before and after each case; memory may grow by no more than a few bodies."""
    gateway.upstream.forget()
    before = memory(gateway)
    yield
    assert gateway.upstream.holds(MARK, "111222333") == []
    assert gateway.process.poll() is None
    assert peak(gateway) - before < 100 * MEGABYTE
    with gateway.client() as client:
        assert is_served(client)


def is_served(client: httpx.Client) -> bool:
    answer = client.post(CHAT_URL, json={"model": "m", "messages": [{"role": "user", "content": "Is het open?"}]})
    return answer.status_code == 200 and "Is het open?" in answer.text


def memory(gateway: Running) -> int:
    """Bytes the gateway holds now; the peak starts again from here."""
    Path(f"/proc/{gateway.process.pid}/clear_refs").write_text("5")
    return _status(gateway, "VmRSS")


def peak(gateway: Running) -> int:
    return _status(gateway, "VmHWM")


def _status(gateway: Running, name: str) -> int:
    rows = Path(f"/proc/{gateway.process.pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith(f"{name}:"))


@contextlib.contextmanager
def tunnel(gateway: Running, *, http2: bool = False) -> Iterator[ssl.SSLSocket]:
    """A TLS connection to the service, on which anything can be written."""
    to = httpx.URL(gateway.proxy)
    with socket.create_connection((to.host, to.port), 30) as plain:
        plain.sendall(f"CONNECT {CHAT}:443 HTTP/1.1\r\nhost: {CHAT}:443\r\n\r\n".encode())
        assert b" 200 " in plain.recv(4096)
        with gateway.trust(http2=http2).wrap_socket(plain, server_hostname=CHAT) as secure:
            yield secure


def heard(connection: ssl.SSLSocket) -> bytes:
    """Everything until the other side closes or is silent for a while."""
    connection.settimeout(5)
    said = b""
    with contextlib.suppress(OSError):
        while data := connection.recv(65536):
            said += data
    return said


def head(*headers: str, method: str = "POST") -> bytes:
    rows = (f"{method} /v1/chat/completions HTTP/1.1", f"host: {CHAT}", "content-type: application/json", *headers)
    return "\r\n".join((*rows, "", "")).encode()


@pytest.mark.parametrize(
    ("request_bytes", "why"),
    [
        (head(f"content-length: {len(BODY)}") + BODY[:-20], "the body stops before its announced length"),
        (head("transfer-encoding: chunked") + b"%x\r\n" % len(BODY) + BODY[:30], "the chunk is cut off"),
        (head("transfer-encoding: chunked") + b"%x\r\n%s\r\n" % (len(BODY), BODY), "the last chunk is missing"),
        (head("transfer-encoding: chunked") + b"zz\r\n" + BODY, "the chunk's length is no number"),
        (head("content-length: -5") + BODY, "a negative length"),
        (head("content-length: 5", f"content-length: {len(BODY)}") + BODY, "two lengths"),
        (head(f"content-length: {len(BODY)}", "transfer-encoding: chunked") + BODY, "a length and chunks"),
        (head("content-length: 10") + BODY, "the body is longer than announced"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_lengths_over_http1(gateway: Running, request_bytes: bytes, why: str) -> None:
    with tunnel(gateway) as connection:
        connection.sendall(request_bytes)
        said = heard(connection)
    assert b" 200 " not in said.split(b"\r\n")[0], why


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (struct.pack(">HBBBI", 0, 200, 0, 0, 1) + b"abc", "a data frame shorter than it says"),
        (struct.pack(">HBBBI", 0xFFFF, 255, 0, 0, 1), "a frame over the largest size"),
        (struct.pack(">HBBBI", 0, 4, 8, 0, 0) + b"\0\0\0\0", "a window of nothing"),
        (struct.pack(">HBBBI", 0, 5, 9, 4, 9) + b"\x10gzip", "continuation of no headers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_frames_over_http2(gateway: Running, frame: bytes, why: str) -> None:
    with tunnel(gateway, http2=True) as connection:
        client = _http2(connection)
        client.send_headers(1, [*_H2_HEAD, ("content-length", str(len(BODY)))])
        client.send_data(1, BODY[:20])
        connection.sendall(client.data_to_send() + frame)
        connection.settimeout(2)
        with contextlib.suppress(OSError):
            while connection.recv(65536):
                pass
    assert gateway.upstream.raw == b"", why


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BOMB, 9)),
        ("deflate", zlib.compress(BOMB, 9)),
        ("br", brotli.compress(BOMB, quality=3)),
        ("zstd", zstandard.compress(BOMB, 3)),
        ("gzip, gzip", gzip.compress(gzip.compress(BOMB, 9), 9)),
        ("gzip", gzip.compress(BODY)[:-12]),
        ("br", brotli.compress(BODY)[:-5]),
        ("zstd", zstandard.compress(BODY)[:-5]),
        ("deflate", b"\x78\x9c" + BODY),
        ("no-such-coding", BODY),
    ],
    ids=("gzip bomb", "deflate bomb", "br bomb", "zstd bomb", "bomb in a bomb", "cut gzip", "cut br", "cut zstd",
         "no deflate at all", "unknown coding"),
)  # fmt: skip
def test_encodings_that_lie(gateway: Running, encoding: str, body: bytes) -> None:
    with gateway.client() as client:
        answer = client.post(
            CHAT_URL, content=body, headers={"content-type": "application/json", "content-encoding": encoding}
        )
    assert answer.status_code == 403
    assert answer.json()["error"]["message"]
    assert gateway.upstream.raw == b""


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_an_endless_answer_for_a_reader_that_stops(gateway: Running, http2: bool) -> None:
    """It is cut off, or the service has to wait; else all of it would stand in memory here. It ends with the reader."""
    service = gateway.upstream.service
    assert isinstance(service, Endless)
    with tunnel(gateway, http2=http2) as connection:
        if http2:
            client = _http2(connection)
            client.send_headers(1, [(name, "/endless" if name == ":path" else value) for name, value in _H2_HEAD])
            client.send_data(1, b'{"q":"Is het open?"}', end_stream=True)
            client.increment_flow_control_window(2**30)
            client.increment_flow_control_window(2**30, 1)
            connection.sendall(client.data_to_send())
        else:
            rows = ("POST /endless HTTP/1.1", f"host: {CHAT}", "content-type: application/json", "content-length: 20")
            connection.sendall("\r\n".join((*rows, "", '{"q":"Is het open?"}')).encode())
        wait_until(lambda: service.is_over or is_still(service))
    assert 0 < service.written < 100 * MEGABYTE
    wait_until(lambda: service.is_over)


def wait_until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)


def is_still(service: Endless) -> bool:
    """Whether the service has to wait: it began, and has written nothing for two seconds."""
    before = service.written
    time.sleep(2)
    return 0 < before == service.written


@pytest.mark.parametrize(
    "row", [b"x-big: " + b"a" * 1000 + b"\r\n", b"a" * 1000], ids=["many headers", "one line without an end"]
)
def test_sixty_megabytes_of_headers(gateway: Running, row: bytes) -> None:
    with tunnel(gateway) as connection:
        connection.sendall(head(f"x-mark: {MARK}")[:-2])
        sent = len(row)
        with contextlib.suppress(OSError):
            for _ in range(600):
                connection.sendall(row * 100)
                sent += 100 * len(row)
            connection.sendall(b"\r\ncontent-length: 2\r\n\r\n{}")
        said = heard(connection)
    assert b" 200 " not in said.split(b"\r\n")[0]
    assert gateway.upstream.raw == b""


def test_sixty_megabytes_of_headers_over_http2(gateway: Running) -> None:
    with tunnel(gateway, http2=True) as connection:
        client = _http2(connection)
        connection.sendall(client.data_to_send())
        first = struct.pack(">HBBBI", 0, 5, 1, 0, 1) + b"\x82\x87\x84\x86\x88"  # HEADERS without END_HEADERS
        more = struct.pack(">BHBBI", 0, 16384, 9, 0, 1) + b"\x40\x01a\x7e" + b"b" * 16380  # CONTINUATION without end
        with contextlib.suppress(OSError):
            connection.sendall(first)
            for _ in range(60 * MEGABYTE // len(more)):
                connection.sendall(more)
        heard(connection)
    assert gateway.upstream.raw == b""


@pytest.mark.parametrize("size", [100, 500_000], ids=["small pieces", "large pieces"])
def test_a_socket_that_never_finishes_a_message(gateway: Running, size: int) -> None:
    """Up to 60 MB of one message is offered; the socket ends, or the pieces stay here."""
    start = '{"event":"send","content":[{"type":"text","text":"' + MARK
    with WebSocketClient(gateway.proxy, f"wss://{CHAT}/c/api/chat", gateway.trust()) as connection:
        gateway.upstream.raw.clear()
        connection.send_event(TextMessage(data=start, message_finished=False))
        with contextlib.suppress(OSError):
            for _ in range(min(120, 60 * MEGABYTE // size)):
                connection.send_event(TextMessage(data="a" * size, message_finished=False))
        time.sleep(0.5)
    assert b"aaaa" not in gateway.upstream.service.all_bytes()


_H2_HEAD = [
    (":method", "POST"),
    (":scheme", "https"),
    (":authority", CHAT),
    (":path", "/v1/chat/completions"),
    ("content-type", "application/json"),
]


def _http2(connection: ssl.SSLSocket) -> h2.connection.H2Connection:
    client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    client.initiate_connection()
    connection.sendall(client.data_to_send())
    return client
