"""Training texts with their entities, and the pieces they are put together from."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PER", "LOC", "ORG")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is one entity (`label`) or none."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A text with entities (start, end, label) in code points, sorted, without overlap."""

    text: str
    entities: tuple[tuple[int, int, str], ...] = ()


def render(pieces: Iterable[Piece]) -> Example:
    """The pieces joined; entities are trimmed of white space at their ends."""
    texts: list[str] = []
    entities: list[tuple[int, int, str]] = []
    offset = 0
    for piece in pieces:
        if piece.label and piece.text.strip():
            start = offset + len(piece.text) - len(piece.text.lstrip())
            entities.append((start, start + len(piece.text.strip()), piece.label))
        texts.append(piece.text)
        offset += len(piece.text)
    return Example("".join(texts), tuple(entities))


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
            print(json.dumps({"text": example.text, "ents": example.entities}, ensure_ascii=False), file=file)
            count += 1
    return count


def read(path: Path) -> Iterator[Example]:
    """What `write` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Example(row["text"], tuple((start, end, label) for start, end, label in row["ents"]))
