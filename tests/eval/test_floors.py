"""No figure on our own corpora is below its floor, with the models this checkout has."""

import pytest

from tests.eval import corpora, detectors, floors
from tests.eval.scoring import score


@pytest.mark.slow
def test_no_figure_fell_below_its_floor() -> None:
    found = list(detectors.available().values())
    assert found
    examples = corpora.own()
    reached = floors.figures(score(examples, detectors.predictions(found[-1], examples)))
    assert floors.lost(floors.read()["own"], reached) == []
