"""`tools` shows the register and writes decisions only when their evidence is complete."""

import json
from pathlib import Path

import pytest

from gateway.rulebook.lint.screening import CHECKLIST
from gateway.rulebook.load import load
from tests.cli.rule_folder import call, folder_of


@pytest.fixture
def folders(tmp_path: Path) -> tuple[object, ...]:
    return "--rules", folder_of(tmp_path / "rules"), "--overlay", tmp_path / "own"


def decide(*more: object) -> tuple[object, ...]:
    evidence = [part for box in CHECKLIST for part in ("--evidence", f"{box}=ZK-2")]
    return ("tools", "decide", "praatpaal", "screened", "--by", "commissie", "--until", "2099-01-01", *evidence, *more)


def test_the_register_as_a_table_and_as_json(folders: tuple[object, ...]) -> None:
    assert "Praatpaal" in call("tools", "list", *folders[:2]).output
    (row,) = json.loads(call("tools", "list", "--json", *folders[:2]).output)
    assert (row["id"], row["standing"], row["valid_until"]) == ("praatpaal", "screened", "2027-05-12")
    assert json.loads(call("tools", "list", "--standing", "rejected", "--json", *folders[:2]).output) == []


def test_one_tool_and_no_such_tool(folders: tuple[object, ...]) -> None:
    shown = json.loads(call("tools", "show", "praatpaal", "--json", *folders[:2]).output)
    assert (shown["hosts"], shown["checklist_missing"]) == (["praat.example"], [])
    assert call("tools", "show", "niets", *folders[:2]).exit_code == 2


def test_a_request_puts_a_tool_in_the_register_as_pending(folders: tuple[object, ...]) -> None:
    asked = ("--name", "Kletskous", "--host", "klets.example", "--purpose", "Praten", "--owner", "griffie")
    result = call("tools", "request", "kletskous", *asked, *folders)
    assert result.exit_code == 0, result.output
    book = load(folders[1], overlay=folders[3])  # type: ignore[arg-type]
    tool = book.tool("kletskous")
    assert tool is not None
    assert tool.screening.status == "pending"
    assert call("tools", "request", "kletskous", *asked, *folders).exit_code == 2


def test_a_decision_with_its_evidence_is_written_and_holds(folders: tuple[object, ...]) -> None:
    people = ("--data-class", "personal", "--no-uploads")
    both = ("--assessment", "dpia:ZK-1:go:2026-04-30", "--assessment", "iama:ZK-2:go:2026-05-02")
    result = call(*decide(*people, *both), *folders)
    assert result.exit_code == 0, result.output
    tool = load(folders[1], overlay=folders[3]).tool("praatpaal")  # type: ignore[arg-type]
    assert tool is not None
    assert (tool.use.data_classes, tool.use.uploads) == (("personal",), "refused")
    assert (tool.name, str(tool.screening.valid_until)) == ("Praatpaal", "2099-01-01")


def test_a_decision_without_dpia_and_iama_is_not_written(folders: tuple[object, ...]) -> None:
    """The promise "DPIA and IAMA, always beforehand", as a check on the register."""
    result = call(*decide("--data-class", "personal"), *folders)
    assert result.exit_code == 1
    assert "assessments-missing" in result.output
    assert "nothing was written" in result.output
    assert not list(folders[3].rglob("*.yaml"))  # type: ignore[attr-defined]


def test_a_rejection_keeps_its_reason(folders: tuple[object, ...]) -> None:
    result = call("tools", "decide", "praatpaal", "rejected", "--by", "commissie", "--reason", "Buiten de EU", *folders)
    assert result.exit_code == 0, result.output
    shown = json.loads(call("tools", "show", "praatpaal", "--json", *folders).output)
    assert (shown["standing"], shown["reason"]) == ("rejected", "Buiten de EU")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("--assessment", "dpia"), id="an assessment without its parts"),
        pytest.param(("--evidence", "risk"), id="evidence without a reference"),
        pytest.param(("--assessment", "dpia:ZK-1:misschien:2026-04-30"), id="an unknown outcome"),
        pytest.param(("--data-class", "alles"), id="an unknown data class"),
    ],
)
def test_wrong_words_are_a_wrong_call(folders: tuple[object, ...], wrong: tuple[str, ...]) -> None:
    assert call(*decide(*wrong), *folders).exit_code == 2


def test_without_a_place_for_own_rules_nothing_is_decided(folders: tuple[object, ...]) -> None:
    assert call(*decide(), *folders[:2]).exit_code == 2
