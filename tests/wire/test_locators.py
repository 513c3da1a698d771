"""The path grammar: spelling, selectors, roles beside a match, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import WireError
from gateway.wire.locators import check, compile_selector, nearest_key, resolve, spell

STEPS = st.lists(st.integers(0, 99) | st.text(max_size=6), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        (("body", "messages", 0, "content"), "body.messages[0].content"),
        (("body", "f.req", 1), 'body["f.req"][1]'),
        (("body", ""), 'body[""]'),
        (("body", "{{USER_NAME}}"), "body.{{USER_NAME}}"),
        (("body", 'zegt "ja"'), 'body["zegt \\"ja\\""]'),
        (("path", 3), "path[3]"),
        (("header", "x-file-name"), "header.x-file-name"),
    ],
)
def test_spelling(path: tuple[str | int, ...], spelled: str) -> None:
    assert spell(path) == spelled


@given(STEPS)
def test_a_spelled_path_selects_itself_and_no_other(steps: tuple[str | int, ...]) -> None:
    path = ("body", *steps)
    pattern = compile_selector(spell(path))
    assert pattern.fullmatch(spell(path))
    assert not pattern.fullmatch(spell((*path, "more")))


@pytest.mark.parametrize(
    ("selector", "path", "matches"),
    [
        ("body.messages[*].content", "body.messages[12].content", True),
        ("body.messages[*].content", "body.messages.x.content", False),
        ("body.messages[*].content", "body.messages[0].content[0]", False),
        ("body.history.*.content", "body.history.a-1.content", True),
        ("body.history.*.content", 'body.history["a.b"].content', True),
        ("body.history.*.content", "body.history[0].content", False),
        ("body..text", "body.text", True),
        ("body..text", "body.a[0].b.text", True),
        ("body..text", "body.a.texts", False),
        ("body.args..", "body.args", True),
        ("body.args..", "body.args.a[0].b", True),
        ("body.args..", "body.argsother", False),
        ('body["f.req"][1][0][0]', 'body["f.req"][1][0][0]', True),
        ("body[0].1.3", "body[0].1.3", True),
        ("query.q", "query.q", True),
        ("header.x-file-name", "header.x-file-name", True),
    ],
)
def test_selectors(selector: str, path: str, matches: bool) -> None:
    assert (compile_selector(selector).fullmatch(path) is not None) is matches


def test_below_takes_the_subtree() -> None:
    pattern = compile_selector("body.meta", below=True)
    assert pattern.fullmatch("body.meta")
    assert pattern.fullmatch("body.meta.x[0]")
    assert not pattern.fullmatch("body.metadata")


@pytest.mark.parametrize(
    ("roles_from", "expected"),
    [
        ("body.messages[*].author.role", "body.messages[2].author.role"),
        ("^^^.author.role", "body.messages[2].author.role"),
        ("^^.content_type", "body.messages[2].content.content_type"),
    ],
)
def test_roles_beside_a_match(roles_from: str, expected: str) -> None:
    path = ("body", "messages", 2, "content", "parts", 5)
    found = compile_selector("body.messages[*].content.parts[*]").fullmatch(spell(path))
    assert found is not None
    assert resolve(roles_from, path, found.groups()) == expected


@pytest.mark.parametrize("selector", ["", "body.", "body messages", "body[x]", "body[*", "answer.text", "body.a[0]x"])
def test_a_wrong_selector_is_named(selector: str) -> None:
    assert check(selector)


def test_a_wrong_selector_is_an_error_where_it_is_used() -> None:
    with pytest.raises(WireError):
        compile_selector("body[x]")


def test_the_nearest_key_names_a_value() -> None:
    assert nearest_key(("body", "parts", 0)) == "parts"
    assert nearest_key(("body", "file", "@filename")) == "file"
