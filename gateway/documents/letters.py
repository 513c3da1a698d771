"""Readable runs of letters in bytes of which nobody tells the layout."""

import re
from collections.abc import Iterator

_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00|[\x00-\xff][\x01-\x06]){4,}")
_NARROW = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")


def runs(stream: bytes, known: frozenset[str] | set[str] = frozenset()) -> Iterator[str]:
    """Runs of four and more letters, two bytes or one byte each, without the texts in `known`."""
    for pattern, encoding in ((_WIDE, "utf-16-le"), (_NARROW, "cp1252")):
        for run in pattern.finditer(stream):
            text = run.group().decode(encoding, "replace")
            if text not in known and any(letter.isalnum() for letter in text):
                yield text


def narrow_runs(stream: bytes) -> Iterator[str]:
    """Runs of four and more letters of one byte each in a text whose letters have two."""
    return (run.group().decode("cp1252", "replace") for run in _NARROW.finditer(stream))
