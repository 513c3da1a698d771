"""The pool: answers like the inspector, and every way of not answering has its reason."""

import asyncio
import dataclasses
import os
import signal
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest

from gateway.detection.frames import encode, receive
from gateway.detection.inspector import Inspector, PartInspection
from gateway.detection.memory import give_back, private, resident
from gateway.detection.models import ModelPaths
from gateway.detection.nursery import LARGE, TIDY_EVERY, work
from gateway.detection.processes import Nursery, Worker
from gateway.detection.workers import PoolSettings, WorkerPool
from gateway.errors import InspectionError
from gateway.model.inspection import Entity
from gateway.model.policy import ReasonCode
from gateway.model.traffic import PartRole, PromptPart
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.load import default_root, load
from tests.detection.test_engine_interface import bsn_rule, rule

NO_MODELS = ModelPaths(use_lexicon=False, use_pipeline=False, use_second_opinion=False)
BOOK = load(default_root())


def pool(*rules: DetectionRule, settings: PoolSettings | None = None) -> WorkerPool:
    return WorkerPool(dataclasses.replace(BOOK, detection=rules), NO_MODELS, settings)


def part(text: str, part_id: str = "p") -> PromptPart:
    return PromptPart(part_id, PartRole.USER, text)


SLOW = rule(id="slow", entity="PERSON", patterns=[{"id": "slow", "regex": r"(?:a|b|ab)+(?:c|d)", "score": "1"}])
SLOW_TEXT = "ab" * 2_000_000


@pytest.fixture
async def running() -> AsyncIterator[WorkerPool]:
    one = pool(bsn_rule(), SLOW)
    await one.start()
    yield one
    await one.stop()


async def test_it_finds_what_the_inspector_finds(running: WorkerPool) -> None:
    seen = await running.inspect([part("bsn 111222333", "a"), part("niets", "b"), part("\ud800", "c")], deadline_s=30)
    assert [(one.entity, one.part_id, one.start, one.end) for one in seen.findings] == [(Entity.NL_BSN, "a", 4, 13)]
    assert not seen.gaps


async def test_a_late_answer_is_a_timeout_and_the_worker_is_replaced(running: WorkerPool) -> None:
    for _ in range(3):
        with pytest.raises(InspectionError) as caught:
            await running.inspect([part(SLOW_TEXT)], deadline_s=0.3)
        assert caught.value.reason is ReasonCode.INSPECTION_TIMEOUT
    assert (await running.inspect([part("bsn 111222333")], deadline_s=30)).findings


async def test_a_dead_worker_is_said_and_replaced(running: WorkerPool) -> None:
    async def kill_soon() -> None:
        await asyncio.sleep(0.3)
        for worker in tuple(running._generation._every):  # type: ignore[union-attr]
            os.kill(worker.pid, signal.SIGKILL)

    killing = asyncio.ensure_future(kill_soon())
    with pytest.raises(InspectionError) as caught:
        await running.inspect([part(SLOW_TEXT)], deadline_s=30)
    assert caught.value.reason is ReasonCode.WORKER_DIED
    await killing


async def test_after_the_nursery_died_the_pool_starts_again(running: WorkerPool) -> None:
    generation = running._generation
    assert generation is not None
    generation.nursery._process.kill()
    for worker in tuple(generation._every):
        os.kill(worker.pid, signal.SIGKILL)
    refused = 0
    for _ in range(200):
        try:
            assert (await running.inspect([part("bsn 111222333")], deadline_s=5)).findings
            break
        except InspectionError:
            refused += 1
            await asyncio.sleep(0.1)
    assert 0 < refused < 200


async def test_a_full_queue_is_busy() -> None:
    one = pool(bsn_rule(), settings=PoolSettings(queue=0))
    await one.start()
    with pytest.raises(InspectionError) as caught:
        await one.inspect([part("bsn 111222333")], deadline_s=5)
    assert caught.value.reason is ReasonCode.INSPECTION_BUSY
    await one.stop()


async def test_another_rulebook_replaces_the_first_and_empties_the_cache(running: WorkerPool) -> None:
    assert (await running.inspect([part("bsn 111222333")], deadline_s=30)).findings
    await running.replace(dataclasses.replace(BOOK, detection=(bsn_rule(allow=["111222333"]),)))
    assert not (await running.inspect([part("bsn 111222333")], deadline_s=30)).findings


class Held:
    """Workers of the pool's first rulebook that keep what they found to themselves until `release` is set."""

    def __init__(self, one: WorkerPool) -> None:
        self.asked, self.release = asyncio.Event(), asyncio.Event()
        for worker in one._generation._every:  # type: ignore[union-attr]
            worker.ask = self._later(worker.ask)  # type: ignore[method-assign]

    def _later(
        self, real: Callable[[Sequence[str]], Awaitable[list[PartInspection]]]
    ) -> Callable[[Sequence[str]], Awaitable[list[PartInspection]]]:
        async def ask(texts: Sequence[str]) -> list[PartInspection]:
            answer = await real(texts)
            self.asked.set()
            await self.release.wait()
            return answer

        return ask


