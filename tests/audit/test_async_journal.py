"""The journal on the event loop: group commit, deadlines, and errors that reach the caller that must refuse."""

import asyncio
import threading
from pathlib import Path

import pytest

from gateway.audit.async_journal import AsyncJournal
from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import JournalKeys
from gateway.audit.query import Filter, events, reading
from gateway.audit.verify import verify
from gateway.errors import JournalError
from gateway.model.record import LifecycleEvent
from gateway.observability.metrics import Metrics
from tests.audit.records import outcome, started, usage


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.open(tmp_path / "journal.sqlite", JournalKeys.open(tmp_path / "keys"))


async def test_rows_that_wait_together_share_commits(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    real = journal.append

    def count(rows: list[object]) -> tuple[int, ...]:
        groups.append(len(rows))
        return real(rows)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "append", count)
    metrics = Metrics()
    wrapped = AsyncJournal(journal, metrics)
    numbers = await asyncio.gather(*(wrapped.start(usage(number)) for number in range(200)))
    await wrapped.finish(outcome())
    await wrapped.record(started())
    await wrapped.close()
    assert sorted(numbers) == list(range(2, 202))
    assert len(groups) < 100, "200 waiting rows take far fewer than 200 commits"
    assert metrics.registry.get_sample_value("gateway_journal_rows_total", {"kind": "start"}) == 200
    assert verify(journal.path, journal._keys.verifier).is_intact


async def test_an_unwritable_journal_refuses_and_recovers(journal: Journal) -> None:
    metrics = Metrics()
    wrapped = AsyncJournal(journal, metrics)
    hidden = journal.path.with_name("hidden")
    journal.path.rename(hidden)
    with pytest.raises(JournalError):
        await wrapped.start(usage(1))
    assert wrapped.problem == "journal-unwritable"
    assert metrics.registry.get_sample_value("gateway_journal_writable") == 0
    assert metrics.registry.get_sample_value("gateway_journal_failures_total", {"kind": "start"}) == 1
    hidden.rename(journal.path)
    assert await wrapped.start(usage(2)) == 2
    assert (wrapped.problem, metrics.registry.get_sample_value("gateway_journal_writable")) == ("", 1)
    await wrapped.close()


async def test_a_hanging_disk_refuses_within_the_deadline(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    real = journal.append
    monkeypatch.setattr(journal, "append", lambda rows: (free.wait(30), real(rows))[1])
    wrapped = AsyncJournal(journal, deadline_s=0.05)
    with pytest.raises(JournalError, match="did not answer"):
        await wrapped.start(usage(1))
    assert wrapped.problem == "journal-slow"
    free.set()
    await wrapped.close()


async def test_who_waited_too_long_has_no_row(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was told "not written" and refused: a row that came later would say the prompt may have left."""
    free = threading.Event()
    real = journal.append
    monkeypatch.setattr(journal, "append", lambda rows: (free.wait(30), real(rows))[1])
    wrapped = AsyncJournal(journal, deadline_s=0.1)
    held = asyncio.create_task(wrapped.start(usage(1)))
    await asyncio.sleep(0.05)
    for number in (2, 3):
        with pytest.raises(JournalError, match="did not answer"):
            await wrapped.start(usage(number))
    free.set()
    await asyncio.gather(held, return_exceptions=True)
    wrapped._deadline_s = 5.0
    await wrapped.start(usage(4))
    await wrapped.close()
    with reading(journal.path) as database:
        written = [event["decision_id"] for event in events(database, Filter(code="PG10"))]
    assert written == [usage(1).decision_id, usage(4).decision_id]


async def test_a_full_queue_refuses_at_once(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    real = journal.append
    monkeypatch.setattr(journal, "append", lambda rows: (free.wait(30), real(rows))[1])
    wrapped = AsyncJournal(journal, most_waiting=1)
    waiting = [asyncio.create_task(wrapped.start(usage(number))) for number in range(6)]
    await asyncio.sleep(0.05)
    refused = [task for task in waiting if task.done()]
    assert refused
    for task in refused:
        with pytest.raises(JournalError, match="too many rows"):
            task.result()
    free.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    await wrapped.close()


async def test_a_bad_entry_does_not_spoil_the_group(journal: Journal) -> None:
    wrapped = AsyncJournal(journal)
    results = await asyncio.gather(
        wrapped.start(usage(1)), wrapped.record(LifecycleEvent("PG9999I", 1.0)), wrapped.start(usage(2)),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(results[1], JournalError)
    assert {results[0], results[2]} == {2, 3}
    await wrapped.close()


async def test_a_caller_that_left_disturbs_nobody(journal: Journal) -> None:
    wrapped = AsyncJournal(journal)
    leaving = asyncio.create_task(wrapped.start(usage(1)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await wrapped.start(usage(2)) in {2, 3}
    await wrapped.close()


async def test_a_quiet_moment_brings_the_head_to_the_second_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.audit.async_journal._QUIET_S", 0.02)
    place = tmp_path / "second"
    options = JournalOptions(second_place=place, head_every_s=0.01)
    opened = Journal.open(tmp_path / "journal.sqlite", JournalKeys.open(tmp_path / "keys"), options)
    wrapped = AsyncJournal(opened)
    last = await wrapped.start(usage())
    for _ in range(200):
        if f'"last_seq":{last},' in (place / "head.json").read_text():
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("the head never came")
    await wrapped.close()


async def test_after_closing_nothing_can_be_written(journal: Journal) -> None:
    wrapped = AsyncJournal(journal)
    await wrapped.close()
    with pytest.raises(JournalError, match="closed"):
        await wrapped.start(usage())
    assert wrapped.problem == "journal-stopped"
