"""The one adapter to mitmproxy: its master with a chosen add-on list, forced options, certificates, and internals.

Everything that would break on an upgrade stands here, with `tests/proxy/test_engine.py` as its contract. The
version is pinned exactly. No script loader, no default add-ons, no flow storage, no terminal log.
"""

import errno
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from h2.stream import StreamState
from h11._receivebuffer import ReceiveBuffer
from mitmproxy import certs, http, tls, version
from mitmproxy.addonmanager import AddonManager, safecall
from mitmproxy.addons import core, disable_h2c, next_layer, proxyserver, tlsconfig
from mitmproxy.connection import Client
from mitmproxy.hooks import Hook
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.proxy import context, layer, layers
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.http import HTTPMode, _http1, _http2
from mitmproxy.proxy.layers.http._http2 import Http2Server
from mitmproxy.proxy.mode_specs import ProxyMode, RegularMode, ReverseMode
from mitmproxy.utils import asyncio_utils

from gateway.errors import SettingsError
from gateway.proxy import socket_frames
from gateway.proxy.authority import Leaf
from gateway.proxy.error_page import error_page

PINNED = "12.2.3"

_ENDED = (StreamState.HALF_CLOSED_REMOTE, StreamState.CLOSED)

MAX_HEAD = 1_000_000
"""Bytes of an HTTP/1 request or status line with headers; far over what `max_header_kb` lets through."""

