"""The hint that lets most events of a stream pass unparsed: what it sees; a run of backslashes costs one look."""

import re

import pytest

from gateway.enforcement import tokens

HINT = tokens._hint("PB")


@pytest.mark.parametrize(
    ("event", "expected", "reason"),
    [
        (b"[P", True, "a token begins"),
        (b'{"delta": "["}', True, "a bracket at the end of a string"),
        (b"\\u005bP", True, "an escaped bracket"),
        (b"\\\\\\u005B", True, "escaped more than once"),
        (b"[\\u0050", True, "a letter that is escaped"),
        (b"[1, 2]", False, "a list"),
        (b"a\\nb", False, "another escape"),
        (b"\\" * 100, False, "backslashes alone"),
    ],
)
def test_what_may_hold_a_token(event: bytes, expected: bool, reason: str) -> None:
    assert (HINT.search(event) is not None) is expected, reason


def test_a_run_of_backslashes_is_entered_at_one_place() -> None:
    """Entered at each place and read to its end from there, a run would cost its square."""
    escaped = HINT.pattern.rpartition(b"|")[2]
    run, _, letters = escaped.partition(b"u005")
    assert letters
    entry = re.compile(run)
    for length in (10, 1_000):
        assert [at for at in range(length) if entry.match(b"\\" * length, at)] == [0]
    found = entry.match(b"\\" * 1_000)
    assert found is not None
    assert found.end() == 1_000
    assert b"++" in run, "given back step by step, it would be read again for every step"
