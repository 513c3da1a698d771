"""The decoded message as a tree: layers of slots over exact sources, so that an edit touches its own bytes only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

type Step = str | int
type Path = tuple[Step, ...]
type Value = str | bytes


class SlotKind(StrEnum):
    """What stands in a slot: text, a bare literal (number, true, null), a file, its name, a member name."""

    TEXT = "text"
    LITERAL = "literal"
    FILE = "file"
    FILE_NAME = "file_name"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Slot:
    """One value of a source: `[start, end)` is its raw place, `value` what it says, `steps` its path in the layer.

    `tag` is the codec's own note for writing it back; `media_type` what the source declares about a file.
    """

    steps: Path
    start: int
    end: int
    value: Value = field(repr=False)
    kind: SlotKind = SlotKind.TEXT
    tag: str = ""
    media_type: str = ""


type Write = Callable[[Slot, Value, Value], Value]
"""`write(slot, new value, source)` gives the raw text or bytes that replace `source[slot.start:slot.end]`."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One decoding step: a source and its slots, in order and not overlapping. Everything between slots is kept."""

    codec: str
    source: Value = field(repr=False)
    slots: tuple[Slot, ...]
    write: Write = field(repr=False)

    def rebuild(self, edits: Mapping[int, Value]) -> Value:
        """The source with the slots numbered in `edits` replaced; the same object when there are none."""
        if not edits:
            return self.source
        pieces: list[Value] = []
        position = 0
        for number in sorted(edits, key=lambda number: self.slots[number].start):
            slot = self.slots[number]
            pieces.append(self.source[position : slot.start])
            pieces.append(self.write(slot, edits[number], self.source))
            position = slot.end
        pieces.append(self.source[position:])
        return joined(pieces, self.source)


def joined(pieces: Sequence[Value], like: Value) -> Value:
    """The pieces as one value of the same type as `like`."""
    if isinstance(like, str):
        return "".join(as_text(piece) for piece in pieces)
    return b"".join(as_bytes(piece) for piece in pieces)


def as_text(value: Value) -> str:
    """The value as text; bytes only where a codec wrote UTF-8."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def as_bytes(value: Value) -> bytes:
    """The value as bytes; text as UTF-8."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


@dataclass(slots=True, eq=False)
class Node:
    """A value with its place in the message, and how it reads inside, if it does.

    Every node is numbered in reading order. An edit of a node replaces it whole; edits below it are put together.
    """

    index: int
    path: Path
    value: Value = field(repr=False)
    kind: SlotKind = SlotKind.TEXT
    media_type: str = ""
    layer: Layer | None = None
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def rebuild(self, edits: Mapping[int, Value]) -> Value:
        """This value after the edits (by node index); the identical object when none of them is in here."""
        if self.index in edits:
            return edits[self.index]
        if self.layer is None:
            return self.value
        changed = {
            number: new
            for number, child in enumerate(self.children)
            if (new := child.rebuild(edits)) is not child.value
        }
        return self.layer.rebuild(changed) if changed else self.value
