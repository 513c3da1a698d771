"""An event of the journal becomes the question and the decision it was."""

import pytest

from gateway.decision.decide import decide
from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.policy import Reason, ReasonCode, Verdict
from gateway.rehearsal.recorded import from_event
from tests.rehearsal.events import BOOK, event


def test_a_decision_comes_back_from_its_event() -> None:
    recorded = from_event(event(gaps=["macro"]))
    assert recorded is not None
    asked = recorded.question
    assert asked.entities == {Entity.PERSON: 2, Entity.NL_BSN: 1}
    assert asked.data_classes == {DataClass.PERSONAL: 2, DataClass.NATIONAL_IDENTIFIER: 1}
    assert (asked.gaps, asked.department, asked.uploads) == ((GapKind.MACRO,), "wmo", 1)
    assert asked.at == 1_795_604_400.0
    assert recorded.reasons[0] == Reason(ReasonCode.RULE_MATCHED, "personal-data")
    assert recorded.shadow == (("coach-on-files", Verdict.COACH),)


def test_it_decides_the_same_under_the_same_rules() -> None:
    recorded = from_event(event())
    assert recorded is not None
    assert decide(recorded.question, BOOK).verdict is recorded.verdict


@pytest.mark.parametrize("other", [{"code": "PG2001I", "at": 1.0}, {"decision_id": "d", "action": "forwarded"}])
def test_other_events_are_no_decisions(other: dict[str, object]) -> None:
    assert from_event(other) is None


def test_an_unknown_code_is_an_error_not_a_guess() -> None:
    with pytest.raises(ValueError, match="NL_NEW"):
        from_event(event(entities={"NL_NEW": 1}))


@pytest.mark.parametrize(("code", "is_failure"), [("worker-died", True), ("tool-unknown", False), ("gap", False)])
def test_failures_of_the_gateway_are_told_apart(code: str, is_failure: bool) -> None:
    recorded = from_event(event(reasons=[[code, ""]]))
    assert recorded is not None
    assert recorded.is_failure is is_failure
