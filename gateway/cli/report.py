"""`report`: usage, incident dossiers, Algoritmeregister, art. 30, works council, yearly evaluation."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.reading import ConfigOption, DataOption, JsonOption, SinceOption, UntilOption, moment, one_line

if TYPE_CHECKING:
    from gateway.audit.actions import Actions
    from gateway.audit.place import Place
    from gateway.audit.reports.document import Document
    from gateway.audit.reports.incident import Dossier
    from gateway.cli.register_facts import Register
    from gateway.settings import Settings

report = typer.Typer(no_args_is_help=True, help="Reports for those who account for AI use. None is about a person.")
incident = typer.Typer(no_args_is_help=True, help="Incident dossiers with the 72-hour clock.")

_YEAR = 365 * 86_400.0


def register(app: typer.Typer) -> None:
    report.add_typer(incident, name="incident")
    app.add_typer(report, name="report")


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every report starts from."""

    settings: "Settings"
    place: "Place"

    def register(self) -> "Register":
        from gateway.cli.register_facts import read_register

        return read_register(self.settings, self.place.terms)

    @contextmanager
    def acting(self) -> Iterator["Actions"]:
        from gateway.audit.actions import acting

        with acting(self.place.path, self.place.keys(), self.place.options) as actions:
            yield actions

    def note(self, name: str, since: str = "", until: str = "") -> None:
        with self.acting() as actions:
            actions.record("PG4013I", report=name, since=since, until=until)


def _desk(data: Path | None, config: Path | None) -> _Desk:
    from gateway.audit.place import Place
    from gateway.settings import Settings

    with one_line(2):
        settings = Settings.read(config, data=data)
        return _Desk(settings, Place.of(settings))


def _show(document: "Document", facts: object, *, as_json: bool) -> None:
    print(json.dumps(facts, ensure_ascii=False, sort_keys=True) if as_json else document.markdown())


@report.command()
def usage(
    *,
    data: DataOption = None,
    config: ConfigOption = None,
    since: SinceOption = "30d",
    until: UntilOption = "",
    as_json: JsonOption = False,
) -> None:
    """AI use by tool, verdict, kind of data, and department (those under ten people together).

    Exit codes: 0 done, 1 the journal cannot be read.
    """
    from gateway.audit.query import Filter, exchanges, reading
    from gateway.audit.reports import usage as this
    from gateway.audit.reports.groups import read_headcount

    desk = _desk(data, config)
    start, end = moment(since, "--since") or 0.0, moment(until, "--until") or time.time()
    with one_line(1):
        with reading(desk.place.path) as database:
            events = list(exchanges(database, Filter(start, end)))
        found = this.usage(events, read_headcount(desk.settings.departments), start, end)
        desk.note("usage", since, until)
    _show(this.document(found, desk.settings.organisation), asdict(found), as_json=as_json)


@report.command()
def evaluation(
    *,
    data: DataOption = None,
    config: ConfigOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    as_json: JsonOption = False,
) -> None:
    """The yearly evaluation; without a period, the last 365 days. Exit codes: 0 done, 1 not readable."""
    from gateway.audit.query import Filter, reading, with_outcomes
    from gateway.audit.reports import evaluation as this

    desk = _desk(data, config)
    end = moment(until, "--until") or time.time()
    start = moment(since, "--since") or end - _YEAR
    with one_line(1):
        register = desk.register()
        with reading(desk.place.path) as database:
            events = list(with_outcomes(database, Filter(start, end)))
        found = this.evaluate(events, _actions(desk, start, end), register.tools, start, end)
        desk.note("evaluation", since, until)
    _show(this.document(found, register.tools, register.organisation), asdict(found), as_json=as_json)


@report.command(name="algorithm-register")
def algorithm_register(
    *,
    data: DataOption = None,
    config: ConfigOption = None,
    overview: Annotated[bool, typer.Option(help="One CSV of all tools, with what is missing.")] = False,
) -> None:
    """Entries for the Algoritmeregister, in both dialects, of all tools in use and of the gateway itself; NDJSON.

    Exit codes: 0 complete, 3 mandatory fields are missing (they are named), 1 not readable.
    """
    from gateway.audit.reports import algorithm_register as this

    desk = _desk(data, config)
    with one_line(1):
        register = desk.register()
        desk.note("algorithm-register")
    own = register.organisation
    tools = [tool for tool in register.tools.values() if tool.standing == "screened"]
    entries = [this.entry(tool, own) for tool in (this.gateway_itself(own), *tools)]
    if overview:
        print(this.overview(entries), end="")
    else:
        for one in entries:
            print(json.dumps(asdict(one), ensure_ascii=False))
    raise typer.Exit(3 if any(one.missing or one.faults for one in entries) else 0)


