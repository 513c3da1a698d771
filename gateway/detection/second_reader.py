"""Model B for every recognizer of a rulebook: a text is read once, from its start up to a limit of words."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gateway.detection.reading import Reading

if TYPE_CHECKING:
    from nl_models import SecondOpinion, Span

START_WORDS = 1_000
"""Words of a text that model B reads from its start, for names and for facts."""
MOST_WORDS = 2_000
"""Words that it reads besides, in later sentences that hold a candidate for a name."""


_SAMPLE, _SHOUTED = 2_000, 0.7


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What model B read (stretches of the text, in order) and what it saw there."""

    stretches: tuple[tuple[int, int], ...] = ()
    names: tuple["Span", ...] = ()
    facts: tuple["Span", ...] = ()

    def denies(self, start: int, end: int) -> bool:
        """Whether B read this span and saw no person in it."""
        if not _is_inside(self.stretches, start):
            return False
        return not any(one.label == "PER" and one.start < end and start < one.end for one in self.names)


class SecondReader:
    """Asks model B, when there is one; a text that several recognizers ask about is read once."""

    def __init__(self, model: "SecondOpinion | None") -> None:
        self._model = model
        self._start: WeakKeyDictionary[Reading, SecondLook] = WeakKeyDictionary()

    def start(self, reading: Reading) -> SecondLook:
        """The first `START_WORDS` words of a text."""
        known = self._start.get(reading)
        if known is None:
            end = reading.words[START_WORDS - 1][1] if len(reading.words) > START_WORDS else len(reading.text)
            known = self._start[reading] = self._look(reading, ((0, end),) if reading.words else ())
        return known

    def names(
        self, reading: Reading, candidates: Sequence[tuple[int, int]], most_words: int = MOST_WORDS
    ) -> SecondLook:
        """The names in sentences with one of the `candidates`: in the start, and in `most_words` words after it.

        None at all when `most_words` is 0.
        """
        if not most_words or self._model is None:
            return SecondLook()
        look = self.start(reading)
        end = look.stretches[-1][1] if look.stretches else 0
        sentences = sorted({reading.sentence_at(start) for start, _ in candidates})
        later: list[tuple[int, int]] = []
        words = 0
        for first, last in sentences:
            if last > end:
                words += len(reading.words_between(first, last))
                if words > most_words:
                    break
                later.append((max(first, end), last))
        more = self._look(reading, tuple(later))
        names = [name for name in look.names if _is_inside(sentences, name.start)]
        return SecondLook((*look.stretches, *more.stretches), (*names, *more.names))

    def _look(self, reading: Reading, stretches: tuple[tuple[int, int], ...]) -> SecondLook:
        if self._model is None or not stretches:
            return SecondLook()
        answer = self._model.read(reading.text, stretches)
        facts = self._model.read(reading.lower, stretches).facts if _is_shouted(reading.text) else answer.facts
        return SecondLook(stretches, answer.names, facts)


def _is_shouted(text: str) -> bool:
    """Whether most letters are capitals: facts are then read in lower case, names as they stand."""
    letters = [character for character in text[:_SAMPLE] if character.isalpha()]
    return sum(map(str.isupper, letters)) > _SHOUTED * len(letters)


def _is_inside(stretches: Sequence[tuple[int, int]], position: int) -> bool:
    at = bisect_right(stretches, (position, inf)) - 1
    return at >= 0 and position < stretches[at][1]
