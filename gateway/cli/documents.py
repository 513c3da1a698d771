"""`documents`: register confidential files by fingerprint, so that passages of them are recognised. No text is kept."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.reading import ConfigOption, DataOption, JsonOption, one_line

if TYPE_CHECKING:
    from gateway.detection.phrases.registered import Register

documents = typer.Typer(
    no_args_is_help=True,
    help="Registered confidential documents: fingerprints in the data folder, read when the gateway starts or reloads.",
)

FilesArgument = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, show_default=False)]


def register(app: typer.Typer) -> None:
    app.add_typer(documents, name="documents")


@documents.command("register")
def add(
    files: FilesArgument,
    *,
    label: Annotated[str, typer.Option(help="A name of your own for the list; it is kept as you type it.")] = "",
    without: Annotated[
        list[Path] | None, typer.Option(help="Public text or template whose sentences are nothing to go by.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store the fingerprints of each file under an id of its own. Text, docx, pdf and all other readable files.

    Exit codes: 0 all registered, 3 the register cannot be read or written, 4 a file cannot be read completely or
    has too few words.
    """
    from gateway.errors import SettingsError

    registry = _register(config, data)
    boilerplate = [text for path in without or () for text in _texts(path)]
    rows: list[dict[str, object]] = []
    failed = False
    for path in files:
        try:
            document = registry.add(_texts(path), label, without=boilerplate)
        except (SettingsError, typer.BadParameter) as error:
            typer.echo(f"{path}: {error}", err=True)
            failed = True
            continue
        rows.append({"id": document.id, "file": str(path), "words": document.words, "kept": len(document.hashes)})
    _print(rows, as_json=as_json)
    if failed:
        raise typer.Exit(4)


@documents.command("list")
def show(*, config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """The registered documents: id, label, number of words.

    Exit codes: 0 shown, 3 the register cannot be read.
    """
    with one_line(3):
        loaded = _register(config, data).load()
        _print([{"id": one.id, "label": one.label, "words": one.words} for one in loaded.documents], as_json=as_json)


@documents.command()
def remove(document_id: str, *, config: ConfigOption = None, data: DataOption = None) -> None:
    """Forget one document.

    Exit codes: 0 removed, 1 there is none of that id, 3 the register cannot be read or written.
    """
    with one_line(3):
        if not _register(config, data).remove(document_id):
            typer.echo("no document of that id", err=True)
            raise typer.Exit(1)


@documents.command()
def check(
    files: FilesArgument, *, config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """Count the passages in files that stand in a registered document.

    Exit codes: 0 none, 1 at least one, 3 the register cannot be read, 4 a file cannot be read completely.
    """
    from gateway.detection.phrases.words import read

    with one_line(3):
        loaded = _register(config, data).load()
    rows: list[dict[str, object]] = []
    for path in files:
        try:
            texts = _texts(path)
        except typer.BadParameter as error:
            typer.echo(f"{path}: {error}", err=True)
            raise typer.Exit(4) from None
        rows.append({"file": str(path), "passages": sum(1 for text in texts for _ in loaded.find(read(text)))})
    _print(rows, as_json=as_json)
    if any(row["passages"] for row in rows):
        raise typer.Exit(1)


def _register(config: Path | None, data: Path | None) -> "Register":
    from gateway.detection.phrases.registered import Register
    from gateway.settings import Settings

    with one_line(3):
        return Register(Settings.read(config, data=data).registered_documents)


def _texts(path: Path) -> list[str]:
    """The text of a file, its segments in one piece each. Raises BadParameter when something stayed unread."""
    import asyncio

    from gateway.documents.reader import DocumentReader
    from gateway.model.traffic import Upload

    reading = asyncio.run(DocumentReader().read(Upload("1", path.name, content=path.read_bytes())))
    if not reading.complete:
        raise typer.BadParameter("cannot be read completely")
    return ["\n".join(part.text for part in reading.parts)]


def _print(rows: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join(f"{name} {value}" for name, value in row.items()))
