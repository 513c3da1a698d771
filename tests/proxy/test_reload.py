"""Watching the rules: what loads takes force, what does not leaves the last good book, and both are told."""

from pathlib import Path
from typing import Any

import pytest

from gateway.errors import InspectionError, Problem, RuleError, SettingsError
from gateway.model.policy import ReasonCode
from gateway.model.record import LifecycleEvent
from gateway.observability.metrics import Metrics
from gateway.proxy.reload import Reloading


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
