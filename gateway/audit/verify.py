"""Verification: recompute the chain, check every signature, compare with the second place, and name what is wrong."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gateway.audit.chain import GENESIS, link
from gateway.audit.checkpoints import HEAD, Checkpoint, SecondPlace
from gateway.audit.keys import Verifier
from gateway.audit.rows import VERSION
from gateway.audit.store import as_journal_error, open_for_reading

_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `seq` is the first row it concerns, 0 when it concerns a copy or an index as a whole."""

    code: str
    segment: int
    seq: int
    detail: str = ""


@dataclass(slots=True)
class Verification:
    """What verification found. `unfinished` counts exchanges with a start row and no finish row: no fault, but told."""

    rows: int = 0
    segments: int = 0
    deleted_rows: int = 0
    first_at: str = ""
    last_at: str = ""
    last_seq: int = 0
    last_root: str = GENESIS
    unfinished: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Segment:
    number: int
    first_seq: int
    previous: str
    checkpoint: str
    state: str
    tombstone: str


def verify(path: Path, verifier: Verifier, *, second_place: Path | None = None) -> Verification:
    """Check the whole journal in `path`; also while it is being written. Raises `JournalError` when it is not readable.

    The order of faults is the order of rows, so the first names the first bad row.
    """
    database = open_for_reading(path)
    try:
        with as_journal_error(path):
            database.execute("BEGIN")
            return _Verifying(database, verifier).run(SecondPlace(second_place) if second_place else None)
    finally:
        database.close()


