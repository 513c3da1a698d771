"""Coaching: the first time a rule coaches somebody the message is held and explained; sent again, it goes on."""

from collections import OrderedDict
from collections.abc import Callable

from gateway.model.policy import Decision
from gateway.model.traffic import Exchange, ToolMatch

MINUTES = 15
"""How long an explanation that was shown counts as read."""
_MAX = 10_000


class Coaching:
    """Who was shown which explanation lately; in memory only, never written."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._shown: OrderedDict[tuple[str, str, tuple[str, ...]], float] = OrderedDict()

    def was_shown(self, exchange: Exchange, match: ToolMatch, decision: Decision) -> bool:
        """Whether this person was coached by the same rules for the same tool within `MINUTES`; remembers it now."""
        key = (exchange.person.identity, match.tool_id, decision.winning)
        now = self._clock()
        before = self._shown.pop(key, None)
        self._shown[key] = now
        while len(self._shown) > _MAX:
            self._shown.popitem(last=False)
        return before is not None and now - before <= MINUTES * 60