FORCED: Mapping[str, object] = {
    "upstream_cert": False,  # else the upstream's names land in our leaf and break the name constraint
    "stream_large_bodies": None,  # else the body leaves before the verdict
    "store_streamed_bodies": False,
    "show_ignored_hosts": False,  # else every passed byte is kept in memory
    "validate_inbound_headers": True,  # request smuggling
    "ssl_insecure": False,
    "connection_strategy": "lazy",  # blocked hosts are never connected
    "rawtcp": False,  # else bytes that are no HTTP pass uninspected, also after a 101
    "http3": False,  # UDP 443 belongs in the firewall
    "keep_host_header": False,
}


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What the deployment may choose; sizes in bytes."""

    modes: tuple[str, ...]
    listen: tuple[str, int]
    max_body: int
    max_message: int = 16_000_000
    upstream_ca: Path | None = None


type LeafSource = Callable[[str], Leaf | None]
"""Gives the certificate to show for a host name; None closes the connection."""


@dataclass(frozen=True, slots=True)
class Listener:
    """An address a mode listens on; host "" is every interface. `asks`: a login can be demanded there of everybody."""

    host: str
    port: int
    asks: bool
    is_tcp: bool


def listeners(modes: Sequence[str], listen: tuple[str, int]) -> tuple[Listener, ...]:
    """Where each mode listens: at its own `@ADDRESS:PORT`, else at `listen`. Raises SettingsError."""
    host, port = listen
    return tuple(
        Listener(
            spec.listen_host(host).strip("[]"),
            spec.listen_port(port) or 0,
            asks=isinstance(spec, RegularMode),
            is_tcp=spec.transport_protocol != "udp",
        )
        for spec in map(_parsed, modes)
    )


def reverse_targets(modes: Sequence[str]) -> tuple[str, ...]:
    """The hosts that reverse modes stand for. Raises SettingsError for a mode that does not exist."""
    return tuple(spec.address[0] for spec in map(_parsed, modes) if isinstance(spec, ReverseMode))


def _parsed(mode: str) -> ProxyMode:
    try:
        return ProxyMode.parse(mode)
    except ValueError as error:
        raise SettingsError(f"mode {mode}: {error}") from None


class Engine:
    """mitmproxy, embedded. Build it inside a running event loop; `start` listens, `drain` stops accepting."""

    def __init__(self, options: EngineOptions, leaves: LeafSource, addons: Sequence[object]) -> None:
        if version.VERSION != PINNED:
            raise SettingsError(f"mitmproxy {version.VERSION} is installed; this gateway is tested with {PINNED} only")
        _speak_for_ourselves()
        socket_frames.install(options.max_message)
        self._stack = ExitStack()
        self._master = Master(Options())
        self._master._legacy_log_events.uninstall()  # it would format every record of every library
        manager: AddonManager = Dispatch(self._master)
        self._master.addons = manager
        self._server = proxyserver.Proxyserver()
        self._tls = LeafTlsConfig(leaves)
        manager.add(core.Core(), *addons, self._server, next_layer.NextLayer(), self._tls, disable_h2c.DisableH2C())
        host, port = options.listen
        reverse_targets(options.modes)
        self._master.options.update(
            mode=list(options.modes),
            listen_host=host,
            listen_port=port,
            body_size_limit=str(options.max_body),
            ssl_verify_upstream_trusted_ca=str(options.upstream_ca) if options.upstream_ca else None,
            **FORCED,
        )
        self.check_options()

    def check_options(self) -> None:
        """Raises SettingsError unless every forced option stands and a body limit is set."""
        for name, value in FORCED.items():
            if getattr(self._master.options, name) != value:
                raise SettingsError(f"engine option {name} must be {value!r}")
        if not self._master.options.body_size_limit:
            raise SettingsError("engine option body_size_limit must be set")

    async def start(self) -> None:
        """Open every listener. Raises SettingsError naming the address when one cannot be opened."""
        self._stack.enter_context(asyncio_utils.set_eager_task_factory())
        if not await self._server.setup_servers():
            error = next((server.last_exception for server in self._server.servers if server.last_exception), None)
            await self.stop()
            raise SettingsError(_listen_problem(error))
        await self._master.running()

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        """The addresses that are listened on."""
        return tuple((address[0], address[1]) for address in self._server.listen_addrs())

    def regular_address(self) -> tuple[str, int] | None:
        """The address of a regular proxy listener; None when no mode is regular."""
        for server in self._server.servers:
            if isinstance(server.mode, RegularMode) and server.listen_addrs:
                host, port = server.listen_addrs[0][:2]
                return ("127.0.0.1" if host == "0.0.0.0" else host), port  # noqa: S104 (compared, not bound)
        return None

    @property
    def connections(self) -> int:
        """Client connections now open."""
        return len(self._server.connections)

    async def stop_listening(self) -> None:
        """Close the listeners; open connections live on."""
        await self._server.servers.update([])

    async def stop(self) -> None:
        """Close everything."""
        await self.stop_listening()
        for handler in tuple(self._server.connections.values()):
            await handler.on_timeout()
        await self._master.done()
        self._stack.close()

    def inject(self, flow: http.HTTPFlow, content: bytes, *, is_text: bool) -> None:
        """Send a WebSocket message of ours to the client of `flow`."""
        self._server.inject_websocket(flow, True, content, is_text)

    def has_ended(self, flow: http.HTTPFlow) -> bool:
        """Whether an HTTP/2 client has sent all of its request already, as it has when there is no body: what there is
        of it then came in one read. mitmproxy knows, and does not tell its hooks."""
        handler = self._server.connections.get(flow.client_conn.id)
        found = _http2_of(handler.layer, flow.client_conn) if handler else None
        if found is None:
            return False
        top, h2 = found
        number = next((number for number, each in top.streams.items() if getattr(each, "flow", None) is flow), 0)
        stream = h2.h2_conn.streams.get(number)
        return stream is not None and stream.state_machine.state in _ENDED

    def gauge(self, flow: http.HTTPFlow) -> Callable[[], int]:
        """Tells how many bytes wait for the client of `flow`, in the socket's buffer and in HTTP/2 flow control
        (which mitmproxy does not pass on to the upstream)."""
        handler = self._server.connections.get(flow.client_conn.id)
        if handler is None:
            return lambda: 0
        io = handler.transports.get(handler.client)
        _, h2 = _http2_of(handler.layer, flow.client_conn) or (None, None)

        def waiting() -> int:
            transport = getattr(io.writer, "transport", None) if io else None
            in_socket = transport.get_write_buffer_size() if transport else 0
            buffers = h2.h2_conn.stream_buffers.values() if h2 else ()
            return in_socket + sum(len(piece.data) for buffer in buffers for piece in buffer)

        return waiting

    def cut(self, flow: http.HTTPFlow) -> None:
        """Close the client connection of `flow`."""
        handler = self._server.connections.get(flow.client_conn.id)
        io = handler.transports.get(handler.client) if handler else None
        if io is not None and io.handler is not None:
            io.handler.cancel("cut off")


def _http2_of(top: layer.Layer, client: Client) -> tuple[layers.HttpLayer, Http2Server] | None:
    """The HTTP/2 server side of a client connection and the layer it is in, wherever in the stack that is: HTTP inside
    a CONNECT is a layer below a stream of the proxy's own HTTP layer."""
    waiting, seen = list(top.context.layers), set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen or not isinstance(each, layers.HttpLayer):
            continue
        seen.add(id(each))
        found = each.connections.get(client)
        if isinstance(found, Http2Server):
            return each, found
        for stream in each.streams.values():
            waiting += stream.child_layer.context.layers if stream.child_layer else ()
    return None


