"""The running gateway: what is started, in which order, and how it stops. Nothing is left half-started.

Order: settings and keys are checked, the rules load, workers fork (they never fork from this process once it has
threads), the journal opens, then the listeners. Stopping: not ready, listeners closed, running requests finish, then
everything else.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gateway import __version__
from gateway.audit.async_journal import AsyncJournal
from gateway.audit.fingerprints import Fingerprinter
from gateway.audit.place import Place
from gateway.detection.models import ModelPaths
from gateway.detection.workers import PoolSettings, WorkerPool
from gateway.documents.reader import DocumentReader
from gateway.enforcement.numbers import NumberBook
from gateway.enforcement.valkey_vault import ValkeyVault
from gateway.enforcement.vault import MemoryVault, Vault, VaultKeys
from gateway.errors import InspectionError, JournalError, SettingsError
from gateway.model.record import LifecycleEvent
from gateway.observability import health
from gateway.observability.logs import configure, get_logger, watch_loop
from gateway.observability.metrics import Metrics
from gateway.observability.server import LocalServer
from gateway.pages import pac
from gateway.proxy import checks
from gateway.proxy.authority import Authority
from gateway.proxy.background import Background
from gateway.proxy.doors import Doors, House
from gateway.proxy.engine import Engine, EngineOptions
from gateway.proxy.files import check_private, write_private
from gateway.proxy.gate import Gate, Limits, Site
from gateway.proxy.guard import Guard
from gateway.proxy.identity import identity_of
from gateway.proxy.pipeline import Pipeline
from gateway.proxy.reload import Reloading, screening_ends
from gateway.proxy.rooms import Rooms
from gateway.proxy.sentinel import Sentinel
from gateway.proxy.walk import Bounds
from gateway.rulebook.book import RuleBook
from gateway.settings import MEGABYTE, Settings, split_address

type Application = Callable[..., Any]
"""An ASGI application."""

LAG_SECONDS = 0.25
"""How often the event loop's lateness is measured; the worst of a few seconds is shown."""
_LAG_WINDOW = 20
LEAVES_SECONDS = 60.0
"""How often leaves minted elsewhere are looked at."""
SETTLE_SECONDS = 3.0
"""How long the rows of exchanges that were cut off may take when stopping."""