class _Verifying:
    """One run over one consistent snapshot."""

    def __init__(self, database: sqlite3.Connection, verifier: Verifier) -> None:
        self._database = database
        self._verifier = verifier
        self._found = Verification()
        self._hashes: dict[int, str] = {0: GENESIS}
        self._fingerprints = 0

    def run(self, place: SecondPlace | None) -> Verification:
        found = self._found
        number, seq, root = 0, 0, GENESIS
        for segment in self._segments():
            found.segments += 1
            if segment.number != number + 1:
                self._fault("segment-missing", number + 1, seq + 1, f"segments {number + 1} to {segment.number - 1}")
            elif segment.first_seq != seq + 1 or segment.previous != root:
                self._fault("segment-not-linked", segment.number, segment.first_seq, "does not follow the one before")
            number = segment.number
            seq, root = self._check_segment(segment)
            self._hashes[seq] = root
        self._check_leftovers(seq)
        found.last_seq, found.last_root = seq, root
        self._check_fingerprints()
        found.unfinished = self._count_unfinished()
        if place is not None:
            self._check_copies(place, seq)
        found.faults.sort(key=lambda fault: (fault.seq == 0, fault.seq))
        return found

    def _segments(self) -> Iterator[_Segment]:
        for row in self._database.execute(
            "SELECT number, first_seq, previous, ifnull(checkpoint, ''), state, ifnull(tombstone, '') "
            "FROM segments ORDER BY number"
        ):
            yield _Segment(*row)

    def _check_segment(self, segment: _Segment) -> tuple[int, str]:
        """Check one segment; the number and hash of its last row, as signed where it is closed."""
        before = len(self._found.faults)
        seq, root, deleted = self._check_rows(segment)
        is_whole = len(self._found.faults) == before
        if segment.state == "open":
            if seq < segment.first_seq:
                self._fault("tail-missing", segment.number, segment.first_seq, "an open segment without rows")
            return seq, root
        signed = Checkpoint.read(segment.checkpoint, self._verifier)
        if signed is None or signed.kind != "segment" or signed.segment != segment.number:
            self._fault("checkpoint-not-signed", segment.number, segment.first_seq, "damaged or signed by another key")
            return seq, root
        if segment.state == "deleted":
            deleted = signed.last_seq - signed.first_seq + 1
        elif signed.last_seq > seq:
            self._fault("tail-missing", segment.number, seq + 1, f"rows {seq + 1} to {signed.last_seq}")
        elif is_whole and (signed.first_seq, signed.last_seq, signed.root) != (segment.first_seq, seq, root):
            self._fault("checkpoint-differs", segment.number, segment.first_seq, "rows are not those that were signed")
        self._check_tombstone(segment, deleted)
        return signed.last_seq, signed.root

    def _check_rows(self, segment: _Segment) -> tuple[int, str, int]:
        found = self._found
        expected, root, deleted = segment.first_seq, segment.previous, 0
        for seq, stored, body in self._database.execute(
            "SELECT seq, hash, body FROM rows WHERE segment = ? ORDER BY seq", (segment.number,)
        ):
            if seq != expected:
                gap = f"rows {expected} to {seq - 1}" if seq > expected else f"row {seq} stands twice"
                self._fault("rows-missing", segment.number, expected, gap)
                root = ""
            if body is None:
                deleted += 1
            else:
                found.rows += 1
                self._check_body(segment.number, seq, body)
                if root and link(root, body.encode()) != stored:
                    self._fault("hash-differs", segment.number, seq, "the row, or the one before it, was changed")
            expected, root = seq + 1, stored
            if seq % 1000 == 0:
                self._hashes[seq] = stored
        return expected - 1, root, deleted

    def _check_body(self, segment: int, seq: int, body: str) -> None:
        found = self._found
        try:
            row = json.loads(body)
            place, at = (row["v"], row["seq"], row["segment"]), row["at"]
            self._fingerprints += len({digest for _, digest in row.get("fingerprints", ())})
        except (ValueError, KeyError, TypeError):
            self._fault("row-unreadable", segment, seq, "not a row of the journal")
            return
        if place != (VERSION, seq, segment):
            self._fault("row-misplaced", segment, seq, "says it stands elsewhere, or has another version")
        found.first_at = found.first_at or at
        found.last_at = at

    def _check_tombstone(self, segment: _Segment, deleted: int) -> None:
        self._found.deleted_rows += deleted
        if not deleted:
            return
        tombstone = Checkpoint.read(segment.tombstone, self._verifier)
        if tombstone is None or (tombstone.kind, tombstone.segment) != ("tombstone", segment.number):
            self._fault(
                "deletion-not-signed", segment.number, segment.first_seq, f"{deleted} rows are gone unexplained"
            )

    def _check_leftovers(self, last: int) -> None:
        (beyond,) = self._database.execute("SELECT min(seq) FROM rows WHERE seq > ?", (last,)).fetchone()
        if beyond is not None:
            self._fault("rows-beyond-end", 0, beyond, "rows stand after the end of the last segment")

    def _check_fingerprints(self) -> None:
        (indexed,) = self._database.execute("SELECT count(*) FROM fingerprints").fetchone()
        if indexed != self._fingerprints:
            self._fault("fingerprints-differ", 0, 0, f"{self._fingerprints} in rows, {indexed} in the index of lookup")

    def _check_copies(self, place: SecondPlace, last: int) -> None:
        """Every copy must be signed, lie within the journal, and agree with it."""
        copies = 0
        for file, text in place.texts():
            copies += 1
            copy = Checkpoint.read(text, self._verifier)
            if copy is None:
                self._fault("copy-not-signed", 0, 0, file)
            elif copy.last_seq > last:
                self._fault("tail-missing", copy.segment, last + 1, f"rows {last + 1} to {copy.last_seq}, says {file}")
            elif (known := self._hash_of(copy.last_seq)) is not None and known != copy.root:
                self._fault("copy-differs", copy.segment, copy.last_seq, file)
        if not copies:
            self._fault("copies-missing", 0, 0, "the second place holds no checkpoint")
        elif not place.has(HEAD):  # without it the rows of the open segment could be cut off unseen
            self._fault("copies-missing", 0, 0, HEAD)

    def _hash_of(self, seq: int) -> str | None:
        if seq in self._hashes:
            return self._hashes[seq]
        row = self._database.execute("SELECT hash FROM rows WHERE seq = ?", (seq,)).fetchone()
        return row[0] if row else None

    def _count_unfinished(self) -> int:
        try:
            (count,) = self._database.execute(
                "SELECT count(*) FROM rows AS r WHERE r.code GLOB 'PG10*' AND NOT EXISTS "
                "(SELECT 1 FROM rows AS f WHERE f.decision_id = r.decision_id AND f.code GLOB 'PG11*')"
            ).fetchone()
        except sqlite3.OperationalError:  # a row that is no JSON, which is a fault already
            return 0
        return int(count)

    def _fault(self, code: str, segment: int, seq: int, detail: str) -> None:
        if len(self._found.faults) < _MOST_FAULTS:
            self._found.faults.append(Fault(code, segment, seq, detail))
