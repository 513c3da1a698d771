"""The report says what is below its floor, and the shipped models are above it."""

import copy
from typing import Any

import pytest

from nl_models import load_second_opinion
from nl_models.evaluation import report, systems
from nl_models.evaluation.report import FLOORS, below_floor, with_figures

GOOD: dict[str, Any] = copy.deepcopy(FLOORS)


def test_figures_at_their_floor_are_good_enough() -> None:
    assert below_floor(GOOD) == []


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("covered", {"normal": 0.97, "lower": 1.0, "capitals": 1.0}, "covered normal"),
        ("worst", {"normal": 1.0, "lower": 0.84, "capitals": 1.0}, "worst lower"),
        ("name_free_texts_with_a_person", 3, "name_free_texts"),
        ("false_person_words_per_1000_words_of_law", 3.1, "law"),
    ],
)
def test_a_figure_below_its_floor_is_named(key: str, value: object, named: str) -> None:
    (line,) = below_floor({**GOOD, key: value})
    assert named in line


def test_figures_go_between_the_marks_of_the_card() -> None:
    assert with_figures("a <!-- figures --> old <!-- /figures --> b", "new") == (
        "a <!-- figures -->\nnew\n<!-- /figures --> b"
    )
    with pytest.raises(ValueError, match="the card has no"):
        with_figures("a", "new")


def test_the_card_tells_of_the_weights_that_are_here() -> None:
    if load_second_opinion() is None:
        pytest.skip("model B is not part of this installation")
    assert report.weights_line() in report.CARD.read_text(encoding="utf-8"), (
        "other weights: measure them with python -m nl_models.evaluation.report --card"
    )


def test_the_card_is_not_written_from_other_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["report", "--card", "--only", "B"])
    with pytest.raises(SystemExit, match="2"):
        report.main()


@pytest.mark.slow
def test_the_shipped_models_are_above_their_floors() -> None:
    if load_second_opinion() is None:
        pytest.skip("model B is not part of this installation")
    both = systems.union(systems.model_a(), systems.model_b())
    figures = report.measure(both, every=10)
    assert below_floor(figures) == []
    assert "| chinese |" in report.tables({both.name: figures})