log = get_logger("gateway.program")


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages this room may not import, brought by the caller."""

    portal: Callable[["Program"], Application]


class Program:
    """One gateway in one event loop. `start`, then `stop`; both once."""

    authority: Authority
    workers: WorkerPool
    rooms: Rooms
    engine: Engine
    gate: Gate
    sentinel: Sentinel

    def __init__(self, settings: Settings, pages: Pages | None = None) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.readiness = health.Readiness()
        self.opt_outs: tuple[str, ...] = ()
        self.started_at = time.time()
        self.portal_port = 0
        self.health_port = 0
        self._pages = pages
        self._late: deque[float] = deque(maxlen=_LAG_WINDOW)
        self._replaced = 0
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Start everything, or nothing. Raises SettingsError, RuleError, JournalError with one line that says why."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def stop(self, reason: str = "asked") -> None:
        """Stop in good order: running requests get `drain_seconds`. Everything is closed, whatever of it fails."""
        self.readiness.drain()
        try:
            await self._tell("PG2002I", reason=reason)
            await self.engine.stop_listening()
            ends = time.monotonic() + self.settings.drain_seconds
            while self.gate.open_exchanges and time.monotonic() < ends:
                await asyncio.sleep(0.05)
            await self._tell("PG2003I", reason=reason, unfinished=str(self.gate.open_exchanges))
        finally:
            await self._stack.aclose()

    async def _settle(self) -> None:
        """The engine is closed; the exchanges it cut off still write how they ended, before the journal closes."""
        self.workers.end_answers()
        ends = time.monotonic() + SETTLE_SECONDS
        while self.gate.open_exchanges and time.monotonic() < ends:
            await asyncio.sleep(0.02)

    @property
    def book(self) -> RuleBook:
        """The rulebook in force; the pool changes it together with its workers, so that no request meets half of it."""
        return self.workers.book

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        """Where the proxy listens."""
        return self.engine.addresses

    def proxy_address(self) -> tuple[str, int]:
        """The host and port PCs use for the proxy."""
        host, port = self.settings.proxy_address
        return host, (self.engine.regular_address() or (host, port))[1]

    def pac(self) -> str:
        """The PAC file as it is now: AI hosts to us, and never directly; everything else directly."""
        return pac.script((*self.book.hosts(), *self.book.host_globs()), *self.proxy_address())

    def status(self) -> dict[str, object]:
        """Facts for /status: nothing of the traffic."""
        return {
            "version": __version__,
            "revision": self.book.revision,
            "listeners": [f"{host}:{port}" for host, port in self.addresses],
            "modes": list(self.settings.mode),
            "opt_outs": list(self.opt_outs),
            "started_at": self.started_at,
            "connections": self.engine.connections,
        }

    async def _start(self) -> None:
        settings, metrics = self.settings, self.metrics
        configure(settings.log_level, _log_form(settings))
        watch_loop(asyncio.get_running_loop())
        checks.before_start(settings)
        checks.ports(settings)
        book = checks.load_rules(settings)
        checks.connect_to(settings, book)
        checks.modes(settings, book)
        upstream_ca = checks.upstream_authorities(settings)
        identity = identity_of(settings)
        self.authority = checks.authority(settings, book)
        self.opt_outs = checks.opt_outs(settings, book)
        place = Place.of(settings)
        keys = place.keys()
        self.workers = await self._workers(book)
        opened = place.open(keys)
        is_first, journal = opened.is_new, AsyncJournal(opened, metrics)
        self._stack.push_async_callback(journal.close)
        self.rooms = Rooms(
            book=lambda: self.book,
            workers=self.workers,
            documents=DocumentReader(),
            vault=_vault(settings, is_first=is_first),
            journal=journal,
            fingerprints=Fingerprinter(keys.fingerprints),
            metrics=metrics,
        )
        self._stack.push_async_callback(self.rooms.vault.close)
        pipeline = Pipeline(self.rooms, Bounds(settings.inspection_seconds, settings.max_files))
        house = self._house()
        doors = Doors(pipeline.is_intercepted, identity, metrics, house)
        self.gate = Gate(pipeline, _limits(settings), doors.person, Site(house.names, settings.tenants))
        guard = Guard(self.gate, doors, verdict_seconds=settings.verdict_seconds)
        self.engine = Engine(_engine_options(settings, upstream_ca), self.authority.leaf, [guard])
        self.gate.attach(self.engine)
        await self._serve()
        self._stack.push_async_callback(self._settle)
        await self.engine.start()
        self._stack.push_async_callback(self.engine.stop)
        await self._watch()
        self._announce()
        await journal.record(
            self._event(
                "PG2001I",
                version=__version__,
                revision=self.book.revision,
                mode=",".join(settings.mode),
                listeners=",".join(f"{host}:{port}" for host, port in self.addresses),
                opt_outs=",".join(self.opt_outs),
            )
        )

    @property
    def _models(self) -> ModelPaths:
        return ModelPaths(
            pipeline=self.settings.language_model,
            registered=self.settings.registered_documents,
            use_second_opinion=self.settings.second_opinion,
        )

    async def _workers(self, book: RuleBook) -> WorkerPool:
        settings = self.settings
        pool = WorkerPool(book, self._models, PoolSettings(settings.workers, settings.worker_queue))
        try:
            await pool.start()
        except InspectionError as error:
            raise SettingsError(f"detection does not start: {error}") from None
        self._stack.push_async_callback(pool.stop)
        return pool

    async def _serve(self) -> None:
        """Open portal and health; both before the proxy, so that a port in use is told while nothing passes."""
        app: Application = health.create(self.metrics, self.readiness, self.status)
        self.health_port = await self._open("health", app, self.settings.health_listen)
        if self._pages:
            self.portal_port = await self._open("portal", self._pages.portal(self), self.settings.portal_listen)

    async def _open(self, name: str, app: Application, address: str) -> int:
        try:
            server = LocalServer(app, *split_address(address))
        except OSError as error:
            raise SettingsError(f"the {name} listener {address} cannot be opened: {error.strerror}") from None
        await server.start()
        self._stack.push_async_callback(server.stop)
        return server.port

    async def _watch(self) -> None:
        """The tasks that keep an eye on things, and the checks that make the gateway ready."""
        self.sentinel = Sentinel(self.engine.regular_address, self.workers, self.metrics, self.rooms.journal.record)
        reloading = Reloading(
            checks.rule_folders(self.settings),
            lambda: checks.load_rehearsed_rules(self.settings, self._models),
            self.workers.replace,
            self.rooms.journal.record,
            self.metrics,
        )
        background = Background(self.metrics)
        self.readiness.add("sentinel", lambda: self.sentinel.problem)
        self.readiness.add("journal", lambda: self.journal_problem)
        self.readiness.add("background", lambda: background.problem)
        works: list[Coroutine[None, None, None]] = [
            background.keep("sentinel", self.settings.sentinel_seconds, self.sentinel.try_once),
            background.keep("certificates", LEAVES_SECONDS, self.authority.take_over),
            background.keep("measuring", 0.0, self._measure),
        ]
        if self.settings.reload_seconds:
            works.append(background.keep("reload", self.settings.reload_seconds, reloading.look))
        for work in works:
            task = asyncio.create_task(work)
            self._stack.callback(task.cancel)

    @property
    def journal_problem(self) -> str:
        """ "" while the journal can be written."""
        return str(getattr(self.rooms.journal, "problem", ""))

    async def _measure(self) -> None:
        """Event-loop lag: any blocking call shows here. Uploads that stand still are let go of here too."""
        before = time.monotonic()
        await asyncio.sleep(LAG_SECONDS)
        self._late.append(max(0.0, time.monotonic() - before - LAG_SECONDS))
        self.metrics.event_loop_lag.set(max(self._late))
        self.gate.forget_abandoned()
        self.metrics.queue_depth.set(self.workers.waiting)
        self.metrics.workers_alive.set(self.workers.alive)
        replaced, self._replaced = self.workers.replaced - self._replaced, self.workers.replaced
        self.metrics.worker_restarts.inc(replaced)
        if replaced:
            await self._tell("PG2021W", count=str(replaced))

    def _announce(self) -> None:
        metrics, settings = self.metrics, self.settings
        metrics.info.labels(__version__).set(1)
        metrics.rulebook_loaded(self.book.revision, time.time(), screening_ends(self.book))
        metrics.queue_limit.set(settings.worker_queue)
        metrics.bytes_in_flight_limit.set(settings.body_budget_mb * MEGABYTE)
        metrics.opt_outs.set(len(self.opt_outs))
        metrics.certificate_ends_time.labels("root").set(self.authority.facts().ends.timestamp())
        for name in self.opt_outs:
            log.warning("opted-out", opt_out=name)

    def _house(self) -> House:
        host, _ = split_address(self.settings.listen)
        names = {host, self.settings.public_host, "localhost", "127.0.0.1", "::1", *self.settings.tls_names} - {""}
        return House(
            names=frozenset(name.lower() for name in names),
            ports=lambda: frozenset(port for _, port in self.addresses),
            pac=self.pac,
            max_connections=self.settings.max_connections,
            identity_header=self.settings.identity_header,
        )

    async def _tell(self, code: str, **fields: str) -> None:
        """Put an event in the journal, if that can be done; a broken journal shows in readiness and metrics."""
        with contextlib.suppress(JournalError):
            await self.rooms.journal.record(self._event(code, **fields))

    def _event(self, code: str, **fields: str) -> LifecycleEvent:
        return LifecycleEvent(code, time.time(), fields)


def _engine_options(settings: Settings, upstream_ca: Path | None) -> EngineOptions:
    """The engine's own limit is twice ours: between the two a refusal is still readable."""
    listen, max_body = split_address(settings.listen), 2 * settings.max_body_mb * MEGABYTE
    return EngineOptions(settings.mode, listen, max_body, 2 * settings.max_message_mb * MEGABYTE, upstream_ca)


