"""Who a text is about: how many different people, and whether a sensitive fact is its very subject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.detection.reading import Hit, Reading


@dataclass(frozen=True, slots=True)
class Subjects:
    """`people` holds one number for each person of a part, equal for the same name in another part."""

    people: frozenset[int] = frozenset()
    is_dossier: bool = False


def subjects_of(reading: Reading, hits: Sequence[Hit]) -> Subjects:  # noqa: ARG001
    """The subjects of one part."""
    return Subjects()


def combined(parts: Iterable[Subjects]) -> tuple[int, bool]:
    """The number of different people over all parts, and whether any of it is a dossier."""
    every = tuple(parts)
    people = frozenset(person for part in every for person in part.people)
    return len(people), any(part.is_dossier for part in every)
