"""The journal: append-only rows in a hash chain, in segments that end with a signed checkpoint. No row, no service."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway import __version__
from gateway.audit.chain import GENESIS, canonical, link, name, timestamp
from gateway.audit.checkpoints import HEAD, Checkpoint, SecondPlace, file_name
from gateway.audit.keys import JournalKeys
from gateway.audit.pseudonyms import Pseudonyms
from gateway.audit.rows import Entry, Row, compose
from gateway.audit.store import WriterLock, as_journal_error, open_for_writing
from gateway.errors import JournalError, SettingsError
from gateway.model.record import LifecycleEvent, UsageOutcome, UsageRecord

_DAY = len("2026-01-01")


@dataclass(frozen=True, slots=True)
class JournalOptions:
    """How a journal is kept. A segment ends with the day (UTC) or after `segment_rows` rows.

    `second_place` gets a copy of every checkpoint, and of the head every `head_every_s` seconds.
    """

    gateway: str = "gateway"
    second_place: Path | None = None
    segment_rows: int = 50_000
    head_every_s: float = 10.0
    clock: Callable[[], float] = time.time


@dataclass(slots=True)
class _Head:
    """The end of the chain: the open segment, its beginning, and the last row (0 and GENESIS when there is none)."""

    segment: int
    first_seq: int
    previous: str
    day: str
    seq: int
    root: str


class Journal:
    """The one writer of a journal file. Not thread-safe; `AsyncJournal` gives it a thread of its own.

    Every method returns after its rows are on disk, or raises `JournalError` and has written nothing. What goes wrong
    after the commit does not raise: the rows stand.
    """

    def __init__(self, path: Path, keys: JournalKeys, options: JournalOptions) -> None:
        self.path = path
        self._keys = keys
        self._options = options
        self._pseudonyms = Pseudonyms(keys.pseudonyms)
        self._place = SecondPlace(options.second_place) if options.second_place else None
        self._gateway = name(options.gateway)
        self._uncopied: dict[int, str] = {}
        self._copy_tried_at = 0.0
        self._is_copy_failing = False
        self._head_copied = 0
        self._is_closed = False
        self.untold = 0
        """How often a failing second place could not even be told in the journal."""
        self.checkpoint_copied_at = 0.0
        self._lock = WriterLock(path)
        try:
            self._database = open_for_writing(path)
            with as_journal_error(path):
                self._inode = path.stat().st_ino
                self._head = self._find_head()
            self._check_against_second_place()
            where = {"segment": str(self._head.segment), "rows": str(self._head.seq)}
            self.record(self._event("PG3001I", version=__version__, **where))
        except BaseException:
            self._lock.release()
            raise

    @classmethod
    def open(cls, path: Path, keys: JournalKeys, options: JournalOptions | None = None) -> "Journal":
        """Open or begin the journal in `path`. Raises `JournalError` when it cannot be written, when another process
        writes it, or when it is shorter than its second place says.
        """
        return cls(path, keys, options or JournalOptions())

    @property
    def is_new(self) -> bool:
        """Whether nothing stood in it before it was opened."""
        return self._head.seq == 1

    def start(self, record: UsageRecord) -> int:
        """Write the start row of an exchange; its sequence number. Nothing may leave before this returns."""
        return self.append((self.compose(record),))[0]

    def finish(self, outcome: UsageOutcome) -> int:
        """Write how an exchange ended."""
        return self.append((self.compose(outcome),))[0]

    def record(self, event: LifecycleEvent) -> int:
        """Write an event of the gateway itself."""
        return self.append((self.compose(event),))[0]

    def compose(self, entry: Entry) -> Row:
        """Turn a noun into a row; pure but for the key of a new month. Raises `JournalError`."""
        try:
            return compose(entry, self._pseudonyms)
        except SettingsError as error:
            raise JournalError(str(error)) from error

    def append(self, rows: Sequence[Row]) -> tuple[int, ...]:
        """Write rows in one transaction (group commit); their sequence numbers. All or none."""
        with as_journal_error(self.path):
            if self.path.stat().st_ino != self._inode:
                raise JournalError(f"{self.path}: the file was replaced while it was open")
            try:
                self._database.execute("BEGIN IMMEDIATE")
                numbers = tuple(self._insert(row) for row in rows)
                self._database.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
        self._copy_checkpoints()
        return numbers

    def tick(self) -> None:
        """Bring the head to the second place when rows came since the last time; for a quiet moment."""
        if self._head.seq > self._head_copied:
            self._copy_checkpoints()

    @property
    def head(self) -> tuple[int, str]:
        """The last row's number and hash."""
        return self._head.seq, self._head.root

    def close(self) -> None:
        """Close the open segment with its checkpoint, and the file. Safe to call twice."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self.record(self._event("PG3002I", segment=str(self._head.segment), rows=str(self._head.seq + 1)))
            with as_journal_error(self.path):
                self._database.execute("BEGIN IMMEDIATE")
                self._close_segment()
                self._database.execute("COMMIT")
            self._copy_checkpoints(is_last=True)
        finally:
            self._database.close()
            self._lock.release()

    def _insert(self, row: Row) -> int:
        head = self._head
        today = timestamp(self._options.clock())[:_DAY]
        is_full = head.seq - head.first_seq + 1 >= self._options.segment_rows
        if head.seq >= head.first_seq and (is_full or today != head.day):
            self._close_segment()
            head = self._head
        if head.seq < head.first_seq:
            self._open_segment(today)
        seq = head.seq + 1
        body = canonical({**row.body, "seq": seq, "segment": head.segment, "gateway": self._gateway})
        root = link(head.root, body)
        self._database.execute(
            "INSERT INTO rows (seq, segment, hash, body) VALUES (?, ?, ?, ?)", (seq, head.segment, root, body.decode())
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO fingerprints (digest, seq) VALUES (?, ?)", [(digest, seq) for digest in row.digests]
        )
        head.seq, head.root = seq, root
        return seq

    def _open_segment(self, day: str) -> None:
        head = self._head
        head.day, head.previous = day, head.root
        self._database.execute(
            "INSERT INTO segments (number, first_seq, previous, opened_at) VALUES (?, ?, ?, ?)",
            (head.segment, head.first_seq, head.root, timestamp(self._options.clock())),
        )

    def _close_segment(self) -> None:
        head = self._head
        text = self._statement("segment").sign(self._keys.signing)
        self._database.execute(
            "UPDATE segments SET checkpoint = ?, state = 'closed' WHERE number = ?", (text, head.segment)
        )
        self._uncopied[head.segment] = text
        self._head = _Head(head.segment + 1, head.seq + 1, head.root, "", head.seq, head.root)

    def _statement(self, kind: str) -> Checkpoint:
        head = self._head
        return Checkpoint(
            kind=kind,
            journal=self._gateway,
            segment=head.segment,
            first_seq=head.first_seq,
            last_seq=head.seq,
            previous=head.previous,
            root=head.root,
            at=timestamp(self._options.clock()),
        )

    def _find_head(self) -> _Head:
        """Where the chain ends on disk; the last row must carry the hash its content has."""
        last = self._database.execute(
            "SELECT number, first_seq, previous, opened_at, state FROM segments ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if last is None:
            return _Head(1, 1, GENESIS, "", 0, GENESIS)
        segment, first, previous, opened_at, state = last
        tail = self._database.execute("SELECT seq, hash, body FROM rows ORDER BY seq DESC LIMIT 2").fetchall()
        if state != "open":
            return self._after_closed_segment(segment, tail[0][0] if tail else 0)
        if not tail or tail[0][0] < first:
            raise JournalError(f"{self.path}: the open segment {segment} has no rows; run: audit verify")
        seq, root, body = tail[0]
        before = previous if seq == first else tail[1][1]
        if body is None or link(before, body.encode()) != root:
            raise JournalError(f"{self.path}: the last row {seq} does not fit the chain; run: audit verify")
        return _Head(segment, first, previous, opened_at[:_DAY], seq, root)

    def _after_closed_segment(self, segment: int, last_seq: int) -> _Head:
        (text,) = self._database.execute("SELECT checkpoint FROM segments WHERE number = ?", (segment,)).fetchone()
        checkpoint = Checkpoint.read(text or "", self._keys.verifier)
        if checkpoint is None or last_seq > checkpoint.last_seq:
            raise JournalError(f"{self.path}: the checkpoint of segment {segment} is not ours; run: audit verify")
        seq, root = checkpoint.last_seq, checkpoint.root
        return _Head(segment + 1, seq + 1, root, "", seq, root)

    def _check_against_second_place(self) -> None:
        if self._place is None:
            return
        with as_journal_error(self._place.folder):
            for file, text in self._place.texts():
                copy = Checkpoint.read(text, self._keys.verifier)
                if copy is not None and copy.last_seq > self._head.seq:
                    raise JournalError(
                        f"{self.path}: ends at row {self._head.seq}, but {file} in the second place vouches for "
                        f"{copy.last_seq}: rows were lost or an old copy was put back; to begin a new journal on "
                        f"purpose, move {self._place.folder} aside as well"
                    )
            closed = self._database.execute("SELECT number, checkpoint FROM segments WHERE checkpoint > ''")
            self._uncopied = {number: text for number, text in closed if not self._place.has(file_name(number))}

    def _copy_checkpoints(self, *, is_last: bool = False) -> None:
        """Bring checkpoints to the second place. When that fails the rows stand; it is told once and tried again."""
        if self._place is None:
            return
        now = self._options.clock()
        is_due = now - self._copy_tried_at >= self._options.head_every_s
        if not (is_due or is_last or (self._uncopied and not self._is_copy_failing)):
            return
        self._copy_tried_at = now
        try:
            for number, text in sorted(self._uncopied.items()):
                self._place.put(file_name(number), text)
                del self._uncopied[number]
            self._place.put(HEAD, self._statement("head").sign(self._keys.signing))
        except OSError as error:
            is_news = not self._is_copy_failing
            self._is_copy_failing = True
            if is_news and not is_last:
                self._tell("PG3003E", segment=str(self._head.segment), error_type=type(error).__name__)
        else:
            self._is_copy_failing = False
            self._head_copied = self._head.seq
            self.checkpoint_copied_at = now

    def _tell(self, code: str, **fields: str) -> None:
        """Write an event about what stands already; that it cannot be written must not undo that."""
        try:
            self.record(self._event(code, **fields))
        except JournalError:
            self.untold += 1

    def _event(self, code: str, **fields: str) -> LifecycleEvent:
        return LifecycleEvent(code, self._options.clock(), fields)

    def _roll_back(self) -> None:
        """Forget what was not committed; the chain goes on from what is on disk."""
        with contextlib.suppress(sqlite3.Error):
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            self._head = self._find_head()
            self._uncopied = {number: text for number, text in self._uncopied.items() if number < self._head.segment}
