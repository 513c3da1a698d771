"""`rules` says what is wrong and where, with an exit code a pipeline can use."""

import json
from pathlib import Path

import pytest

from tests.cli.rule_folder import RULE, TEST, call, folder_of


def test_good_rules_check_out(tmp_path: Path) -> None:
    result = call("rules", "check", "--rules", folder_of(tmp_path))
    assert result.exit_code == 0
    assert "1 tools, 0 detection rules, 1 usage rules" in result.output
    assert "Revision " in result.output


def test_problems_have_file_line_and_column(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"usage/regel.yaml": RULE.replace("verdict: warn", "verdict: misschien")})
    result = call("rules", "check", "--rules", folder)
    assert result.exit_code == 1
    assert "usage/regel.yaml:7:17: error value: then.verdict:" in result.output
    assert "The rules do not load" in result.output


def test_json_holds_the_same(tmp_path: Path) -> None:
    said = json.loads(call("rules", "check", "--json", "--rules", folder_of(tmp_path)).output)
    assert said["problems"] == []
    assert len(said["revision"]) == 64
    broken = json.loads(call("rules", "check", "--json", "--rules", folder_of(tmp_path, {"x.yaml": "a: 1"})).output)
    assert (broken["revision"], broken["problems"][0]["code"]) == (None, "kind")


def test_sarif_points_at_the_place(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"usage/x.yaml": "kind: usage/v1\nwat: 1\n"})
    result = call("rules", "check", "--sarif", "--rules", folder)
    (run,) = json.loads(result.output)["runs"]
    found = next(one for one in run["results"] if one["ruleId"] == "unknown-key")
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 1}
    assert {one["ruleId"] for one in run["results"]} <= {one["id"] for one in run["tool"]["driver"]["rules"]}


def test_strict_fails_on_warnings_and_verbose_shows_infos(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"usage/anders.yaml": RULE.replace("id: regel", "id: tweede")})
    assert call("rules", "check", "--rules", folder).exit_code == 0
    assert call("rules", "check", "--strict", "--rules", folder).exit_code == 1
    assert "message-unused" not in call("rules", "check", "--rules", folder).output
    assert "message-unused" in call("rules", "check", "--verbose", "--rules", folder).output


def test_cases_pass_and_fail(tmp_path: Path) -> None:
    good = call("rules", "test", "--models", "none", "--rules", folder_of(tmp_path))
    assert (good.exit_code, good.output.strip()) == (0, "2 passed")
    bad = folder_of(tmp_path, {"usage/regel.test.yaml": TEST.replace("verdict: allow", "verdict: refuse")})
    result = call("rules", "test", "--models", "none", "--rules", bad)
    assert result.exit_code == 1
    assert "allow, not refuse" in result.output
    lines = call("rules", "test", "--models", "none", "--json", "--rules", bad).output.splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["passed", "failed"]


def test_only_some_cases_and_a_wrong_name(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    assert call("rules", "test", "regel", "--models", "none", "--rules", folder).exit_code == 0
    assert call("rules", "test", "niets", "--models", "none", "--rules", folder).exit_code == 2


def test_schemas_are_written_and_compared(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    assert call("rules", "schema", "--rules", folder).exit_code == 1
    assert call("rules", "schema", "--write", "--rules", folder).exit_code == 0
    assert call("rules", "schema", "--rules", folder).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(
            {"usage/regel.yaml": RULE.replace("owner: fg", "owner: ciso")}, [("changed", ["owner"])], id="one key"
        ),
        pytest.param(
            {"usage/x.yaml": RULE.replace("id: regel", "id: x").replace("enforced", "draft")},
            [("added", [])],
            id="more",
        ),
    ],
)
def test_what_differs_between_two_rulebooks(
    tmp_path: Path, changes: dict[str, str], expected: list[tuple[str, list[str]]]
) -> None:
    before, after = folder_of(tmp_path / "a"), folder_of(tmp_path / "b", changes)
    result = call("rules", "diff", before, after, "--json")
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [(one["change"], one["fields"]) for one in found] == expected
    assert result.exit_code == (3 if expected else 0)
    back = [json.loads(line) for line in call("rules", "diff", after, before, "--json").output.splitlines()]
    assert len(back) == len(expected)
