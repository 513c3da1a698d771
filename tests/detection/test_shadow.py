"""A detection rule in shadow is evaluated and counted; it changes nothing."""

import pytest

from gateway.detection.frames import dump, load
from gateway.detection.inspector import Inspector, gather
from gateway.model.inspection import Entity
from gateway.model.traffic import PartRole, PromptPart
from gateway.rulebook.documents.common import RuleStatus
from gateway.rulebook.documents.detection import DetectionRule


def rule(name: str, status: RuleStatus, term: str) -> DetectionRule:
    return DetectionRule.model_validate(
        {
            "kind": "detection/v1", "id": name, "title": {"nl": name, "en": name}, "status": status.value,
            "owner": "ciso", "entity": Entity.CONFIDENTIAL_TERM.value, "terms": (term,),
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "term", "findings", "shadow", "reason"),
    [
        ("project Zilvervis en Bruinvis", "Bruinvis", 1, {"new": 1}, "what only the shadow rule sees is counted"),
        ("project Zilvervis", "Zilvervis", 1, {}, "another rule found it already"),
        ("project Bruinvis, Bruinvis", "Bruinvis", 0, {"new": 2}, "every find counts"),
        ("niets", "Bruinvis", 0, {}, "nothing"),
    ],
)
def test_a_rule_in_shadow_counts_and_changes_nothing(
    text: str, term: str, findings: int, shadow: dict[str, int], reason: str
) -> None:
    rules = [
        rule("old", RuleStatus.ENFORCED, "Zilvervis"),
        rule("new", RuleStatus.SHADOW, term),
        rule("never", RuleStatus.DRAFT, "project"),
    ]
    seen = Inspector(rules, {}).inspect_text(text)
    assert len(seen.findings) == findings, reason
    (travelled,) = load(dump([seen]))
    inspection = gather([(PromptPart("1", PartRole.USER, text), travelled)])
    assert dict(inspection.shadow) == shadow, reason
