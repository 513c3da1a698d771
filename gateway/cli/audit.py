"""`audit`: query, verify, export and lookup; retain, hold and release stand in `audit_keeping`."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli import audit_keeping
from gateway.cli.reading import (
    ConfigOption,
    DataOption,
    JsonOption,
    SinceOption,
    UntilOption,
    moment,
    one_line,
    place_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.audit.place import Place
    from gateway.audit.verify import Verification

audit = typer.Typer(no_args_is_help=True, help="Read, verify and keep the journal.")


def register(app: typer.Typer) -> None:
    audit_keeping.attach(audit)
    app.add_typer(audit, name="audit")


@audit.command()
def query(
    *,
    data: DataOption = None,
    config: ConfigOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    code: Annotated[str, typer.Option(help="Event code, its beginning (PG1), or its name.")] = "",
    decision: Annotated[str, typer.Option(help="Decision id, as on a notice.")] = "",
    tool: Annotated[str, typer.Option(help="Tool id.")] = "",
    verdict: Annotated[str, typer.Option(help="allow, warn, coach, redact or refuse.")] = "",
    department: Annotated[str, typer.Option(help="Department.")] = "",
    entity: Annotated[str, typer.Option(help="Entity found, such as NL_BSN.")] = "",
    reason: Annotated[str, typer.Option(help="Reason code, such as tool-unknown.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Only the newest N; 0 is all.")] = 0,
    actions: Annotated[bool, typer.Option(help="The journal of what people did with the journal.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print events, oldest first. --json: one object per line, with every field.

    Exit codes: 0 done (also when nothing matches), 1 the journal cannot be read.
    """
    from gateway.audit.actions import actions_path
    from gateway.audit.query import Filter, events, reading

    place = place_of(data, config)
    wanted = Filter(
        moment(since, "--since"), moment(until, "--until"), code, decision, tool, verdict, department, entity, reason
    )
    with one_line(1), reading(actions_path(place.path) if actions else place.path) as database:
        for event in events(database, wanted, limit or -1):
            print(json.dumps(event, sort_keys=True, ensure_ascii=False) if as_json else _summary(event), flush=False)


def _summary(event: dict[str, object]) -> str:
    about = [event.get(key) for key in ("decision_id", "tool", "verdict", "action", "department")]
    reasons, entities, fields = event.get("reasons"), event.get("entities"), event.get("fields")
    words = [str(word) for word in about if word]
    if isinstance(reasons, list):
        words += [code for code, _ in reasons]
    if isinstance(entities, dict):
        words += [f"{entity}×{count}" for entity, count in entities.items()]
    if isinstance(fields, dict):
        words += [f"{key}={value}" for key, value in fields.items()]
    return f"{event['at']}  {event['code']}  {event['event']:<22}  {' '.join(words)}"


