"""Attempts to get a value past the gateway; each row says what it tries. None may reach the service."""

import contextlib
import gzip
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from wsproto.events import Ping, Pong, TextMessage

from tests.e2e.harness import CHAT, Lab
from tests.e2e.sockets import WebSocketClient

BSN = "111222333"
PROMPT = f"Bel inwoner met BSN {BSN} over de aanvraag."
BODY = json.dumps({"messages": [{"role": "user", "content": PROMPT}]}).encode()
HARMLESS = b'{"messages":[{"role":"user","content":"Hallo"}]}'
CHAT_PATH = "/v1/chat/completions"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes={"max_message_mb": 1}) as lab:
        yield lab


@pytest.fixture(autouse=True)
def _forget(lab: Lab) -> None:
    lab.upstream.forget()


def connect(lab: Lab, target: str = f"{CHAT}:443") -> socket.socket:
    plain = socket.create_connection(lab.program.addresses[0], 10)
    plain.sendall(f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n".encode())
    assert b" 200 " in plain.recv(4096)
    plain.settimeout(10)
    return plain


def tunnel(lab: Lab) -> ssl.SSLSocket:
    return lab.trust().wrap_socket(connect(lab), server_hostname=CHAT)


def request(method: str, path: str, body: bytes = b"", *lines: str, host: str = CHAT) -> bytes:
    head = [f"{method} {path} HTTP/1.1", f"host: {host}", "content-type: application/json", "connection: close", *lines]
    if not any(line.lower().startswith("transfer-encoding") for line in lines):
        head.append(f"content-length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def answer(stream: socket.socket, data: bytes) -> bytes:
    """What comes back until the end, or until nothing comes any more."""
    stream.sendall(data)
    received = b""
    try:
        while chunk := stream.recv(65536):
            received += chunk
    except OSError:
        pass
    finally:
        stream.close()
    return received


def chunked(*chunks: bytes, trailer: bytes = b"") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n" + trailer + b"\r\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (request("GET", CHAT_PATH, BODY), "a body with GET"),
        (request("HEAD", CHAT_PATH, BODY), "a body with HEAD"),
        (request("PROPFIND", CHAT_PATH, BODY), "an unusual method"),
        (request(f"BSN{BSN}", CHAT_PATH, HARMLESS), "the method itself"),
        (request("POST", f"https://{CHAT}{CHAT_PATH}", BODY), "an absolute target inside the tunnel"),
        (request("POST", f"https://news.example{CHAT_PATH}", BODY), "an absolute target elsewhere inside the tunnel"),
        (request("POST", CHAT_PATH, BODY, "transfer-encoding: chunked"), "two framings"),
        (request("POST", CHAT_PATH, BODY, "transfer-encoding: xchunked"), "a transfer coding nobody knows"),
        (request("POST", CHAT_PATH, BODY, "content-length: 2"), "two lengths"),
        (request("POST", CHAT_PATH, HARMLESS).replace(b"connection: close\r\n", b"") + request("POST", CHAT_PATH, BODY),
         "a second request behind the first"),
        (request("POST", CHAT_PATH, BODY, "connection: upgrade", "upgrade: h2c", "http2-settings: AAMAAABk"), "h2c"),
        (request("GET", CHAT_PATH, b"", "connection: upgrade", "upgrade: own") + PROMPT.encode(), "another protocol"),
        (request("POST", CHAT_PATH, chunked(HARMLESS[:7], HARMLESS[7:]).replace(b"\r\n", f";q={BSN}\r\n".encode(), 1),
                 "transfer-encoding: chunked"), "a chunk extension"),
        (request("POST", CHAT_PATH, gzip.compress(BODY), "content-encoding: identity", "content-encoding: gzip"),
         "two content codings"),
        (request("POST", CHAT_PATH, BODY, "content-encoding: own"), "a content coding nobody knows"),
        (request("POST", CHAT_PATH, BODY).replace(b"application/json", b"application/json; charset=utf-16le"),
         "a charset that is not true"),
        (request("POST", CHAT_PATH, BODY).replace(b"application/json", b"image/png"), "a media type that is not true"),
        (request("POST", CHAT_PATH, BODY, "host: other.example"), "two Host headers"),
        (request("POST", CHAT_PATH, BODY, "expect: 100-continue"), "an interim answer"),
        (request("POST", CHAT_PATH, b'{"messages":[{"content":"%s","content":"Hallo"}]}' % PROMPT.encode()),
         "a member that stands twice"),
        (request("POST", CHAT_PATH, b'{"messages":[],"BSN %s":1}' % BSN.encode()), "the name of a member"),
        (request("POST", CHAT_PATH, b'{"messages":[],"waarde":%s}' % BSN.encode()), "a bare number"),
        (request("POST", CHAT_PATH, b'{"messages":[],"waarde":%s.0}' % BSN.encode()), "a number of a spreadsheet"),
        (request("POST", CHAT_PATH, b'{"messages":[]}' + PROMPT.encode()), "text behind the JSON"),
        (request("POST", CHAT_PATH, b'{/*%s*/"messages":[]}' % PROMPT.encode()), "a comment in JSON"),
        (request("POST", CHAT_PATH, BODY[:-1]), "JSON cut off"),
        (request("POST", f"{CHAT_PATH}?q=BSN+{BSN}", HARMLESS), "the query"),
        (request("POST", f"{CHAT_PATH}#q=BSN+{BSN}", HARMLESS), "a fragment"),
        (request("POST", CHAT_PATH, HARMLESS, f"x-note: {PROMPT}"), "a header of its own"),
        (request("POST", CHAT_PATH, HARMLESS, f"user-agent: {PROMPT}"), "a browser's name"),
        (request("POST", CHAT_PATH, HARMLESS, f"accept: {PROMPT}"), "a header that is plumbing"),
        (request("POST", CHAT_PATH, HARMLESS, f"referer: https://{CHAT}/?q=BSN+{BSN}"), "the page before"),
        (request("POST", "/assets/app.js", BODY), "a body to a page asset"),
        (request("GET", f"/assets/app.js?q=BSN+{BSN}"), "the query of a page asset"),
        (request("GET", f"/assets/app.js#q=BSN+{BSN}"), "the fragment of a page asset"),
        (request("GET", "/assets/app.js", b"", f"referer: https://{CHAT}/?q=BSN+{BSN}"),
         "the page's address with a page asset, after its own query was redacted"),
        (request("POST", "/assets/../v1/chat/completions", BODY), "dot segments through a path that is not read"),
        (request("GET", f"/assets/%2e%2e/v1/chat?q=BSN+{BSN}"), "the same, encoded"),
        (request("GET", f"/assets/..;/v1/chat?q=BSN+{BSN}"), "the same with parameters"),
    ],
)  # fmt: skip
def test_a_value_in_an_odd_request(lab: Lab, data: bytes, why: str) -> None:
    answer(tunnel(lab), data)
    assert not lab.upstream.holds(BSN), why


