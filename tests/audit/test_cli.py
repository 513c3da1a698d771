"""The auditors' verbs on a generated journal: output, exit codes, and the events they leave."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.audit.place import Place
from gateway.audit.store import lift_guards
from gateway.cli.main import app
from gateway.settings import Settings
from tests.audit.conftest import BSN, Site
from tests.audit.records import usage


def events(site: Site, *arguments: str) -> list[dict[str, object]]:
    done = site.run("audit", "query", "--json", *arguments)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def acted(site: Site, code: str) -> list[dict[str, str]]:
    return [event["fields"] for event in events(site, "--actions", "--code", code)]  # type: ignore[misc]


def test_query_prints_every_row_as_one_json_object(site: Site) -> None:
    found = events(site)
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
    assert {"code", "event", "at", "hash", "segment", "gateway"} <= set(found[0])


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (("--verdict", "refuse"), 60),
        (("--code", "PG1005W"), 30),
        (("--code", "exchange.refused"), 30),
        (("--tool", "copilot", "--verdict", "warn"), 15),
        (("--department", "Griffie"), 30),
        (("--entity", "NL_BSN"), 150),
        (("--reason", "clean"), 60),
        (("--decision", "d-000002"), 2),
        (("--since", "2026-10-20"), 8),
        (("--until", "2026-09-22"), 9),
        (("--limit", "5"), 5),
        (("--tool", "none' OR 1=1 --"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_filters(site: Site, filters: tuple[str, ...], count: int) -> None:
    assert len(events(site, *filters)) == count


def test_the_table_for_people_holds_no_more_than_the_json(site: Site) -> None:
    done = site.run("audit", "query", "--limit", "3")
    assert done.exit_code == 0
    assert len(done.output.splitlines()) == 3


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "d"])
def test_a_wrong_moment_is_a_wrong_call(site: Site, moment: str) -> None:
    assert site.run("audit", "query", "--since", moment).exit_code == 2


def test_a_tail_cut_off_is_noticed_by_the_second_place(site: Site) -> None:
    journal = Place.of(Settings.read(None, data=site.data)).open(site.keys)
    journal.start(usage(500))
    journal.close()
    database = sqlite3.connect(site.journal)
    lift_guards(database)
    (last,) = database.execute("SELECT max(number) FROM segments").fetchone()
    database.execute("DELETE FROM rows WHERE segment = ?", (last,))
    database.execute("DELETE FROM segments WHERE number = ?", (last,))
    database.commit()
    database.close()
    broken = site.run("audit", "verify")
    assert broken.exit_code == 1
    assert "tail-missing" in broken.output


def test_verify_says_intact_broken_and_not_readable(site: Site, tmp_path: Path) -> None:
    assert site.run("audit", "verify").exit_code == 0
    database = sqlite3.connect(site.journal)
    lift_guards(database)
    database.execute("DELETE FROM rows WHERE seq = 5")
    database.commit()
    database.close()
    broken = site.run("audit", "verify")
    assert broken.exit_code == 1
    assert "rows-missing at row 5" in broken.output
    as_json = json.loads(site.run("audit", "verify", "--json").output.splitlines()[0])
    assert (as_json["intact"], as_json["faults"][0]["seq"]) == (False, 5)
    site.journal.write_bytes(b"nonsense" * 1000)
    assert site.run("audit", "verify").exit_code == 2
    assert CliRunner().invoke(app, ["audit", "verify", "--data", str(tmp_path / "nowhere")]).exit_code == 2


@pytest.mark.parametrize(("broken", "code"), [(False, "PG4008I"), (True, "PG4009E")])
def test_verify_can_leave_an_event(site: Site, broken: bool, code: str) -> None:
    if broken:
        database = sqlite3.connect(site.journal)
        lift_guards(database)
        database.execute("DELETE FROM rows WHERE seq = 5")
        database.commit()
        database.close()
    assert site.run("audit", "verify", "--record").exit_code == int(broken)
    (event,) = acted(site, code)
    assert event.get("first", "rows-missing@5") == "rows-missing@5"


@pytest.mark.parametrize("broken", [False, True])
def test_verify_tells_prometheus(site: Site, tmp_path: Path, broken: bool) -> None:
    if broken:
        database = sqlite3.connect(site.journal)
        lift_guards(database)
        database.execute("DELETE FROM rows WHERE seq = 5")
        database.commit()
        database.close()
    file = tmp_path / "journal.prom"
    assert site.run("audit", "verify", "--textfile", str(file)).exit_code == int(broken)
    assert f"gateway_journal_intact {int(not broken)}\n" in file.read_text()


@pytest.mark.parametrize("form", ["ndjson", "csv", "ecs", "ocsf", "cef"])
def test_export_writes_a_file_and_leaves_an_event(site: Site, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    done = site.run("audit", "export", "--format", form, "--out", str(out), "--since", "2026-10-01")
    assert done.exit_code == 0, done.output
    assert len(out.read_text().splitlines()) > 20
    assert acted(site, "PG4001I")[0]["format"] == form


def test_export_knows_its_formats(site: Site) -> None:
    assert site.run("audit", "export", "--format", "xml").exit_code == 2


LOOKUP = ("audit", "lookup", "--entity", "NL_BSN", "--purpose", "data-breach", "--case", "ZK-2026-1", "--json")


@pytest.mark.parametrize("written", [BSN, "9999.12.343", " 9999 12 343 "])
def test_lookup_answers_from_fingerprints(site: Site, written: str) -> None:
    done = site.run(*LOOKUP, stdin=written + "\n")
    assert done.exit_code == 0, done.output
    hits = [json.loads(line) for line in done.output.splitlines()]
    assert len(hits) == 30
    assert {hit["has_left"] for hit in hits} == {False}
    (asked,) = acted(site, "PG4002W")
    assert asked.pop("by")
    assert asked == {"case": "ZK-2026-1", "entity": "NL_BSN", "hits": "30", "purpose": "data-breach"}
    for file in site.data.rglob("*"):
        assert file.is_dir() or BSN.encode() not in file.read_bytes(), file


def test_lookup_of_a_value_never_sent(site: Site) -> None:
    assert site.run(*LOOKUP, stdin="111222333\n").exit_code == 3
    assert acted(site, "PG4002W")[0]["hits"] == "0", "asking is an event, also without an answer"


def test_lookup_needs_a_purpose_from_the_list(site: Site) -> None:
    arguments = ("audit", "lookup", "--entity", "NL_BSN", "--purpose", "curiosity", "--case", "1")
    assert site.run(*arguments, stdin=BSN).exit_code == 2


def test_two_people_unmask_and_leave_an_event(site: Site, tmp_path: Path) -> None:
    pseudonym = next(str(event["pseudonym"]) for event in events(site, "--decision", "d-000001"))
    request = ("--pseudonym", pseudonym, "--month", "2026-09", "--case", "ZK-9", "--purpose", "security-incident")
    approvers = site.data / "keys" / "approvers"
    approvers.mkdir()
    approvals: list[str] = []
    for name in ("ciso", "fg"):
        key = str(tmp_path / f"{name}.key")
        (approvers / f"{name}.pem").write_text(CliRunner().invoke(app, ["unmask", "enrol", name, "--key", key]).stdout)
        signed = CliRunner().invoke(app, ["unmask", "approve", name, "--key", key, *request])
        (tmp_path / f"{name}.approval").write_text(signed.stdout)
        approvals += ["--approval", str(tmp_path / f"{name}.approval")]
    staff = tmp_path / "staff.txt"
    staff.write_text("iemand.anders\nSociaal domein.1\n")
    done = site.run("unmask", "reveal", *request, *approvals, "--staff", str(staff))
    assert (done.exit_code, done.stdout.strip()) == (0, "Sociaal domein.1"), done.output
    assert acted(site, "PG4003W")[0]["approvers"] == "ciso,fg"
    alone = site.run("unmask", "reveal", *request, *approvals[:2] * 2, "--staff", str(staff))
    assert alone.exit_code == 1
    assert "two different people" in alone.output
    assert acted(site, "PG4004W")[0]["reason"] == "one-person"


def test_retain_and_hold(site: Site) -> None:
    assert site.run("audit", "hold", "--case", "ZK-5", "--since", "2026-09-21", "--until", "2026-09-22").exit_code == 0
    plan = json.loads(site.run("audit", "retain", "--dry-run", "--json").output.splitlines()[0])
    assert plan["rows"] == 0, "the journal of the fixture is younger than its term"
    assert "1 segments released" in site.run("audit", "release", "--case", "ZK-5").output
    assert site.run("audit", "verify").exit_code == 0
