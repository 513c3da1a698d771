"""No figure on any set of examples is below its floor, with the models this checkout has."""

import pytest

from tests.eval import detectors, floors
from tests.eval.__main__ import sets
from tests.eval.scoring import score


@pytest.mark.slow
def test_no_figure_fell_below_its_floor() -> None:
    found = list(detectors.available().values())
    assert found
    for name, examples in sets(is_closed_shown=True).items():
        reached = floors.figures(score(examples, detectors.predictions(found[-1], examples)))
        assert floors.lost(floors.read()[name], reached) == [], name