@pytest.mark.parametrize(
    ("target", "data", "why"),
    [
        ("", request("POST", f"https://{CHAT}{CHAT_PATH}", BODY), "an absolute target without a tunnel"),
        (f"{CHAT.upper()}:443", b"", "capitals"),
        (f"{CHAT}.:443", b"", "the dot of the root"),
    ],
)
def test_a_value_to_another_spelling_of_the_host(lab: Lab, target: str, data: bytes, why: str) -> None:
    if not target:
        answer(socket.create_connection(lab.program.addresses[0], 10), data)
    else:
        stream = lab.trust().wrap_socket(connect(lab, target), server_hostname=CHAT)
        answer(stream, request("POST", CHAT_PATH, BODY, host=target.rpartition(":")[0]))
    assert b"Bel inwoner" in lab.upstream.raw, why
    assert not lab.upstream.holds(BSN), why


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n" + request("POST", CHAT_PATH, BODY),
        request("POST", CHAT_PATH, BODY, f"host: {CHAT}", host="harmless.example"),
        request("POST", CHAT_PATH, BODY, "host: harmless.example"),
    ],
    ids=["an empty line first", "the AI host second", "the AI host first"],
)
def test_plain_http_to_an_address_with_the_name_of_an_ai_host(lab: Lab, data: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(1)
        answer(connect(lab, f"127.0.0.1:{server.getsockname()[1]}"), data)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_sentence_that_begins_like_a_browsers_name(lab: Lab) -> None:
    text = "Mozilla/5.0 (x) Het MAC-adres van de laptop is 00:1A:2B:3C:4D:5E."
    answer(tunnel(lab), request("POST", "/v1/other", json.dumps({"x": text}).encode()))
    assert not lab.upstream.holds("00:1A:2B:3C:4D:5E")


def test_words_in_the_ping_of_a_socket(lab: Lab) -> None:
    """mitmproxy relays control frames without asking a hook; the service answers with what it was sent."""
    with WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as client:
        client.send_event(Ping(payload=f"BSN {BSN}".encode()))
        assert client.next_event() == Pong(payload=b"")


def test_a_socket_is_never_compressed(lab: Lab) -> None:
    """600 kB of permessage-deflate grew to 1.4 GB before any hook could look at its size."""
    upgrade = ("upgrade: websocket", "sec-websocket-version: 13", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==")
    lines = (*upgrade, "sec-websocket-extensions: permessage-deflate")
    stream = tunnel(lab)
    stream.sendall(request("GET", "/c/api/chat", b"", *lines).replace(b"connection: close", b"connection: upgrade"))
    head = stream.recv(65536).lower()
    stream.close()
    assert b" 101 " in head
    assert b"sec-websocket-extensions" not in head


def test_a_message_without_an_end_closes_the_socket(lab: Lab) -> None:
    """The pieces of a message are held until its end, which need not come."""
    sent = 0
    with (
        WebSocketClient(lab.proxy, f"wss://{CHAT}/c/api/chat", lab.trust()) as client,
        contextlib.suppress(OSError),
    ):
        while sent < 100:
            client.send_event(TextMessage(data="a" * 100_000, message_finished=False))
            sent += 1
    assert sent < 100
    assert not lab.upstream.holds("aaaa")


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (b"<html>" + b"<b>" * 10_000_000, "67 seconds and 2 GB before the limit on growth"),
        (b"[" * 30_000_000, "15 seconds in the event loop"),
        (json.dumps({"x": "a@b." * 7_000_000}).encode(), "16 seconds in the event loop"),
    ],
)
def test_a_small_body_that_unpacks_to_a_large_one_is_refused(lab: Lab, inner: bytes, why: str) -> None:
    packed = gzip.compress(inner)
    assert len(packed) < 32_000, why
    asked = request("POST", CHAT_PATH, packed, "content-encoding: gzip")
    assert b" 403 " in answer(tunnel(lab), asked).splitlines()[0]
    assert not lab.upstream.holds(CHAT_PATH)  # the closing of the socket before may still arrive


def test_a_token_typed_by_hand_gives_no_value(lab: Lab) -> None:
    """A message that is allowed goes on as it is, so a token in it would have come back with its value."""
    assert BSN in lab.ask(PROMPT).text
    assert BSN not in lab.ask("Wat stond er op de plaats van [BSN-1]?").text
    assert BSN in lab.ask(PROMPT).text
