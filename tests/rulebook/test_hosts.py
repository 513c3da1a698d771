"""The most specific host pattern wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rulebook.hosts import HostTable

TABLE = HostTable.of(
    [
        ("a.example", "exact"),
        ("*.a.example", "suffix"),
        ("*.b.a.example", "longer suffix"),
        ("eu-*.a.example", "glob"),
        ("*-api.*.cloud.example", "two stars"),
    ]
)


@pytest.mark.parametrize(
    ("host", "value"),
    [
        pytest.param("a.example", "exact", id="the name itself"),
        pytest.param("A.Example.", "exact", id="case and a closing dot do not count"),
        pytest.param("x.a.example", "suffix", id="one label under it"),
        pytest.param("x.y.a.example", "suffix", id="two labels under it"),
        pytest.param("x.b.a.example", "longer suffix", id="the longest suffix"),
        pytest.param("eu-west.a.example", "glob", id="a star within a label beats a suffix"),
        pytest.param("eu-.a.example", "glob", id="a star may be empty"),
        pytest.param("eu-west.x.a.example", "suffix", id="that star does not cross a dot"),
        pytest.param("x-api.eu.cloud.example", "two stars", id="two stars, one label each"),
        pytest.param("b-api.cloud.example", None, id="a star label cannot be missing"),
        pytest.param("xa.example", None, id="a suffix ends at a dot"),
        pytest.param("a.example.evil", None, id="a prefix is no match"),
        pytest.param("", None, id="no host"),
    ],
)
def test_look_up(host: str, value: str | None) -> None:
    assert TABLE.find(host) == ((value,) if value else ())


def test_patterns_are_all_of_them() -> None:
    assert set(TABLE.patterns()) == {
        "a.example",
        "*.a.example",
        "*.b.a.example",
        "eu-*.a.example",
        "*-api.*.cloud.example",
    }


LABELS = st.sampled_from(["a", "b", "eu-1", "eu-2", "x"])
HOSTS = st.lists(LABELS, min_size=2, max_size=5).map(".".join)
PATTERNS = st.one_of(HOSTS, HOSTS.map("*.{}".format), HOSTS.map("eu-*.{}".format))


def by_hand(patterns: list[str], host: str) -> str | None:
    """The most specific pattern that fits, by trying them all."""
    labels = host.split(".")
    if host in patterns:
        return host
    globs = [
        one
        for one in patterns
        if one.startswith("eu-*") and host.startswith("eu-") and labels[1:] == one.split(".")[1:]
    ]
    suffixes = [one for one in patterns if one.startswith("*.") and host.endswith(one[1:])]
    return (globs or sorted(suffixes, key=len, reverse=True) or [None])[0]


@given(st.lists(PATTERNS, unique=True, max_size=8), HOSTS)
def test_the_table_finds_what_trying_everything_finds(patterns: list[str], host: str) -> None:
    found = HostTable.of([(pattern, pattern) for pattern in patterns]).find(host)
    assert (found[0] if found else None) == by_hand(patterns, host)
