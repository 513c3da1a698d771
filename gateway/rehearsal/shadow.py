"""What shadow rules would have done: how often they spoke, and how often their word would have changed the verdict."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.model.policy import Verdict
from gateway.rehearsal.recorded import RecordedDecision
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.common import RuleStatus


@dataclass(frozen=True, slots=True)
class ShadowRow:
    """One shadow rule over a period. `stricter` counts decisions that its verdict would have made stricter."""

    rule_id: str
    hits: int
    stricter: int
    by_verdict: Mapping[Verdict, int]
    departments: int


def shadow_report(decisions: Iterable[RecordedDecision], book: RuleBook) -> tuple[ShadowRow, ...]:
    """A row for every rule that spoke in shadow and for every shadow rule of `book`, most hits first.

    A rule with no hits is in it too: silence may mean that it never matches.
    """
    by_verdict: dict[str, Counter[Verdict]] = {
        rule.id: Counter() for rule in book.usage if rule.status is RuleStatus.SHADOW
    }
    stricter: Counter[str] = Counter()
    departments: dict[str, set[str]] = {}
    for recorded in decisions:
        for rule_id, verdict in recorded.shadow:
            by_verdict.setdefault(rule_id, Counter())[verdict] += 1
            stricter[rule_id] += verdict.strength > recorded.verdict.strength
            departments.setdefault(rule_id, set()).add(recorded.question.department)
    rows = [
        ShadowRow(rule_id, verdicts.total(), stricter[rule_id], dict(verdicts), len(departments.get(rule_id, ())))
        for rule_id, verdicts in by_verdict.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.hits, row.rule_id)))
