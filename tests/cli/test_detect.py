"""The `detect` verb: the fixed shape of its lines, its texts and its exit codes."""

import json

import pytest
from typer.testing import CliRunner

from gateway.cli import detect as verb
from gateway.cli.main import app
from gateway.detection.inspector import Inspector
from gateway.rulebook.load import default_root, load
from tests.detection.test_engine_interface import bsn_rule

runner = CliRunner()


@pytest.fixture(autouse=True)
def _without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    book = load(default_root())
    monkeypatch.setattr(verb, "_inspector", lambda *_, **__: Inspector([bsn_rule()], book.lists))


def test_a_line_has_the_fixed_shape(tmp_path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "a", "text": "bsn 111222333"}\n\n{"id": "b", "text": "niets"}\n')
    result = runner.invoke(app, ["detect", "--jsonl", str(file)])
    assert result.exit_code == 0, result.output
    first, second = map(json.loads, result.output.splitlines())
    assert list(first) == ["id", "verdict", "findings", "gaps", "redacted"]
    assert first["findings"] == [{"entity": "NL_BSN", "start": 4, "end": 13, "score": 1.0, "rule": "nl-bsn"}]
    assert first["redacted"] == "bsn [BSN-1]"
    assert first["verdict"] in {"redact", "refuse"}
    assert (second["verdict"], second["findings"], second["redacted"]) == ("allow", [], "niets")


def test_standard_input_and_check() -> None:
    result = runner.invoke(app, ["detect", "--jsonl", "-", "--check"], input='{"id": 1, "text": "bsn 111222333"}')
    assert result.exit_code == verb.STOPPED
    assert json.loads(result.output)["id"] == "1"


def test_a_plain_text_prints_the_verdict_and_a_table() -> None:
    result = runner.invoke(app, ["detect", "bsn", "111222333"])
    assert "NL_BSN" in result.output
    assert "111222333" in result.output
    assert runner.invoke(app, ["detect", "--redacted", "bsn 111222333"]).output == "bsn [BSN-1]\n"


def test_a_wrong_line_is_named_by_number_only(tmp_path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "a", "text": "niets"}\ngeheim\n')
    result = runner.invoke(app, ["detect", "--jsonl", str(file)])
    assert result.exit_code == verb.UNREADABLE
    assert "line 2" in result.output
    assert "geheim" not in result.output


def test_a_text_and_a_file_together_are_a_wrong_call() -> None:
    assert runner.invoke(app, ["detect", "--jsonl", "-", "tekst"]).exit_code == 2


def test_a_missing_file_is_one_line() -> None:
    result = runner.invoke(app, ["detect", "--jsonl", "nergens.jsonl"])
    assert (result.exit_code, len(result.output.splitlines())) == (verb.UNREADABLE, 1)
