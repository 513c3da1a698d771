"""The cases beside every detection rule: what the rule must find, and what it must leave alone."""

from collections.abc import Iterator

import pytest

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.detection.registry import RECOGNIZERS
from gateway.model.inspection import DATA_CLASS_OF, DataClass
from gateway.rulebook.documents.cases import Case
from gateway.rulebook.load import default_root, load

BOOK = load(default_root())
RULES = {rule.id: rule for rule in BOOK.detection if rule.recognizer is None or rule.recognizer in RECOGNIZERS}
IDENTIFYING = {DataClass.PERSONAL, DataClass.NATIONAL_IDENTIFIER, DataClass.SECRET}


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return Inspector(list(RULES.values()), BOOK.lists, ModelPaths(use_pipeline=False, use_second_opinion=False))


def cases() -> Iterator[object]:
    for test in BOOK.tests:
        if test.covers in RULES:
            for case in test.cases:
                if case.text is not None and case.expect is not None:
                    yield pytest.param(test.covers, case, id=f"{test.covers}-{case.id}")


@pytest.mark.parametrize(("rule_id", "case"), list(cases()))
def test_a_rule_finds_what_its_cases_say(inspector: Inspector, rule_id: str, case: Case) -> None:
    assert case.text is not None
    assert case.expect is not None
    findings = inspector.inspect_text(case.text).findings
    found = [one for one in findings if one.rule_id == rule_id]
    right = [case.text[one.start : one.end] for one in found] == [
        one.text or case.text[slice(*(one.span or (0, 0)))] for one in case.expect
    ] and all(expected.validated in (None, one.validated) for one, expected in zip(found, case.expect, strict=True))
    if case.known_miss or case.known_false_alarm:
        assert not right, f"{case.id} passes now: take the note away"
    else:
        assert right, (case.why, [(one.rule_id, case.text[one.start : one.end], one.score) for one in findings])


def test_every_rule_has_hits_misses_and_reasons() -> None:
    """Each detection rule carries at least twelve cases, some of which expect nothing, each with its reason."""
    by_rule = {test.covers: test.cases for test in BOOK.tests}
    for rule_id in (rule.id for rule in RULES.values() if DATA_CLASS_OF[rule.entity] in IDENTIFYING):
        rows = by_rule.get(rule_id, ())
        assert len(rows) >= 12, rule_id
        assert any(row.expect for row in rows), rule_id
        assert any(row.expect == () for row in rows), rule_id
        assert all(row.why for row in rows), rule_id
