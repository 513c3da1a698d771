"""The SQLite file of a journal: its tables, how it is opened for writing and for reading, and who may write it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gateway.errors import JournalError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS segments (
    number      INTEGER PRIMARY KEY,
    first_seq   INTEGER NOT NULL,
    previous    TEXT NOT NULL,
    opened_at   TEXT NOT NULL,
    checkpoint  TEXT,
    state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'emptied', 'deleted')),
    tombstone   TEXT,
    hold        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS rows (
    seq         INTEGER PRIMARY KEY,
    segment     INTEGER NOT NULL REFERENCES segments (number),
    hash        TEXT NOT NULL,
    body        TEXT,
    at          TEXT GENERATED ALWAYS AS (body ->> '$.at') VIRTUAL,
    code        TEXT GENERATED ALWAYS AS (body ->> '$.code') VIRTUAL,
    decision_id TEXT GENERATED ALWAYS AS (body ->> '$.decision_id') VIRTUAL
) STRICT;
CREATE INDEX IF NOT EXISTS rows_at ON rows (at);
CREATE INDEX IF NOT EXISTS rows_decision ON rows (decision_id);
CREATE TABLE IF NOT EXISTS fingerprints (
    digest      TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    PRIMARY KEY (digest, seq)
) STRICT, WITHOUT ROWID;
"""
_GUARDS = (
    ("rows_keep", "BEFORE UPDATE ON rows"),
    ("rows_stay", "BEFORE DELETE ON rows"),
    ("segments_stay", "BEFORE DELETE ON segments"),
    ("fingerprints_keep", "BEFORE UPDATE ON fingerprints"),
    ("fingerprints_stay", "BEFORE DELETE ON fingerprints"),
)
_MARK = 0x5047_4A31  # "PGJ1" in the application_id of the file


def set_guards(database: sqlite3.Connection) -> None:
    """Make the tables append-only against accidents; the hash chain is what stands against intent."""
    for trigger, when in _GUARDS:
        act = "SELECT RAISE(ABORT, 'the journal is append-only')"
        database.execute(f"CREATE TRIGGER IF NOT EXISTS {trigger} {when} BEGIN {act}; END")


def lift_guards(database: sqlite3.Connection) -> None:
    """Let retention delete, within its own transaction, which must end with `set_guards`."""
    for trigger, _ in _GUARDS:
        database.execute(f"DROP TRIGGER IF EXISTS {trigger}")


@contextmanager
def as_journal_error(path: Path) -> Iterator[None]:
    """SQLite's and the disk's errors become one line that names the file; their messages hold no row content."""
    try:
        yield
    except sqlite3.Error as error:
        raise JournalError(f"{path}: {_word(error)}") from error
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror}") from error


def _word(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", type(error).__name__)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open or make the file: write-ahead log, every commit on disk before it returns. Raises `JournalError`."""
    with as_journal_error(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
        mark = database.execute("PRAGMA application_id").fetchone()[0]
        if mark not in {0, _MARK}:
            raise JournalError(f"{path}: not a journal of this gateway")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA secure_delete = ON")
        database.execute(f"PRAGMA application_id = {_MARK}")
        database.executescript(_SCHEMA)
        set_guards(database)
    return database


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an existing journal without the means to change it, also while it is being written. Raises `JournalError`.

    On a read-only copy without a write-ahead log the file is taken as it is.
    """
    if not path.is_file():
        raise JournalError(f"{path}: there is no journal here")
    with as_journal_error(path):
        try:
            database = _read_only(path, "mode=ro")
        except sqlite3.OperationalError:
            if path.with_name(path.name + "-wal").exists():
                raise
            database = _read_only(path, "mode=ro&immutable=1")
        if database.execute("PRAGMA application_id").fetchone()[0] != _MARK:
            raise JournalError(f"{path}: not a journal of this gateway")
    return database


def _read_only(path: Path, options: str) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?{options}", uri=True, isolation_level=None, timeout=10.0)
    database.execute("SELECT count(*) FROM segments").fetchone()
    return database


class JournalBusyError(JournalError):
    """Another process writes this journal."""


class WriterLock:
    """Only one process writes a journal; the lock falls by itself when that process dies."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises `JournalBusyError` naming the process that holds it."""
        place = path.with_name(path.name + ".lock")
        with as_journal_error(place):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file: IO[str] = os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise JournalBusyError(f"{path}: process {holder} is writing this journal; it has one writer") from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()