@audit.command()
def verify(
    *,
    data: DataOption = None,
    config: ConfigOption = None,
    journal: Annotated[Path | None, typer.Option(help="Another file, such as a copy.", show_default=False)] = None,
    key: Annotated[Path | None, typer.Option(help="Public key (PEM) kept elsewhere.", show_default=False)] = None,
    copies: Annotated[Path | None, typer.Option(help="Folder of checkpoint copies.", show_default=False)] = None,
    textfile: Annotated[
        Path | None,
        typer.Option(help="Also write the result for node_exporter's textfile collector.", show_default=False),
    ] = None,
    record: Annotated[bool, typer.Option("--record", help="Leave an event; needs write access and the keys.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Recompute the chain, check all signatures, compare with the second place, and name the first bad row.

    Exit codes: 0 intact, 1 broken, 2 not readable.
    """
    from gateway.audit.actions import actions_path
    from gateway.audit.keys import Verifier
    from gateway.audit.verify import Verification
    from gateway.audit.verify import verify as check

    place = place_of(data, config)
    second = copies or (None if journal else place.options.second_place)
    found: dict[str, Verification] = {}
    with one_line(2):
        verifier = Verifier.read(key) if key else place.verifier()
        path = journal or place.path
        found[str(path)] = check(path, verifier, second_place=second)
        other = actions_path(place.path)
        if journal is None and other.exists():
            found[str(other)] = check(other, verifier, second_place=second / "actions" if second else None)
    for path_, report in found.items():
        if as_json:
            print(json.dumps({"journal": path_, "intact": report.is_intact, **asdict(report)}, ensure_ascii=False))
        else:
            _print_verification(path_, report)
    if record:
        with one_line(2):
            _record_verification(place, found)
    if textfile:
        _write_textfile(textfile, is_intact=all(report.is_intact for report in found.values()))
    if not place.is_second_place_apart and not copies and not as_json:
        typer.echo("checkpoint_copies is not set: who can rewrite this machine can rewrite the proof as well", err=True)
    raise typer.Exit(0 if all(report.is_intact for report in found.values()) else 1)


def _record_verification(place: "Place", found: "Mapping[str, Verification]") -> None:
    from gateway.audit.actions import acting

    faults = [fault for report in found.values() for fault in report.faults]
    with acting(place.path, place.keys(), place.options) as actions:
        if faults:
            first = f"{faults[0].code}@{faults[0].seq}"
            actions.record("PG4009E", problems=len(faults), first=first)
        else:
            first_report = next(iter(found.values()))
            actions.record("PG4008I", rows=first_report.rows, last_root=first_report.last_root)


def _write_textfile(path: Path, *, is_intact: bool) -> None:
    """Two series for Prometheus, swapped in at once; a missed run shows as an old timestamp."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(
        "# TYPE gateway_journal_intact gauge\n"
        f"gateway_journal_intact {int(is_intact)}\n"
        "# TYPE gateway_journal_verified_timestamp_seconds gauge\n"
        f"gateway_journal_verified_timestamp_seconds {time.time():.0f}\n",
        encoding="utf-8",
    )
    part.replace(path)


def _print_verification(path: str, report: "Verification") -> None:
    state = "intact" if report.is_intact else "BROKEN"
    print(f"{path}: {state}; {report.rows} rows in {report.segments} segments, {report.first_at} to {report.last_at}")
    print(f"  last row {report.last_seq}, root {report.last_root}")
    print(f"  {report.unfinished} exchanges without an end, {report.deleted_rows} rows deleted by retention")
    for fault in report.faults:
        where = f"row {fault.seq}" if fault.seq else "journal"
        print(f"  {fault.code} at {where} (segment {fault.segment}): {fault.detail}")


@audit.command()
def export(
    *,
    form: Annotated[str, typer.Option("--format", help="ndjson, csv, ecs, ocsf or cef.")],
    data: DataOption = None,
    config: ConfigOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    out: Annotated[Path | None, typer.Option(help="File; else standard output.", show_default=False)] = None,
) -> None:
    """Write events in the shape of another system; an exchange is one event, with its outcome. Leaves an event.

    Exit codes: 0 done, 1 the journal cannot be read or the file not written.
    """
    from gateway.audit.actions import acting
    from gateway.audit.exports import FORMATS
    from gateway.audit.query import Filter, reading, with_outcomes

    if form not in FORMATS:
        raise typer.BadParameter(f"one of {', '.join(FORMATS)}", param_hint="--format")
    place = place_of(data, config)
    wanted = Filter(moment(since, "--since"), moment(until, "--until"))
    count = 0
    with one_line(1), reading(place.path) as database:
        target = out.open("w", encoding="utf-8") if out else sys.stdout
        try:
            for line in FORMATS[form](with_outcomes(database, wanted)):
                target.write(line + "\n")
                count += 1
        finally:
            target.flush()
            if out:
                target.close()
        with acting(place.path, place.keys(), place.options) as actions:
            actions.record("PG4001I", format=form, rows=count, since=since, until=until)


@audit.command()
def lookup(
    *,
    entity: Annotated[str, typer.Option(help="What kind of value: NL_BSN, EMAIL_ADDRESS, PERSON, …")],
    purpose: Annotated[str, typer.Option(help="Why; `unmask --help` lists them.")],
    case: Annotated[str, typer.Option(help="Case number.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell whether a value was sent, when, and to which tool. The value is read from standard input, never kept.

    Leaves an event with the kind of value, purpose, case and number of hits.
    Exit codes: 0 found, 3 not found, 1 the journal cannot be read.
    """
    from gateway.audit.actions import acting
    from gateway.audit.fingerprints import Fingerprinter
    from gateway.audit.lookup import Purpose, look_up
    from gateway.audit.query import reading
    from gateway.model.inspection import Entity

    if entity not in set(Entity):
        raise typer.BadParameter("an entity such as NL_BSN", param_hint="--entity")
    if purpose not in set(Purpose):
        raise typer.BadParameter(f"one of {', '.join(Purpose)}", param_hint="--purpose")
    place = place_of(data, config)
    value = typer.prompt("Value", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
    with one_line(1):
        keys = place.keys()
        with reading(place.path) as database:
            hits = look_up(database, Fingerprinter(keys.fingerprints), Entity(entity), value)
        with acting(place.path, keys, place.options) as actions:
            actions.record("PG4002W", entity=entity, purpose=purpose, case=case, hits=len(hits))
    for hit in hits:
        left = "has left" if hit.has_left else "did not leave"
        print(json.dumps(asdict(hit)) if as_json else f"{hit.at}  {hit.decision_id}  {hit.tool}  {hit.verdict}  {left}")
    raise typer.Exit(0 if hits else 3)
