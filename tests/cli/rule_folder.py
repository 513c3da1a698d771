"""The small rulebook of the rulebook tests, with one usage rule and its cases, and a way to call the command."""

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from gateway.cli.main import app
from tests.rulebook.conftest import FILES

RULE = """kind: usage/v1
id: regel
title: {nl: Een regel, en: A rule}
status: enforced
owner: fg
when: {what: {data_class: secret}}
then: {verdict: warn, message: file.warned}
"""
TEST = """kind: test/v1
for: regel
cases:
  - {id: warns, question: {entities: {SECRET: 1}}, verdict: warn}
  - {id: silent, question: {}, verdict: allow}
"""


def folder_of(root: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the rulebook and give its folder."""
    files = {**FILES, "usage/regel.yaml": RULE, "usage/regel.test.yaml": TEST, **(changes or {})}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def call(*arguments: object) -> Result:
    """The command's result; a crash of ours is raised."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
