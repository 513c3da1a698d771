"""Part of `make bench ARGS=detection`: what a worker owns of memory, and what a paste does to prompts beside it."""

import asyncio
import contextlib
import pickle
import time
from collections.abc import Sequence
from statistics import quantiles

from gateway.detection.memory import private, resident
from gateway.detection.models import ModelPaths
from gateway.detection.processes import Nursery
from gateway.detection.workers import WorkerPool
from gateway.model.traffic import PartRole, PromptPart
from gateway.rulebook.book import RuleBook
from nl_models.training.synthetic import generate

PROMPTS = 1_000
PASTE = 300_000
_SMALL = 150


def memory(book: RuleBook, paste: str) -> dict[str, float]:
    """Private memory of a worker as a share of what the first one costs (the nursery with everything loaded)."""
    return asyncio.run(_memory(book, paste))


async def _memory(book: RuleBook, paste: str) -> dict[str, float]:
    nursery = await Nursery.start(pickle.dumps((book.detection, dict(book.lists), ModelPaths())))
    first = resident(nursery.pid)
    shares = {"MB the first worker costs": first / 1e6}
    texts = [example.text for example in generate(PROMPTS, 11)]
    for name, work in ((f"after {PROMPTS} prompts", texts), (f"after a {PASTE // 1000} kB paste", [paste])):
        worker = await nursery.worker()
        for text in work:
            await worker.ask([text])
            if worker.worn:
                break
        await asyncio.sleep(0.3)  # it tidies up behind its answer
        shares[f"worker / first, {name} (at most 0.25)"] = private(worker.pid) / first
        worker.end()
    await nursery.end()
    return shares


def beside_a_paste(book: RuleBook, paste: str, small: str) -> float:
    """The p99 of small prompts beside pastes of 300 kB, over that of small prompts alone."""
    return asyncio.run(_beside(book, paste, small))


async def _beside(book: RuleBook, paste: str, small: str) -> float:
    pool = WorkerPool(book)
    await pool.start()
    try:
        alone = await _p99(pool, small, 0)
        pasting = asyncio.ensure_future(_paste(pool, paste))
        beside = await _p99(pool, small, 10_000)
        pasting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pasting
    finally:
        await pool.stop()
    return beside / alone


async def _paste(pool: WorkerPool, paste: str) -> None:
    number = 0
    while True:
        number += 1
        await pool.inspect(_parts(f"{number} {paste}"), deadline_s=60)


async def _p99(pool: WorkerPool, small: str, first: int) -> float:
    spent: list[float] = []
    for number in range(first, first + _SMALL):
        start = time.perf_counter()
        await pool.inspect(_parts(f"{number} {small}"), deadline_s=60)
        spent.append(time.perf_counter() - start)
        await asyncio.sleep(0.01)
    return quantiles(spent, n=100)[98]


def _parts(text: str) -> Sequence[PromptPart]:
    return (PromptPart("part", PartRole.USER, text),)
