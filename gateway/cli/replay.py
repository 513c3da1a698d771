"""`replay`: stored questions under another rulebook, and what shadow rules would have done."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.explain import DataOption, EventsOption, recorded
from gateway.cli.reading import SinceOption, moment
from gateway.cli.rulework import ConfigOption, JsonOption, OverlayOption, RulesOption, load_or_exit, print_table

if TYPE_CHECKING:
    from gateway.rehearsal.recorded import RecordedDecision
    from gateway.rehearsal.replay import Replay
    from gateway.rulebook.book import RuleBook

WOULD_CHANGE = 3


def register(app: typer.Typer) -> None:
    """Adds the verb."""

    @app.command()
    def replay(
        *,
        folder: RulesOption = None,
        overlay: OverlayOption = None,
        config: ConfigOption = None,
        data: DataOption = None,
        events: EventsOption = None,
        since: SinceOption = "7d",
        shadow: Annotated[bool, typer.Option("--shadow", help="Report what shadow rules did instead.")] = False,
        show: Annotated[int, typer.Option(min=0, help="How many changed decisions to list.")] = 20,
        fail: Annotated[
            bool, typer.Option("--fail-on-change", help="Exit with 3 when something would change.")
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Decide stored questions again, under the rules given, and show what would change. No text is needed.

        Roles of people are not kept, so a rule about roles does not match here. Exit codes: 0 done, 1 the journal or
        the rules cannot be read, 2 wrong call, 3 something would change (--fail-on-change).
        """
        book = load_or_exit(folder, overlay, config)
        decisions = recorded(data, config, events, since=None if events else moment(since, "--since"))
        if shadow:
            _print_shadow(decisions, book, as_json)
            return
        changes = _print_replay(decisions, book, show, as_json)
        if fail and changes:
            raise typer.Exit(WOULD_CHANGE)


def _print_replay(decisions: "Iterable[RecordedDecision]", book: "RuleBook", show: int, as_json: bool) -> int:
    from gateway.rehearsal.replay import replay as decide_again

    outcome = decide_again(decisions, book)
    if as_json:
        print(json.dumps(_as_json(outcome), indent=2, ensure_ascii=False))
        return len(outcome.changes)
    rows = sorted(outcome.counts.items(), key=lambda row: (row[0][0] is row[0][1], -row[1]))
    print_table(("then", "now", "decisions"), [(before, after, count) for (before, after), count in rows])
    if outcome.changes and show:
        listed = [
            (one.decision_id, one.before, one.after, ", ".join(f"{why.code} {why.subject}" for why in one.reasons))
            for one in outcome.changes[:show]
        ]
        print_table(("decision", "then", "now", "because"), listed)
    print(f"{outcome.total} decisions, {len(outcome.changes)} would change; {outcome.failures} failures left out.")
    return len(outcome.changes)


def _as_json(outcome: "Replay") -> dict[str, object]:
    counts = [{"before": before, "after": after, "count": n} for (before, after), n in outcome.counts.items()]
    return {
        "revision": outcome.revision,
        "total": outcome.total,
        "failures": outcome.failures,
        "counts": counts,
        "changes": [asdict(change) for change in outcome.changes],
    }


def _print_shadow(decisions: "Iterable[RecordedDecision]", book: "RuleBook", as_json: bool) -> None:
    from gateway.rehearsal.shadow import shadow_report

    rows = shadow_report(decisions, book)
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
        return
    columns = ("rule", "hits", "would be stricter", "departments")
    print_table(columns, [(row.rule_id, row.hits, row.stricter, row.departments) for row in rows])
