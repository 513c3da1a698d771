"""A lab for end-to-end tests: the real gateway program, a recording TLS upstream, and clients that trust the right CA.

`with Lab(tmp_path) as lab:` gives `lab.upstream` (every decrypted byte that arrived, and the pretend service's own
record), `lab.program` (the running gateway, for faults and facts) and `lab.client()` (httpx through the proxy).
`with Running(tmp_path) as gateway:` is the same with the gateway as a process of its own.
"""

import asyncio
import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import h2.config
import h2.connection
import h2.events
import httpx
import spacy
import uvicorn

from gateway.cli.pretend import PretendService
from gateway.proxy.authority import Authority, create
from gateway.proxy.lab import LabLoop
from gateway.proxy.program import Pages, Program
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).parent / "rules"
CHAT, BLOCKED = "chat.lab.example", "blocked.lab.example"
WAIT = 60.0


class Thread:
    """An event loop in a thread of its own."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._thread = threading.Thread(target=loop.run_forever, daemon=True)
        self._thread.start()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WAIT)

    def end(self) -> None:
        async def cancel() -> None:
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self.run(cancel())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(WAIT)
        self.loop.close()


class Upstream:
    """A TLS server for any AI host: HTTP/1.1, HTTP/2 and WebSocket, in front of the pretend service.

    `raw` holds every decrypted byte a client sent; `connections` counts accepted TLS connections.
    """

    def __init__(self, folder: Path, hosts: Sequence[str], service: PretendService | None = None) -> None:
        create(folder, hosts, organisation="Upstream")
        authority = Authority(folder)
        leaf = authority.mint(hosts[0])
        authority.mint_all(hosts)
        self.ca = authority.root_file
        self.service = service or PretendService()
        self.raw = bytearray()
        self.connections = 0
        self._contexts = {host: _server_context(folder / "leaves" / f"{host}.pem") for host in hosts}
        self._default = self._contexts[leaf.name]
        self._thread = Thread(asyncio.new_event_loop())
        self._tasks: set[asyncio.Task[None]] = set()
        self._server, self._plain, self._plain_port = self._thread.run(self._start())
        self.port: int = self._server.sockets[0].getsockname()[1]

    def holds(self, *words: str) -> list[str]:
        """Which of the words arrived, in any spelling JSON or a URL gives them."""
        return [word for word in words if word.encode() in self.raw or json.dumps(word)[1:-1].encode() in self.raw]

    def forget(self) -> None:
        self.raw.clear()
        self.service.received.clear()

    def close(self) -> None:
        async def stop() -> None:
            self._server.close()
            self._plain.should_exit = True

        self._thread.run(stop())
        self._thread.end()

    async def _start(self) -> tuple[asyncio.Server, uvicorn.Server, int]:
        config = uvicorn.Config(
            self.service.app(), host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="wsproto"
        )
        plain = uvicorn.Server(config)
        task = asyncio.create_task(plain.serve())
        self._tasks.add(task)
        while not plain.started:
            await asyncio.sleep(0.01)
        self._default.sni_callback = self._choose
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._default)
        return server, plain, plain.servers[0].sockets[0].getsockname()[1]

    def _choose(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        if name in self._contexts:
            connection.context = self._contexts[name]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        tls = writer.get_extra_info("ssl_object")
        try:
            if tls.selected_alpn_protocol() == "h2":
                await _Http2(self, reader, writer, f"http://127.0.0.1:{self._plain_port}").run()
            else:
                await self._relay(reader, writer)
        except (OSError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._plain_port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, record: bytearray | None) -> None:
            with contextlib.suppress(OSError, ssl.SSLError):
                while chunk := await source.read(65536):
                    if record is not None:
                        record += chunk
                    sink.write(chunk)
                    await sink.drain()
            with contextlib.suppress(OSError, RuntimeError):
                sink.close()

        await asyncio.gather(pump(reader, inner_writer, self.raw), pump(inner_reader, writer, None))


class _Http2:
    """One HTTP/2 connection; each request goes to the pretend service over plain HTTP/1.1."""

    def __init__(self, upstream: Upstream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str) -> None:
        self._upstream = upstream
        self._reader = reader
        self._writer = writer
        self._to = to
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._headers: dict[int, list[tuple[str, str]]] = {}
        self._bodies: dict[int, bytearray] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self._h2.initiate_connection()
        self._flush()
        while data := await self._reader.read(65536):
            for event in self._h2.receive_data(data):
                self._handle(event)
            self._flush()

    def _handle(self, event: object) -> None:
        if isinstance(event, h2.events.RequestReceived):
            headers = [(name.decode(), value.decode()) for name, value in event.headers]
            self._headers[event.stream_id] = headers
            self._bodies[event.stream_id] = bytearray()
            self._upstream.raw += "\n".join(f"{name}: {value}" for name, value in headers).encode() + b"\n"
        elif isinstance(event, h2.events.DataReceived):
            self._bodies[event.stream_id] += event.data
            self._upstream.raw += event.data
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            task = asyncio.create_task(self._answer(event.stream_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, stream: int) -> None:
        headers = dict(self._headers[stream])
        own = {name: value for name, value in headers.items() if not name.startswith(":")}
        async with (
            httpx.AsyncClient(trust_env=False) as client,
            client.stream(
                headers[":method"], self._to + headers[":path"], headers=own, content=bytes(self._bodies[stream])
            ) as answer,
        ):
            passed = [(n, v) for n, v in answer.headers.items() if n not in ("connection", "transfer-encoding")]
            self._h2.send_headers(stream, [(":status", str(answer.status_code)), *passed])
            self._flush()
            async for chunk in answer.aiter_raw():
                for start in range(0, len(chunk), 16384):
                    self._h2.send_data(stream, chunk[start : start + 16384])
                    self._flush()
        self._h2.end_stream(stream)
        self._flush()

    def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())


@dataclass
class Lab:
    """Everything running; a context manager. `changes` go into the settings, `hosts` to the upstream."""

    folder: Path
    hosts: tuple[str, ...] = (CHAT, BLOCKED)
    others: tuple[str, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    overlay: Path | None = RULES
    pages: Pages | None = None
    service: PretendService | None = None
    is_stopped: bool = False

    def __enter__(self) -> Self:
        self.upstream = Upstream(self.folder / "upstream", (*self.hosts, *self.others), self.service)
        self.settings = Settings(
            data=self.folder / "data",
            rules_overlay=self.overlay,
            listen="127.0.0.1:0",
            portal_listen="127.0.0.1:0",
            health_listen="127.0.0.1:0",
            connect_to=tuple(f"{host}:443:127.0.0.1:{self.upstream.port}" for host in self.hosts),
            upstream_ca=self.upstream.ca,
            reload_seconds=0.0,
            **(
                {"drain_seconds": 5.0, "second_opinion": False, "language_model": blank_pipeline(self.folder)}
                | self.changes
            ),
        )
        self.thread = Thread(LabLoop())
        self.program = Program(self.settings, self.pages)
        try:
            self.thread.run(self.program.start())
        except BaseException:
            self.upstream.close()
            self.thread.end()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        if not self.is_stopped:
            self.thread.run(self.program.stop())
        self.thread.end()
        self.upstream.close()

    @property
    def proxy(self) -> str:
        host, port = self.program.addresses[0]
        return f"http://{host}:{port}"

    @property
    def ca(self) -> Path:
        return self.settings.certificate_folder / "root.crt"

    def trust(self, *, http2: bool = False) -> ssl.SSLContext:
        """What a managed PC trusts: the gateway's root only."""
        return _trust(self.ca, http2=http2)

    @contextlib.contextmanager
    def client(self, *, http2: bool = False) -> Iterator[httpx.Client]:
        """A client through the proxy."""
        with httpx.Client(
            proxy=self.proxy, verify=self.trust(http2=http2), http2=http2, timeout=WAIT, trust_env=False
        ) as client:
            yield client

    def ask(self, text: str, *, http2: bool = False, stream: bool = False) -> httpx.Response:
        """One chat message to the screened service."""
        with self.client(http2=http2) as client:
            return client.post(
                f"https://{CHAT}/v1/chat/completions",
                json={"model": "m", "stream": stream, "messages": [{"role": "user", "content": text}]},
            )

    def metric(self, name: str, **labels: str) -> float:
        """The value of a metric; 0 when it was never touched."""
        return self.program.metrics.registry.get_sample_value(name, labels) or 0.0

    @staticmethod
    def wait_until(holds: Callable[[], bool]) -> None:
        """Wait for something that happens by itself; AssertionError when it does not."""
        ends = time.monotonic() + WAIT
        while not holds():
            assert time.monotonic() < ends, "it did not happen"
            time.sleep(0.05)


