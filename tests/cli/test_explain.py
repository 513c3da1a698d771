"""`explain` answers from records and rules."""

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
    rows = [event(), event(decision_id="d-2", verdict="allow", entities={}), {"code": "PG2001I", "at": 1.0}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_decision_is_told_in_two_languages(events: Path) -> None:
    told = call("explain", "decision", "d-1", "--events", events, *SHIPPED)
    assert told.exit_code == 0
    assert "Persoonsgegevens gaan niet naar een AI-toepassing" in told.output
    lines = json.loads(
        call("explain", "decision", "d-1", "--events", events, "--language", "en", "--json", *SHIPPED).output
    )
    assert lines[0]["label"] == "Decision"


def test_what_cannot_be_told(events: Path, tmp_path: Path) -> None:
    assert call("explain", "decision", "d-9", "--events", events, *SHIPPED).exit_code == 2
    assert call("explain", "decision", "d-1", "--events", tmp_path / "none", *SHIPPED).exit_code == 1
    assert call("explain", "decision", "d-1", "--events", events, "--language", "fy", *SHIPPED).exit_code == 2
    (tmp_path / "odd.ndjson").write_text(json.dumps(event(entities={"NL_NEW": 1})) + "\n")
    odd = call("explain", "decision", "d-1", "--events", tmp_path / "odd.ndjson", *SHIPPED)
    assert "another version" in odd.output


def test_a_rule_with_its_exceptions_and_cases() -> None:
    facts = json.loads(call("explain", "rule", "decisions", "--json", *SHIPPED).output)
    assert facts["then"]["verdict"] == "refuse"
    assert "legal-affairs-decisions" in facts["exceptions"][0]
    assert facts["cases"] > 0
    assert call("explain", "rule", "niets", *SHIPPED).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("www.google.com",), {"host": "www.google.com", "is_opened": False}),
        (("chat.deepseek.com",), {"tool": "deepseek", "standing": "rejected"}),
        (("chatgpt.com", "--path", "/backend-api/f/conversation", "--method", "POST"), {"kind": "prompt"}),
        (("suno.com",), {"tool": None, "standing": "unknown", "is_opened": True}),
    ],
)
def test_where_a_host_stands(arguments: tuple[str, ...], expected: dict[str, object]) -> None:
    facts = json.loads(call("explain", "tool", *arguments, "--json", *SHIPPED).output)
    assert expected.items() <= facts.items()
