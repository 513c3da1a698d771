"""What a worker finds crosses the socket whole, whatever nouns it holds."""

from gateway.detection.frames import dump, load
from gateway.detection.inspector import PartInspection
from gateway.detection.reading import Hit, Reading
from gateway.detection.subjects import subjects_of
from gateway.model.inspection import Entity, Finding, Gap, GapKind


def test_a_part_that_was_not_looked_at_comes_back_equal() -> None:
    part = PartInspection(gaps=(Gap(GapKind.TOO_LARGE, detail="text"),))
    assert load(dump([part])) == [part]


def test_a_part_comes_back_equal() -> None:
    text = "Wobbe Tjallinga en 111222333"
    hits = [Hit(Entity.PERSON, 0, 15, 0.9, "person"), Hit(Entity.NL_BSN, 19, 28, 1.0, "nl-bsn", True)]
    findings = tuple(Finding(hit.entity, "", hit.start, hit.end, hit.score, hit.rule_id, hit.validated) for hit in hits)
    part = PartInspection(
        findings,
        (Gap(GapKind.TIMEOUT, detail="nl-bsn"),),
        subjects_of(Reading(text), hits),
        {"stage-1": 0.25},
        {"new-rule": 2},
    )
    [back] = load(dump([part]))
    assert back == part
    assert "Tjallinga" not in str(dump([part]))
