"""The `prompt-gateway` command: one module per verb, each of which registers itself here."""

from importlib import import_module

import typer

from gateway import __version__

VERBS: tuple[str, ...] = (
    "run",
    "demo",
    "detect",
    "inspect",
    "dissect",
    "rules",
    "tools",
    "explain",
    "replay",
    "documents",
    "audit",
    "report",
    "unmask",
    "ca",
    "doctor",
)
"""Modules of `gateway.cli` in `--help` order, each with `register(app)`; heavy imports stay inside verbs."""

app = typer.Typer(
    name="prompt-gateway",
    help="Lets a municipality use generative AI without residents' data leaving the building.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(value: bool) -> None:
    if value:
        print(f"prompt-gateway {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Print the version."),
) -> None:
    """Every verb documents its exit codes under --help; 2 is always a wrong call."""


for verb in VERBS:
    import_module(f"gateway.cli.{verb}").register(app)


def main() -> None:
    """Entry point of the console script."""
    app()
