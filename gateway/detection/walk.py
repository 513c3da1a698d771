"""Walks over a text with an expression, only where the first layer saw something; bounded in CPU time."""

import time
from collections.abc import Iterator
from functools import cache

import regex

from gateway.detection.reading import Spans

NARROW = 24
"""A window up to this wide is tried a few places at a time: a search would go on behind the window to find nothing."""

_STRIDE = 4


def walkable(source: str, flags: int = 0) -> "regex.Pattern[str]":
    """An expression compiled for walks, so that forked workers share all of it."""
    pattern = regex.compile(source, flags)
    _striding(pattern)
    return pattern


@cache
def _striding(pattern: "regex.Pattern[str]") -> "regex.Pattern[str]":
    """What matches as `pattern` does at the first of `_STRIDE` places: one call for as many tries."""
    ending = "\n)" if pattern.flags & regex.VERBOSE else ")"  # a verbose pattern may end in a comment
    return regex.compile(rf"(?s:.{{0,{_STRIDE - 1}}}?)\K(?:{pattern.pattern}{ending}", pattern.flags)


class Walk:
    """The matches of `pattern` that begin in a window, in order, as one pass over the whole text would find them.

    `pattern` comes from `walkable`. A match may run `slack` code points past its window; `seconds` is the time
    that all of it may take: by the clock, which is cheap to ask and never slower than the processor's; when that is
    over, once more in CPU time, as others may have had the processor. Raises TimeoutError when that is over too.
    """

    def __init__(self, pattern: "regex.Pattern[str]", text: str, slack: int, seconds: float) -> None:
        self._pattern = pattern
        self._text = text
        self._slack = slack
        self._seconds = self._left = seconds
        self._clock = time.perf_counter

    def over(self, windows: Spans, *, overlapped: bool = False) -> Iterator["regex.Match[str]"]:
        """Every match; with `overlapped` the next one may begin inside the one before."""
        at = 0
        for start, end in windows:
            at = max(at, start)
            while match := self.next(at, end):
                yield match
                at = match.start() + 1 if overlapped else max(match.end(), match.start() + 1)

    def next(self, start: int, end: int) -> "regex.Match[str] | None":
        """The first match that begins in `[start, end)`."""
        if start >= end:
            return None
        if self._left <= 0:
            self._renew()
        clock = self._clock
        began = clock()
        stop = min(len(self._text), end + self._slack)
        try:
            if end - start > NARROW:
                match = self._pattern.search(self._text, start, stop, timeout=self._left)
                return match if match and match.start() < end else None
            striding = _striding(self._pattern)
            for at in range(start, end, _STRIDE):
                if match := striding.match(self._text, at, stop, timeout=self._left):
                    return match if match.start() < end else None
            return None
        finally:
            self._left -= clock() - began

    def _renew(self) -> None:
        if self._clock is time.process_time:
            raise TimeoutError
        self._clock, self._left = time.process_time, self._seconds
