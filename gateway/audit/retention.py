"""Retention: rows past their term go by whole segments, the chain stays verifiable, and holds stop it."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.audit.chain import timestamp
from gateway.audit.checkpoints import Checkpoint
from gateway.audit.keys import JournalKeys, month_of
from gateway.audit.query import reading
from gateway.audit.store import as_journal_error, lift_guards, open_for_writing, set_guards
from gateway.errors import JournalError

DAY = 86_400.0
_PAUSE_S = 0.15


@dataclass(frozen=True, slots=True)
class Terms:
    """Days that rows are kept. Exchanges: AI Act art. 26(6) asks six months at least of high-risk deployers.
    Lifecycle events: a full audit year and a month. A segment on hold is kept whatever its age.
    """

    exchange_days: int = 183
    lifecycle_days: int = 396


@dataclass(frozen=True, slots=True)
class Retained:
    """What a run did: `emptied` segments lost their exchanges, `deleted` ones all rows; `keys` are months destroyed."""

    emptied: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    rows: int = 0
    keys: tuple[str, ...] = ()


def retain(
    path: Path, keys: JournalKeys, terms: Terms, *, clock: Callable[[], float] = time.time, dry_run: bool = False
) -> Retained:
    """Delete what is past its term in the journal at `path`, also while the gateway writes it. Raises `JournalError`.

    One segment at a time, so that the gateway never waits for more than one. Each deletion leaves a tombstone signed
    with the journal's key, so verification can tell it from tampering. Keys of pseudonyms and fingerprints go with the
    last exchange they were used for.
    """
    now = clock()
    exchange_cutoff, lifecycle_cutoff = (timestamp(now - days * DAY) for days in _days(terms))
    emptied, deleted, rows = list[int](), list[int](), 0
    with _opened(path) as database:
        for number, state, signed in _closed_segments(database, keys):
            is_whole = signed.at < lifecycle_cutoff
            if not is_whole and (state == "emptied" or signed.at >= exchange_cutoff):
                continue
            counted = _count(database, number, is_whole=is_whole)
            if not dry_run:
                days = f"lifecycle-days={terms.lifecycle_days}" if is_whole else f"exchange-days={terms.exchange_days}"
                tombstone = replace(signed, kind="tombstone", at=timestamp(now), note=days).sign(keys.signing)
                if not _removed(database, signed, state, tombstone, is_whole=is_whole):
                    continue
            (deleted if is_whole else emptied).append(number)
            rows += counted
    months = _keys_without_rows(keys, month_of(now - terms.exchange_days * DAY), path)
    if not dry_run:
        for month in months:
            for ring in (keys.pseudonyms, keys.fingerprints):
                if month in ring.months():
                    ring.destroy(month)
    return Retained(tuple(emptied), tuple(deleted), rows, months)


def hold(path: Path, case: str, *, since: float | None = None, until: float | None = None) -> tuple[int, ...]:
    """Put the segments with rows in a period on hold for `case`; their numbers. Raises `JournalError`."""
    with _changing(path) as database:
        numbers = database.execute(
            "SELECT DISTINCT segment FROM rows WHERE at >= ? AND at < ?",
            (timestamp(since or 0.0), timestamp(until) if until else "9999"),
        ).fetchall()
        return _mark(database, [number for (number,) in numbers], case)


def hold_decisions(path: Path, case: str, decision_ids: tuple[str, ...]) -> tuple[int, ...]:
    """The same for the segments of single exchanges (BIO2 5.28.01: incident data three years)."""
    query = "SELECT DISTINCT segment FROM rows WHERE decision_id IN (SELECT value FROM json_each(?))"
    with _changing(path) as database:
        numbers = database.execute(query, (json.dumps(decision_ids),)).fetchall()
        return _mark(database, [number for (number,) in numbers], case)


def release(path: Path, case: str) -> tuple[int, ...]:
    """End the hold of `case`; the segments concerned."""
    with _changing(path) as database:
        numbers = database.execute("SELECT number FROM segments WHERE hold = ?", (case,)).fetchall()
        database.execute("UPDATE segments SET hold = '' WHERE hold = ?", (case,))
        return tuple(number for (number,) in numbers)


def _days(terms: Terms) -> tuple[int, int]:
    return terms.exchange_days, max(terms.exchange_days, terms.lifecycle_days)


def _mark(database: sqlite3.Connection, numbers: list[int], case: str) -> tuple[int, ...]:
    """A segment that is held already keeps the older case; it is released with that one."""
    for number in numbers:
        database.execute("UPDATE segments SET hold = ? WHERE number = ? AND hold = ''", (case, number))
    return tuple(sorted(numbers))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise JournalError(f"{path}: there is no journal here")
    database = open_for_writing(path)
    try:
        with as_journal_error(path):
            yield database
            database.execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        database.close()


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    """One change with the guards lifted; all of it or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        lift_guards(database)
        yield
        set_guards(database)
        database.execute("COMMIT")
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


