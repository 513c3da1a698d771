"""Work in the background: whatever a turn raises, the next one comes, and the failure is seen."""

import asyncio
import contextlib

import pytest

from gateway.observability.metrics import Metrics
from gateway.proxy import background
from gateway.proxy.background import Background


class Turns:
    """Turns of one task, kept by `keep`; each raises `error`, or ends well when that is None."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error
        self.metrics = Metrics()
        self.background = Background(self.metrics)
        self.taken = 0
        self._next = asyncio.Event()

    async def turn(self) -> None:
        self.taken += 1
        self._next.set()
        if self.error is not None:
            raise self.error

    async def another(self) -> None:
        """Wait until the turn under way has ended and one more was taken."""
        self._next.clear()
        async with asyncio.timeout(5):
            await self._next.wait()
        await asyncio.sleep(0)

    def failures(self) -> float | None:
        return self.metrics.registry.get_sample_value("gateway_background_failures_total", {"task": "reload"})


@pytest.mark.parametrize(
    "error",
    [OSError("no process"), ValueError("ours"), MemoryError(), RecursionError(), asyncio.CancelledError()],
    ids=lambda error: type(error).__name__,
)
async def test_a_failed_turn_is_counted_shown_and_tried_again_soon(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(background, "RETRY_SECONDS", 0.01)
    turns = Turns(error)
    keeping = asyncio.ensure_future(turns.background.keep("reload", 0.02, turns.turn))
    await turns.another()
    await turns.another()
    assert turns.background.problem == "reload"
    assert turns.failures() == turns.taken >= 2
    turns.error = None
    await turns.another()
    assert turns.background.problem == ""
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    assert keeping.cancelled(), "its own end is no failure"
    assert turns.failures() == turns.taken - 1


async def test_a_long_period_does_not_delay_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "RETRY_SECONDS", 0.01)
    turns = Turns(OSError())
    keeping = asyncio.ensure_future(turns.background.keep("reload", 3600.0, turns.turn))
    await turns.another()
    await turns.another()
    keeping.cancel()