def _vault(settings: Settings, *, is_first: bool) -> Vault:
    """In memory under keys that die with the process, or shared under a key file all gateways have. The same file names
    the scopes of the placeholders' numbers, which must outlive a process; `is_first`: none was given out before."""
    ttl = settings.vault_minutes * 60.0
    path = settings.key_folder / "vault.key"
    if not path.exists():
        write_private(path, os.urandom(32))
    check_private(path)
    keys = VaultKeys.derive(path.read_bytes())
    if settings.vault_store:
        return ValkeyVault(settings.vault_store, keys=keys, ttl_seconds=ttl, is_first=is_first)
    numbers = NumberBook(settings.data / "vault-numbers.sqlite", keys.lookup, is_first=is_first)
    return MemoryVault(keys=VaultKeys.random(), numbers=numbers, clock=time.monotonic, ttl_seconds=ttl)


def _limits(settings: Settings) -> Limits:
    return Limits(
        max_body=settings.max_body_mb * MEGABYTE,
        max_held=settings.body_budget_mb * MEGABYTE,
        max_headers=settings.max_header_kb * 1000,
        max_message=settings.max_message_mb * MEGABYTE,
        max_waiting=settings.max_buffered_mb * MEGABYTE,
        max_joined=settings.max_joined_mb * MEGABYTE,
        piece_seconds=settings.piece_seconds,
    )


def _log_form(settings: Settings) -> Literal["json", "console"]:
    if settings.log_format == "auto":
        return "console" if sys.stderr.isatty() else "json"
    return settings.log_format
