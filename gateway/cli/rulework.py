"""What the rule verbs share: where the rules are, loading them with every problem on a line, and tables."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from gateway.errors import Problem
    from gateway.rulebook.book import RuleBook

RulesOption = Annotated[
    Path | None, typer.Option("--rules", help="Folder with the rules; else the setting, else the shipped ones.")
]
OverlayOption = Annotated[Path | None, typer.Option("--overlay", help="Folder with the municipality's own rules.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
LanguageOption = Annotated[str, typer.Option("--language", help="nl or en.")]

DOES_NOT_LOAD = 1
WRONG_CALL = 2

_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


def places(rules: Path | None, overlay: Path | None, config: Path | None = None) -> tuple[Path, Path | None]:
    """The folder of rules and the overlay: as given, else as the settings say, else those shipped."""
    from gateway.errors import SettingsError
    from gateway.rulebook.load import default_root
    from gateway.settings import Settings

    if rules is not None:
        return rules, overlay
    try:
        settings = Settings.read(config)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_CALL) from None
    return settings.rules or default_root(), overlay or settings.rules_overlay


def load_or_exit(rules: Path | None, overlay: Path | None, config: Path | None = None) -> "RuleBook":
    """The rulebook; every error on a line of standard error and exit code 1 when it does not load."""
    from gateway.errors import RuleError
    from gateway.rulebook.load import load

    root, own = places(rules, overlay, config)
    try:
        return load(root, overlay=own)
    except RuleError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(DOES_NOT_LOAD) from None


def today() -> "date":
    """The day in the Netherlands, by which dates in rules count."""
    from datetime import datetime

    from gateway.rulebook.load import AMSTERDAM

    return datetime.now(AMSTERDAM).date()


def print_problems(problems: "Iterable[Problem]") -> None:
    """One line a problem, as compilers print them, so that editors can jump to it."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for problem in problems:
        place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part)
        style = _STYLES[problem.severity]
        line = Text.assemble(f"{place}: " if place else "", (problem.severity, style), f" {problem.code}: ")
        console.print(line.append(problem.message))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A plain table; cells are text, never markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)
