"""Watching the rules: what changed on disk takes force only when it loads; else the last good book stays in force."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from gateway.errors import InspectionError, RuleError, SettingsError
from gateway.model.record import LifecycleEvent
from gateway.observability.logs import get_logger
from gateway.observability.metrics import Metrics
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.tool import ScreeningStatus

log = get_logger("gateway.rules")


def screening_ends(book: RuleBook) -> dict[str, float]:
    """When each tool's screening ends: the end of its last valid day, in seconds since the epoch."""
    return {
        tool.id: datetime.combine(tool.screening.valid_until, datetime.max.time(), UTC).timestamp()
        for tool in book.tools
        if tool.screening.status is ScreeningStatus.SCREENED and tool.screening.valid_until
    }


class Reloading:
    """Looks at the rule files again and again. `swap` puts a new book in force, workers included."""

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

    async def run(self, every: float) -> None:
        """Look for ever; 0 looks never."""
        while every > 0:
            await asyncio.sleep(every)
            await self.look()

    async def look(self) -> bool:
        """Take over what changed; False when nothing did, or when it does not load."""
        stamp = await asyncio.to_thread(self._stamp)
        self._metrics.rulebook_checked_time.set(time.time())
        if stamp == self._seen:
            return False
        self._seen = stamp
        try:
            book = await asyncio.to_thread(self._load)
            await self._swap(book)
        except (RuleError, SettingsError, InspectionError) as error:
            problems = len(error.problems) if isinstance(error, RuleError) else 1
            self._metrics.rulebook_stale.set(1)
            self._metrics.rulebook_reloads.labels("rejected").inc()
            log.error("rulebook-rejected", count=problems)
            await self._record(LifecycleEvent("PG2011W", time.time(), {"problems": str(problems)}))
            return False
        self._metrics.rulebook_reloads.labels("loaded").inc()
        self._metrics.rulebook_loaded(book.revision, time.time(), screening_ends(book))
        log.info("rulebook-loaded", revision=book.revision)
        await self._record(LifecycleEvent("PG2010I", time.time(), {"revision": book.revision}))
        return True

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
