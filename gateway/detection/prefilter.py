"""The cheap first layer: one RE2 set says which recognizers can possibly find something, and in which part of the text.

The set also holds a pattern that always matches. When it is missing from an answer, RE2 gave up (its automaton outgrew
its memory) and every recognizer runs: a filter that fails must not look like a clean text.
"""

from collections.abc import Iterator, Mapping, Sequence

import re2

from gateway.detection.relax import MAX_WIDTH, relaxed

CHUNK = 400
_OVERLAP = MAX_WIDTH + 60
_MEMORY = 64 << 20
_SURE = "(?s:.)"

Spans = tuple[tuple[int, int], ...]
"""Ascending spans of a text that do not touch."""


class Prefilter:
    """Built once from the triggers of all recognizers (one tuple of RE2 patterns each, empty: always look)."""

    def __init__(self, triggers: Sequence[Sequence[str]]) -> None:
        self._always = tuple(owner for owner, patterns in enumerate(triggers) if not patterns)
        self._owners: list[tuple[int, int]] = []
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        self._set = re2.Set.SearchSet(options)
        for owner, patterns in enumerate(triggers):
            for number, pattern in enumerate(patterns):
                self._set.Add(relaxed(pattern, ignore_case=False) or _SURE)
                self._owners.append((owner, number))
        self._sure = self._set.Add(_SURE)
        self._set.Compile()

    def windows(self, text: str) -> dict[int, dict[int, Spans]]:
        """For each recognizer (its index) that may find something: by trigger (its index) the spans worth a look.

        A recognizer without triggers has the whole text under trigger 0.
        """
        found: dict[int, dict[int, list[tuple[int, int]]]] = {owner: {0: [(0, len(text))]} for owner in self._always}
        if self._owners:
            for start, end in _chunks(text):
                for owner, number in self._triggered(text[start : end + _OVERLAP]):
                    spans = found.setdefault(owner, {}).setdefault(number, [])
                    if spans and spans[-1][1] == start:
                        spans[-1] = (spans[-1][0], end)
                    else:
                        spans.append((start, end))
        return {owner: {at: tuple(spans) for at, spans in by.items()} for owner, by in found.items()}

    def _triggered(self, text: str) -> Sequence[tuple[int, int]]:
        matched = self._set.Match(text.encode("ascii", "replace"))
        if self._sure not in matched:
            return self._owners
        return [self._owners[at] for at in matched if at != self._sure]


def union(by_trigger: Mapping[int, Spans]) -> Spans:
    """All spans of all triggers, merged."""
    if len(by_trigger) == 1:
        return next(iter(by_trigger.values()))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for spans in by_trigger.values() for span in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    if len(text) <= CHUNK + _OVERLAP:
        if text:
            yield 0, len(text)
        return
    for start in range(0, len(text), CHUNK):
        yield start, min(start + CHUNK, len(text))
