"""The cheap first layer: one RE2 set says which recognizers can possibly find something, and in which part of the text.

The set also holds a pattern that always matches. When it is missing from an answer, RE2 gave up (its automaton outgrew
its memory) and every recognizer runs: a filter that fails must not look like a clean text.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import re2

from gateway.detection.relax import MAX_WIDTH

CHUNK = 2_000
_OVERLAP = MAX_WIDTH + 60
_MEMORY = 256 << 20
_SURE = "(?s:.)"


class Prefilter:
    """Built once from the triggers of all recognizers (one tuple of RE2 patterns each, empty: always look)."""

    def __init__(self, triggers: Sequence[Sequence[str]]) -> None:
        self._always = tuple(owner for owner, patterns in enumerate(triggers) if not patterns)
        self._owners: list[int] = []
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        for owner, patterns in enumerate(triggers):
            for pattern in patterns:
                self._set.Add(pattern)
                self._owners.append(owner)
        self._sure = self._set.Add(_SURE)
        self._set.Compile()

    def windows(self, text: str) -> dict[int, tuple[tuple[int, int], ...]]:
        """For each recognizer (its index) that may find something: the spans of `text` worth a look, in order."""
        found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for owner in self._always:
            found[owner].append((0, len(text)))
        if self._owners:
            for start, end in _chunks(text):
                for owner in self._owners_in(text[start : end + _OVERLAP]):
                    spans = found[owner]
                    if spans and spans[-1][1] == start:
                        spans[-1] = (spans[-1][0], end)
                    else:
                        spans.append((start, end))
        return {owner: tuple(spans) for owner, spans in found.items()}

    def _owners_in(self, text: str) -> frozenset[int]:
        matched = self._set.Match(text)
        if self._sure not in matched:
            return frozenset(self._owners)
        return frozenset(self._owners[at] for at in matched if at != self._sure)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    if len(text) <= CHUNK + _OVERLAP:
        if text:
            yield 0, len(text)
        return
    for start in range(0, len(text), CHUNK):
        yield start, min(start + CHUNK, len(text))
