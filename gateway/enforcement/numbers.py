"""How far the numbers of placeholders have come, per person, tool and label; kept long after the values are gone.

A chat service keeps yesterday's `[PERSOON-1]` in its history. Were that number given out again, its answers about one
person would come back with the name of another.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
import struct
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.enforcement import placeholders
from gateway.errors import EnforcementError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS born (mark BLOB NOT NULL, base INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS numbers (
    scope   BLOB NOT NULL,
    label   TEXT NOT NULL,
    number  INTEGER NOT NULL,
    PRIMARY KEY (scope, label)
) STRICT, WITHOUT ROWID;
"""
_KEEP = (
    "INSERT INTO numbers (scope, label, number) VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET number = max(number, excluded.number)"
)


def base_without_memory() -> int:
    """Where numbers begin when nobody knows which were used: six digits, which clash with no numbers that began at 1,
    and with those of an earlier loss about once in 800,000 for each number in use.
    """
    return 100_000 + secrets.randbelow(800_000)


def mark_of(secret: bytes) -> bytes:
    """What tells numbers under this key from those under another, whose scopes have other names."""
    return hmac.digest(secret, b"vault numbers mark", hashlib.sha256)[:16]


def scope_name(key: bytes, person: str, tool: str) -> bytes:
    """A keyed name for person and tool, so that no store shows who they are. Lengths keep the two apart."""
    packed = struct.pack(">II", len(person.encode()), len(tool.encode())) + person.encode() + tool.encode()
    return hmac.digest(key, b"scope" + packed, hashlib.sha256)


@dataclass(slots=True)
class Numbers:
    """The last number of every label in one scope; a label that has none begins after `base`."""

    base: int = 0
    last: dict[str, int] = field(default_factory=dict)

    def is_used(self, label: str, number: int) -> bool:
        """Whether the number was passed: it is never given out again."""
        return number <= self.last.get(label, self.base)

    def take(self, label: str, reserved: Container[str]) -> str:
        """The next token of a label that nobody reserved."""
        number = self.last.get(label, self.base) + 1
        while placeholders.token(label, number) in reserved:
            number += 1
        self.last[label] = number
        return placeholders.token(label, number)


class NumberBook:
    """The numbers of every scope in one SQLite file: keyed names, labels and counts, nothing of a value."""

    def __init__(self, path: Path | None, secret: bytes, *, is_first: bool = False) -> None:
        """`path` None keeps them in memory. `is_first`: this gateway has given out no number before, so an empty book
        begins at 1 and not at `base_without_memory`. Raises `EnforcementError`.
        """
        self._secret = secret
        with _as_enforcement_error():
            if path is not None and not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_SCHEMA)
            self._base = self._born(mark_of(secret), is_first=is_first)

    def scope(self, person: str, tool: str) -> bytes:
        """The name under which this book knows person and tool."""
        return scope_name(self._secret, person, tool)

    def of(self, scope: bytes) -> Numbers:
        """The numbers of a scope as they were last kept. Raises `EnforcementError`."""
        with _as_enforcement_error():
            found = self._database.execute("SELECT label, number FROM numbers WHERE scope = ?", (scope,))
            return Numbers(self._base, dict(found))

    def keep(self, scope: bytes, last: Iterable[tuple[str, int]]) -> None:
        """Put the last numbers of some labels on disk; they never go down. Raises `EnforcementError`."""
        with _as_enforcement_error():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany(_KEEP, [(scope, label, number) for label, number in last])
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def close(self) -> None:
        self._database.close()

    def _born(self, mark: bytes, *, is_first: bool) -> int:
        found = self._database.execute("SELECT mark, base FROM born").fetchone()
        if found is not None and found[0] == mark:
            return int(found[1])
        base = 0 if is_first and found is None else base_without_memory()
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("DELETE FROM born")
        self._database.execute("DELETE FROM numbers")
        self._database.execute("INSERT INTO born (mark, base) VALUES (?, ?)", (mark, base))
        self._database.execute("COMMIT")
        return base


@contextmanager
def _as_enforcement_error() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise EnforcementError("the numbers of placeholders cannot be kept") from error