@pytest.fixture
async def blind() -> AsyncIterator[WorkerPool]:
    """A pool whose rulebook lets the one number of these tests through."""
    one = pool(bsn_rule(allow=["111222333"]))
    await one.start()
    yield one
    await one.stop()


async def test_what_the_old_rules_said_is_not_remembered_under_the_new_ones(blind: WorkerPool) -> None:
    held, first = Held(blind), blind._generation
    under_way = asyncio.ensure_future(blind.inspect([part("bsn 111222333")], deadline_s=30))
    await held.asked.wait()
    replacing = asyncio.ensure_future(blind.replace(dataclasses.replace(BOOK, detection=(bsn_rule(),))))
    while blind._generation is first:
        await asyncio.sleep(0.02)
    held.release.set()
    assert not (await under_way).findings
    await replacing
    assert (await blind.inspect([part("bsn 111222333")], deadline_s=30)).findings


async def test_workers_and_book_change_together_and_wait_for_no_request(blind: WorkerPool) -> None:
    held = Held(blind)
    under_way = asyncio.ensure_future(blind.inspect([part("bsn 111222333")], deadline_s=60))
    await held.asked.wait()
    book = dataclasses.replace(BOOK, detection=(bsn_rule(),))
    async with asyncio.timeout(20):
        await blind.replace(book)
    assert blind.book is book
    assert (await blind.inspect([part("bsn 111222333")], deadline_s=30)).findings
    assert not under_way.done()
    held.release.set()
    assert not (await under_way).findings, "it finishes with the old rules"


async def test_a_new_rulebook_and_a_revival_at_once_leave_the_new_book_and_one_nursery(
    blind: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = blind._generation
    assert first is not None
    nurseries = [first.nursery]
    start = Nursery.start

    async def watched(configuration: bytes) -> Nursery:
        nurseries.append(await start(configuration))
        return nurseries[-1]

    monkeypatch.setattr(Nursery, "start", watched)
    first.broken = True
    book = dataclasses.replace(BOOK, detection=(bsn_rule(),))
    replacing = asyncio.ensure_future(blind.replace(book))
    await asyncio.sleep(0)
    with pytest.raises(InspectionError):
        await blind.inspect([part("bsn 111222333")], deadline_s=5)  # finds it broken, and revives
    await replacing
    await (blind._revival or asyncio.sleep(0))
    assert blind._book is book
    assert (await blind.inspect([part("bsn 111222333")], deadline_s=30)).findings
    await blind.stop()
    assert [nursery.pid for nursery in nurseries if nursery._process.poll() is None] == []


async def test_a_rulebook_that_does_not_load_keeps_the_old_one(running: WorkerPool) -> None:
    with pytest.raises(InspectionError):
        await running.replace(dataclasses.replace(BOOK, detection=(rule(entity="PERSON", recognizer="nobody"),)))
    assert (await running.inspect([part("bsn 111222333")], deadline_s=30)).findings


async def test_no_process_to_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_arguments: object, **_named: object) -> None:
        raise BlockingIOError("no process")

    monkeypatch.setattr("gateway.detection.processes.subprocess.Popen", none)
    with pytest.raises(InspectionError):
        await pool(bsn_rule()).start()


async def test_an_answer_is_inspected_while_nobody_needs_the_worker(running: WorkerPool) -> None:
    assert (await running.inspect_answer([part("bsn 111222333")], deadline_s=30)).findings


async def test_an_answer_never_takes_the_last_idle_worker(running: WorkerPool) -> None:
    held = Held(running)
    prompt = asyncio.ensure_future(running.inspect([part("een vraag")], deadline_s=30))
    await held.asked.wait()
    with pytest.raises(InspectionError) as caught:
        await running.inspect_answer([part("een antwoord")], deadline_s=30)
    assert caught.value.reason is ReasonCode.INSPECTION_BUSY
    held.release.set()
    await prompt


async def test_an_answer_gives_up_once_a_request_would_wait(running: WorkerPool) -> None:
    held = Held(running)
    answer = asyncio.ensure_future(running.inspect_answer([part("een antwoord")], deadline_s=30))
    await held.asked.wait()
    held.asked.clear()
    first = asyncio.ensure_future(running.inspect([part("een vraag")], deadline_s=30))
    await held.asked.wait()
    assert not answer.done()
    assert (await running.inspect([part("bsn 111222333")], deadline_s=30)).findings
    with pytest.raises(InspectionError) as caught:
        await answer
    assert caught.value.reason is ReasonCode.INSPECTION_BUSY
    assert not first.done()
    held.release.set()
    await first
    assert (running.waiting, running.replaced) == (0, 0)


async def test_a_full_queue_of_requests_is_not_made_of_answers() -> None:
    one = pool(bsn_rule(), settings=PoolSettings(queue=1))
    await one.start()
    held = Held(one)
    answers = [asyncio.ensure_future(one.inspect_answer([part(f"antwoord {n}")], deadline_s=30)) for n in range(8)]
    await held.asked.wait()
    assert one.waiting == 0
    held.release.set()
    assert (await one.inspect([part("bsn 111222333")], deadline_s=30)).findings
    await asyncio.gather(*answers, return_exceptions=True)
    await one.stop()


