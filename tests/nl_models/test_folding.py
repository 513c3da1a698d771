"""Folding makes spellings of one name meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl_models.folding import fold


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Çelik", "celik"),
        ("Yıldız", "yildiz"),
        ("İnan", "inan"),
        ("Wójcik", "wojcik"),
        ("Łukasz", "lukasz"),
        ("Həsən", "hesen"),
        ("Müller", "muller"),
        ("d’Hondt", "d'hondt"),
        ("Ĳsbrand", "ijsbrand"),
        ("Anne‑Marie", "anne-marie"),
        ("Strauß", "strauss"),
    ],
)
def test_one_spelling_for_each_name(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(st.text())
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
