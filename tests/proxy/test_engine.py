"""The contract with mitmproxy: what the adapter leans on. Run this first when the pinned version changes."""

import asyncio
from importlib.metadata import version
from pathlib import Path

import pytest
from mitmproxy.net.http import http1
from mitmproxy.proxy.layers.http import HttpLayer, HttpRequestHook, HttpStream
from mitmproxy.proxy.layers.http._http2 import Http2Server
from mitmproxy.proxy.layers.http._http_h2 import BufferedH2Connection
from mitmproxy.test import tflow

from gateway.errors import SettingsError
from gateway.proxy import engine as module
from gateway.proxy.engine import FORCED, PINNED, Engine, EngineOptions


def options(**changes: object) -> EngineOptions:
    return EngineOptions(**({"modes": ("regular",), "listen": ("127.0.0.1", 0), "max_body": 1000} | changes))  # type: ignore[arg-type]


def engine(**changes: object) -> Engine:
    return Engine(options(**changes), lambda _host: None, [])


def test_the_version_is_pinned_exactly() -> None:
    assert version("mitmproxy") == PINNED
    assert f'"mitmproxy=={PINNED}"' in (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")


async def test_another_version_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.version, "VERSION", "12.3.0")
    with pytest.raises(SettingsError, match=r"12\.3\.0"):
        engine()


async def test_only_the_chosen_addons_are_loaded() -> None:
    """No script loader (a syntax error in a reloaded script lets traffic flow), no default add-ons."""
    names = set(engine()._master.addons.lookup)
    assert names == {"core", "proxyserver", "nextlayer", "tlsconfig", "disableh2c"}


@pytest.mark.parametrize("name", sorted(FORCED))
async def test_a_forced_option_that_was_changed_stops_the_start(name: str) -> None:
    """Design §5: with `stream_large_bodies` the body leaves before the verdict; each of these has such a story."""
    running = engine()
    value = FORCED[name]
    wrong = {None: "1m", "lazy": "eager"}.get(value, not value)  # type: ignore[call-overload]
    running._master.options.update(**{name: wrong})
    with pytest.raises(SettingsError, match=name):
        running.check_options()


async def test_hooks_are_called_in_order_awaited_and_kept_from_crashing_the_connection() -> None:
    called: list[str] = []

    class First:
        async def request(self, _flow: object) -> None:
            await asyncio.sleep(0)
            called.append("first")
            raise ValueError

    class Second:
        def request(self, _flow: object) -> None:
            called.append("second")

    running = Engine(options(), lambda _host: None, [First(), Second()])
    flow = tflow.tflow()
    await running._master.addons.handle_lifecycle(HttpRequestHook(flow))
    await running._master.addons.handle_lifecycle(HttpRequestHook(flow))
    assert called == ["first", "second"] * 2


async def test_a_body_limit_must_be_set() -> None:
    running = engine()
    running._master.options.update(body_size_limit=None)
    with pytest.raises(SettingsError, match="body_size_limit"):
        running.check_options()


async def test_a_port_in_use_is_one_line() -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(SettingsError, match=rf"address in use.*{port}") as caught:
        await engine(listen=("127.0.0.1", port)).start()
    assert "\n" not in str(caught.value)
    server.close()


async def test_a_wrong_mode_is_one_line() -> None:
    with pytest.raises(SettingsError, match="mode"):
        engine(modes=("sideways",))


async def test_listening_and_stopping() -> None:
    running = engine()
    await running.start()
    ((host, port),) = running.addresses
    assert (host, port) == running.regular_address()
    await running.stop_listening()
    with pytest.raises(OSError, match="failed"):
        await asyncio.open_connection(host, port)
    await running.stop()


def test_internals_the_adapter_reads_are_there() -> None:
    assert "stream_buffers" in BufferedH2Connection.__annotations__
    assert {"connections", "streams"} <= set(HttpLayer.__annotations__)
    assert "child_layer" in HttpStream.__annotations__
    assert (
        Http2Server.h2_conn
        if hasattr(Http2Server, "h2_conn")
        else "h2_conn" in str(Http2Server.__mro__[1].__annotations__)
    )


class TestHeadBuffer:
    """h11's buffer with an end; whatever is no endless head goes through it unchanged."""

    async def test_the_engine_uses_it(self) -> None:
        engine()
        assert vars(module._http1)["ReceiveBuffer"] is module._HeadBuffer

    @pytest.mark.parametrize(
        ("received", "lines", "reason"),
        [
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", [b"GET / HTTP/1.1", b"Host: a"], "a whole head"),
            (b"GET / HTTP/1.1\r\nHost", None, "not all of it came yet"),
            (b"\r\n", [], "an empty line before a head"),
            (b"x" * module.MAX_HEAD, None, "as large as may be, and not all of it came"),
            (b"x" * (module.MAX_HEAD + 1), [b"too large"], "one octet more"),
            (b"a: " + b"x" * module.MAX_HEAD + b"\r\n\r\n", [b"a: " + b"x" * module.MAX_HEAD], "large but complete"),
        ],
    )
    def test_lines(self, received: bytes, lines: list[bytes] | None, reason: str) -> None:
        buffer = module._HeadBuffer()
        buffer += received
        assert buffer.maybe_extract_lines() == lines, reason

    def test_what_it_says_of_a_head_without_end_is_no_head_to_the_engine(self) -> None:
        """The engine answers what its parsers refuse with 400 and closes."""
        for read in (http1.read_request_head, http1.read_response_head):
            with pytest.raises(ValueError, match="too large"):
                read([b"too large"])

    def test_a_head_in_pieces_is_counted_as_one(self) -> None:
        buffer = module._HeadBuffer()
        piece = b"name: value\r\n" * 1_000
        pieces = 0
        while (lines := buffer.maybe_extract_lines()) is None:
            buffer += piece
            pieces += 1
        assert lines == [b"too large"]
        assert module.MAX_HEAD < pieces * len(piece) <= module.MAX_HEAD + len(piece)
