"""The gateway's side of detection: a bounded pool of workers, a deadline, and a cache. It never computes itself.

Every way of not finishing raises InspectionError with its own reason: full queue, deadline, dead worker, failed
recognizer. A worker that hangs is killed and replaced; the nursery that forks it has already loaded everything.
"""

import asyncio
import contextlib
import hashlib
import pickle
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from gateway.detection.inspector import PartInspection, gather
from gateway.detection.models import ModelPaths
from gateway.detection.nursery import LARGE
from gateway.detection.processes import Nursery, Worker
from gateway.errors import InspectionError
from gateway.model.inspection import Inspection
from gateway.model.policy import ReasonCode
from gateway.model.traffic import PromptPart
from gateway.rulebook.book import RuleBook


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """`size` workers (at least 2), `queue` requests waiting for one at most, `cache` parts remembered."""

    size: int = 2
    queue: int = 64
    cache: int = 4_096


class WorkerPool:
    """Detection for the proxy. `await start()` before the first `inspect`; `replace` swaps the rulebook at once."""

    def __init__(self, book: RuleBook, models: ModelPaths | None = None, settings: PoolSettings | None = None) -> None:
        self._models = models or ModelPaths()
        self._settings = settings or PoolSettings()
        self._size = max(2, self._settings.size)
        self._book = book
        self._generation: _Generation | None = None
        self._waiting = 0
        self._lost = 0
        self._large = asyncio.Semaphore(self._size - 1)
        self._answers: set[asyncio.Timeout] = set()
        self._takes_answers = True
        self._swapping = asyncio.Lock()
        self._revival: asyncio.Task[None] | None = None
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def book(self) -> RuleBook:
        """The rulebook in force: the one that requests from now on are inspected by."""
        return self._book

    @property
    def isolated(self) -> bool:
        """Whether workers are cut off from the network."""
        return self._generation is not None and self._generation.nursery.isolated

    @property
    def waiting(self) -> int:
        """Requests that wait for a worker now."""
        return self._waiting

    @property
    def alive(self) -> int:
        """Workers that answer."""
        return self._generation.size if self._generation is not None else 0

    @property
    def replaced(self) -> int:
        """Workers lost since the start, each replaced or being replaced."""
        return self._lost + (self._generation.lost if self._generation is not None else 0)

    async def start(self) -> None:
        """Load rules and models and fork the workers. Raises InspectionError with what went wrong."""
        async with self._swapping:
            self._publish(self._book, await self._begin(self._book))

    async def stop(self) -> None:
        """End all workers."""
        if self._revival is not None:
            self._revival.cancel()
        async with self._swapping:
            self._publish(self._book, None)
        await asyncio.gather(*self._endings)

    async def replace(self, book: RuleBook) -> None:
        """Put another rulebook in force; requests under way finish with the old one, and what it remembered goes too.

        Raises InspectionError when it does not load, and then keeps the old one.
        """
        async with self._swapping:
            self._publish(book, await self._begin(book))

    async def inspect(self, parts: Sequence[PromptPart], *, deadline_s: float) -> Inspection:
        """What `Inspector.inspect` would say. Raises InspectionError with the reason when it is not said in time."""
        return await self._inspect(parts, deadline_s, self._ask)

    async def inspect_answer(self, parts: Sequence[PromptPart], *, deadline_s: float) -> Inspection:
        """The same of what a tool answered, for which nobody waits: only while no request needs the worker.

        It never waits in the queue, never takes the last idle worker, and gives up (busy) once a request would wait.
        """
        return await self._inspect(parts, deadline_s, self._ask_idle)

    def end_answers(self) -> None:
        """Inspect no more answers; those under way give up. The gateway stops."""
        self._takes_answers = False
        while self._answers:
            self._give_way()

    async def _inspect(self, parts: Sequence[PromptPart], deadline_s: float, ask: "_Ask") -> Inspection:
        generation = self._generation
        if generation is None:
            raise InspectionError(ReasonCode.WORKER_DIED, "stopped")
        with generation.in_use():
            known = {part.text: found for part in parts if (found := generation.cache.get(part.text)) is not None}
            fresh = list(dict.fromkeys(part.text for part in parts if part.text not in known))
            if fresh:
                try:
                    async with asyncio.timeout(deadline_s):
                        answers = await ask(generation, fresh)
                except TimeoutError:
                    raise InspectionError(ReasonCode.INSPECTION_TIMEOUT) from None
                for text, answer in zip(fresh, answers, strict=True):
                    known[text] = answer
                    generation.cache.put(text, answer)
        return gather((part, known[part.text]) for part in parts)

    async def _ask(self, generation: "_Generation", texts: Sequence[str]) -> list[PartInspection]:
        if self._waiting >= self._settings.queue:
            raise InspectionError(ReasonCode.INSPECTION_BUSY)
        lane = self._large if sum(map(len, texts)) >= LARGE else contextlib.nullcontext()
        self._waiting += 1
        waits = True
        try:
            async with lane:
                if generation.broken:
                    self._revive()
                    raise InspectionError(ReasonCode.WORKER_DIED, "stopped")
                if generation.idle.empty():
                    self._give_way()
                worker = await generation.idle.get()
                self._waiting -= 1
                waits = False
                return await generation.use(worker, texts)
        finally:
            if waits:
                self._waiting -= 1

    async def _ask_idle(self, generation: "_Generation", texts: Sequence[str]) -> list[PartInspection]:
        if not self._takes_answers or self._waiting or generation.broken or generation.idle.qsize() < 2:
            raise InspectionError(ReasonCode.INSPECTION_BUSY)
        worker = generation.idle.get_nowait()
        patience = asyncio.timeout(None)
        try:
            async with patience:
                self._answers.add(patience)
                return await generation.use(worker, texts)
        except TimeoutError:
            generation.lost -= 1  # it was ended for a request, and is no worker that hung
            raise InspectionError(ReasonCode.INSPECTION_BUSY) from None
        finally:
            self._answers.discard(patience)

    def _give_way(self) -> None:
        """End the inspection of one answer, if there is any; a fresh worker takes the place of the one at it."""
        if self._answers:
            self._answers.pop().reschedule(asyncio.get_running_loop().time())

    async def _begin(self, book: RuleBook) -> "_Generation":
        return await _Generation.start(book, self._models, self._size, _Cache(self._settings.cache))

    def _publish(self, book: RuleBook, generation: "_Generation | None") -> None:
        """Book, workers and memory change together, with no await between; the old workers end in the background."""
        old, self._book, self._generation = self._generation, book, generation
        if old is not None:
            self._lost += old.lost
            ending = asyncio.ensure_future(old.end())
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    def _revive(self) -> None:
        """Start again in the background after the nursery itself died; requests are refused until that is done."""
        if self._revival is None or self._revival.done():
            self._revival = asyncio.ensure_future(self._start_again())

    async def _start_again(self) -> None:
        async with self._swapping:
            if self._generation is not None and self._generation.broken:  # a new rulebook may have come first
                with contextlib.suppress(InspectionError):  # the next request tries again
                    self._publish(self._book, await self._begin(self._book))


