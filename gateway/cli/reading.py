"""What the auditors' verbs share: options for the data folder and a period, and errors as one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.errors import GatewayError

if TYPE_CHECKING:
    from gateway.audit.place import Place

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; else the setting.", show_default=False)]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file.", show_default=False)]
SinceOption = Annotated[
    str, typer.Option("--since", help="From: 2026-11-01, 2026-11-01T09:00+01:00, or 7d, 12h ago.", show_default=False)
]
UntilOption = Annotated[str, typer.Option("--until", help="Until, exclusive; as --since.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def moment(text: str, option: str) -> float | None:
    """A time as typed, in seconds since the epoch; None for "". A wrong one ends the program with code 2."""
    if not text:
        return None
    if text[-1] in _UNITS and text[:-1].isdecimal():
        return (datetime.now(UTC) - timedelta(**{_UNITS[text[-1]]: int(text[:-1])})).timestamp()
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("a date, a date and time, or 7d, 12h, 30m", param_hint=option) from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


@contextmanager
def one_line(code: int) -> Iterator[None]:
    """Errors of ours are one line on standard error and exit code `code`."""
    try:
        yield
    except GatewayError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(code) from None


def place_of(data: Path | None, config: Path | None) -> "Place":
    """Where the journal is by options and settings; a wrong setting ends the program with code 2."""
    from gateway.audit.place import Place
    from gateway.settings import Settings

    with one_line(2):
        return Place.of(Settings.read(config, data=data))
