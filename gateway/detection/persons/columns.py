"""Columns of names: where most cells of a column are people, a cell of the same shape is one too."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

import regex

from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.tables import Tables
from nl_models import Lexicon

_FEWEST = 2
_SHAPE = regex.compile(
    r"(?:\p{Lu}[\p{L}\p{M}'’.-]*|\p{Ll}{1,4}\.?)(?:,? (?:\p{Lu}[\p{L}\p{M}'’.-]*|\p{Ll}{1,4}\.?)){0,4}"
)
_WORD = regex.compile(r"\p{Lu}[\p{L}\p{M}'’-]+")
_LONGEST = 40


def unnamed_cells(
    text: str, tables: Tables, people: Sequence[tuple[int, int]], vocabulary: NameVocabulary, lexicon: Lexicon | None
) -> Iterator[tuple[int, int]]:
    """The cells of columns of names that none of `people` (spans in order, apart) covers, if they look like a name."""
    columns: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for head, cell in tables.cells():
        columns[head].append(cell)
    for head, below in columns.items():
        cells = [head, *below]
        named = {cell for cell in cells if _is_covered(cell, people)}
        if len(named) < _FEWEST or 2 * len(named) < len(cells):
            continue
        for start, end in cells:
            if (start, end) not in named and _is_like_a_name(text[start:end], vocabulary, lexicon):
                yield start, end


def _is_covered(cell: tuple[int, int], people: Sequence[tuple[int, int]]) -> bool:
    """Whether a person fills more than half of the cell."""
    start, end = cell
    at = max(0, bisect_left(people, (start, start)) - 1)
    filled = 0
    while at < len(people) and people[at][0] < end:
        filled += max(0, min(people[at][1], end) - max(people[at][0], start))
        at += 1
    return 2 * filled > end - start


def _is_like_a_name(cell: str, vocabulary: NameVocabulary, lexicon: Lexicon | None) -> bool:
    """A few capitalised words, of which one at least is no ordinary word."""
    if len(cell) > _LONGEST or not _SHAPE.fullmatch(cell):
        return False
    words = [word.lower() for word in _WORD.findall(cell)]
    if not words or any(word in vocabulary.never or word in vocabulary.thing_labels for word in words):
        return False
    return lexicon is None or any(lexicon.commonness(word) == 0 or lexicon.surname(word) for word in words)
