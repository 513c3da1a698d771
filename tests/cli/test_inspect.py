"""`inspect` says of each file what was found, whether it was read to the end, and what would happen to it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.main import app
from tests.documents.build import docx_with, xlsx_with

pytestmark = pytest.mark.slow


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["inspect", *map(str, arguments)])


def test_a_folder_gives_a_line_a_file(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(docx_with("Het plan voor de linde."))
    (tmp_path / "lijst.xlsx").write_bytes(xlsx_with("BSN 111222333", hidden="veryHidden"))
    (tmp_path / "foto.bin").write_bytes(bytes(range(256)) * 4)
    done = run(tmp_path, "--json")
    rows = {Path(row["file"]).name: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["plan.docx"]["verdict"] in ("allow", "warn")
    assert rows["plan.docx"]["complete"]
    assert rows["lijst.xlsx"]["verdict"] == "redact"
    assert [one["entity"] for one in rows["lijst.xlsx"]["findings"]] == ["NL_BSN"]
    assert rows["foto.bin"] | {"gaps": ["unknown_format: binary"], "complete": False} == rows["foto.bin"]
    assert rows["foto.bin"]["verdict"] == "refuse"
    assert done.exit_code == 1
    assert "111222333" not in done.stdout


def test_the_matched_text_is_shown_only_when_asked(tmp_path: Path) -> None:
    file = tmp_path / "brief.docx"
    file.write_bytes(docx_with("BSN 111222333"))
    assert "111222333" not in run(file).stdout
    assert json.loads(run(file, "--json", "--show-text").stdout)["findings"][0]["text"] == "111222333"


def test_a_file_that_is_not_there_is_one_line() -> None:
    done = run("er-is-niets.docx")
    assert done.exit_code == 3
    assert done.output == "no such file: er-is-niets.docx\n"
