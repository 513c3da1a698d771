"""Edits carried back to fragments: together they are always exactly the new text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire.joining import carry, changes, distribute

WORDS = st.lists(st.sampled_from(["Jan ", "de ", "Vos", ", ", "[P]", "é", "😀 "]), max_size=12).map("".join)


@given(st.lists(WORDS, min_size=1, max_size=5), WORDS)
def test_fragments_make_the_new_text(fragments: list[str], new: str) -> None:
    result = distribute(fragments, new)
    assert "".join(result) == new
    assert len(result) == len(fragments)


@given(WORDS, WORDS)
def test_changes_make_the_new_text(old: str, new: str) -> None:
    text = old
    for start, end, replacement in reversed(list(changes(old, new))):
        text = text[:start] + replacement + text[end:]
    assert text == new


@pytest.mark.parametrize(
    ("fragments", "new", "expected"),
    [
        (["Mevrouw Fat", "ima ", "belt"], "Mevrouw [P] belt", ["Mevrouw [P]", " ", "belt"]),
        (["een ", "twee ", "drie"], "een [P] drie", ["een ", "[P] ", "drie"]),
        (["een", "", "twee"], "eentwee", ["een", "", "twee"]),
        (["a"], "b", ["b"]),
    ],
)
def test_a_replacement_goes_to_the_first_fragment_it_touches(
    fragments: list[str], new: str, expected: list[str]
) -> None:
    assert distribute(fragments, new) == expected


def test_what_was_shown_otherwise_is_kept_where_nothing_changed() -> None:
    assert carry("a\ud83d b Vos", "a\ufffd b Vos", "a\ufffd b [P]") == "a\ud83d b [P]"


def test_a_very_long_text_is_changed_in_one_piece() -> None:
    old = "woord " * 9000
    new = "x" + old.replace("woord", "term") + "y"
    assert list(changes(old, new)) == [(0, len(old), new)] or "".join(distribute([old], new)) == new
