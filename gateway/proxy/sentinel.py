"""The sentinel: a request that must be refused, sent through the gateway's own door at start and every minute.

If it is not refused, or a planted BSN is not found, the gateway is not ready and the balancer takes it out.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from gateway.errors import InspectionError, JournalError
from gateway.model.inspection import Entity
from gateway.model.record import LifecycleEvent
from gateway.model.traffic import EndpointFormat, EndpointKind, PartRole, PromptPart, Standing, ToolMatch
from gateway.observability.logs import get_logger
from gateway.observability.metrics import Metrics
from gateway.proxy.rooms import Inspecting

SENTINEL_HOST = "sentinel.invalid"
"""A name that never exists (RFC 2606) and is always treated as a rejected AI service."""

SENTINEL_MATCH = ToolMatch("", "", Standing.REJECTED, EndpointFormat("sentinel", EndpointKind.PROMPT))

_BODY = b'{"messages":[{"role":"user","content":"Het BSN van deze inwoner is 111222333."}]}'
_REQUEST = (
    b"POST http://%(host)b/v1/chat/completions HTTP/1.1\r\nhost: %(host)b\r\ncontent-type: application/json\r\n"
    b"content-length: %(length)d\r\nconnection: close\r\n\r\n%(body)b"
)
_CANARY = PromptPart("sentinel", PartRole.USER, "Het BSN van deze inwoner is 111222333.")
_SECONDS = 10.0

log = get_logger("gateway.sentinel")


class Sentinel:
    """Runs the test; `problem` is "" while it holds, else a fixed word for the readiness check."""

    def __init__(
        self,
        doors: Callable[[], tuple[str, int] | None],
        workers: Inspecting,
        metrics: Metrics,
        record: Callable[[LifecycleEvent], Awaitable[object]],
    ) -> None:
        """`doors` gives the address of a regular proxy listener; None: there is none, and only detection is tried.

        `record` puts an event in the journal, once for each time things go wrong.
        """
        self._doors = doors
        self._record = record
        self._workers = workers
        self._metrics = metrics
        self.problem = "not-tried"

    async def try_once(self) -> bool:
        """Whether everything that must be refused or found was."""
        before, self.problem = self.problem, await self._refused() or await self._found()
        self._metrics.sentinel_refused.set(0 if self.problem else 1)
        self._metrics.sentinel_time.set(time.time())
        if self.problem:
            log.error("sentinel-failed", problem=self.problem)
            if self.problem != before:
                with contextlib.suppress(JournalError):
                    await self._record(LifecycleEvent("PG2020E", time.time(), {"problem": self.problem}))
        return not self.problem

    async def _refused(self) -> str:
        door = self._doors()
        if door is None:
            return ""
        try:
            async with asyncio.timeout(_SECONDS):
                status = await _ask(*door)
        except (OSError, TimeoutError, ValueError):
            return "no-answer"
        return "" if status == 403 else "not-refused"

    async def _found(self) -> str:
        try:
            inspection = await self._workers.inspect((_CANARY,), deadline_s=_SECONDS)
        except (InspectionError, TimeoutError):
            return "no-inspection"
        return "" if inspection.counts().get(Entity.NL_BSN) else "not-found"


async def _ask(host: str, port: int) -> int:
    """The status the proxy at this address answers the sentinel request with."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(_REQUEST % {b"host": SENTINEL_HOST.encode(), b"length": len(_BODY), b"body": _BODY})
        await writer.drain()
        return int((await reader.readline()).split()[1])
    except IndexError:
        raise ValueError("no status line") from None
    finally:
        writer.close()
