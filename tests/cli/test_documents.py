"""The `documents` verbs: what they print, what they leave behind, and their exit codes."""

import json
from pathlib import Path

from typer.testing import CliRunner

from gateway.cli.main import app

PASSAGE = (
    "Het college wil de brandweerkazerne verplaatsen naar het bedrijventerrein en zoekt daarvoor in stilte een "
    "perceel van ten minste vierduizend vierkante meter dicht bij de rondweg, zodat de aanrijtijd kort blijft."
)


def call(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["documents", *map(str, arguments)])
    return result.exit_code, result.stdout


def test_register_list_check_and_remove(tmp_path: Path) -> None:
    secret, harmless = tmp_path / "nota.txt", tmp_path / "agenda.txt"
    secret.write_text(PASSAGE)
    harmless.write_text("Maandag is er overleg over de planning van de zomer en het rooster van de balie.")
    data = ("--data", tmp_path / "data")
    code, out = call("register", secret, "--label", "nota 7", "--json", *data)
    assert code == 0
    document = json.loads(out)[0]
    assert document["words"] > 20
    assert json.loads(call("list", "--json", *data)[1]) == [
        {"id": document["id"], "label": "nota 7", "words": document["words"]}
    ]
    assert call("check", secret, *data)[0] == 1
    assert call("check", harmless, *data)[0] == 0
    assert call("remove", document["id"], *data)[0] == 0
    assert call("remove", document["id"], *data)[0] == 1
    assert call("check", secret, *data)[0] == 0


def test_a_file_that_cannot_be_read_whole_is_not_registered(tmp_path: Path) -> None:
    broken = tmp_path / "nota.docx"
    broken.write_bytes(b"PK\x03\x04 damaged")
    assert call("register", broken, "--data", tmp_path / "data")[0] == 4
    assert json.loads(call("list", "--json", "--data", tmp_path / "data")[1]) == []
