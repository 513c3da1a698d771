"""`rules`: check, test, schema and diff."""

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.rulework import (
    DOES_NOT_LOAD,
    WRONG_CALL,
    ConfigOption,
    JsonOption,
    OverlayOption,
    RulesOption,
    load_or_exit,
    places,
    print_problems,
    print_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.detection.models import ModelPaths
    from gateway.rehearsal.cases import CaseResult
    from gateway.rulebook.book import RuleBook

rules = typer.Typer(no_args_is_help=True, help="Check, try and compare rules.")


class ModelChoice(StrEnum):
    """Which models text cases run with."""

    ALL = "all"
    LEXICON = "lexicon"
    NONE = "none"


def register(app: typer.Typer) -> None:
    """Adds the verb."""
    app.add_typer(rules, name="rules")


@rules.command()
def check(
    *,
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Also what is only worth knowing.")] = False,
    sarif: Annotated[bool, typer.Option("--sarif", help="SARIF 2.1.0, for review tools.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Load the rules and print every problem with file, line and column; then the open exceptions.

    Exit codes: 0 they load, 1 they do not (or have warnings, with --strict), 2 wrong call.
    """
    from gateway.rulebook.lint.sarif import as_sarif
    from gateway.rulebook.load import check as check_rules

    root, own = places(folder, overlay, config)
    book, problems = check_rules(root, overlay=own)
    shown = [problem for problem in problems if verbose or problem.severity != "info"]
    if sarif:
        print(json.dumps(as_sarif(problems), indent=2, ensure_ascii=False))
    elif as_json:
        exceptions = [
            {"id": hole.id, "narrows": hole.narrows, "until": str(hole.until)}
            for hole in (book.exceptions if book else ())
        ]
        revision = book.revision if book else None
        said = {"revision": revision, "problems": [asdict(one) for one in shown], "exceptions": exceptions}
        print(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        print_problems(shown)
        _summary(book, len(shown))
    if book is None or (strict and any(problem.severity == "warning" for problem in problems)):
        raise typer.Exit(DOES_NOT_LOAD)


def _summary(book: "RuleBook | None", problems: int) -> None:
    if book is None:
        print(f"The rules do not load; {problems} problems.")
        return
    counts = (len(book.tools), len(book.detection), len(book.usage), len(book.tests))
    print("{} tools, {} detection rules, {} usage rules, {} test files.".format(*counts))
    holes = sorted(book.exceptions, key=lambda hole: hole.until)
    first = f"; the first ends on {holes[0].until} ({holes[0].id})" if holes else ""
    print(f"{len(holes)} exceptions{first}.")
    print(f"Revision {book.revision}")


@rules.command("test")
def run_cases(
    ids: Annotated[list[str] | None, typer.Argument(help="Only the cases of these rules or tools.")] = None,
    *,
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    models: Annotated[ModelChoice, typer.Option(help="Models that text cases run with.")] = ModelChoice.ALL,
    as_json: JsonOption = False,
) -> None:
    """Run the cases beside the rules.

    Exit codes: 0 all as they should be, 1 a case fails (or its note is outdated, or the rules do not load), 2 wrong
    call or a missing model.
    """
    from datetime import datetime

    from gateway.detection.inspector import Inspector
    from gateway.errors import SettingsError
    from gateway.rehearsal.cases import AMSTERDAM, Rehearsal
    from gateway.rehearsal.samples import dissect

    root, _ = places(folder, overlay, config)
    book = load_or_exit(folder, overlay, config)
    try:
        inspector = Inspector(book.detection, book.lists, _models(models))
    except SettingsError as error:
        typer.echo(f"{error} (try --models lexicon)", err=True)
        raise typer.Exit(WRONG_CALL) from None
    rehearsal = Rehearsal(book, datetime.now(AMSTERDAM), inspector, dissect, root)
    results = list(rehearsal.run(ids or ()))
    if as_json:
        for result in results:
            print(json.dumps(asdict(result), ensure_ascii=False))
    else:
        _print_results(results)
    if ids and not results:
        typer.echo(f"no cases for {', '.join(ids)}", err=True)
        raise typer.Exit(WRONG_CALL)
    if not all(result.result.is_good for result in results):
        raise typer.Exit(DOES_NOT_LOAD)


def _models(choice: ModelChoice) -> "ModelPaths":
    from gateway.detection.models import ModelPaths

    everything = choice is ModelChoice.ALL
    return ModelPaths(
        use_lexicon=choice is not ModelChoice.NONE, use_pipeline=everything, use_second_opinion=everything
    )


def _print_results(results: "Sequence[CaseResult]") -> None:
    from collections import Counter

    notable = [one for one in results if one.result.value != "passed"]
    if notable:
        print_table(
            ("rule", "case", "result", "what"), [(one.covers, one.case, one.result, one.message) for one in notable]
        )
    counts = Counter(one.result.value for one in results)
    print(", ".join(f"{count} {name}" for name, count in counts.most_common()) or "no cases")


@rules.command()
def schema(
    *,
    folder: RulesOption = None,
    write: Annotated[bool, typer.Option("--write", help="Bring the folder up to date.")] = False,
) -> None:
    """Compare the JSON Schema in rules/schema with the models, or write it.

    Exit codes: 0 up to date, 1 not.
    """
    from gateway.rulebook.schema import drifted
    from gateway.rulebook.schema import write as write_schemas

    root, _ = places(folder, None)
    target = root / "schema"
    stale = drifted(target) if target.is_dir() else ("schema",)
    if write:
        write_schemas(target)
        print(f"{len(stale)} schemas brought up to date")
    elif stale:
        typer.echo(f"not up to date: {', '.join(stale)}; run rules schema --write", err=True)
        raise typer.Exit(DOES_NOT_LOAD)
    else:
        print("up to date")


@rules.command()
def diff(
    before: Annotated[Path, typer.Argument(help="The older folder of rules.")],
    after: Annotated[Path | None, typer.Argument(help="The newer one; else the rules in force.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """What differs between two rulebooks, document by document.

    Exit codes: 0 nothing, 1 one of them does not load, 2 wrong call, 3 something.
    """
    from gateway.rulebook.differences import differences

    found = differences(load_or_exit(before, None), load_or_exit(after, None))
    if as_json:
        for one in found:
            print(json.dumps(asdict(one), ensure_ascii=False))
    elif found:
        rows = [(one.change, one.kind, one.id, "\n".join(one.fields)) for one in found]
        print_table(("change", "kind", "id", "fields"), rows)
    if found:
        raise typer.Exit(3)
