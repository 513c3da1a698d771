"""A table from host names to values in which the most specific name wins.

An exact name comes first, then one with a `*` within a label, then the longest suffix. A look-up walks the labels of
the asked host once, so its cost does not grow with the table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self


def normalise(host: str) -> str:
    """A host as the table knows it: lower case, no trailing dot."""
    return host.rstrip(".").lower()


def is_suffix(pattern: str) -> bool:
    """Whether a pattern is `*.name`: everything under the name, at any depth."""
    return pattern.startswith("*.") and "*" not in pattern[2:]


def is_glob(pattern: str) -> bool:
    """Whether a pattern has a `*` that stands for characters within one label."""
    return "*" in pattern and not is_suffix(pattern)


def sample(pattern: str) -> str:
    """A host that a pattern stands for."""
    return pattern.replace("*", "x")


@dataclass(frozen=True, slots=True)
class HostTable[T]:
    """Values by host pattern. Patterns: `chat.example`, `*.example` (all under it, not itself), `eu-*.api.example`."""

    exact: dict[str, tuple[T, ...]] = field(default_factory=dict)
    globs: dict[str, tuple[tuple[re.Pattern[str], str, T], ...]] = field(default_factory=dict)
    suffixes: dict[str, tuple[T, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, T]]) -> Self:
        """The table of (pattern, value) rows; equal patterns keep all their values, in order."""
        exact: dict[str, tuple[T, ...]] = {}
        globs: dict[str, tuple[tuple[re.Pattern[str], str, T], ...]] = {}
        suffixes: dict[str, tuple[T, ...]] = {}
        for pattern, value in rows:
            if is_suffix(pattern):
                suffixes[pattern[2:]] = (*suffixes.get(pattern[2:], ()), value)
            elif is_glob(pattern):
                under = _literal_tail(pattern)
                globs[under] = (*globs.get(under, ()), (_glob(pattern), pattern, value))
            else:
                exact[pattern] = (*exact.get(pattern, ()), value)
        return cls(exact, globs, suffixes)

    def find(self, host: str) -> tuple[T, ...]:
        """The values of the most specific pattern that fits `host`; empty when none does."""
        host = normalise(host)
        if host in self.exact:
            return self.exact[host]
        parents = list(_parents(host))
        if self.globs:
            for parent in parents:
                hits = [(pattern, value) for glob, pattern, value in self.globs.get(parent, ()) if glob.fullmatch(host)]
                if hits:
                    return tuple(value for pattern, value in hits if pattern == hits[0][0])
        for parent in parents:
            if parent in self.suffixes:
                return self.suffixes[parent]
        return ()

    def patterns(self) -> Iterator[str]:
        """Every pattern in the table."""
        yield from self.exact
        yield from (f"*.{suffix}" for suffix in self.suffixes)
        yield from (pattern for rows in self.globs.values() for _, pattern, _ in rows)


def _parents(host: str) -> Iterator[str]:
    """`a.b.nl` → `b.nl`, `nl`."""
    while (dot := host.find(".")) >= 0:
        host = host[dot + 1 :]
        yield host


def _literal_tail(pattern: str) -> str:
    """The labels after the last `*`; globs are kept under this name so that only few are tried."""
    return pattern[pattern.rindex("*") :].partition(".")[2]


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile("[a-z0-9_-]*".join(re.escape(piece) for piece in pattern.split("*")))
