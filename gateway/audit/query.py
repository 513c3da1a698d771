"""Reading the journal: rows by filter, and exchanges with their outcome beside them. No filter names a person."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.audit.chain import timestamp
from gateway.audit.store import as_journal_error, open_for_reading

type Event = dict[str, Any]
"""One row as the journal holds it, parsed."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to read. Times are seconds since the epoch, `until` is exclusive; "" and None mean everything.

    `code` may be a code, its beginning, or a name of the catalogue. The filters from `decision_id` on are about
    exchanges: they select both the start row and the finish row.
    """

    since: float | None = None
    until: float | None = None
    code: str = ""
    decision_id: str = ""
    tool: str = ""
    verdict: str = ""
    department: str = ""
    entity: str = ""
    reason: str = ""

    def where(self) -> tuple[str, list[str]]:
        """The condition over `rows` in SQL, made of constants of this module, with the values for its marks."""
        tests, values = ["body IS NOT NULL"], list[str]()
        if self.since is not None:
            tests.append("at >= ?")
            values.append(timestamp(self.since))
        if self.until is not None:
            tests.append("at < ?")
            values.append(timestamp(self.until))
        if self.code:
            tests.append("(substr(code, 1, length(?)) = ? OR body ->> '$.event' = ?)")
            values += [self.code] * 3
        if self.decision_id:
            tests.append("decision_id = ?")
            values.append(self.decision_id)
        started, about = self._about_start()
        if started:
            inner = " AND ".join(started)
            tests.append(f"decision_id IN (SELECT decision_id FROM rows WHERE code GLOB 'PG10*' AND {inner})")  # noqa: S608
            values += about
        return " AND ".join(tests), values

    def _about_start(self) -> tuple[list[str], list[str]]:
        tests, values = list[str](), list[str]()
        for key in ("tool", "verdict", "department"):
            if wanted := getattr(self, key):
                tests.append(f"body ->> '$.{key}' = ?")
                values.append(wanted)
        if self.entity:
            tests.append("EXISTS (SELECT 1 FROM json_each(body, '$.entities') WHERE key = ?)")
            values.append(self.entity)
        if self.reason:
            tests.append("EXISTS (SELECT 1 FROM json_each(body, '$.reasons') WHERE value ->> 0 = ?)")
            values.append(self.reason)
        return tests, values


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection, closed at the end. Raises `JournalError`, also for errors while reading."""
    database = open_for_reading(path)
    try:
        with as_journal_error(path):
            yield database
    finally:
        database.close()


def events(database: sqlite3.Connection, wanted: Filter, limit: int = -1) -> Iterator[Event]:
    """Rows in the order they were written; `limit` counts from the newest back."""
    where, values = wanted.where()
    newest = f"SELECT seq, body, hash FROM rows WHERE {where} ORDER BY seq DESC LIMIT ?"  # noqa: S608
    for _seq, body, root in database.execute(f"SELECT * FROM ({newest}) ORDER BY seq", [*values, str(limit)]):  # noqa: S608
        yield {**json.loads(body), "hash": root}


def with_outcomes(database: sqlite3.Connection, wanted: Filter) -> Iterator[Event]:
    """Lifecycle events, and one event per exchange: its start row with the finish row under `outcome`.

    `outcome` is None for an exchange that did not finish (yet).
    """
    where, values = wanted.where()
    finish = "SELECT f.body FROM rows AS f WHERE f.decision_id = r.decision_id AND f.code GLOB 'PG11*' LIMIT 1"
    query = f"SELECT body, CASE WHEN code GLOB 'PG10*' THEN ({finish}) END FROM rows AS r WHERE {where}"  # noqa: S608
    for body, done in database.execute(f"{query} AND code NOT GLOB 'PG11*' ORDER BY seq", values):
        event = json.loads(body)
        yield {**event, "outcome": json.loads(done) if done else None} if "verdict" in event else event


def exchanges(database: sqlite3.Connection, wanted: Filter) -> Iterator[Event]:
    """Only the exchanges of `with_outcomes`."""
    return (event for event in with_outcomes(database, wanted) if "verdict" in event)
