"""Stored questions under another rulebook: what would change, in counts and ids."""

from dataclasses import replace

from gateway.model.policy import ReasonCode, Verdict
from gateway.rehearsal.recorded import RecordedDecision, from_event
from gateway.rehearsal.replay import replay
from gateway.rehearsal.shadow import shadow_report
from gateway.rulebook.documents.tool import ScreeningStatus
from tests.rehearsal.events import BOOK, event


def recorded(**changes: object) -> RecordedDecision:
    found = from_event(event(**changes))
    assert found is not None
    return found


def test_the_same_rules_change_nothing() -> None:
    outcome = replay([recorded(), recorded(decision_id="d-2", entities={}, uploads=0, verdict="allow")], BOOK)
    assert outcome.changes == ()
    assert outcome.counts == {(Verdict.REDACT, Verdict.REDACT): 1, (Verdict.ALLOW, Verdict.ALLOW): 1}
    assert (outcome.total, outcome.revision) == (2, BOOK.revision)


def test_a_changed_rule_shows_which_decisions_would_fall_otherwise() -> None:
    strict = tuple(
        rule.model_copy(update={"then": rule.then.model_copy(update={"verdict": Verdict.REFUSE, "redact_classes": ()})})
        for rule in BOOK.usage
        if rule.id == "personal-data"
    )
    outcome = replay([recorded()], replace(BOOK, usage=strict))
    (change,) = outcome.changes
    assert (change.decision_id, change.before, change.after) == ("d-1", Verdict.REDACT, Verdict.REFUSE)
    assert change.reasons[0].subject == "personal-data"


def test_a_tool_stands_where_the_other_rulebook_says() -> None:
    withdrawn = tuple(
        tool.model_copy(update={"screening": tool.screening.model_copy(update={"status": ScreeningStatus.WITHDRAWN})})
        for tool in BOOK.tools
    )
    (change,) = replay([recorded()], replace(BOOK, tools=withdrawn)).changes
    assert change.reasons[0].code is ReasonCode.TOOL_WITHDRAWN
    assert replay([recorded()], replace(BOOK, tools=())).changes[0].reasons[0].code is ReasonCode.TOOL_UNKNOWN


def test_failures_of_the_gateway_are_counted_apart() -> None:
    outcome = replay([recorded(verdict="refuse", reasons=[["worker-died", ""]])], BOOK)
    assert (outcome.total, outcome.failures) == (0, 1)


def test_the_shadow_report_counts_hits_and_what_would_be_stricter() -> None:
    decisions = [
        recorded(),
        recorded(verdict="allow", department="ict"),
        recorded(shadow=[["gone", "refuse"]]),
        recorded(shadow=[]),
    ]
    first, second = shadow_report(decisions, BOOK)
    assert (first.rule_id, first.hits, first.stricter, first.departments) == ("coach-on-files", 2, 1, 2)
    assert (second.rule_id, second.hits, second.stricter) == ("gone", 1, 1)


def test_a_shadow_rule_that_never_spoke_is_in_the_report() -> None:
    assert [(row.rule_id, row.hits) for row in shadow_report([], BOOK)] == [("coach-on-files", 0)]
