"""Retention: whole segments go, the chain stays verifiable, holds stop it, and keys go with their rows."""

import contextlib
from pathlib import Path

import pytest

from gateway.audit import retention
from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.query import Filter, events, reading
from gateway.audit.retention import DAY, Terms, hold_decisions, release, retain
from gateway.audit.verify import verify
from tests.audit.conftest import Clock, Site
from tests.audit.records import NOON, usage

TERMS = Terms(exchange_days=60, lifecycle_days=120)


def count(site: Site, code: str) -> int:
    with reading(site.journal) as database:
        return sum(1 for _ in events(database, Filter(code=code)))


def test_exchanges_go_first_and_lifecycle_events_stay_verifiable(site: Site) -> None:
    at = NOON + 80 * DAY
    done = retain(site.journal, site.keys, TERMS, clock=lambda: at)
    assert (len(done.emptied), done.deleted, done.rows) == (19, (), 133)
    assert count(site, "PG2") == 1, "that the gateway started is still there"
    found = verify(site.journal, site.keys.verifier)
    assert found.is_intact, found.faults
    assert found.deleted_rows == 133


def test_after_the_longer_term_nothing_is_left_but_signed_statements(site: Site) -> None:
    done = retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 400 * DAY)
    assert len(done.deleted) == 30
    assert count(site, "PG") == 0
    assert verify(site.journal, site.keys.verifier).is_intact
    assert b"d-0000" not in site.journal.read_bytes(), "deleted rows are overwritten, not only unlinked"


def test_the_gateway_writes_between_two_segments(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first deletion may take minutes; the journal must never wait for more than one segment of it."""
    numbers: list[int] = []
    with contextlib.closing(
        Journal.open(site.journal, site.keys, JournalOptions(clock=lambda: NOON + 80 * DAY))
    ) as own:
        own._database.execute("PRAGMA busy_timeout = 0")
        monkeypatch.setattr(retention, "_make_way", lambda: numbers.append(own.start(usage(len(numbers) + 5000))))
        retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 80 * DAY)
    assert len(numbers) == 19
    assert verify(site.journal, site.keys.verifier).is_intact


def test_a_segment_put_on_hold_meanwhile_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    monkeypatch.setattr(
        retention, "_make_way", lambda: held.extend(hold_decisions(site.journal, "ZK-1", ("d-000009",)))
    )
    done = retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 80 * DAY)
    assert held[0] == 3
    assert 3 not in done.emptied
    assert verify(site.journal, site.keys.verifier).is_intact


def test_a_second_run_finds_nothing_to_do(site: Site) -> None:
    retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 80 * DAY)
    again = retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 80 * DAY)
    assert (again.emptied, again.deleted, again.rows) == ((), (), 0)


def test_a_hold_keeps_a_segment_until_its_case_is_released(site: Site) -> None:
    held = hold_decisions(site.journal, "ZK-1", ("d-000001",))
    assert held == (1,)
    late = lambda: NOON + 400 * DAY  # noqa: E731
    assert 1 not in retain(site.journal, site.keys, TERMS, clock=late).deleted
    assert count(site, "PG1") > 0
    assert "2026-09" in site.keys.pseudonyms.months(), "keys stay while a row that used them stays"
    assert release(site.journal, "ZK-1") == (1,)
    assert retain(site.journal, site.keys, TERMS, clock=late).deleted == (1,)


def test_keys_of_months_without_exchanges_are_destroyed(site: Site) -> None:
    assert site.keys.pseudonyms.months() == ("2026-09", "2026-10")
    done = retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 75 * DAY)
    assert done.keys == ("2026-09",)
    assert site.keys.pseudonyms.months() == ("2026-10",)
    assert site.keys.fingerprints.months() == ("2026-10",)


def test_the_gateway_writes_on_while_retention_runs(site: Site) -> None:
    clock = Clock(NOON + 80 * DAY)
    journal = Journal.open(site.journal, site.keys, JournalOptions(clock=clock))
    journal.start(usage(9001, at=clock.now))
    retain(site.journal, site.keys, TERMS, clock=clock)
    journal.start(usage(9002, at=clock.now))
    journal.close()
    assert verify(site.journal, site.keys.verifier).is_intact


def test_a_dry_run_changes_nothing(site: Site, tmp_path: Path) -> None:
    before = count(site, "PG")
    assert retain(site.journal, site.keys, TERMS, clock=lambda: NOON + 400 * DAY, dry_run=True).rows > 0
    assert count(site, "PG") == before
    assert len(site.keys.pseudonyms.months()) == 2
