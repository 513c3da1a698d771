"""Watching the rules: what changed on disk takes force only when it loads; else the last good book stays in force."""

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from gateway.errors import InspectionError, JournalError, RuleError, SettingsError
from gateway.model.record import LifecycleEvent
from gateway.observability.logs import get_logger
from gateway.observability.metrics import Metrics
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.tool import ScreeningStatus

RETRY_SECONDS = 60.0
"""How long after a failure that is not of the rules (no worker, no process) the same rules are tried again."""

log = get_logger("gateway.rules")


def screening_ends(book: RuleBook) -> dict[str, float]:
    """When each tool's screening ends: the end of its last valid day, in seconds since the epoch."""
    return {
        tool.id: datetime.combine(tool.screening.valid_until, datetime.max.time(), UTC).timestamp()
        for tool in book.tools
        if tool.screening.status is ScreeningStatus.SCREENED and tool.screening.valid_until
    }


class Reloading:
    """Looks at the rule files. `swap` puts a new book in force, workers included."""

    def __init__(
        self,
        folders: tuple[Path, ...],
        load: Callable[[], RuleBook],
        swap: Callable[[RuleBook], Awaitable[None]],
        record: Callable[[LifecycleEvent], Awaitable[object]],
        metrics: Metrics,
    ) -> None:
        self._folders = folders
        self._load = load
        self._swap = swap
        self._record = record
        self._metrics = metrics
        self._seen = self._stamp()
        self._again_at = math.inf

    async def look(self) -> bool:
        """Take over what changed; False when nothing did, or when it does not load.

        Faulty rules are looked at again once they change; what failed for any other reason is soon tried again.
        """
        stamp = await asyncio.to_thread(self._stamp)
        self._metrics.rulebook_checked_time.set(time.time())
        is_new = stamp != self._seen
        if not is_new and time.monotonic() < self._again_at:
            return False
        try:
            book = await asyncio.to_thread(self._load)
            await self._swap(book)
        except (RuleError, SettingsError, InspectionError, OSError) as error:
            is_fault = isinstance(error, RuleError)
            self._seen, self._again_at = stamp, math.inf if is_fault else time.monotonic() + RETRY_SECONDS
            await self._reject(len(error.problems) if isinstance(error, RuleError) else 1, is_new=is_new)
            return False
        self._seen, self._again_at = stamp, math.inf
        self._metrics.rulebook_reloads.labels("loaded").inc()
        self._metrics.rulebook_loaded(book.revision, time.time(), screening_ends(book))
        log.info("rulebook-loaded", revision=book.revision)
        await self._tell("PG2010I", revision=book.revision)
        return True

    async def _reject(self, problems: int, *, is_new: bool) -> None:
        self._metrics.rulebook_stale.set(1)
        self._metrics.rulebook_reloads.labels("rejected").inc()
        log.error("rulebook-rejected", count=problems)
        if is_new:
            await self._tell("PG2011W", problems=str(problems))

    async def _tell(self, code: str, **fields: str) -> None:
        """A journal that cannot be written must not keep a withdrawal of rules from taking force."""
        with contextlib.suppress(JournalError):
            await self._record(LifecycleEvent(code, time.time(), fields))

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Name, time and size of every rule file."""
        found = []
        for folder in self._folders:
            for path in sorted(folder.rglob("*.yaml")):
                try:
                    state = path.stat()
                except FileNotFoundError:
                    continue
                found.append((str(path), state.st_mtime_ns, state.st_size))
        return tuple(found)