@contextmanager
def _changing(path: Path) -> Iterator[sqlite3.Connection]:
    with _opened(path) as database, _transaction(database):
        yield database


def _closed_segments(database: sqlite3.Connection, keys: JournalKeys) -> list[tuple[int, str, Checkpoint]]:
    query = "SELECT number, state, checkpoint FROM segments WHERE state IN ('closed', 'emptied') AND hold = ''"
    found = database.execute(f"{query} ORDER BY number").fetchall()
    signed = ((number, state, Checkpoint.read(text, keys.verifier)) for number, state, text in found)
    return [(number, state, checkpoint) for number, state, checkpoint in signed if checkpoint is not None]


def _count(database: sqlite3.Connection, number: int, *, is_whole: bool) -> int:
    """How many rows of the segment will lose their content."""
    pattern = "PG*" if is_whole else "PG1*"
    (count,) = database.execute(
        "SELECT count(body) FROM rows WHERE segment = ? AND code GLOB ?", (number, pattern)
    ).fetchone()
    return int(count)


def _removed(database: sqlite3.Connection, signed: Checkpoint, state: str, tombstone: str, *, is_whole: bool) -> bool:
    """Delete and bury one segment; False when it is not as it was: somebody put it on hold, or deleted it."""
    query = "SELECT 1 FROM segments WHERE number = ? AND state = ? AND hold = ''"
    with _transaction(database):
        if database.execute(query, (signed.segment, state)).fetchone() is None:
            return False
        _delete(database, signed, is_whole=is_whole)
        database.execute("UPDATE segments SET tombstone = ? WHERE number = ?", (tombstone, signed.segment))
    _make_way()
    return True


def _make_way() -> None:
    """Let the gateway write what waited for us: it looks every tenth of a second, and refuses after five seconds."""
    time.sleep(_PAUSE_S)


def _delete(database: sqlite3.Connection, signed: Checkpoint, *, is_whole: bool) -> None:
    number = signed.segment
    database.execute("DELETE FROM fingerprints WHERE seq BETWEEN ? AND ?", (signed.first_seq, signed.last_seq))
    if is_whole:
        database.execute("DELETE FROM rows WHERE segment = ?", (number,))
    else:
        database.execute("UPDATE rows SET body = NULL WHERE segment = ? AND code GLOB 'PG1*'", (number,))
    state = "deleted" if is_whole else "emptied"
    database.execute("UPDATE segments SET state = ? WHERE number = ?", (state, number))


def _keys_without_rows(keys: JournalKeys, first_kept: str, path: Path) -> tuple[str, ...]:
    """Months before the term of which no exchange is left (a hold keeps its month's keys)."""
    months = sorted({*keys.pseudonyms.months(), *keys.fingerprints.months()})
    with reading(path) as database:
        (oldest,) = database.execute("SELECT min(at) FROM rows WHERE code GLOB 'PG1*'").fetchone()
    kept_from = min(first_kept, (oldest or "9999")[:7])
    return tuple(month for month in months if month < kept_from)
