"""The cheap first layer: one RE2 set says which recognizers can possibly find something in which part of the text, and
then each trigger's own expression where.

The set also holds a pattern that always matches. When it is missing from an answer, RE2 gave up (its automaton outgrew
its memory) and every recognizer runs: a filter that fails must not look like a clean text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from gateway.detection.reading import Spans
from gateway.detection.relax import MAX_WIDTH, relaxed

CHUNK = 400
REACH = MAX_WIDTH + 60
"""How far before its trigger the match of a recognizer may begin, when it does not say so itself."""

_SCAN = 2_000
_STEP = 4
"""Places that one find of a trigger opens, twice as many after each find close behind the last: few searches in a text
that is all triggers."""

_MEMORY = 64 << 20
_SURE = "(?s:.)"


@dataclass(frozen=True, slots=True)
class Watch:
    """What to look for on behalf of one recognizer: RE2 patterns of which one is in every match (none: always look),
    and how many code points before it a match may begin (None: it is enough to know that there is one)."""

    triggers: Sequence[str]
    lead: int | None = REACH


class Prefilter:
    """Built once from what all recognizers watch for."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._always = tuple(owner for owner, watch in enumerate(watches) if not watch.triggers)
        self._leads = [watch.lead for watch in watches]
        self._owners: list[tuple[int, int]] = []
        self._finders: dict[tuple[int, int], Any] = {}
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        self._set = re2.Set.SearchSet(options)
        for owner, watch in enumerate(watches):
            for number, trigger in enumerate(watch.triggers):
                pattern = relaxed(trigger, ignore_case=False)
                self._set.Add(pattern or _SURE)
                self._owners.append((owner, number))
                if pattern and watch.lead is not None:
                    self._finders[owner, number] = re2.compile(pattern.encode("ascii"), options)
        self._sure = self._set.Add(_SURE)
        self._set.Compile()

    def windows(self, text: str) -> dict[int, dict[int, Spans]]:
        """For each recognizer (its index) that may find something: by trigger (its index) where a match may begin.

        A recognizer without triggers has the whole text under trigger 0.
        """
        windows: dict[int, dict[int, Spans]] = {owner: {0: ((0, len(text)),)} for owner in self._always}
        if not self._owners:
            return windows
        data = text.encode("ascii", "replace")
        chunks: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for start, end in _chunks(len(data)):
            for trigger in self._triggered(data[start : end + REACH]):
                _join(chunks.setdefault(trigger, []), start, end)
        for trigger, spans in chunks.items():
            if near := self._near(trigger, data, spans):
                windows.setdefault(trigger[0], {})[trigger[1]] = near
        return windows

    def _triggered(self, data: bytes) -> Sequence[tuple[int, int]]:
        matched = self._set.Match(data)
        if self._sure not in matched:
            return self._owners
        return [self._owners[at] for at in matched if at != self._sure]

    def _near(self, trigger: tuple[int, int], data: bytes, spans: Sequence[tuple[int, int]]) -> Spans:
        """These spans cut down to the places from which the trigger is within reach."""
        finder, lead = self._finders.get(trigger), self._leads[trigger[0]]
        if finder is None or lead is None:
            return tuple(spans)
        near: list[tuple[int, int]] = []
        for start, end in spans:
            at, step = max(0, start - 1), _STEP
            while at < end:
                found = finder.search(data, at, at + _SCAN + REACH)  # bounded: a find may run on to the end of a text
                place = found.start() if found else end
                if place >= min(end, at + _SCAN):
                    at += _SCAN - 1
                    continue
                step = min(2 * step, CHUNK) if place - at < _STEP else _STEP
                _join(near, max(0, place - lead), min(len(data), place + step))
                at = place + step - 1  # a pattern may begin with the character that must stand before it
        return tuple(near)


def _join(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a span that begins no earlier than the last one did; spans that touch become one."""
    if spans and start <= spans[-1][1]:
        start, before = spans.pop()
        end = max(end, before)
    spans.append((start, end))


def union(by_trigger: Mapping[int, Spans]) -> Spans:
    """All spans of all triggers, merged."""
    if len(by_trigger) == 1:
        return next(iter(by_trigger.values()))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for spans in by_trigger.values() for span in spans):
        _join(merged, start, end)
    return tuple(merged)


def _chunks(length: int) -> Iterator[tuple[int, int]]:
    if length <= CHUNK + REACH:
        if length:
            yield 0, length
        return
    for start in range(0, length, CHUNK):
        yield start, min(start + CHUNK, length)
