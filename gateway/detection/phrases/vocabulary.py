"""The notation of word lists, and a matcher that finds thousands of terms in one pass over the words.

A term is one or more words with a space between; each word may be

* `diabetes`      that word, whatever its capitals, accents, hyphens (`burn-out` is also `burnout`);
* `diabet*`       a word that starts so; `*kanker` ends so; `*schizofren*` holds it anywhere;
* `=ALS`          that word in these capitals, in a text that is not all capitals (`als` is a common word);
* `heeft|had`     one of these;  `gesloten?` may be absent;
* `{be}`          a word class: every word of the list's `{be} = is was …` line in `word-classes`;
* `...`           up to four words that do not matter; `......` up to ten.

A term that starts with `!` is an exception: a hit of which it covers every word is none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.detection.phrases.alphabet import Alphabet, Line
from gateway.detection.phrases.words import Words

_GAPS = {"...": 4, "......": 10}


@dataclass(frozen=True, slots=True)
class Hit:
    """One term found: words `[first, last]`, and the number of the vocabulary it belongs to."""

    vocabulary: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """One position of a term: atoms of which one must fit, `gap` words that may stand before it, may it be absent."""

    atoms: frozenset[int]
    is_optional: bool
    gap: int


@dataclass(frozen=True, slots=True)
class _Term:
    vocabulary: int
    slots: tuple[_Slot, ...]
    is_exception: bool

    def may_stand(self, atoms: frozenset[int]) -> bool:
        """Whether every word it needs fits one of the `atoms` of a text."""
        return not any(slot.atoms.isdisjoint(atoms) for slot in self.slots if not slot.is_optional)


class Vocabularies:
    """Several vocabularies matched together. Raises ValueError for a term that is not in the notation.

    Vocabularies that search the same texts share an `alphabet`.
    """

    def __init__(
        self,
        vocabularies: Sequence[Iterable[str]],
        classes: Mapping[str, Sequence[str]] | None = None,
        alphabet: Alphabet | None = None,
    ) -> None:
        self._alphabet = alphabet or Alphabet()
        self._classes = classes or {}
        self._by_anchor: dict[int, list[tuple[_Term, int]]] = defaultdict(list)
        for number, terms in enumerate(vocabularies):
            for term in dict.fromkeys(terms):
                self._add(number, term)

    def _add(self, vocabulary: int, written: str) -> None:
        slots: list[_Slot] = []
        weights: list[int] = []
        gap = 0
        for piece in written.removeprefix("!").split():
            if piece in _GAPS:
                gap = _GAPS[piece]
                continue
            is_optional = piece.endswith("?")
            words = self._alternatives(piece.removesuffix("?"), written)
            slots.append(_Slot(frozenset(self._alphabet.number(word) for word in words), is_optional, gap))
            weights.append(0 if is_optional else min(len(word.strip("*")) for word in words) * 10 - len(words))
            gap = 0
        if not slots or gap or slots[0].gap or max(weights) <= 0:
            raise ValueError(f"not a term: {written!r}")
        term = _Term(vocabulary, tuple(slots), written.startswith("!"))
        anchor = weights.index(max(weights))
        for atom in slots[anchor].atoms:
            self._by_anchor[atom].append((term, anchor))

    def _alternatives(self, piece: str, written: str) -> list[str]:
        words: list[str] = []
        for word in piece.split("|"):
            if word.startswith("{"):
                name = word.strip("{}")
                if name not in self._classes:
                    raise ValueError(f"unknown word class in {written!r}")
                words += self._classes[name]
            else:
                words.append(word)
        if not all(word.strip("*") for word in words):
            raise ValueError(f"empty word in {written!r}")
        return words

    def find(self, words: Words) -> list[Hit]:
        """Every longest hit of each vocabulary, in order of place; exceptions have taken theirs out."""
        line = self._alphabet.line(words)
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        barred: dict[int, set[int]] = defaultdict(set)
        present = frozenset(line.places)
        for atom in self._by_anchor.keys() & present:
            for term, anchor in self._by_anchor[atom]:
                if len(term.slots) > 1 and not term.may_stand(present):
                    continue
                for place in line.places[atom]:
                    span = _fit(line, term, anchor, place)
                    if span is None:
                        continue
                    if term.is_exception:
                        barred[term.vocabulary].update(range(span[0], span[1] + 1))
                    else:
                        found[term.vocabulary].append(span)
        return sorted(
            (
                Hit(number, first, last)
                for number, spans in found.items()
                for first, last in _longest(spans)
                if not barred[number].issuperset(range(first, last + 1))
            ),
            key=lambda hit: (hit.first, hit.last, hit.vocabulary),
        )


def _longest(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans that lie in no other span."""
    reach = -1
    for first, last in sorted(spans, key=lambda span: (span[0], -span[1])):
        if last > reach:
            yield first, last
            reach = last


def _fit(line: Line, term: _Term, anchor: int, place: int) -> tuple[int, int] | None:
    """First and last word of `term` when its slot `anchor` is the word at `place`; None when it does not fit."""
    last = _walk(line, term.slots, anchor + 1, place, 1)
    if last is None:
        return None
    first = _walk(line, term.slots, anchor - 1, place, -1)
    return None if first is None else (first, last)


def _walk(line: Line, slots: Sequence[_Slot], slot: int, place: int, step: int) -> int | None:
    """Fit the slots from `slot` on, leaving `place` in direction `step`; the last place used, or None."""
    while 0 <= slot < len(slots):
        gap = slots[slot].gap if step > 0 else slots[slot + 1].gap
        at = _nearest(line, slots[slot].atoms, place, step, gap)
        if at is not None:
            place = at
        elif not slots[slot].is_optional:
            return None
        slot += step
    return place


def _nearest(line: Line, atoms: frozenset[int], place: int, step: int, gap: int) -> int | None:
    for skipped in range(gap + 1):
        at = place + step * (1 + skipped)
        if not 0 <= at < len(line.atoms) or line.sentence[at] != line.sentence[place]:
            return None
        if not atoms.isdisjoint(line.atoms[at]):
            return at
    return None
