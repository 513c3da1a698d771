"""Coaching: the first time a rule coaches somebody over a message it is held and explained; sent again, it goes on."""

import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable

from gateway.model.inspection import Inspection
from gateway.model.policy import Decision
from gateway.model.traffic import Exchange, Extraction, Message, PartRole, ToolMatch

MINUTES = 15
"""How long an explanation that was shown counts as read."""
_MAX = 10_000
_THEIRS = frozenset({PartRole.USER, PartRole.FILE})

type _Shown = tuple[str, str, str, tuple[str, ...], bytes]


class Coaching:
    """Who was shown which explanation over what lately; in memory only, under a key that dies with the process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._key = os.urandom(32)
        self._shown: OrderedDict[_Shown, float] = OrderedDict()

    def was_shown(self, exchange: Exchange, match: ToolMatch, decision: Decision, judged: Iterable[bytes]) -> bool:
        """Whether the same rules coached this person over the same words within `MINUTES`; if not, they do now.

        Sending it again does not make the time longer.
        """
        words = hmac.digest(self._key, b"".join(sorted(hashlib.sha256(each).digest() for each in judged)), "sha256")
        place = (exchange.person.identity, match.tool_id, match.endpoint.endpoint_id)
        key = (*place, decision.winning, words)
        now = self._clock()
        before = self._shown.get(key)
        if before is not None and now - before <= MINUTES * 60:
            return True
        self._shown[key] = now
        self._shown.move_to_end(key)
        while len(self._shown) > _MAX:
            self._shown.popitem(last=False)
        return False


def judged(extraction: Extraction, inspection: Inspection, message: Message) -> set[bytes]:
    """What makes a message the same one when it is sent again: what the person wrote and attached, and every other text
    in which something was found. Not the body as it is: ids, times and a longer history differ. The body only when
    nothing could be read from it.
    """
    found = {finding.part_id for finding in inspection.findings}
    texts = {part.text for part in extraction.parts if part.role in _THEIRS or part.id in found}
    files = {upload.content for upload in extraction.uploads if upload.content is not None}
    return {text.encode("utf-8", "surrogatepass") for text in texts} | files or {message.body}
