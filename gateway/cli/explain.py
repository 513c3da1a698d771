"""`explain`: why a decision fell, what a rule says, and where a tool or host stands."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.rulework import (
    WRONG_CALL,
    JsonOption,
    LanguageOption,
    OverlayOption,
    RulesOption,
    load_or_exit,
    print_table,
    today,
)

if TYPE_CHECKING:
    from gateway.rehearsal.recorded import RecordedDecision

explain = typer.Typer(no_args_is_help=True, help="Why a decision fell, what a rule says, where a tool stands.")

JOURNAL_UNREADABLE = 1

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; else the setting.", show_default=False)]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file.", show_default=False)]
EventsOption = Annotated[
    Path | None, typer.Option("--events", help="Events from audit query --json, instead of the journal.")
]


def register(app: typer.Typer) -> None:
    """Adds the verb."""
    app.add_typer(explain, name="explain")


@explain.command()
def decision(
    decision_id: Annotated[str, typer.Argument(metavar="ID", help="The reference on a notice.")],
    *,
    data: DataOption = None,
    events: EventsOption = None,
    language: LanguageOption = "nl",
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell a decision from its record: verdict, reasons, what was seen, under which rules.

    Exit codes: 0 done, 1 the journal or the rules cannot be read, 2 there is no such decision.
    """
    from gateway.rehearsal.explain import explain as tell

    if language not in {"nl", "en"}:
        raise typer.BadParameter("nl or en", param_hint="--language")
    book = load_or_exit(folder, overlay, config)
    found = [one for one in recorded(data, config, events, decision_id=decision_id) if one.decision_id == decision_id]
    if not found:
        typer.echo(f"there is no decision {decision_id} in the journal", err=True)
        raise typer.Exit(WRONG_CALL)
    lines = tell(found[0], book, language)
    if as_json:
        print(json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False))
    else:
        print_table(("", ""), [(line.label, line.text) for line in lines], decision_id)


@explain.command()
def rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """A usage or detection rule: what it says, its status and owner, exceptions to it, and how many cases it has.

    Exit codes: 0 done, 1 the rules do not load, 2 there is no such rule.
    """
    book = load_or_exit(folder, overlay, config)
    rules = {one.id: one for one in book.usage} | {one.id: one for one in book.detection}
    found = rules.get(rule_id)
    if found is None:
        raise typer.BadParameter(f"there is no rule {rule_id}", param_hint="ID")
    facts = found.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    holes = [one for one in book.exceptions if one.narrows == rule_id]
    facts["exceptions"] = [f"{one.id}, until {one.until}: {one.reason}" for one in holes]
    facts["cases"] = sum(len(test.cases) for test in book.tests if test.covers == rule_id)
    if as_json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        print_table(("", ""), [(name, _cell(value)) for name, value in facts.items() if value], rule_id)


@explain.command()
def tool(
    host: Annotated[str, typer.Argument(help="Host name, such as chatgpt.com.")],
    *,
    path: Annotated[str, typer.Option(help="Path of a request.")] = "/",
    method: Annotated[str, typer.Option(help="Method of a request.")] = "GET",
    websocket: Annotated[bool, typer.Option("--websocket", help="It is a WebSocket message.")] = False,
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Whether traffic to a host is opened, which tool and endpoint it belongs to, and where that tool stands today.

    Exit codes: 0 done, 1 the rules do not load.
    """
    from gateway.model.traffic import Transport

    book = load_or_exit(folder, overlay, config)
    transport = Transport.WEBSOCKET if websocket else Transport.HTTP
    match = book.match(host=host, method=method, path=path, media_type="", transport=transport, today=today())
    facts: dict[str, Any] = {"host": host, "is_opened": book.is_intercepted(host)}
    if match:
        facts |= {"tool": match.tool_id or None, "name": match.name, "standing": match.standing.value}
        facts |= {"endpoint": match.endpoint.endpoint_id, "kind": match.endpoint.kind.value}
    if as_json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        print_table(("", ""), [(name, _cell(value)) for name, value in facts.items()])


def recorded(
    data: Path | None, config: Path | None, events: Path | None, *, decision_id: str = "", since: float | None = None
) -> "Iterator[RecordedDecision]":
    """Decisions from a file of events or from the journal. Exit code 1 when that cannot be read."""
    from gateway.rehearsal.recorded import from_event

    for event in _events(data, config, events, decision_id, since):
        try:
            found = from_event(event)
        except (KeyError, TypeError, ValueError):
            typer.echo("an event of another version of the gateway was left out", err=True)
            continue
        if found is not None:
            yield found


def _events(
    data: Path | None, config: Path | None, events: Path | None, decision_id: str, since: float | None
) -> Iterator[dict[str, Any]]:
    from gateway.audit.place import Place
    from gateway.audit.query import Filter, reading
    from gateway.audit.query import events as of_journal
    from gateway.cli.reading import one_line
    from gateway.settings import Settings

    if events is not None:
        try:
            with events.open(encoding="utf-8") as lines:
                yield from (json.loads(line) for line in lines if line.strip())
        except (OSError, ValueError):
            typer.echo(f"{events} cannot be read as events, one JSON object a line", err=True)
            raise typer.Exit(JOURNAL_UNREADABLE) from None
        return
    wanted = Filter(since=since, code="PG10", decision_id=decision_id)
    with one_line(JOURNAL_UNREADABLE), reading(Place.of(Settings.read(config, data=data)).path) as database:
        yield from (dict(event) for event in of_journal(database, wanted))


def _cell(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
