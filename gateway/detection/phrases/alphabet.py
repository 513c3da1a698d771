"""The one-word patterns of all vocabularies of a rulebook, and which of them fit each word of a text.

A text is looked up once, however many vocabularies then search it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

import marisa_trie

from gateway.detection.phrases.words import Words, fold

_LONGEST = 40
_CACHED_WORDS = 8_192
_NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """The patterns (their numbers) that fit each word of a text, and the other way round; and its sentences."""

    atoms: Sequence[frozenset[int]]
    places: dict[int, list[int]]
    """For each pattern that fits a word: the indexes of those words, ascending."""

    sentence: Sequence[int]


class Alphabet:
    """Numbers one-word patterns; tells which fit a word: whole, by its beginning or ending, or anywhere in it."""

    def __init__(self) -> None:
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._prefix: dict[str, list[int]] = defaultdict(list)
        self._suffix: dict[str, list[int]] = defaultdict(list)
        self._infix: dict[str, list[int]] = defaultdict(list)
        self._capitals: dict[str, list[int]] = defaultdict(list)
        self._number: dict[str, int] = {}
        self._lines: WeakKeyDictionary[Words, Line] = WeakKeyDictionary()
        self._is_ready = False

    def number(self, pattern: str) -> int:
        """The number of a one-word pattern; the same pattern has one number."""
        if pattern in self._number:
            return self._number[pattern]
        self._is_ready = False
        number = self._number[pattern] = len(self._number)
        body = fold(pattern.strip("*="))
        if pattern.startswith("="):
            self._capitals[pattern[1:]].append(number)
        elif pattern.startswith("*") and pattern.endswith("*"):
            self._infix[body].append(number)
        elif pattern.startswith("*"):
            self._suffix[body[::-1]].append(number)
        elif pattern.endswith("*"):
            self._prefix[body].append(number)
        else:
            self._whole[body].append(number)
        return number

    def line(self, words: Words) -> Line:
        """What fits where in a text; found once for each text, as long as no pattern is added."""
        if not self._is_ready:
            self._make_ready()
        known = self._lines.get(words)
        if known is None:
            known = self._lines[words] = self._read(words)
        return known

    def _make_ready(self) -> None:
        self._prefixes = marisa_trie.Trie(list(self._prefix))
        self._suffixes = marisa_trie.Trie(list(self._suffix))
        self._infixes = marisa_trie.Trie(list(self._infix))
        self._folded_capitals = frozenset(fold(written) for written in self._capitals)
        self._known = lru_cache(_CACHED_WORDS)(self._fitting)
        self._lines.clear()
        self._is_ready = True

    def _read(self, words: Words) -> Line:
        fitting = {word: self._known(word) for word in words.distinct}
        atoms = [fitting[word] for word in words.folded]
        if not self._folded_capitals.isdisjoint(words.distinct):
            atoms = [
                known | self._of_capitals(words, at) if words.folded[at] in self._folded_capitals else known
                for at, known in enumerate(atoms)
            ]
        places: dict[int, list[int]] = defaultdict(list)
        for at, numbers in enumerate(atoms):
            for number in numbers:
                places[number].append(at)
        return Line(atoms, dict(places), words.sentence)

    def _of_capitals(self, words: Words, at: int) -> frozenset[int]:
        """What fits word `at` because of its capitals, when its neighbours are not in capitals too."""
        written = words.written(at)
        if written not in self._capitals or any(
            0 <= other < len(words) and words.written(other).isupper() and words.folded[other].isalpha()
            for other in (at - 1, at + 1)
        ):
            return _NOTHING
        return frozenset(self._capitals[written])

    def _fitting(self, word: str) -> frozenset[int]:
        found = list(self._whole.get(word, ()))
        word = word[:_LONGEST]
        for key in self._prefixes.prefixes(word):
            found += self._prefix[key]
        for key in self._suffixes.prefixes(word[::-1]):
            found += self._suffix[key]
        for start in range(len(word)):
            for key in self._infixes.prefixes(word[start:]):
                found += self._infix[key]
        return frozenset(found) if found else _NOTHING
