"""Work in the background that must never end unseen: looking at the rules, the sentinel, certificates, measuring.

A turn that fails is logged by type, counted, and tried again soon; until it succeeds the gateway is not ready.
"""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.observability.logs import get_logger
from gateway.observability.metrics import Metrics

RETRY_SECONDS = 5.0
"""How long after a failed turn the next one comes, at most."""

log = get_logger("gateway.background")


class Background:
    """Keeps tasks going. `problem` names those whose last turn failed; "" when there are none."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._failing: set[str] = set()

    @property
    def problem(self) -> str:
        """For the readiness check: names of ours, joined."""
        return ",".join(sorted(self._failing))

    async def keep(self, name: str, every: float, turn: Callable[[], Awaitable[object]]) -> None:
        """Take a turn every `every` seconds until this task itself is cancelled, whatever a turn raises."""
        while True:
            try:
                await turn()
            except BaseException as error:
                if not isinstance(error, Exception) and not _is_strayed(error):
                    raise
                self._failing.add(name)
                self._metrics.background_failures.labels(name).inc()
                log.error("background-failed", task=name, error=error)
                await asyncio.sleep(min(every, RETRY_SECONDS))
            else:
                self._failing.discard(name)
                await asyncio.sleep(every)


def _is_strayed(error: BaseException) -> bool:
    """Whether it is the cancellation of something a turn waited for, and not of the task that takes turns."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and not task.cancelling()
