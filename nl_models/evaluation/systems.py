"""The systems that are compared: model A, model B, and their union."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nl_models import ModelError, load_pipeline, load_second_opinion

Found = tuple[tuple[int, int, str], ...]
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class System:
    """A name and a function from texts to the entities of each."""

    name: str
    find: Callable[[Sequence[str]], list[Found]]


def model_a(path: Path | None = None) -> System:
    """Model A alone."""
    nlp = load_pipeline(path)

    def find(texts: Sequence[str]) -> list[Found]:
        return [
            tuple((entity.start_char, entity.end_char, entity.label_) for entity in doc.ents) for doc in nlp.pipe(texts)
        ]

    return System("A", find)


def model_b(path: Path | None = None) -> System:
    """Model B alone, on every line."""
    reader = load_second_opinion(path)
    if reader is None:
        raise ModelError(path or Path(), "model B is not installed", "Run `make model`")

    def find(texts: Sequence[str]) -> list[Found]:
        lines = ([match.span() for match in _LINE.finditer(text)] for text in texts)
        found = (reader.read(text, spans).names for text, spans in zip(texts, lines, strict=True))
        return [tuple((span.start, span.end, span.label) for span in spans) for spans in found]

    return System("B", find)


def remembering(system: System) -> System:
    """The same system, which reads every list of texts once only."""
    answers: dict[tuple[str, ...], list[Found]] = {}

    def find(texts: Sequence[str]) -> list[Found]:
        key = tuple(texts)
        if key not in answers:
            answers[key] = system.find(texts)
        return answers[key]

    return System(system.name, find)


def union(one: System, other: System) -> System:
    """What either finds; spans may overlap."""

    def find(texts: Sequence[str]) -> list[Found]:
        return [first + second for first, second in zip(one.find(texts), other.find(texts), strict=True)]

    return System(f"{one.name}+{other.name}", find)
