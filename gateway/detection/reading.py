"""One text made ready for recognizers: folded once, cut into words and sentences when somebody asks for them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

from gateway.detection.cells import parted
from gateway.detection.fold import fold
from gateway.detection.tables import Tables
from gateway.detection.wrapping import unwrapped
from gateway.model.inspection import Entity

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_REST_OF_WORD = re.compile(r"(?:(?<=[^\W_])|(?<=[^\W_]['-])(?=[^\W_]))[^\W_]*(?:['-][^\W_]+)*")
_LONGEST_REST = 100
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*\s+(?=[\"'(\[]?[^\W\d_a-z]|\d)|\n+")


class Reading:
    """A text as it was sent (`original`) and as a person reads it (`text`); recognizers see only the latter.

    Offsets of words, sentences and hits are code points of `text`; `to_original` maps a span back.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        folded, self._offsets = fold(original)
        self.text = parted(unwrapped(folded))

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The span of `original` that a span of `text` came from; never empty when the given span is not."""
        return self._offsets.start_of(start), self._offsets.end_of(end)

    @cached_property
    def lower(self) -> str:
        """`text` in lower case, code point for code point (so offsets agree)."""
        lowered = self.text.lower()
        if len(lowered) == len(self.text):
            return lowered
        return "".join(low if len(low := char.lower()) == 1 else char for char in self.text)

    @cached_property
    def words(self) -> tuple[tuple[int, int], ...]:
        """Spans of words in order; hyphens and apostrophes inside a word belong to it."""
        return tuple(match.span() for match in _WORD.finditer(self.text))

    @cached_property
    def word_starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.words)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Spans of sentences in order, line breaks end one; together they cover the text."""
        cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(self.text))]
        if cuts[-1] != len(self.text):
            cuts.append(len(self.text))
        return tuple(pairwise(cuts))

    @cached_property
    def _sentence_starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.sentences)

    def sentence_at(self, position: int) -> tuple[int, int]:
        """The span of the sentence that holds `position`."""
        if not self.sentences:
            return 0, 0
        return self.sentences[max(0, bisect_right(self._sentence_starts, position) - 1)]

    @cached_property
    def tables(self) -> Tables:
        """The pasted tables of the text."""
        return Tables(self.text)

    def word_border(self, position: int) -> int:
        """`position` within the text, moved to the end of the word it would cut through (or a hundred code points)."""
        if position <= 0 or position >= len(self.text):
            return min(max(position, 0), len(self.text))
        rest = _REST_OF_WORD.match(self.text, position, position + _LONGEST_REST)
        return rest.end() if rest else position

    def words_between(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The words that begin within `[start, end)`; O(log words + answer)."""
        starts = self.word_starts
        return self.words[bisect_left(starts, start) : bisect_left(starts, end)]


Spans = tuple[tuple[int, int], ...]
"""Ascending spans of a text that do not touch."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One find of a recognizer, in offsets of `Reading.text`. Unlike a `Finding` it lives only during an inspection."""

    entity: Entity
    start: int
    end: int
    score: float
    rule_id: str
    validated: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a recognizer gets to see: the reading, what stage 1 found (stage 2 only), and where to look.

    `windows` are the spans of `reading.text` in which a hit may begin, given where the first layer saw one of the
    recognizer's triggers, ascending and apart; a recognizer without triggers gets the whole text. A hit may run past
    the end of a window. `by_trigger` says the same for each trigger (its index).
    """

    reading: Reading
    earlier: tuple[Hit, ...] = ()
    windows: Spans = ()
    by_trigger: Mapping[int, Spans] = field(default_factory=lambda: MappingProxyType({}))
