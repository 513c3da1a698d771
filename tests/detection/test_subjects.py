"""Who a text is about: people counted once over all parts, and what makes a dossier."""

import json

import pytest

from gateway.detection.reading import Hit, Reading
from gateway.detection.subjects import Subjects, combined, subjects_of
from gateway.model.inspection import Entity


def subjects(text: str, *found: tuple[Entity, str]) -> Subjects:
    reading = Reading(text)
    hits = []
    for entity, written in found:
        start = text.index(written)
        hits.append(Hit(entity, start, start + len(written), 1.0, "test"))
    return subjects_of(reading, hits)


P, H, C = Entity.PERSON, Entity.HEALTH, Entity.CRIMINAL


def test_a_person_in_two_parts_counts_once() -> None:
    first = subjects("Jan de Vries belt.", (P, "Jan de Vries"))
    second = subjects("De Vries belde.", (P, "De Vries"))
    assert combined([first, second]) == (1, False)


def test_numbers_stand_for_people_where_names_are_missing() -> None:
    text = "999991954 en 999970598 en nog eens 999991954"
    hits = [Hit(Entity.NL_BSN, at, at + 9, 1.0, "t") for at in (0, 13, 35)]
    assert combined([subjects_of(Reading(text), hits)]) == (2, False)


@pytest.mark.parametrize(
    ("text", "found", "is_dossier", "reason"),
    [
        ("Jan heeft astma en reuma.", [(H, "astma"), (H, "reuma")], True, "two facts"),
        ("Jan heeft astma, ja astma.", [(H, "astma")], False, "one fact in passing"),
        ("Lunch: Jan heeft coeliakie.", [(H, "coeliakie")], False, "one fact in a lunch order"),
        ("Indicatieadvies: Jan heeft dementie.", [(H, "dementie")], True, "one fact that is to be judged"),
        ("Jan is verdacht van diefstal.", [(C, "verdacht"), (C, "diefstal")], False, "one phrase is one fact"),
        ("Jan heeft schulden.", [(Entity.FINANCIAL, "schulden")], False, "money is no special category"),
    ],
)
def test_what_makes_a_dossier(text: str, found: list[tuple[Entity, str]], is_dossier: bool, reason: str) -> None:
    assert combined([subjects(text, *found)])[1] is is_dossier, reason


def test_facts_in_two_parts_make_a_dossier() -> None:
    """A spreadsheet comes in as many parts."""
    assert combined([subjects("Jan: astma", (H, "astma")), subjects("Jan: reuma", (H, "reuma"))])[1]


def test_subjects_survive_json() -> None:
    one = subjects(
        "Indicatie Jan de Vries, 999991954, astma", (P, "Jan de Vries"), (Entity.NL_BSN, "999991954"), (H, "astma")
    )
    assert Subjects.load(json.loads(json.dumps(one.dump()))) == one
