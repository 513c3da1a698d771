"""Control frames of a relayed socket: what of them goes on to the service."""

import pytest
from mitmproxy.test.tflow import tclient_conn
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from gateway.proxy.socket_frames import QuietConnection

WORDS = b"BSN 111222333"


def to_service() -> tuple[QuietConnection, Connection]:
    """Our end towards the service, and the service."""
    ours = QuietConnection(ConnectionType.CLIENT, [], conn=tclient_conn())
    return ours, Connection(ConnectionType.SERVER)


def arrives(ours: QuietConnection, service: Connection, event: Event) -> Event:
    service.receive_data(ours.send2(event).data)
    (arrived,) = service.events()
    return arrived


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Ping(payload=WORDS), Ping(payload=b"")),
        (Pong(payload=WORDS), Pong(payload=b"")),
        (CloseConnection(code=1000, reason=WORDS.decode()), CloseConnection(code=1000, reason="")),
        (TextMessage(data="Hallo"), TextMessage(data="Hallo")),
        (BytesMessage(data=b"abc"), BytesMessage(data=b"abc")),
    ],
)
def test_no_words_to_the_service(event: Event, expected: Event) -> None:
    arrived = arrives(*to_service(), event)
    assert type(arrived) is type(expected)
    for name in ("payload", "data", "code", "reason"):
        assert (getattr(arrived, name, None) or "") == (getattr(expected, name, None) or "")


def test_the_services_own_ping_is_answered_to_the_letter() -> None:
    """Services close a socket whose pong is not theirs."""
    ours, service = to_service()
    ours.receive_data(service.send(Ping(payload=b"k-1")))
    list(ours.events())
    assert arrives(ours, service, Pong(payload=b"k-1")) == Pong(payload=b"k-1")


@pytest.mark.parametrize("piece", [b"a" * 1000, b""], ids=["bytes", "empty pieces"])
def test_a_message_that_does_not_end_closes_the_socket(piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietConnection, "max_message", 10_000)
    ours = QuietConnection(ConnectionType.SERVER, [], conn=tclient_conn())
    browser = Connection(ConnectionType.CLIENT)
    arrived: list[Event] = []
    for _ in range(200):
        ours.receive_data(browser.send(BytesMessage(data=piece, message_finished=False)))
        arrived += ours.events()
        if isinstance(arrived[-1], CloseConnection):
            break
    assert arrived[-1] == CloseConnection(code=1009)
