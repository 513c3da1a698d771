"""`replay` decides stored questions again and says what would change."""

import json
from pathlib import Path

import pytest

from gateway.rulebook.load import default_root
from tests.cli.rule_folder import call
from tests.rehearsal.events import event

SHIPPED = ("--rules", default_root())


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    rows = [event(), event(decision_id="d-2", verdict="allow"), event(reasons=[["worker-died", ""]], verdict="refuse")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_what_would_change(events: Path) -> None:
    said = json.loads(call("replay", "--events", events, "--json", *SHIPPED).output)
    assert (said["total"], said["failures"]) == (2, 1)
    (change,) = said["changes"]
    assert (change["decision_id"], change["before"], change["after"]) == ("d-2", "allow", "redact")
    text = call("replay", "--events", events, *SHIPPED)
    assert "2 decisions, 1 would change; 1 failures left out." in text.output
    assert text.exit_code == 0
    assert call("replay", "--events", events, "--fail-on-change", *SHIPPED).exit_code == 3


def test_the_shadow_report(events: Path) -> None:
    (row,) = json.loads(call("replay", "--shadow", "--events", events, "--json", *SHIPPED).output)
    assert (row["rule_id"], row["hits"], row["stricter"]) == ("coach-on-files", 3, 1)
    assert "coach-on-files" in call("replay", "--shadow", "--events", events, *SHIPPED).output


def test_an_unreadable_journal_is_one_line(tmp_path: Path) -> None:
    result = call("replay", "--data", tmp_path, *SHIPPED)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
