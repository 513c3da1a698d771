"""Use of AI tools over a period: by tool, verdict, department (rolled up) and kind of data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.audit.query import Event
from gateway.audit.reports.document import Document, Section, day, paragraphs, table_of
from gateway.audit.reports.groups import UNKNOWN, labels
from gateway.audit.reports.leaving import left
from gateway.audit.reports.words import DATA_CLASSES, VERDICTS
from gateway.model.inspection import DATA_CLASS_OF, Entity


@dataclass(slots=True)
class Usage:
    """Counts of exchanges. `by_department` is rolled up; `let_out` counts values, the others count exchanges."""

    since: float
    until: float
    exchanges: int = 0
    people_at_most: int = 0
    by_verdict: dict[str, int] = field(default_factory=dict)
    by_tool: dict[str, dict[str, int]] = field(default_factory=dict)
    by_department: dict[str, dict[str, int]] = field(default_factory=dict)
    by_data_class: dict[str, dict[str, int]] = field(default_factory=dict)
    by_reason: dict[str, int] = field(default_factory=dict)
    by_gap: dict[str, int] = field(default_factory=dict)
    let_out: dict[str, int] = field(default_factory=dict)


def usage(events: Sequence[Event], headcount: Mapping[str, int], since: float, until: float) -> Usage:
    """Count the exchanges `events` (as `query.exchanges` gives them)."""
    found = Usage(since, until, exchanges=len(events))
    shown = labels(events, headcount)
    months: dict[str, set[str]] = {}
    for event in events:
        verdict = event["verdict"]
        months.setdefault(event["at"][:7], set()).add(event["pseudonym"])
        _add(found.by_verdict, verdict)
        _add(found.by_tool.setdefault(event["tool"] or "niet geregistreerd", {}), verdict)
        _add(found.by_department.setdefault(shown[event["department"]] or UNKNOWN, {}), verdict)
        for data_class in {DATA_CLASS_OF[Entity(entity)].value for entity in event["entities"]}:
            _add(found.by_data_class.setdefault(data_class, {}), verdict)
        for reason in {code for code, _ in event["reasons"]}:
            _add(found.by_reason, reason)
        for gap in event["gaps"]:
            _add(found.by_gap, gap)
        found.let_out = dict(Counter(found.let_out) + Counter(left(event)))
    found.people_at_most = max((len(names) for names in months.values()), default=0)
    return found


def document(found: Usage, organisation: str) -> Document:
    """The report as people read it."""
    return Document(
        f"Gebruik van AI-toepassingen, {organisation}",
        (
            Section(
                "Overzicht",
                paragraphs(_overview(found)),
                ("Besluit", "Verzoeken"),
                table_of({VERDICTS[verdict]: count for verdict, count in found.by_verdict.items()}),
            ),
            Section("Per toepassing", (), ("Toepassing", *VERDICTS.values()), _matrix(found.by_tool)),
            Section("Per afdeling", (), ("Afdeling", *VERDICTS.values()), _matrix(found.by_department)),
            Section(
                "Soorten gegevens in verzoeken",
                (),
                ("Soort", *VERDICTS.values()),
                _matrix({DATA_CLASSES[name]: counts for name, counts in found.by_data_class.items()}),
            ),
            Section("Redenen", (), ("Reden", "Verzoeken"), table_of(found.by_reason)),
            Section("Niet te lezen", (), ("Wat", "Keren"), table_of(found.by_gap)),
            Section(
                "Naar buiten gegaan",
                ("Gevonden gegevens die volgens de regels mee mochten, of niet zijn weggehaald.",),
                ("Gegeven", "Aantal"),
                table_of(found.let_out),
            ),
        ),
    )


def _overview(found: Usage) -> str:
    return f"""
        Periode: {day(found.since)} tot {day(found.until)}. Er waren {found.exchanges} AI-verzoeken, van ten hoogste
        {found.people_at_most} mensen in een maand.

        De cijfers gaan over afdelingen van tien mensen of meer. Kleinere afdelingen staan samen. Er bestaat geen
        overzicht per persoon.
    """


def _add(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1


def _matrix(counts: Mapping[str, Mapping[str, int]]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, *(str(row.get(verdict, 0)) for verdict in VERDICTS)) for name, row in sorted(counts.items()))
