"""The first layer names every place from which a match may begin; a walk over those finds what one over all finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.detection.prefilter import CHUNK, REACH, Prefilter, Watch
from gateway.detection.walk import NARROW, Walk, walkable

PATTERNS = (r"(?<![\w.-])\d{3}[ -]?\d{2}(?!\d)", r"(?<![^\W_])(?:bsn|nr)\.?\s{0,3}:?\s{0,3}\d+", r"[a-z]{2,40}\s+\d")
PREFILTER = Prefilter([Watch((pattern,), lead=0) for pattern in PATTERNS])
PIECES = st.sampled_from(
    ["123-45", "12", "bsn: 7", "nr.8", "een woord 9", "-", ". ", " ", "é", "x", "1" * 30, "z " * 200]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_a_walk_over_the_windows_finds_what_one_over_the_text_finds(text: str) -> None:
    windows = PREFILTER.windows(text)
    for owner, pattern in enumerate(map(walkable, PATTERNS)):
        every = [match.span() for match in pattern.finditer(text)]
        near = windows.get(owner, {}).get(0, ())
        assert [match.span() for match in Walk(pattern, text, len(text), 60).over(near)] == every


def test_a_trigger_opens_a_few_places_and_not_the_text() -> None:
    text = "woord " * 300 + "123-45" + " woord" * 300
    ((start, end),) = PREFILTER.windows(text)[0][0]
    assert start <= text.index("123") < end <= start + NARROW


def test_a_lead_opens_the_places_before_a_trigger() -> None:
    text = "woord " * 300 + "123-45"
    ((start, _),) = Prefilter([Watch((r"\d{3}-\d{2}",), lead=50)]).windows(text)[0][0]
    assert start == text.index("123") - 50


def test_presence_alone_is_not_narrowed() -> None:
    text = "woord " * 300 + "123-45"
    ((start, end),) = Prefilter([Watch((r"\d{3}-\d{2}",), lead=None)]).windows(text)[0][0]
    assert end - start >= len(text) % CHUNK
    assert start % CHUNK == 0


def test_a_find_that_runs_on_to_the_end_costs_no_search_over_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The characters that searches look at grow with the text, not with its square."""
    looked: list[int] = []
    prefilter = Prefilter([Watch((r"[a-z]{20,}",), lead=0)])

    class Counting:
        def __init__(self, finder: object) -> None:
            self._finder = finder

        def search(self, data: bytes, start: int, end: int) -> object:
            looked.append(min(end, len(data)) - start)
            return self._finder.search(data, start, end)  # type: ignore[attr-defined]

    finders = {key: Counting(finder) for key, finder in vars(prefilter)["_finders"].items()}
    monkeypatch.setattr(prefilter, "_finders", finders)
    for size in (20_000, 80_000):
        prefilter.windows("a" * size)
    small = 20_000 / CHUNK * (CHUNK + 2_000 + REACH)
    assert sum(looked) < 10 * small


def test_a_walk_out_of_time_says_so() -> None:
    walk = Walk(walkable("(?:a|aa)+$"), "a" * 40 + "!", 400, 0.05)
    with pytest.raises(TimeoutError):
        list(walk.over(((0, 40),)))


@pytest.mark.parametrize("start", range(6))
@pytest.mark.parametrize("source", ["a|b", "(?x)(a)|b  # either", r"(?<!\.)(b|a)\1?", "(?i)A|B"])
def test_a_narrow_window_is_tried_place_by_place(source: str, start: int) -> None:
    text, pattern = "..a.bb....ab", walkable(source)
    for end in range(start, len(text) + 1):
        every = [match.span() for match in pattern.finditer(text) if start <= match.start() < end]
        assert [match.span() for match in Walk(pattern, text, 9, 9).over(((start, end),))] == every


@pytest.mark.parametrize("overlapped", [False, True])
def test_one_match_inside_another(overlapped: bool) -> None:
    found = [match.start() for match in Walk(walkable("aba"), "ababa", 9, 9).over(((0, 5),), overlapped=overlapped)]
    assert found == ([0, 2] if overlapped else [0])
