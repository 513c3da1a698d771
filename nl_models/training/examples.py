"""Training texts with their entities, and the pieces they are put together from."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PER", "LOC", "ORG")
Labelled = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is one entity (`label`) or none, and part of a statement (`fact`) or not."""

    text: str
    label: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A text with entities (start, end, label) in code points, sorted, without overlap.

    `facts` likewise; None when nobody looked for facts in this text, which is not the same as none.
    """

    text: str
    entities: Labelled = ()
    facts: Labelled | None = None


def render(pieces: Iterable[Piece], *, has_facts: bool = False) -> Example:
    """The pieces joined; entities are trimmed of white space at their ends. `has_facts`: facts are labelled too."""
    texts: list[str] = []
    entities: list[tuple[int, int, str]] = []
    facts: list[tuple[int, int, str]] = []
    offset = 0
    for piece in pieces:
        if piece.fact and piece.text:
            goes_on = bool(facts) and facts[-1][1:] == (offset, piece.fact)
            start = facts.pop()[0] if goes_on else offset
            facts.append((start, offset + len(piece.text), piece.fact))
        if piece.label and piece.text.strip():
            start = offset + len(piece.text) - len(piece.text.lstrip())
            entities.append((start, start + len(piece.text.strip()), piece.label))
        texts.append(piece.text)
        offset += len(piece.text)
    return Example("".join(texts), tuple(entities), tuple(facts) if has_facts else None)


def pieces_of(example: Example) -> tuple[Piece, ...]:
    """The inverse of `render`."""
    pieces: list[Piece] = []
    offset = 0
    for start, end, label in example.entities:
        pieces += (Piece(example.text[offset:start]), Piece(example.text[start:end], label))
        offset = end
    return (*pieces, Piece(example.text[offset:]))


def write(path: Path, examples: Iterable[Example]) -> int:
    """One JSON object a line; returns how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            row = {"text": example.text, "ents": example.entities}
            if example.facts is not None:
                row["facts"] = example.facts
            print(json.dumps(row, ensure_ascii=False), file=file)
            count += 1
    return count


def read(path: Path) -> Iterator[Example]:
    """What `write` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            facts = _labelled(row["facts"]) if "facts" in row else None
            yield Example(row["text"], _labelled(row["ents"]), facts)


def _labelled(rows: Iterable[tuple[int, int, str]]) -> Labelled:
    return tuple((start, end, label) for start, end, label in rows)
