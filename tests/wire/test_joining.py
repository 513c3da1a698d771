"""Edits carried back to fragments: together they are always exactly the new text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wire import joining
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


def test_the_words_compared_grow_with_the_text_and_not_with_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands between the first and the last edit is compared word by word only while it is short."""
    handed: list[int] = []

    class Recording(joining.SequenceMatcher):  # type: ignore[type-arg]
        def __init__(self, junk: None, before: list[str], after: list[str], **options: bool) -> None:
            handed.append(len(before) * len(after))
            super().__init__(junk, before, after, **options)

    def common(left: list[str], right: list[str], real=joining._common) -> int:  # type: ignore[no-untyped-def]
        handed.append(min(len(left), len(right)))
        return int(real(left, right))

    monkeypatch.setattr(joining, "SequenceMatcher", Recording)
    monkeypatch.setattr(joining, "_common", common)
    steps: list[int] = []
    for words in (5_000, 20_000):
        handed.clear()
        old = "Jan " + "woord " * words + "Vos"
        ((start, end, _),) = changes(old, old.replace("Jan", "[P-1]").replace("Vos", "[P-2]"))
        assert (start, end) == (0, len(old))
        steps.append(sum(handed))
    assert steps[1] <= 4.1 * steps[0]
    handed.clear()
    old = "woord " * 20_000
    assert len(list(changes(old, "[P-1]" + old[5:-6] + "[P-2] "))) <= 1
    assert sum(handed) <= 3 * 40_001
    handed.clear()
    assert len(list(changes("a b " * 500, "a c " * 500))) == 500
    assert max(handed) <= joining._MOST_WORDS**2
