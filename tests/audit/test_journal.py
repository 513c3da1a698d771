"""The journal: durable before it returns, one writer, segments with checkpoints, and errors that refuse."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import JournalKeys
from gateway.audit.rows import Row
from gateway.audit.verify import verify
from gateway.errors import JournalError
from gateway.model.record import LifecycleEvent
from tests.audit.records import DAY, NOON, outcome, started, usage


@pytest.fixture
def keys(tmp_path: Path) -> JournalKeys:
    return JournalKeys.open(tmp_path / "keys")


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def test_rows_are_numbered_from_one_and_chained(tmp_path: Path, keys: JournalKeys) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys)
    assert journal.start(usage()) == 2, "row 1 says that the journal was opened"
    assert journal.finish(outcome()) == 3
    assert journal.record(started()) == 4
    journal.close()
    report = verify(path, keys.verifier)
    assert report.is_intact
    assert report.rows == 5


def test_identity_is_written_nowhere(tmp_path: Path, keys: JournalKeys) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite", keys)
    journal.start(usage(identity="kanarie.persoon"))
    journal.close()
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or b"kanarie" not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tool_id": "Mevrouw kanarie woont in de Dorpsstraat"}, "an id holds no spaces"),
        ({"reasons": (("rule-matched", "kanarie\n999912343"),)}, "nor line breaks"),
        ({"revision": "kanarie" * 100}, "a code is short"),
        ({"department": "kanarie; <b>"}, "a department has an ordinary name"),
    ],
)
def test_what_does_not_look_like_a_code_is_not_written(
    tmp_path: Path, keys: JournalKeys, changes: dict[str, object], why: str
) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys)
    journal.start(usage(**changes))
    journal.close()
    assert b"kanarie" not in path.read_bytes(), why
    assert b"malformed" in path.read_bytes()


@pytest.mark.parametrize(
    "entry",
    [
        usage(verdict="perhaps"),
        outcome(action="vanished"),
        LifecycleEvent("PG9999I", NOON),
        LifecycleEvent("PG2001I", NOON, {"prompt": "x"}),
        LifecycleEvent("PG1001I", NOON),
    ],
    ids=["verdict", "action", "code", "field", "exchange-as-lifecycle"],
)
def test_what_the_catalogue_does_not_know_is_an_error(tmp_path: Path, keys: JournalKeys, entry: LifecycleEvent) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite", keys)
    with pytest.raises(JournalError):
        journal.compose(entry)
    journal.close()


def test_a_second_process_gets_a_clear_error(tmp_path: Path, keys: JournalKeys) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys)
    with pytest.raises(JournalError, match=rf"process {os.getpid()} is writing this journal"):
        Journal.open(path, keys)
    journal.close()
    Journal.open(path, keys).close()


def write_for_ever(journal: Journal) -> None:
    for number in range(10_000):
        journal.start(usage(number))


def move(path: Path) -> None:
    path.rename(path.with_name("moved"))


def test_a_journal_that_cannot_be_written_refuses(tmp_path: Path, keys: JournalKeys) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys)
    journal.start(usage(1))
    page_count = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute(f"PRAGMA max_page_count = {page_count}")
    with pytest.raises(JournalError, match="SQLITE_FULL"):
        write_for_ever(journal)
    last, _ = journal.head
    journal._database.execute("PRAGMA max_page_count = 1000000")
    assert journal.start(usage(999)) == last + 1, "it goes on where it was, when there is room again"
    journal.close()
    assert verify(path, keys.verifier).is_intact


def test_a_failing_group_writes_none_of_its_rows(tmp_path: Path, keys: JournalKeys) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys)
    good = journal.compose(usage(1))
    broken = journal.compose(usage(2))
    broken.body["broken"] = 0.5j  # type: ignore[assignment]
    with pytest.raises(TypeError):
        journal.append([good, broken])
    assert journal.start(usage(3)) == 2
    journal.close()
    assert verify(path, keys.verifier).is_intact


@pytest.mark.parametrize("harm", [Path.unlink, move])
def test_a_file_taken_away_is_noticed(tmp_path: Path, keys: JournalKeys, harm: Callable[[Path], None]) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys)
    harm(path)
    with pytest.raises(JournalError):
        journal.start(usage())


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, keys: JournalKeys) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="file"):
        Journal.open(tmp_path / "file" / "journal.sqlite", keys)


def test_another_sqlite_file_is_not_taken_over(tmp_path: Path, keys: JournalKeys) -> None:
    path = tmp_path / "other.sqlite"
    database = sqlite3.connect(path)
    database.execute("PRAGMA application_id = 7")
    database.execute("CREATE TABLE t (x)")
    database.commit()
    database.close()
    with pytest.raises(JournalError, match="not a journal"):
        Journal.open(path, keys)


def test_rows_cannot_be_changed_by_accident(tmp_path: Path, keys: JournalKeys) -> None:
    path = tmp_path / "journal.sqlite"
    Journal.open(path, keys).close()
    database = sqlite3.connect(path)
    for statement in ("DELETE FROM rows", "UPDATE rows SET body = '{}'", "DELETE FROM segments"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)


def test_segments_end_with_the_day_and_with_their_size(tmp_path: Path, keys: JournalKeys) -> None:
    clock = Clock()
    place = tmp_path / "second"
    options = JournalOptions(second_place=place, segment_rows=3, clock=clock)
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys, options)
    for number in range(5):
        journal.start(usage(number))
    clock.now += DAY
    journal.start(usage(6))
    journal.close()
    assert sorted(file.name for file in place.iterdir()) == [
        "head.json", "segment-000001.json", "segment-000002.json", "segment-000003.json",
    ]  # fmt: skip
    report = verify(path, keys.verifier, second_place=place)
    assert (report.is_intact, report.segments) == (True, 3)


def test_rows_go_on_while_the_second_place_is_away(tmp_path: Path, keys: JournalKeys) -> None:
    clock = Clock()
    place = tmp_path / "mount"
    place.write_text("not a folder")
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, keys, JournalOptions(second_place=place / "sub", segment_rows=2, clock=clock))
    for number in range(6):
        journal.start(usage(number))
    assert path.read_bytes() is not None
    assert journal.checkpoint_copied_at == 0.0
    place.unlink()
    clock.now += 120
    journal.start(usage(7))
    assert journal.checkpoint_copied_at == clock.now
    journal.close()
    report = verify(path, keys.verifier, second_place=place / "sub")
    assert report.is_intact
    codes = [row[0] for row in sqlite3.connect(path).execute("SELECT code FROM rows WHERE code = 'PG3003E'")]
    assert codes == ["PG3003E"], "told once, not at every row"


def test_what_fails_after_the_commit_does_not_undo_it(
    tmp_path: Path, keys: JournalKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is on disk: saying it is not would have a second one written for the same exchange."""
    place = tmp_path / "mount"
    clock = Clock()
    journal = Journal.open(tmp_path / "journal.sqlite", keys, JournalOptions(second_place=place, clock=clock))
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    place.write_text("not a folder")
    real = journal._insert

    def insert(row: Row) -> int:
        if row.body["code"] == "PG3003E":
            raise sqlite3.OperationalError("disk full")
        return real(row)

    monkeypatch.setattr(journal, "_insert", insert)
    clock.now += 120
    assert journal.start(usage(1)) == 2
    assert journal.untold == 1
    assert journal.start(usage(2)) == 3
    journal.close()
    assert verify(journal.path, keys.verifier).is_intact


