"""No figure on our own corpora and the dev set is below its floor, with the models this checkout has.

`make eval ARGS=--closed` holds those of the other sets too.
"""

import pytest

from tests.eval import detectors, floors
from tests.eval.__main__ import sets
from tests.eval.scoring import score


@pytest.mark.slow
def test_no_figure_fell_below_its_floor() -> None:
    found = list(detectors.available().values())
    assert found
    of_others = {name: rows for name, rows in sets(is_closed_shown=True).items() if not name.startswith("blind")}
    for name, examples in of_others.items():
        reached = floors.figures(score(examples, detectors.predictions(found[-1], examples)))
        assert floors.lost(floors.read()[name], reached) == [], name
