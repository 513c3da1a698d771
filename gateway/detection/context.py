"""Our own context step: words near a hit raise or lower its score. One bounded window a hit, so linear in the text.

Presidio's enhancer walks all tokens from the start for each finding and needs lemmas that a blank pipeline does not
have; here words match on the folded text, in any inflection when the rule writes `bewon*`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from gateway.detection.reading import Hit, Reading
from gateway.errors import InspectionError
from gateway.model.inspection import Entity
from gateway.model.policy import ReasonCode
from gateway.rulebook.documents.detection import Context

_HEAD = 4
"""How far away a column's head counts, in characters: nearer than what stands in the cell before."""

_CASE_OF_ASCII = str.maketrans({"\u0131": "i", "\u017f": "s", "\u0307": None})
"""Letters that a pattern in any case takes for ASCII ones: the dotless i, the long s, the dot of a small dotted I."""

_BEHIND = 12
_OVER_A_LINE = 15


def words_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for whole words or phrases in any case; a trailing `*` stands for any ending. None without words."""
    parts = [_phrase(word) for word in sorted({*words}, key=lambda word: (-len(word), word))]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])", re.IGNORECASE) if parts else None


def _phrase(words: str) -> str:
    stem = words.removesuffix("*")
    return r"\s+".join(re.escape(word) for word in stem.split()) + (r"[^\W_]*" if words.endswith("*") else "")


@dataclass(frozen=True, slots=True)
class ContextWords:
    """Context words as one pattern, and the first word of each: a plain search that says where the pattern is needless.

    `stems` are in lower case, none of which holds another.
    """

    pattern: re.Pattern[str]
    stems: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> "ContextWords | None":
        """None without words."""
        pattern = words_pattern(words)
        if pattern is None:
            return None
        firsts = {word.removesuffix("*").split()[0].lower().translate(_CASE_OF_ASCII) for word in words}
        stems = [one for one in firsts if not any(other != one and other in one for other in firsts)]
        return cls(pattern, tuple(sorted(stems)))

    def within(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """The words between `start` and `end`."""
        near = text[start:end].lower()
        if near.isascii() and not any(map(near.__contains__, self.stems)):
            return iter(())
        return self.pattern.finditer(text, start, end)


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The context of one rule, compiled. `near` is in characters on either side, cut at word borders."""

    context: Context
    favour: "ContextWords | None"
    against: "ContextWords | None"

    @classmethod
    def of(cls, context: Context) -> "ContextWindow":
        return cls(context, ContextWords.of(context.words), ContextWords.of(context.against))

    def score(self, reading: Reading, start: int, end: int, score: float) -> float:
        """`score` raised or lowered by the nearest context word, within 0..1.

        A label stands before its value or above it (the head of its column); a word behind the value counts as
        further away than it is. Words inside the hit do not count.
        """
        favour = self._distance(self.favour, reading, start, end)
        against = self._distance(self.against, reading, start, end)
        if favour < against:
            return min(1.0, score + self.context.boost)
        if against < favour:
            return max(0.0, score - self.context.drop)
        return score

    def _distance(self, words: "ContextWords | None", reading: Reading, start: int, end: int) -> float:
        if words is None:
            return inf
        text, nearest = reading.text, inf
        for match in words.within(text, reading.word_border(start - self.context.near), start):
            nearest = start - match.end() + _OVER_A_LINE * text.count("\n", match.end(), start)
        if behind := next(words.within(text, end, reading.word_border(end + self.context.near)), None):
            lines = text.count("\n", end, behind.start())
            nearest = min(nearest, _BEHIND + 2 * (behind.start() - end) + _OVER_A_LINE * lines)
        head = reading.tables.head_of(start) if nearest > _HEAD else None
        return _HEAD if head and next(words.within(text, *head), None) else nearest


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
