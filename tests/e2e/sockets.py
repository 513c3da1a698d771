"""A small WebSocket client for the lab: through CONNECT and TLS, one message at a time."""

import json
import socket
import ssl
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    RejectConnection,
    Request,
    TextMessage,
)

SECONDS = 30.0


class Rejected(Exception):  # noqa: N818 (it reads as what happened)
    """The upgrade was answered with another status."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(str(status))
        self.status = status
        self.body = body


class WebSocketClient:
    """`with WebSocketClient(proxy, "wss://host/path", trust) as socket:`"""

    def __init__(self, proxy: str, url: str, trust: ssl.SSLContext) -> None:
        target, to = urlsplit(url), urlsplit(proxy)
        plain = socket.create_connection((to.hostname, to.port), SECONDS)
        plain.sendall(f"CONNECT {target.hostname}:443 HTTP/1.1\r\nhost: {target.hostname}:443\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += plain.recv(4096)
        assert b" 200 " in answer.splitlines()[0], answer
        self._socket = trust.wrap_socket(plain, server_hostname=target.hostname)
        self._ws = WSConnection(ConnectionType.CLIENT)
        self._events: list[Any] = []
        self.send_event(Request(host=target.hostname or "", target=target.path))
        first = self.next_event()
        if isinstance(first, RejectConnection):
            body = b""
            while not isinstance(event := self.next_event(), type(None)) and hasattr(event, "data"):
                body += bytes(event.data)
                if event.body_finished:
                    break
            raise Rejected(first.status_code, body)
        assert isinstance(first, AcceptConnection), first

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _k: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._socket.close()

    def send(self, text: str) -> None:
        self.send_event(TextMessage(data=text))

    def send_json(self, value: object) -> None:
        self.send(json.dumps(value))

    def send_in_pieces(self, text: str, size: int) -> None:
        """One message in several frames."""
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        for number, piece in enumerate(pieces, start=1):
            self.send_event(TextMessage(data=piece, message_finished=number == len(pieces)))

    def send_bytes(self, data: bytes) -> None:
        self.send_event(BytesMessage(data=data))

    def receive(self) -> str:
        """The next text message, whole."""
        text = ""
        while True:
            event = self.next_event()
            assert isinstance(event, Message), event
            text += event.data if isinstance(event.data, str) else event.data.decode("latin-1")
            if event.message_finished:
                return text

    def receive_json(self) -> Any:  # noqa: ANN401
        return json.loads(self.receive())

    def answer(self) -> str:
        """The pretend service's whole answer: its pieces up to `done`."""
        text = ""
        while (message := self.receive_json()).get("event") == "appendText":
            text += message["text"]
        assert message.get("event") == "done", message
        return text

    def send_event(self, event: Any) -> None:  # noqa: ANN401
        self._socket.sendall(self._ws.send(event))

    def next_event(self) -> Any:  # noqa: ANN401
        while not self._events:
            data = self._socket.recv(65536)
            self._ws.receive_data(data or None)
            self._events += list(self._ws.events())
        event = self._events.pop(0)
        assert not isinstance(event, CloseConnection), "the socket was closed"
        return event
