"""A JSON text of an answer: its strings, also those of JSON inside strings, and how to change some of them exactly."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.wire.codecs import json_text
from gateway.wire.faults import CodecError
from gateway.wire.tree import Path, SlotKind, as_text

_UNIT = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_NESTED = 4
_MAX_SCALAR = 100


def escape(text: str) -> str:
    """The text as it stands between the quotes of a JSON string, non-ASCII as it is."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False)[1:-1])


def splice(raw: str, old: str, new: str) -> str:
    """`raw`, which says `old` between its quotes, changed so that it says `new`; escapes around the change stay."""
    shared = min(len(old), len(new))
    front = next((i for i in range(shared) if old[i] != new[i]), shared)
    room = shared - front
    back = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
    left, right = front, len(old) - back
    if "\\" in raw:
        starts = [match.start() for match in _UNIT.finditer(raw)] + [len(raw)]
        left, right = starts[left], starts[right]
    return raw[:left] + escape(new[front : len(new) - back]) + raw[right:]


@dataclass(slots=True)
class Leaf:
    """One string value: its path, its place between the quotes, what it says, and what it should say."""

    path: Path
    start: int
    end: int
    text: str
    new: str | None = None
    nested: "Document | None" = None


@dataclass(slots=True)
class Document:
    """A JSON text with its strings; `scalars` are the short values by path, which tell one text from another.

    In paths the step `$` enters JSON inside a string.
    """

    text: str
    leaves: list[Leaf] = field(default_factory=list)
    scalars: dict[Path, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, path: Path = (), nested: int = 0) -> "Document | None":
        """None when the text is not one whole JSON value."""
        try:
            slots, end = json_text.scan(text, text.startswith("\ufeff"), literals=True)
        except CodecError:
            return None
        if text[end:].strip():
            return None
        document = cls(text)
        for slot in slots:
            if slot.kind == SlotKind.KEY:
                continue
            value = as_text(slot.value)
            where = (*path, *slot.steps)
            if len(value) <= _MAX_SCALAR:
                document.scalars[where] = value
            if slot.kind == SlotKind.TEXT:
                document.leaves.append(Leaf(where, slot.start + 1, slot.end - 1, value))
        if nested < _MAX_NESTED:
            document._enter(nested)
        return document

    def _enter(self, nested: int) -> None:
        for leaf in self.leaves:
            if leaf.text[:1] in ("{", "[") and leaf.text.rstrip()[-1:] in ("}", "]"):
                inner = Document.parse(leaf.text, (*leaf.path, "$"), nested + 1)
                leaf.nested = inner if inner is not None and inner.leaves else None

    def deep_leaves(self) -> Iterator[Leaf]:
        """All strings in order of appearance; one that holds JSON gives its inner strings instead of itself."""
        for leaf in self.leaves:
            if leaf.nested is None:
                yield leaf
            else:
                yield from leaf.nested.deep_leaves()

    def deep_scalars(self) -> dict[Path, str]:
        found = dict(self.scalars)
        for leaf in self.leaves:
            if leaf.nested is not None:
                found |= leaf.nested.deep_scalars()
        return found

    def render(self) -> str:
        """The text with every changed string in place; identical when nothing changed."""
        pieces, at = [], 0
        for leaf in self.leaves:
            new = leaf.nested.render() if leaf.nested is not None else leaf.new
            if new is not None and new != leaf.text:
                pieces += [self.text[at : leaf.start], splice(self.text[leaf.start : leaf.end], leaf.text, new)]
                at = leaf.end
        return "".join([*pieces, self.text[at:]])