def _speak_for_ourselves() -> None:
    """Error pages in Dutch and English, and no name and version of the engine in them."""
    for module in (_http1, _http2):
        vars(module)["format_error"] = error_page
    vars(version)["MITMPROXY"] = "prompt-gateway"
    vars(_http1)["ReceiveBuffer"] = _HeadBuffer


class _HeadBuffer(ReceiveBuffer):
    """h11's buffer with an end: the engine would keep the lines of an HTTP/1 head for as long as they come."""

    def maybe_extract_lines(self) -> list[bytearray] | None:
        """As h11's; a head that is too large becomes one that no parser takes, which the engine answers with 400."""
        lines: list[bytearray] | None = super().maybe_extract_lines()
        return [bytearray(b"too large")] if lines is None and len(self) > MAX_HEAD else lines


class Dispatch(AddonManager):
    """Calls hooks from a table made once per event, and leaves out the `update` event that follows every hook: in
    the engine as shipped about half of a request's time goes there. Add-ons are fixed once the first event came."""

    def __init__(self, master: Master) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._handlers: dict[str, tuple[Callable[..., object], ...]] = {}

    async def handle_lifecycle(self, event: Hook) -> None:
        handlers = self._handlers.get(event.name)
        if handlers is None:
            found = (handler for addon in self.chain for _, handler in self._iter_hooks(addon, event))
            handlers = self._handlers[event.name] = tuple(found)
        for handler in handlers:
            with safecall():
                result = handler(*event.args())
                if inspect.isawaitable(result):
                    await result


class LeafTlsConfig(tlsconfig.TlsConfig):
    """mitmproxy's TLS set-up with our certificates instead of its store: each leaf has its own key, none is made
    from the upstream's names, and a host without a leaf closes the connection."""

    name = "tlsconfig"

    def __init__(self, leaves: LeafSource) -> None:
        self._leaves = leaves
        self.certstore = _NoStore()  # type: ignore[assignment]

    def running(self) -> None:
        """mitmproxy would load its own authority here."""

    def configure(self, updated: set[str]) -> None:
        """As above; curves and ciphers stay at their defaults."""

    def request(self, flow: http.HTTPFlow) -> None:
        """mitmproxy would answer revocation list requests here."""

    def get_cert(self, conn_context: context.Context) -> certs.CertStoreEntry:
        host = conn_context.client.sni or (conn_context.server.address or ("",))[0]
        leaf = self._leaves(host)
        if leaf is None:
            raise SettingsError("no certificate for this host")
        return certs.CertStoreEntry(certs.Cert(leaf.certificate), leaf.key, None, [])  # type: ignore[arg-type]


class _NoStore:
    """Stands for mitmproxy's certificate store, of which only this attribute is still read."""

    dhparams = None


def pass_through(data: tls.ClientHelloData) -> None:
    """Leave this TLS connection alone: not decrypted, not recorded."""
    data.ignore_connection = True


def pass_bytes(next_one: layer.NextLayer) -> None:
    """Relay this connection byte for byte."""
    next_one.layer = layers.TCPLayer(next_one.context, ignore=True)


def expect_http(next_one: layer.NextLayer) -> None:
    """Read this connection as HTTP, whatever it looks like."""
    next_one.layer = layers.HttpLayer(next_one.context, HTTPMode.transparent)


def is_tunnel(of: context.Context) -> bool:
    """Whether the bytes to come are what a client sends to a destination, and not the proxy protocol itself."""
    return bool(of.layers) and not isinstance(of.layers[-1], modes.HttpProxy) and of.server.address is not None


def looks_like_http(data: bytes) -> bool:
    """Whether the first bytes are an HTTP/1 request line in the making."""
    method, blank, _ = data.lstrip(b"\r\n").partition(b" ")
    return bool(blank) and method.isalpha() and method.isupper()


def _listen_problem(error: BaseException | None) -> str:
    if isinstance(error, OSError):
        reason = "address in use" if error.errno == errno.EADDRINUSE else "not allowed or not there"
        return f"a proxy listener cannot be opened ({reason}): {str(error).splitlines()[0]}"
    return "a proxy listener cannot be opened"
