"""Our own context step: words near a hit raise or lower its score. One bounded window a hit, so linear in the text.

Presidio's enhancer walks all tokens from the start for each finding and needs lemmas that a blank pipeline does not
have; here words match on the folded text, in any inflection when the rule writes `bewon*`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.detection.reading import Hit, Reading
from gateway.errors import InspectionError
from gateway.model.inspection import Entity
from gateway.model.policy import ReasonCode
from gateway.rulebook.documents.detection import Context


def words_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for whole words or phrases in any case; a trailing `*` stands for any ending. None without words."""
    parts = [_phrase(word) for word in sorted({*words}, key=lambda word: (-len(word), word))]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])", re.IGNORECASE) if parts else None


def _phrase(words: str) -> str:
    stem = words.removesuffix("*")
    return r"\s+".join(re.escape(word) for word in stem.split()) + (r"[^\W_]*" if words.endswith("*") else "")


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The context of one rule, compiled. `near` is in characters on either side, cut at word borders."""

    context: Context
    favour: re.Pattern[str] | None
    against: re.Pattern[str] | None

    @classmethod
    def of(cls, context: Context) -> "ContextWindow":
        return cls(context, words_pattern(context.words), words_pattern(context.against))

    def score(self, reading: Reading, start: int, end: int, score: float) -> float:
        """`score` with the boost and the drop applied, within 0..1. Words inside the hit itself do not count."""
        if self.favour and self._near(self.favour, reading, start, end):
            score = min(1.0, score + self.context.boost)
        if self.against and self._near(self.against, reading, start, end):
            score = max(0.0, score - self.context.drop)
        return score

    def _near(self, pattern: re.Pattern[str], reading: Reading, start: int, end: int) -> bool:
        left, right = reading.word_border(start - self.context.near), reading.word_border(end + self.context.near)
        return bool(pattern.search(reading.text, left, start) or pattern.search(reading.text, end, right))


def prove() -> None:
    """The start-up self-check: a context word raises a score, one against lowers it, a distant one does nothing.

    Raises InspectionError when any of that is not so: a gateway whose context does not work would miss silently.
    """
    window = ContextWindow.of(Context(near=20, words=("burgerservicenummer",), against=("ordernummer",)))
    hit = Hit(Entity.NL_BSN, 0, 9, 0.5, "self-check")
    near, against = Reading("111222333 burgerservicenummer"), Reading("111222333 ordernummer")
    far = Reading("111222333" + " ver" * 20 + " burgerservicenummer")
    scores = [window.score(reading, hit.start, hit.end, hit.score) for reading in (near, against, far)]
    if not scores[0] > scores[2] > scores[1]:
        raise InspectionError(ReasonCode.INSPECTION_FAILED, "context self-check")
