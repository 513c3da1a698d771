"""Measures over character spans."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nl_models.evaluation.systems import Found
from nl_models.training.examples import Example

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Rates:
    """Exact precision, recall and F1, and the share of gold entities that are covered whole (0-1)."""

    precision: float
    recall: float
    f1: float
    covered: float


def words(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The start offsets of the words of `text` that touch one of the spans."""
    marks = list(spans)
    return {
        match.start()
        for match in _WORD.finditer(text)
        if any(start < match.end() and end > match.start() for start, end in marks)
    }


def is_covered(text: str, entity: tuple[int, int], found: Found, labels: Sequence[str] = ("PER",)) -> bool:
    """Whether every word of `entity` lies in a found span with one of `labels`."""
    spans = [(start, end) for start, end, label in found if label in labels]
    return words(text, [entity]) <= words(text, spans)


def rates(gold: Sequence[Example], found: Sequence[Found], label: str = "PER") -> Rates:
    """Rates of one label over all texts; "exact" forgives nothing."""
    right = given = wanted = covered = 0
    for example, spans in zip(gold, found, strict=True):
        mine = {(start, end) for start, end, name in spans if name == label}
        theirs = {(start, end) for start, end, name in example.entities if name == label}
        right += len(mine & theirs)
        given += len(mine)
        wanted += len(theirs)
        covered += sum(is_covered(example.text, entity, spans, (label,)) for entity in theirs)
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Rates(precision, recall, f1, covered / max(wanted, 1))


def false_person_words(texts: Sequence[str], found: Sequence[Found]) -> int:
    """How many words of texts without people are called a person."""
    return sum(
        len(words(text, [(start, end) for start, end, label in spans if label == "PER"]))
        for text, spans in zip(texts, found, strict=True)
    )
