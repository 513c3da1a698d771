"""WebSocket frames that no hook sees: pings, pongs and closings carry no words to a service, and no message is endless.

mitmproxy relays the payload of control frames (125 bytes each) without asking, and keeps the pieces of a message that
does not end in memory.
"""

from collections import deque
from collections.abc import Generator

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers import websocket
from wsproto import ConnectionType
from wsproto.events import CloseConnection, Event, Message, Ping, Pong
from wsproto.extensions import Extension

_TOO_BIG = 1009
_PER_PIECE = 64
"""What a piece costs in memory besides its bytes."""
_REMEMBERED = 16
"""Pings of the service that may still be answered."""


class QuietConnection(websocket.WebsocketConnection):
    """One end of a relayed socket, as mitmproxy's own but for what this module is there for.

    `max_message` is the most bytes a message of a browser may have when it is not complete yet.
    """

    max_message = 16_000_000

    def __init__(self, kind: ConnectionType, extensions: list[Extension], *, conn: Connection) -> None:
        super().__init__(kind, extensions, conn=conn)
        self._pings: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._held = 0

    def events(self) -> Generator[Event]:
        """What came in; a message that grows too large closes the socket."""
        for event in super().events():
            if isinstance(event, Ping):
                self._pings.append(bytes(event.payload))
            if isinstance(event, Message) and not self.client:
                self._held = 0 if event.message_finished else self._held + len(event.data) + _PER_PIECE
                if self._held > self.max_message:
                    yield CloseConnection(code=_TOO_BIG)
                    return
            yield event

    def send2(self, event: Event) -> commands.SendData:
        """Send it on; to a service without words in control frames. Its own pings are answered to the letter."""
        if self.client:
            if isinstance(event, Ping) or (isinstance(event, Pong) and bytes(event.payload) not in self._pings):
                event = type(event)()
            elif isinstance(event, CloseConnection):
                event = CloseConnection(code=event.code)
        return super().send2(event)


def install(max_message: int) -> None:
    """Make mitmproxy use it for every socket of this process from now on."""
    QuietConnection.max_message = max_message
    vars(websocket)["WebsocketConnection"] = QuietConnection