type _Ask = Callable[[_Generation, Sequence[str]], Awaitable[list[PartInspection]]]
"""A way to get an answer from a worker of a generation."""


class _Generation:
    """A nursery with its workers and what they said: all that belongs to one rulebook."""

    def __init__(self, nursery: Nursery, cache: "_Cache") -> None:
        self.nursery = nursery
        self.cache = cache
        self.idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._every: set[Worker] = set()
        self._users = 0
        self.lost = 0
        self._ending = False
        self.broken = False
        self._repairs: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls, book: RuleBook, models: ModelPaths, size: int, cache: "_Cache") -> "_Generation":
        configuration = pickle.dumps((book.detection, dict(book.lists), models))
        generation = cls(await Nursery.start(configuration), cache)
        try:
            for _ in range(size):
                await generation._add()
        except BaseException:
            await generation.end()
            raise
        return generation

    @property
    def size(self) -> int:
        return 0 if self.broken else len(self._every)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Hold this generation from the first look into its memory to the last answer: `end` waits for it."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1

    async def use(self, worker: Worker, texts: Sequence[str]) -> list[PartInspection]:
        """Ask one worker; it goes back to the idle ones, or is replaced when it did not answer."""
        healthy = False
        try:
            answer = await worker.ask(texts)
            healthy = True
        except InspectionError:
            healthy = True
            raise
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            raise InspectionError(ReasonCode.WORKER_DIED) from None
        finally:
            if healthy and not worker.worn:
                self.idle.put_nowait(worker)
            else:
                self.lost += not healthy
                self._dismiss(worker)
        return answer

    def _dismiss(self, worker: Worker) -> None:
        """End a worker that did not answer or is worn, and have another in its place."""
        self._every.discard(worker)
        worker.end()
        if not self._ending:
            task = asyncio.ensure_future(self._repair())
            self._repairs.add(task)
            task.add_done_callback(self._repairs.discard)

    async def _repair(self) -> None:
        with contextlib.suppress(InspectionError):
            await self._add()

    async def _add(self) -> None:
        try:
            worker = await self.nursery.worker()
        except (OSError, InspectionError):
            self.broken = True
            raise InspectionError(ReasonCode.WORKER_DIED, "nursery") from None
        self._every.add(worker)
        self.idle.put_nowait(worker)

    async def end(self) -> None:
        """Let requests under way finish (their deadlines bound the wait), then end everything."""
        while self._users:
            await asyncio.sleep(0.02)
        self._ending = True
        for task in self._repairs:
            task.cancel()
        for worker in self._every:
            worker.end()
        await self.nursery.end()


class _Cache:
    """Least recently used part inspections by a keyed hash of the text; the key lives as long as the process."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, PartInspection] = OrderedDict()

    def get(self, text: str) -> PartInspection | None:
        key = self._digest(text)
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def put(self, text: str, found: PartInspection) -> None:
        if not found.gaps:
            self._known[self._digest(text)] = found
            while len(self._known) > self._size:
                self._known.popitem(last=False)

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
