"""Pasted tables: which column a position is in, and what stands above it. A column's head is the label of its cells."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_DELIMITERS = ("|", "\t", ";", ",")
_MOST_IN_PROSE = 2
"""Commas a line of ordinary text may hold before it can be a table row."""


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    delimiter: str
    head: int
    """Index of the first row of the same table."""


_INSERT = re.compile(r"\(([^()\n]{1,1000})\)\s{0,20}VALUES?\s{0,20}(?=\()", re.IGNORECASE)
_TUPLE = re.compile(r"\s{0,20}[,;]?\s{0,20}\(((?:[^()'\n]|'[^'\n]*'){1,2000})\)")
_FIELD = re.compile(r"(?:[^,;']|'[^']*')+")
"""Commas may have become semicolons (`gateway.detection.cells`)."""


class Tables:
    """The delimited rows of one text. Built in one pass; a table is a run of lines with the same delimiter count.

    The values of an SQL insert stand under the columns it names.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._rows: list[_Row] = []
        start, shape = 0, ("", 0)
        for line in text.splitlines(keepends=True):
            before, shape = shape, _shape(line)
            head = self._rows[-1].head if shape[0] and shape == before else len(self._rows)
            self._rows.append(_Row(start, start + len(line), shape[0], head))
            start += len(line)
        self._starts = [row.start for row in self._rows]
        self._inserted = list(_inserted(text))
        self._inserted_starts = [cell[0] for _, cell in self._inserted]

    def head_of(self, position: int) -> tuple[int, int] | None:
        """The span of the head cell above `position`; None outside a table or in its first row."""
        at = bisect_right(self._inserted_starts, position) - 1
        if at >= 0 and position < self._inserted[at][1][1]:
            return self._inserted[at][0]
        at = bisect_right(self._starts, position) - 1
        if at < 0 or not self._rows[at].delimiter or self._rows[at].head == at:
            return None
        row, head = self._rows[at], self._rows[self._rows[at].head]
        start = head.start
        for _ in range(self._text.count(row.delimiter, row.start, position)):
            start = self._text.find(row.delimiter, start, head.end) + 1
            if start == 0:
                return None
        end = self._text.find(row.delimiter, start, head.end)
        return start, head.end if end < 0 else end

    def cells(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Every cell that stands under a head: the span of the head and of the cell, blanks left out."""
        yield from self._inserted
        heads: list[tuple[int, int]] = []
        for at, row in enumerate(self._rows):
            if not row.delimiter:
                continue
            cells = list(self._cells(row))
            if row.head == at:
                heads = cells
            elif len(cells) <= len(heads):
                yield from ((head, cell) for head, cell in zip(heads, cells, strict=False) if cell[0] < cell[1])

    def _cells(self, row: _Row) -> Iterator[tuple[int, int]]:
        start = row.start
        for piece in self._text[row.start : row.end].split(row.delimiter):
            blank = len(piece) - len(piece.lstrip())
            yield start + blank, start + max(blank, len(piece.rstrip()))
            start += len(piece) + 1


def _inserted(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Column and value of every value of every SQL insert, in the order of the values."""
    for insert in _INSERT.finditer(text):
        columns = [match.span() for match in _FIELD.finditer(text, *insert.span(1))]
        at = insert.end()
        while values := _TUPLE.match(text, at):
            yield from zip(columns, (match.span() for match in _FIELD.finditer(text, *values.span(1))), strict=False)
            at = values.end()


def _shape(line: str) -> tuple[str, int]:
    for delimiter in _DELIMITERS:
        count = line.count(delimiter)
        if count > (0 if delimiter != "," else _MOST_IN_PROSE - 1):
            return delimiter, count
    return "", 0
