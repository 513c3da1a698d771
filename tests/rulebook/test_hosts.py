"""The most specific host pattern wins."""

import pytest

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
