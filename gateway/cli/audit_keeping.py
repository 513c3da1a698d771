"""`audit retain`, `audit hold` and `audit release`: how long rows stay."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

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


def attach(audit: typer.Typer) -> None:
    """Add the three verbs to `audit`."""
    for verb in (retain, hold, release):
        audit.command()(verb)


def retain(
    data: DataOption = None,
    config: ConfigOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete rows past their term, by whole segments; the chain stays verifiable. Leaves an event. For a daily timer.

    Exit codes: 0 done, 1 the journal cannot be written.
    """
    from gateway.audit.actions import acting, actions_path
    from gateway.audit.retention import Retained
    from gateway.audit.retention import retain as run

    place = place_of(data, config)
    done: dict[str, Retained] = {}
    with one_line(1):
        keys = place.keys()
        done[str(place.path)] = run(place.path, keys, place.terms, dry_run=dry_run)
        if (other := actions_path(place.path)).exists():
            done[str(other)] = run(other, keys, place.terms, dry_run=dry_run)
        if not dry_run:
            with acting(place.path, keys, place.options) as actions:
                first = done[str(place.path)]
                actions.record(
                    "PG4005I",
                    segments=len(first.deleted),
                    emptied=len(first.emptied),
                    rows=first.rows,
                    keys=",".join(first.keys),
                )
    for path, what in done.items():
        if as_json:
            print(json.dumps({"journal": path, "dry_run": dry_run, **asdict(what)}))
        else:
            print(f"{path}: {what.rows} rows {'would go' if dry_run else 'are gone'}")
            print(f"  segments emptied {list(what.emptied)}, deleted {list(what.deleted)}; keys {list(what.keys)}")


def hold(
    case: Annotated[str, typer.Option(help="Case number of the hold.")],
    data: DataOption = None,
    config: ConfigOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
) -> None:
    """Keep the segments of a period whatever their age, until the case is released. Leaves an event.

    Exit codes: 0 done, 1 the journal cannot be written.
    """
    from gateway.audit.actions import acting
    from gateway.audit.retention import hold as put

    place = place_of(data, config)
    with one_line(1):
        numbers = put(place.path, case, since=moment(since, "--since"), until=moment(until, "--until"))
        with acting(place.path, place.keys(), place.options) as actions:
            actions.record("PG4006I", case=case, segments=len(numbers))
    print(f"{len(numbers)} segments on hold for {case}")


def release(
    case: Annotated[str, typer.Option(help="Case number of the hold.")],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """End the hold of a case. Leaves an event. Exit codes: 0 done, 1 the journal cannot be written."""
    from gateway.audit.actions import acting
    from gateway.audit.retention import release as let_go

    place = place_of(data, config)
    with one_line(1):
        numbers = let_go(place.path, case)
        with acting(place.path, place.keys(), place.options) as actions:
            actions.record("PG4007I", case=case, segments=len(numbers))
    print(f"{len(numbers)} segments released from {case}")
