"""What another rulebook would have decided: stored questions, asked again. No text is needed or seen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateway.decision.decide import decide
from gateway.model.policy import Question, Reason, Verdict
from gateway.model.traffic import Standing
from gateway.rehearsal.recorded import RecordedDecision
from gateway.rulebook.book import RuleBook
from gateway.rulebook.standing import standing_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Change:
    """One decision that would fall otherwise."""

    decision_id: str
    before: Verdict
    after: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """`counts` by verdict then and now; `failures` were refused by the gateway itself and are left out."""

    revision: str
    counts: Mapping[tuple[Verdict, Verdict], int]
    changes: tuple[Change, ...]
    failures: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def replay(decisions: Iterable[RecordedDecision], book: RuleBook) -> Replay:
    """Decide every stored question under `book`: its rules, and where it says each tool stood on that day."""
    counts: Counter[tuple[Verdict, Verdict]] = Counter()
    changes: list[Change] = []
    failures = 0
    for recorded in decisions:
        if recorded.is_failure:
            failures += 1
            continue
        decision = decide(_under(recorded.question, book), book)
        counts[recorded.verdict, decision.verdict] += 1
        if decision.verdict is not recorded.verdict:
            changes.append(Change(recorded.decision_id, recorded.verdict, decision.verdict, decision.reasons))
    return Replay(book.revision, dict(counts), tuple(changes), failures)


def _under(question: Question, book: RuleBook) -> Question:
    """The question with the tool's standing as this rulebook has it; a tool it does not have is unknown."""
    tool = book.tool(question.tool_id)
    day = datetime.fromtimestamp(question.at, UTC).astimezone(AMSTERDAM).date()
    return replace(question, standing=standing_of(tool, day) if tool else Standing.UNKNOWN)
