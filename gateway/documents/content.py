"""What reading a file gives: segments of text with their place, gaps, and the limits reading stays within."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from gateway.model.inspection import GapKind

PIECE = 200_000
"""Characters of the longest segment."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file with everything inside it; sizes in bytes or characters. Passing one is a gap."""

    depth: int = 6
    members: int = 5_000
    unpacked_bytes: int = 400_000_000
    characters: int = 40_000_000
    pages: int = 500
    pixels: int = 60_000_000
    ocr_pages: int = 30
    ocr_seconds: int = 20


@dataclass(frozen=True, slots=True)
class Segment:
    """Text that belongs together (a paragraph, a row, a page); `where` is for the person who holds the file."""

    where: str
    text: str = field(repr=False)


class UnreadError(Exception):
    """A file, or a part of it, that cannot be read; becomes a gap. `detail` is a fixed word of ours."""

    def __init__(self, kind: GapKind, detail: str) -> None:
        super().__init__(f"{kind.value}: {detail}")
        self.kind = kind
        self.detail = detail


@dataclass(slots=True)
class Spent:
    """What of the limits was used, over all nested files."""

    characters: int = 0
    unpacked_bytes: int = 0
    members: int = 0
    ocr_pages: int = 0


@dataclass(slots=True)
class Content:
    """What was read so far. Readers of every family add to the same one, so that limits hold over nested files.

    `cells` are the texts of a workbook's cells, `sheet_cells` how many each of its sheets has, `sheet_parts` where they
    stand: what the parts repeat of them is not read twice.
    """

    limits: Limits = field(default_factory=Limits)
    place: str = ""
    depth: int = 0
    segments: list[Segment] = field(default_factory=list)
    gaps: list[tuple[GapKind, str]] = field(default_factory=list)
    cells: set[str] = field(default_factory=set, repr=False)
    sheet_cells: set[int] = field(default_factory=set)
    sheet_parts: set[str] = field(default_factory=set, repr=False)
    spent: Spent = field(default_factory=Spent)

    def add(self, where: str, text: str) -> None:
        """Keeps a segment unless it is blank; raises `UnreadError` when the file holds more text than the limit."""
        if not text or text.isspace():
            return
        self.spent.characters += len(text)
        if self.spent.characters > self.limits.characters:
            raise UnreadError(GapKind.TOO_LARGE, "characters")
        for number, piece in enumerate(_pieces(text)):
            self.segments.append(Segment(f"{self.place}{where}{f' ({number + 1})' if number else ''}", piece))

    def miss(self, kind: GapKind, detail: str) -> None:
        """Notes something that was not read."""
        if (kind, detail) not in self.gaps:
            self.gaps.append((kind, detail))

    def unpack(self, size: int, members: int = 1) -> None:
        """Counts what is taken out of a container; raises `UnreadError` beyond the limits (bombs end here)."""
        self.spent.unpacked_bytes += size
        self.spent.members += members
        if self.spent.unpacked_bytes > self.limits.unpacked_bytes:
            raise UnreadError(GapKind.TOO_LARGE, "unpacked-bytes")
        if self.spent.members > self.limits.members:
            raise UnreadError(GapKind.TOO_LARGE, "members")

    def inside(self, name: str) -> "Content":
        """The same content one level deeper, for a file inside this one; raises `UnreadError` when that is too deep."""
        if self.depth >= self.limits.depth:
            raise UnreadError(GapKind.TOO_DEEP, "nested-files")
        return replace(self, place=f"{self.place}{name} › ", depth=self.depth + 1)


def _pieces(text: str) -> Iterator[str]:
    """Long texts in pieces that end with a line, so that several workers share them and none is too long to inspect."""
    start = 0
    while len(text) - start > PIECE:
        end = text.rfind("\n", start + PIECE // 2, start + PIECE) + 1 or start + PIECE
        yield text[start:end]
        start = end
    yield text[start:]


Nested = Callable[[bytes, Content], None]
"""Reads a file found inside another one into the same content; raises `UnreadError` like any reader."""
