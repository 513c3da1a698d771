"""Watching the rules: what loads takes force, what does not leaves the last good book, and both are told."""

import time
from pathlib import Path
from typing import Any

import pytest

from gateway.errors import InspectionError, JournalError, Problem, RuleError, SettingsError
from gateway.model.policy import ReasonCode
from gateway.model.record import LifecycleEvent
from gateway.observability.metrics import Metrics
from gateway.proxy.reload import RETRY_SECONDS, Reloading


class Book:
    revision = "r2"
    tools = ()


class Watched:
    """A folder that is watched, and what the watching did."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "own.yaml"
        self.file.write_text("a")
        self.metrics = Metrics()
        self.events: list[LifecycleEvent] = []
        self.in_force: list[Any] = []
        self.error: Exception | None = None
        self.reloading = Reloading((folder,), self._load, self._swap, self._record, self.metrics)

    def _load(self) -> Any:  # noqa: ANN401
        if self.error is not None:
            raise self.error
        return Book()

    async def _swap(self, book: Any) -> None:  # noqa: ANN401
        self.in_force.append(book)

    async def _record(self, event: LifecycleEvent) -> None:
        self.events.append(event)

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


async def test_nothing_happens_while_nothing_changes(watched: Watched) -> None:
    assert not await watched.reloading.look()
    assert watched.in_force == []


async def test_a_change_takes_force(watched: Watched) -> None:
    watched.file.write_text("ab")
    assert await watched.reloading.look()
    assert len(watched.in_force) == 1
    assert [event.code for event in watched.events] == ["PG2010I"]
    assert watched.value("gateway_rulebook_info", revision="r2") == 1
    assert not await watched.reloading.look()


async def test_a_removed_file_is_a_change(watched: Watched) -> None:
    watched.file.unlink()
    assert await watched.reloading.look()


@pytest.mark.parametrize(
    "error",
    [
        RuleError((Problem("x", "y"), Problem("x", "z"))),
        SettingsError("no model"),
        InspectionError(ReasonCode.INSPECTION_FAILED),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_does_not_load_leaves_the_last_good_book(watched: Watched, error: Exception) -> None:
    watched.error = error
    watched.file.write_text("ab")
    assert not await watched.reloading.look()
    assert watched.in_force == []
    assert watched.value("gateway_rulebook_stale") == 1
    assert [event.code for event in watched.events] == ["PG2011W"]
    watched.error = None
    watched.file.write_text("abc")
    assert await watched.reloading.look()
    assert watched.value("gateway_rulebook_stale") == 0


@pytest.mark.parametrize("error", [None, RuleError((Problem("x", "y"),))], ids=["loads", "faulty"])
async def test_a_broken_journal_stops_no_reload(watched: Watched, error: Exception | None) -> None:
    async def broken(_event: LifecycleEvent) -> None:
        raise JournalError("disk full")

    watched.reloading._record = broken
    watched.error = error
    watched.file.write_text("ab")
    assert await watched.reloading.look() is (error is None)
    watched.error = None
    watched.file.write_text("abc")
    assert await watched.reloading.look()


@pytest.mark.parametrize(
    ("error", "is_tried_again"),
    [
        (RuleError((Problem("x", "y"),)), False),
        (SettingsError("no model"), True),
        (InspectionError(ReasonCode.WORKER_DIED), True),
        (OSError("no process"), True),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_failed_for_another_reason_than_the_rules_is_tried_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, error: Exception, is_tried_again: bool
) -> None:
    watched.error = error
    watched.file.write_text("ab")
    assert not await watched.reloading.look()
    watched.error = None
    assert not await watched.reloading.look(), "not at once"
    now = time.monotonic()
    monkeypatch.setattr("gateway.proxy.reload.time.monotonic", lambda: now + RETRY_SECONDS)
    assert await watched.reloading.look() is is_tried_again
    assert watched.value("gateway_rulebook_stale") == (0 if is_tried_again else 1)


async def test_the_same_failure_is_told_to_the_journal_once(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.proxy.reload.RETRY_SECONDS", 0.0)
    watched.error = OSError("no process")
    watched.file.write_text("ab")
    for _ in range(3):
        assert not await watched.reloading.look()
    assert [event.code for event in watched.events] == ["PG2011W"]
    assert watched.value("gateway_rulebook_reloads_total", result="rejected") == 3


async def test_something_nobody_thought_of_leaves_the_change_to_be_taken_over(watched: Watched) -> None:
    watched.error = ZeroDivisionError()
    watched.file.write_text("ab")
    with pytest.raises(ZeroDivisionError):
        await watched.reloading.look()
    watched.error = None
    assert await watched.reloading.look()
