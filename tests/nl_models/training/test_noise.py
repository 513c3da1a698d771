"""Noise changes how a text is typed, never what is an entity."""

import random

from nl_models.training.examples import Piece
from nl_models.training.noise import Noise, slip

PIECES = [Piece("Brief aan "), Piece("Zoë Bakker", "PER"), Piece(" over 12.")]
OFF = {"lower": 0.0, "upper": 0.0, "names_lower": 0.0, "names_upper": 0.0, "slips": 0.0, "no_accents": 0.0}


def apply(**shares: float) -> list[str]:
    return [piece.text for piece in Noise(**{**OFF, **shares}).apply(PIECES, random.Random(1))]


def test_each_kind() -> None:
    assert apply() == ["Brief aan ", "Zoë Bakker", " over 12."]
    assert apply(lower=1.0) == ["brief aan ", "zoë bakker", " over 12."]
    assert apply(upper=1.0) == ["BRIEF AAN ", "ZOË BAKKER", " OVER 12."]
    assert apply(names_lower=1.0) == ["Brief aan ", "zoë bakker", " over 12."]
    assert apply(names_upper=1.0) == ["Brief aan ", "ZOË BAKKER", " over 12."]
    assert apply(no_accents=1.0) == ["Brief aan ", "Zoe Bakker", " over 12."]


def test_slips_touch_letters_only() -> None:
    text = "Willemijn 12-34, van der Horst"
    slipped = slip(text, random.Random(3), rate=0.5)
    assert slipped != text
    assert [sign for sign in slipped if not sign.isalpha()] == [sign for sign in text if not sign.isalpha()]
