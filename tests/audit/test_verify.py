"""Verification names what was done to a journal: every kind of tampering, by its first bad row."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import JournalKeys
from gateway.audit.store import lift_guards
from gateway.audit.verify import verify
from gateway.errors import JournalError
from tests.audit.records import outcome, usage

type Harm = Callable[[sqlite3.Connection, Path], object]


def sql(*statements: str) -> Harm:
    return lambda database, _: [database.execute(statement) for statement in statements]


def rewrite_tail(database: sqlite3.Connection, _: Path) -> None:
    """What somebody does who knows the hashes but has no key: change row 12 and recompute the whole chain."""
    from gateway.audit.chain import link

    rows = database.execute("SELECT seq, hash, body FROM rows ORDER BY seq").fetchall()
    root = rows[10][1]
    for seq, _old, body in rows[11:]:
        changed = body.replace('"bytes_in":512', '"bytes_in":1')
        root = link(root, changed.encode())
        database.execute("UPDATE rows SET body = ?, hash = ? WHERE seq = ?", (changed, root, seq))


def empty_segment(database: sqlite3.Connection, _: Path) -> None:
    database.execute("UPDATE rows SET body = NULL WHERE segment = 2")
    database.execute("UPDATE segments SET state = 'emptied' WHERE number = 2")


def forge_copy(_: sqlite3.Connection, place: Path) -> None:
    copy = place / "segment-000001.json"
    copy.write_text(copy.read_text().replace('"last_seq":10', '"last_seq":9'))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A closed journal of 33 rows in four segments (10, 10, 10, 3), with its second place."""
    options = JournalOptions(second_place=tmp_path / "second", segment_rows=10)
    journal = Journal.open(tmp_path / "journal.sqlite", JournalKeys.open(tmp_path / "keys"), options)
    for number in range(1, 16):
        journal.start(usage(number))
        journal.finish(outcome(number))
    journal.start(usage(16))
    journal.close()
    return tmp_path


def test_an_untouched_journal_is_intact(site: Path) -> None:
    keys = JournalKeys.open(site / "keys")
    found = verify(site / "journal.sqlite", keys.verifier, second_place=site / "second")
    assert found.is_intact
    assert (found.rows, found.segments, found.last_seq, found.unfinished) == (33, 4, 33, 1)
    assert found.first_at
    assert len(found.last_root) == 64


@pytest.mark.parametrize(
    ("harm", "code", "seq", "why"),
    [
        (sql("""UPDATE rows SET body = replace(body, '"persons":0', '"persons":9') WHERE seq = 12"""),
         "hash-differs", 12, "a changed row"),
        (sql("UPDATE rows SET hash = hex(randomblob(32)) WHERE seq = 12"), "hash-differs", 12, "a changed hash"),
        (sql("DELETE FROM rows WHERE seq = 12"), "rows-missing", 12, "a row in the middle is gone"),
        (sql("DELETE FROM rows WHERE seq BETWEEN 5 AND 8"), "rows-missing", 5, "a gap is named by its first row"),
        (sql("DELETE FROM rows WHERE seq > 28"), "tail-missing", 29, "rows before a signed checkpoint are gone"),
        (sql("DELETE FROM rows WHERE segment = 4", "DELETE FROM segments WHERE number = 4"),
         "tail-missing", 31, "a whole tail is gone, which only the second place knows"),
        (sql("DELETE FROM rows WHERE segment = 2", "DELETE FROM segments WHERE number = 2"),
         "segment-missing", 11, "a whole segment is gone"),
        (sql("UPDATE rows SET seq = 99 WHERE seq = 33"), "rows-missing", 33, "a row was moved"),
        (sql("INSERT INTO rows (seq, segment, hash, body) SELECT 34, segment, hash, body FROM rows WHERE seq = 33"),
         "row-misplaced", 34, "a row was added at the end"),
        (rewrite_tail, "checkpoint-differs", 11, "a recomputed chain does not bear the signature"),
        (empty_segment, "deletion-not-signed", 11, "a deletion that retention did not sign"),
        (sql("UPDATE segments SET checkpoint = replace(checkpoint, '\"segment\":2', '\"segment\":3') WHERE number = 2"),
         "checkpoint-not-signed", 11, "a changed checkpoint"),
        (sql("DELETE FROM fingerprints WHERE seq = 2"), "fingerprints-differ", 0, "a value hidden from lookup"),
        (forge_copy, "copy-not-signed", 0, "a forged copy"),
        (lambda _, place: (place / "head.json").unlink(), "copies-missing", 0, "what vouches for the open segment"),
    ],
)  # fmt: skip
def test_every_kind_of_tampering_is_named(site: Path, harm: Harm, code: str, seq: int, why: str) -> None:
    database = sqlite3.connect(site / "journal.sqlite")
    lift_guards(database)
    harm(database, site / "second")
    database.commit()
    database.close()
    verifier = JournalKeys.open(site / "keys").verifier
    found = verify(site / "journal.sqlite", verifier, second_place=site / "second")
    assert (found.faults[0].code, found.faults[0].seq) == (code, seq), why


def test_another_key_does_not_vouch(site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = JournalKeys.open(tmp_path_factory.mktemp("other")).verifier
    found = verify(site / "journal.sqlite", other)
    assert {fault.code for fault in found.faults} == {"checkpoint-not-signed"}


def test_a_row_that_is_no_json_is_named(site: Path) -> None:
    path = site / "journal.sqlite"
    content = path.read_bytes()
    at = content.index(b'"decision_id":"d-000016"')
    path.write_bytes(content[:at] + b"#" + content[at + 1 :])
    found = verify(path, JournalKeys.open(site / "keys").verifier)
    assert (found.faults[0].code, found.faults[0].seq) == ("row-unreadable", 32)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 99, None])
def test_what_is_no_journal_is_not_readable(site: Path, content: bytes | None) -> None:
    path = site / "other.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JournalError):
        verify(path, JournalKeys.open(site / "keys").verifier)


def test_a_journal_being_written_and_a_bare_copy_verify_as_well(site: Path, tmp_path: Path) -> None:
    keys = JournalKeys.open(site / "keys")
    journal = Journal.open(site / "journal.sqlite", keys)
    journal.start(usage(77))
    assert verify(site / "journal.sqlite", keys.verifier).is_intact
    journal.close()
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(site / "journal.sqlite", copy)
    (copy / "journal.sqlite").chmod(0o400)
    copy.chmod(0o500)
    assert verify(copy / "journal.sqlite", keys.verifier).is_intact
