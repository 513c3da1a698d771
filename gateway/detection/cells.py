"""Commas between the cells of pasted CSV (RFC 4180), and in lists of code, told from commas in numbers and sentences.

`3,232486621,7` is three cells; to a pattern that knows Dutch decimals it is one long number. Where a comma parts
cells it is read as a semicolon, which is in no number.
"""

import re
from collections.abc import Iterator
from itertools import groupby

_GLUED = re.compile(r"(?:^|(?<=\S)),(?=\S|\r?\n|$)")
"""In CSV no space stands around the commas; in a sentence one does."""

_QUOTED = re.compile(r'"[^"\n]*"')
_DECIMALS = re.compile(r"\d,\d{1,2}(?!\d)")
_FEWEST = 2


def parted(text: str) -> str:
    """`text` with the commas between cells as semicolons; of the same length."""
    if "," not in text:
        return text
    commas = [at for rows in _tables(text) for _, cuts in rows for at in cuts]
    if not commas:
        return text
    pieces: list[str] = []
    done = 0
    for at in commas:
        pieces += (text[done:at], ";")
        done = at + 1
    return "".join((*pieces, text[done:]))


Row = tuple[str, list[int]]
"""A line and the places in the text of the commas that may part its cells."""


def _tables(text: str) -> Iterator[list[Row]]:
    """Runs of lines with as many glued commas; one line alone needs three cells."""
    for count, run in groupby(_rows(text), key=lambda row: len(row[1])):
        rows = list(run)
        if not count or (len(rows) < _FEWEST and count < _FEWEST):
            continue
        if any(_are_cells(line, count) for line, _ in rows):
            yield rows


def _are_cells(line: str, count: int) -> bool:
    """Whether the commas of a line cannot all be those of decimals."""
    return len(_DECIMALS.findall(line)) < count


def _rows(text: str) -> Iterator[Row]:
    start = 0
    for line in text.splitlines(keepends=True):
        cuts: list[int] = []
        if "," in line:
            bare = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), line) if '"' in line else line
            cuts = [start + match.start() for match in _GLUED.finditer(bare)]
        yield line, cuts
        start += len(line)