async def test_a_gateway_that_stops_inspects_no_answers(running: WorkerPool) -> None:
    held = Held(running)
    answer = asyncio.ensure_future(running.inspect_answer([part("een antwoord")], deadline_s=30))
    await held.asked.wait()
    running.end_answers()
    for asking in (answer, running.inspect_answer([part("nog een")], deadline_s=30)):
        with pytest.raises(InspectionError):
            await asking
    held.release.set()


@pytest.mark.parametrize("has_handle", [True, False], ids=["pidfd", "no pidfd on this platform"])
async def test_ending_a_worker_ends_its_process(running: WorkerPool, has_handle: bool) -> None:
    worker = taken(running)
    if not has_handle:
        os.close(worker._handle or 0)
        worker._handle = None
    worker.end()
    await gone(worker.pid)


async def test_ending_a_worker_never_hits_another_process_that_got_its_number(running: WorkerPool) -> None:
    worker = taken(running)
    real, other = worker.pid, subprocess.Popen(["/bin/sleep", "60"])
    os.kill(real, signal.SIGKILL)
    await gone(real)
    worker.pid = other.pid
    worker.end()
    await asyncio.sleep(0.1)
    assert other.poll() is None
    other.kill()
    other.wait()


def taken(one: WorkerPool) -> Worker:
    """An idle worker, out of the hands of the pool."""
    generation = one._generation
    assert generation is not None
    worker = generation.idle.get_nowait()
    generation._every.discard(worker)
    return worker


async def gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("is_cancelled", [False, True], ids=["second worker fails", "cancelled"])
async def test_a_start_that_fails_half_way_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch, is_cancelled: bool
) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    popen, worker, calls = subprocess.Popen, Nursery.worker, 0

    def watched(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
        processes.append(popen(*arguments, **named))
        return processes[-1]

    async def second_fails(nursery: Nursery) -> Worker:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("no more files")
        return await worker(nursery)

    monkeypatch.setattr("gateway.detection.processes.subprocess.Popen", watched)
    monkeypatch.setattr(Nursery, "worker", second_fails)
    starting = asyncio.ensure_future(pool(bsn_rule()).start())
    if is_cancelled:
        await asyncio.sleep(0.1)
        starting.cancel()
    with pytest.raises(asyncio.CancelledError if is_cancelled else InspectionError):
        await starting
    assert [process.poll() is None for process in processes] == [False]


async def test_a_stopped_pool_answers_nothing() -> None:
    with pytest.raises(InspectionError) as caught:
        await pool(bsn_rule()).inspect([part("bsn 111222333")], deadline_s=5)
    assert caught.value.reason is ReasonCode.WORKER_DIED


async def test_a_worn_worker_is_replaced_and_counts_as_none_lost(running: WorkerPool) -> None:
    generation = running._generation
    assert generation is not None
    before = {worker.pid for worker in generation._every}
    for worker in generation._every:
        worker.ask = worn(worker)  # type: ignore[method-assign]
    for number in range(2):
        assert (await running.inspect([part(f"bsn 111222333 {number}")], deadline_s=30)).findings
    for _ in range(200):
        if running.alive == 2:
            break
        await asyncio.sleep(0.02)
    assert not before & {worker.pid for worker in generation._every}
    assert (running.alive, running.replaced) == (2, 0)


def worn(worker: Worker) -> Callable[[Sequence[str]], Awaitable[list[PartInspection]]]:
    """Its `ask`, after which it says that it is worn."""
    real = worker.ask

    async def ask(texts: Sequence[str]) -> list[PartInspection]:
        answer = await real(texts)
        worker.worn = True
        return answer

    return ask


@pytest.mark.parametrize(
    ("texts", "most", "expected", "reason"),
    [
        (["a"] * 3, 0, [False, False, False], "it looks only now and then"),
        (["a" * LARGE, "a"], 0, [False, True], "after a large text at once, and then it says so"),
        (["a" * LARGE, "a"], 1 << 60, [False, False], "it has not grown"),
        (["a"] * (TIDY_EVERY + 1), 0, [False] * TIDY_EVERY + [True], "after so many answers"),
    ],
)
def test_a_worker_says_when_it_owns_too_much(texts: list[str], most: int, expected: list[bool], reason: str) -> None:
    ours, theirs = socket.socketpair()
    said: list[bool] = []

    def ask() -> None:
        for text in texts:
            ours.sendall(encode([text]))
            said.append(receive(ours)["worn"])
        ours.close()

    asking = threading.Thread(target=ask)
    asking.start()
    work(theirs, Inspector([], {}), most)
    asking.join()
    assert said == expected, reason


def test_what_a_process_owns() -> None:
    give_back()
    assert 0 < private() <= resident()
    assert private(1 << 30) == 0, "no such process"