@dataclass
class Running:
    """The real gateway as a process of its own (`prompt-gateway run`), with the recording upstream; a context manager.

    `said` is everything it wrote on stdout and stderr, complete after the end; `places` what its banner says.
    """

    folder: Path
    hosts: tuple[str, ...] = (CHAT, BLOCKED)
    variables: dict[str, str] = field(default_factory=dict)
    service: PretendService | None = None

    def __enter__(self) -> Self:
        self.upstream = Upstream(self.folder / "upstream", self.hosts, self.service)
        self.data = self.folder / "data"
        self._output = (self.folder / "output").open("w+b")
        own = {"LANGUAGE_MODEL": str(blank_pipeline(self.folder)), "SECOND_OPINION": "false", "RELOAD_SECONDS": "0"}
        lab = [f"--connect-to={host}:443:127.0.0.1:{self.upstream.port}" for host in self.hosts]
        free = ("--listen=127.0.0.1:0", "--portal-listen=127.0.0.1:0", "--health-listen=127.0.0.1:0")
        places = (f"--data={self.data}", f"--rules-overlay={RULES}", f"--upstream-ca={self.upstream.ca}")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from gateway.cli.main import main; main()", "run", *places, *free, *lab],
            stdout=self._output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ
            | {"PYTHONPATH": str(ROOT)}
            | {f"PROMPT_GATEWAY_{name}": value for name, value in (own | self.variables).items()},
        )
        self.places = self._read_banner()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self.upstream.close()

    def stop(self) -> int:
        """End it in good order; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT)

    @property
    def said(self) -> bytes:
        return (self.folder / "output").read_bytes()

    @property
    def proxy(self) -> str:
        return self.places["PAC address"].removesuffix("/proxy.pac")

    def trust(self, *, http2: bool = False) -> ssl.SSLContext:
        return _trust(Path(self.places["CA file"]), http2=http2)

    @contextlib.contextmanager
    def client(self, *, http2: bool = False) -> Iterator[httpx.Client]:
        trust = self.trust(http2=http2)
        with httpx.Client(proxy=self.proxy, verify=trust, http2=http2, timeout=WAIT, trust_env=False) as client:
            yield client

    def _read_banner(self) -> dict[str, str]:
        ends = time.monotonic() + WAIT
        while b"\nNext:" not in self.said:
            if self.process.poll() is not None or time.monotonic() > ends:
                self.upstream.close()
                raise AssertionError(self.said.decode())
            time.sleep(0.05)
        rows = (line.strip().partition("  ") for line in self.said.decode().splitlines())
        return {name.strip(): value.strip() for name, _, value in rows if value}


def blank_pipeline(folder: Path) -> Path:
    """A Dutch pipeline that finds no names, so that a lab starts fast; pass `language_model=None` for the real one."""
    path = folder / "blank-pipeline"
    spacy.blank("nl").to_disk(path)
    return path


def _trust(ca: Path, *, http2: bool) -> ssl.SSLContext:
    context = (_OnlyHttp2 if http2 else ssl.SSLContext)(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca)
    return context


class _OnlyHttp2(ssl.SSLContext):
    """httpx prefers HTTP/1.1 when a server offers both."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


def _server_context(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context
