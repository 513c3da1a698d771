"""YAML as rule files need it: strings only, with places, and nothing clever."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.rulebook.reading import MAX_BYTES, read, read_text

REFUSED = [
    ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),  # the last would win silently
    ("a: &x 1\n", "anchor", 1, 4),  # anchor
    ("a: &x 1\nb: *x\n", "alias", 2, 4),  # alias
    ("a: !!int 1\n", "tag", 1, 4),  # tag
    ("a:\n\tb: 1\n", "tab", 2, 1),  # tab as indentation
    ("a: 1\n---\nb: 2\n", "many-documents", 2, 1),  # second document
    ("- a\n", "not-a-mapping", 0, 0),  # a list
    ("", "not-a-mapping", 0, 0),  # empty file
    ("a: b: c\n", "yaml", 1, 5),  # unquoted colon
    ("? [a]\n: 1\n", "key-not-a-word", 1, 3),  # a list as key
    ("a: " + "[" * 40 + "]" * 40, "too-deep", 1, 36),  # nesting bomb
    ("a: \x07\n", "yaml", 0, 0),  # control character
]
"""Text, code, line, column; and why."""


@pytest.mark.parametrize(
    "scalar",
    ["012345672", "no", "12:30", "1e3", "null", "~", "2026-05-12", "0x1F", "yes", "1_000"],
)
def test_every_scalar_stays_the_text_it_is(scalar: str) -> None:
    """YAML 1.1 would make a number, a boolean, a date or nothing of each of these."""
    source, problems = read_text(f"key: {scalar}\n", "a.yaml")
    assert problems == ()
    assert source is not None
    assert source.tree == {"key": scalar}


@pytest.mark.parametrize(("text", "code", "line", "column"), REFUSED)
def test_what_is_refused_and_where(text: str, code: str, line: int, column: int) -> None:
    _, problems = read_text(text, "a.yaml")
    found = {(problem.code, problem.line, problem.column) for problem in problems}
    assert (code, line, column) in found


def test_all_faults_of_a_file_come_at_once() -> None:
    _, problems = read_text("a: &x 1\nb: !t 2\nb: 3\n", "a.yaml")
    assert [problem.code for problem in problems] == ["anchor", "tag", "duplicate-key"]


def test_an_unquoted_colon_is_explained_in_plain_words() -> None:
    _, (problem,) = read_text("title: Let op: dit gaat mis\n", "a.yaml")
    assert "between quotes" in problem.message


def test_a_place_falls_back_to_the_nearest_known_node() -> None:
    source, _ = read_text("a:\n  b:\n    - c\n", "a.yaml")
    assert source is not None
    assert source.place(("a", "b", 0, "nothing", "here")) == (3, 7)
    assert source.place(("a", "b"), of_key=True) == (2, 3)


@pytest.mark.parametrize(("size", "is_read"), [(MAX_BYTES, True), (MAX_BYTES + 1, False)])
def test_a_file_over_the_limit_is_not_parsed(tmp_path, size: int, is_read: bool) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("a: " + "x" * (size - 3))
    source, problems = read(path, "big.yaml")
    assert (source is not None) is is_read
    assert [problem.code for problem in problems] == ([] if is_read else ["too-large"])


def test_a_missing_file_and_wrong_bytes_are_problems_not_crashes(tmp_path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    assert [problem.code for problem in read(tmp_path / "none.yaml", "none.yaml")[1]] == ["unreadable"]
    assert [(problem.code, problem.line) for problem in read(latin, "latin.yaml")[1]] == [("not-utf8", 2)]


SCALARS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=20
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(SCALARS, TREES, max_size=4))
def test_any_tree_of_texts_comes_back_as_it_was_written(tree: dict[str, object]) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_style='"', width=1_000_000)
    source, problems = read_text(text, "a.yaml")
    assert problems == ()
    assert source is not None
    assert source.tree == tree


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_a_problem_and_never_a_crash(text: str) -> None:
    source, problems = read_text(text, "a.yaml")
    assert (source is None) <= bool(problems)
