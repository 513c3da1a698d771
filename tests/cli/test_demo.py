"""The demo shows every verdict, and nothing of the resident reaches the pretend service."""

import json

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app

VALUES = ("Amrani", "111222333", "Dorpsstraat", "2511 AB", "06-12345678", "NL91ABNA0417164300")


@pytest.mark.slow
def test_every_prompt_goes_as_it_must() -> None:
    done = CliRunner().invoke(app, ["demo", "--json"])
    rows = json.loads(done.stdout)
    assert [(row["shows"], row["verdict"]) for row in rows] == [(row["shows"], row["expected"]) for row in rows]
    assert {row["verdict"] for row in rows} == {"allow", "warn", "coach", "redact", "refuse"}
    assert done.exit_code == 0
    for row in rows:
        assert not any(value in row["received"] for value in VALUES)
        assert bool(row["received"]) == (row["verdict"] in ("allow", "warn", "redact"))
        if row["verdict"] == "redact":
            assert row["shown"] == f"Ontvangen: {row['sent']}"
