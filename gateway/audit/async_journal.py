"""The journal for the event loop: a thread of its own, and one commit for all rows that wait together.

Who waited too long, or left, has no row: what it waited for is passed over. Only a row that was on its way to disk at
that very moment may still come, as the start of an exchange that has no end.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.audit.journal import Journal
from gateway.audit.rows import Entry, Row
from gateway.errors import JournalError
from gateway.model.record import LifecycleEvent, UsageOutcome, UsageRecord

_GROUP = 256
"""Most rows of one commit."""
_QUIET_S = 2.0
"""How long no row must come before the second place is looked after."""


class JournalObserver(Protocol):
    """Who counts; called from the journal's thread, must not raise."""

    def journal_written(self, kind: str, seconds: float) -> None: ...
    def journal_failed(self, kind: str) -> None: ...
    def checkpoint_copied(self, at: float) -> None: ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    row: Row
    since: float
    done: asyncio.Future[int]


class AsyncJournal:
    """Wraps an open `Journal`, which from then on belongs to this thread. Close it with `await close()`."""

    def __init__(
        self,
        journal: Journal,
        observer: JournalObserver | None = None,
        *,
        deadline_s: float = 5.0,
        most_waiting: int = 10_000,
    ) -> None:
        """`deadline_s` is how long a caller waits for its row; a full queue (`most_waiting`) refuses at once."""
        self._journal = journal
        self._observer = observer
        self._deadline_s = deadline_s
        self._loop = asyncio.get_running_loop()
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(most_waiting)
        self._problem = ""
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str:
        """ "" while the last write succeeded, else a fixed word; a readiness check."""
        return self._problem if self._thread.is_alive() else "journal-stopped"

    async def start(self, record: UsageRecord) -> int:
        """Write the start row; returns its number when it is on disk. Raises `JournalError`: then nothing may leave,
        and its decision id may not be used for another row."""
        return await self._write(record)

    async def finish(self, outcome: UsageOutcome) -> int:
        """Write how an exchange ended."""
        return await self._write(outcome)

    async def record(self, event: LifecycleEvent) -> int:
        """Write an event of the gateway itself."""
        return await self._write(event)

    async def close(self) -> None:
        """Write what waits, close the journal with its checkpoint, end the thread. Raises `JournalError`."""
        if self._thread.is_alive():
            await asyncio.to_thread(self._queue.put, None)
            await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._journal.close)

    async def _write(self, entry: Entry) -> int:
        row = self._journal.compose(entry)
        waiting = _Waiting(row, time.perf_counter(), self._loop.create_future())
        if not self._thread.is_alive():
            raise JournalError("the journal is closed")
        try:
            self._queue.put_nowait(waiting)
        except queue.Full as error:
            self._count_failure((waiting,))
            raise JournalError("too many rows wait for the journal") from error
        try:
            return await asyncio.wait_for(waiting.done, self._deadline_s)
        except TimeoutError as error:
            self._problem = "journal-slow"
            raise JournalError(f"the journal did not answer within {self._deadline_s:g} s") from error

    def _work(self) -> None:
        while (first := self._next()) is not None:
            group = [first]
            is_last = False
            while len(group) < _GROUP and not self._queue.empty():
                more = self._queue.get_nowait()
                if more is None:
                    is_last = True
                    break
                group.append(more)
            if waited_for := [waiting for waiting in group if not waiting.done.done()]:
                self._commit(waited_for)
            if is_last:
                return

    def _next(self) -> _Waiting | None:
        """The next row, or None to end; in quiet moments the head goes to its second place."""
        while True:
            try:
                return self._queue.get(timeout=_QUIET_S)
            except queue.Empty:
                with contextlib.suppress(JournalError):
                    self._journal.tick()
                if self._observer is not None:
                    self._observer.checkpoint_copied(self._journal.checkpoint_copied_at)

    def _commit(self, group: Sequence[_Waiting]) -> None:
        untold = self._journal.untold
        try:
            numbers = self._journal.append([waiting.row for waiting in group])
        except JournalError as error:
            self._problem = "journal-unwritable"
            self._count_failure(group)
            problem = str(error)
            self._tell(lambda: _refuse(group, problem))
            return
        self._problem = ""
        now = time.perf_counter()
        if self._observer is not None:
            if self._journal.untold > untold:
                self._observer.journal_failed("lifecycle")
            for waiting in group:
                self._observer.journal_written(waiting.row.kind, now - waiting.since)
            self._observer.checkpoint_copied(self._journal.checkpoint_copied_at)
        self._tell(lambda: _settle(group, numbers))

    def _count_failure(self, group: Sequence[_Waiting]) -> None:
        if self._observer is not None:
            for waiting in group:
                self._observer.journal_failed(waiting.row.kind)

    def _tell(self, settle: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(settle)


def _settle(group: Sequence[_Waiting], numbers: Sequence[int]) -> None:
    """On the loop: give every waiting caller its number; callers that left are skipped."""
    for waiting, number in zip(group, numbers, strict=True):
        if not waiting.done.done():
            waiting.done.set_result(number)


def _refuse(group: Sequence[_Waiting], problem: str) -> None:
    """On the loop: give every waiting caller an error of its own."""
    for waiting in group:
        if not waiting.done.done():
            waiting.done.set_exception(JournalError(problem))