@report.command()
def art30(*, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """The gateway's own two entries for the register of processing activities. Exit codes: 0 done, 1 not readable."""
    from gateway.audit.reports import processing_record as this

    desk = _desk(data, config)
    with one_line(1):
        register = desk.register()
        entries = this.processings(register.organisation, tuple(register.tools.values()))
        desk.note("art30")
    _show(this.document(entries, register.organisation), [asdict(one) for one in entries], as_json=as_json)


@report.command(name="works-council")
def works_council(*, data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """For the works council: what is logged, what nobody can see, who can read, the last ten unmaskings.

    Exit codes: 0 done, 1 not readable.
    """
    from gateway.audit.reports import works_council as this
    from gateway.audit.unmask import read_approvers

    desk = _desk(data, config)
    with one_line(1):
        approvers = tuple(read_approvers(desk.place.approvers))
        second = desk.place.is_second_place_apart
        done = _actions(desk, 0.0, time.time())
        found = this.oversight(done, desk.register().organisation, approvers, has_second_place=second)
        desk.note("works-council")
    _show(this.document(found, time.time()), asdict(found), as_json=as_json)


@incident.command(name="open")
def open_(
    number: Annotated[str, typer.Argument(help="Your number for the incident, such as INC-2026-004.")],
    *,
    decision: Annotated[list[str], typer.Option(help="Decision id of an exchange; repeatable.")],
    aware: Annotated[str, typer.Option(help="When somebody became aware; default: now.", show_default=False)] = "",
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Open a dossier: the clock runs from --aware, and the segments concerned are put on hold. Leaves an event.

    Exit codes: 0 done, 1 an exchange or the journal is not there.
    """
    from gateway.audit.reports.incident import HOUR, NOTIFICATION_HOURS, Dossier
    from gateway.audit.retention import hold_decisions
    from gateway.errors import JournalError

    desk = _desk(data, config)
    aware_at = moment(aware, "--aware") or time.time()
    with one_line(1):
        dossier = Dossier(number, aware_at, tuple(decision))
        missing = set(decision) - {event["decision_id"] for event in _events_of(desk, dossier)}
        if missing:
            raise JournalError(f"not in the journal: {', '.join(sorted(missing))}")
        path = dossier.save(_folder(desk))
        hold_decisions(desk.place.path, number, dossier.decisions)
        deadline = datetime.fromtimestamp(aware_at + NOTIFICATION_HOURS * HOUR, UTC).isoformat(timespec="minutes")
        with desk.acting() as actions:
            actions.record("PG4010I", incident=number, exchanges=len(decision), deadline=deadline)
    print(f"{path}: notify before {deadline}")


@incident.command()
def show(
    number: Annotated[str, typer.Argument(help="Number of the incident.")],
    *,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the dossier: what AVG art. 33 asks, the clock, and what a person must add. Leaves an event.

    Exit codes: 0 done, 1 no such dossier or not readable.
    """
    from gateway.audit.reports import incident as this

    desk = _desk(data, config)
    with one_line(1):
        dossier = this.Dossier.read(_folder(desk), number)
        found = this.assess(dossier, _events_of(desk, dossier))
        register = desk.register()
        with desk.acting() as actions:
            actions.record("PG4011I", incident=number)
    document = this.document(found, register.tools, register.organisation, time.time())
    _show(document, asdict(found), as_json=as_json)


@incident.command()
def close(
    number: Annotated[str, typer.Argument(help="Number of the incident.")],
    *,
    result: Annotated[str, typer.Option(help="reported, not-reported or near-miss.")],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Close a dossier; its segments stay on hold until `audit release`. Exit codes: 0 done, 1 no such dossier."""
    from gateway.audit.reports.incident import Dossier

    if result not in {"reported", "not-reported", "near-miss"}:
        raise typer.BadParameter("reported, not-reported or near-miss", param_hint="--result")
    desk = _desk(data, config)
    with one_line(1):
        dossier = Dossier.read(_folder(desk), number)
        Dossier(number, dossier.aware_at, dossier.decisions, time.time(), result).save(_folder(desk))
        with desk.acting() as actions:
            actions.record("PG4012I", incident=number, result=result)
    print(f"{number} closed: {result}")


def _folder(desk: _Desk) -> Path:
    return desk.place.path.with_name("incidents")


def _events_of(desk: _Desk, dossier: "Dossier") -> list[dict[str, object]]:
    from gateway.audit.query import Filter, exchanges, reading

    with reading(desk.place.path) as database:
        return [event for one in dossier.decisions for event in exchanges(database, Filter(decision_id=one))]


def _actions(desk: _Desk, since: float, until: float) -> list[dict[str, object]]:
    from gateway.audit.actions import actions_path
    from gateway.audit.query import Filter, events, reading

    path = actions_path(desk.place.path)
    if not path.exists():
        return []
    with reading(path) as database:
        return list(events(database, Filter(since, until)))
