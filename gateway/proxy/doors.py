"""Connections: which are opened and which are left alone, who is behind them, and where they may go."""

from collections.abc import Callable
from dataclasses import dataclass

from mitmproxy import http, tls
from mitmproxy.connection import Client
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.mode_specs import RegularMode, ReverseMode
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from gateway.model.traffic import Person
from gateway.observability.metrics import Metrics
from gateway.proxy import engine
from gateway.proxy.identity import Caller, Identity
from gateway.proxy.names import Names, is_ours, normalise
from gateway.proxy.sentinel import SENTINEL_HOST

PAC_PATH = "/proxy.pac"
PAC_TYPE = "application/x-ns-proxy-autoconfig"
_LOGIN = {"proxy-authenticate": 'Basic realm="prompt-gateway", charset="UTF-8"', "content-length": "0"}
_LOOKS_LIKE_TLS = b"\x16\x03"


@dataclass(frozen=True, slots=True)
class House:
    """The gateway's own names and ports, by which a request to itself is known, and its rules at the door.

    `identity_header` never goes further than here, whatever the source of identity is.
    """

    names: frozenset[str]
    ports: Callable[[], frozenset[int]]
    pac: Callable[[], str]
    max_connections: int
    identity_header: str


class Doors:
    """Connection hooks. One per process."""

    def __init__(
        self, is_intercepted: Callable[[str], bool], identity: Identity, metrics: Metrics, house: House
    ) -> None:
        self._is_intercepted = is_intercepted
        self._identity = identity
        self._metrics = metrics
        self._house = house
        self._logged_in: dict[str, Person] = {}
        self._clients: set[str] = set()

    def client_connected(self, client: Client) -> None:
        """Refuse connections beyond the limit."""
        if len(self._clients) >= self._house.max_connections:
            client.error = "too many connections"
            return
        self._clients.add(client.id)

    def client_disconnected(self, client: Client) -> None:
        """Forget who it was."""
        self._clients.discard(client.id)
        self._logged_in.pop(client.id, None)

    async def http_connect(self, flow: http.HTTPFlow) -> None:
        """Ask for a login where that is set. A 407 keeps the connection, so the browser can try again on it."""
        credential = flow.request.headers.pop("proxy-authorization", "")
        if self._identity.requires_login and not await self._login(flow, credential):
            flow.response = http.Response.make(407, b"", _LOGIN)

    def own_page(self, flow: http.HTTPFlow) -> http.Response | None:
        """The PAC file, asked of the proxy port itself; a question for a login, where a request comes without one."""
        request = flow.request
        is_own = normalise(request.host) in self._house.names and request.port in self._house.ports()
        if not is_own or request.method not in ("GET", "HEAD") or request.path.partition("?")[0] != PAC_PATH:
            return None if self._may_ask(flow) else http.Response.make(407, b"", _LOGIN)
        return http.Response.make(
            200, self._house.pac().encode(), {"content-type": PAC_TYPE, "cache-control": "max-age=300"}
        )

    def person(self, flow: http.HTTPFlow) -> Person | None:
        """Who sends this request, None when nobody can be named; the headers that say so go no further."""
        client = flow.client_conn
        headers = {self._house.identity_header: flow.request.headers.pop(self._house.identity_header, "")}
        flow.request.headers.pop("proxy-authorization", None)
        address = client.peername[0] if client.peername else ""
        return self._identity.person(Caller(address, headers), self._logged_in.get(client.id))

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Leave TLS of other sites alone. Without a destination it is TLS to ourselves, never passed."""
        names = self._names(data.context, data.client_hello.sni or "")
        if not names.has_destination:
            return
        if is_ours(names, self._is_intercepted):
            self._metrics.connections.labels("intercepted").inc()
            return
        self._metrics.connections.labels("passed").inc()
        engine.pass_through(data)

    def next_layer(self, next_one: layer.NextLayer) -> None:
        """After TLS or CONNECT: an AI host is read as HTTP whatever it looks like; of others only HTTP is read."""
        context = next_one.context
        data = next_one.data_client()
        if next_one.layer or isinstance(context.client.proxy_mode, ReverseMode) or not engine.is_tunnel(context):
            return
        if not data or data.startswith(_LOOKS_LIKE_TLS):
            return
        names = self._names(context, context.client.sni or "")
        if is_ours(names, self._is_intercepted):
            engine.expect_http(next_one)
        elif not engine.looks_like_http(data):
            engine.pass_bytes(next_one)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Make sure of the name the upstream's certificate is checked against."""
        if data.server.sni is None and data.server.address is not None:
            sni = data.client.sni or ""
            data.server.sni = sni if self._is_intercepted(normalise(sni)) else data.server.address[0]

    def tls_failed(self, side: str, data: tls.TlsData) -> None:
        """A client that does not trust us, or an upstream we do not trust: counted by class of host, never by name."""
        name = data.conn.sni or ""
        host_class = "ai" if self._is_intercepted(normalise(name)) else "other"
        self._metrics.tls_failures.labels(side, host_class).inc()

    def _names(self, context: Context, sni: str) -> Names:
        target = context.server.address[0] if context.server.address else ""
        peer = context.server.peername[0] if context.server.peername else ""
        own = normalise(sni) in self._house.names
        return Names(target=target, sni="" if own else sni, peer=peer)

    def _may_ask(self, flow: http.HTTPFlow) -> bool:
        """Whether a request may be looked at: without CONNECT (`POST https://host/` to the proxy) nobody logged in.

        There is no time to check a password here, so only one that was right in a CONNECT before is good.
        """
        client = flow.client_conn
        if not self._identity.requires_login or not isinstance(client.proxy_mode, RegularMode):
            return True
        if client.id not in self._logged_in:
            person = self._identity.remembered(flow.request.headers.get("proxy-authorization", ""))
            if person is None:
                return normalise(flow.request.host) == SENTINEL_HOST
            self._logged_in[client.id] = person
        return True

    async def _login(self, flow: http.HTTPFlow, credential: str) -> bool:
        person = await self._identity.login(credential) if credential else None
        if person is None:
            return False
        self._logged_in[flow.client_conn.id] = person
        return True