def test_an_old_copy_put_back_is_refused_at_start(tmp_path: Path, keys: JournalKeys) -> None:
    place, path = tmp_path / "second", tmp_path / "journal.sqlite"
    options = JournalOptions(second_place=place)
    Journal.open(path, keys, options).close()
    old = path.read_bytes()
    journal = Journal.open(path, keys, options)
    journal.start(usage())
    journal.close()
    path.write_bytes(old)
    with pytest.raises(JournalError, match="rows were lost or an old copy was put back"):
        Journal.open(path, keys, options)


WRITER = """
import sys
from pathlib import Path
from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import JournalKeys
from tests.audit.records import usage
root = Path(sys.argv[1])
journal = Journal.open(root / "journal.sqlite", JournalKeys.open(root / "keys"), JournalOptions(segment_rows=7))
number = 0
while True:
    number += 1
    print(journal.start(usage(number)), flush=True)
"""


@pytest.mark.parametrize("rows", [1, 23, 60])
def test_kill_9_loses_no_durable_row(tmp_path: Path, keys: JournalKeys, rows: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seen = 0
    for line in process.stdout:
        seen = int(line)
        if seen > rows:
            process.send_signal(signal.SIGKILL)
            break
    said = [int(line) for line in process.stdout.read().split()]
    process.wait()
    path = tmp_path / "journal.sqlite"
    report = verify(path, keys.verifier)
    assert report.is_intact
    assert report.rows >= max([seen, *said])
    journal = Journal.open(path, keys)
    assert journal.start(usage()) == report.rows + 2, "the chain goes on where it was"
    journal.close()
    assert verify(path, keys.verifier).is_intact
