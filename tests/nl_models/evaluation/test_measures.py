"""Coverage forgives borders, exact rates do not."""

import pytest

from nl_models.evaluation.measures import false_person_words, is_covered, rates
from nl_models.training.examples import Example

TEXT = "Brief aan Jan van den Berg te Utrecht"
NAME = (10, 26)


@pytest.mark.parametrize(
    ("found", "covered", "reason"),
    [
        (((10, 26, "PER"),), True, "exact"),
        (((0, 30, "PER"),), True, "wider"),
        (((10, 13, "PER"), (14, 26, "PER")), True, "in two parts: the space does not count"),
        (((10, 13, "PER"),), False, "the surname is left"),
        (((10, 26, "LOC"),), False, "as something else"),
        ((), False, "not at all"),
    ],
)
def test_covered(found: tuple[tuple[int, int, str], ...], covered: bool, reason: str) -> None:
    assert is_covered(TEXT, NAME, found) is covered, reason


def test_rates() -> None:
    gold = [Example(TEXT, ((*NAME, "PER"), (30, 37, "LOC"))), Example("Jan belt", ((0, 3, "PER"),))]
    measured = rates(gold, [((10, 26, "PER"),), ((0, 8, "PER"),)])
    assert (measured.precision, measured.recall, measured.f1, measured.covered) == (0.5, 0.5, 0.5, 1.0)


def test_false_words_are_counted_by_word() -> None:
    assert false_person_words([TEXT, TEXT], [((0, 9, "PER"),), ((30, 37, "LOC"),)]) == 2
