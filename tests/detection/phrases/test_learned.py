"""The shipped model B finds facts that no list holds, and leaves the same words alone where they are none."""

import pytest

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.model.inspection import Entity
from gateway.rulebook.load import default_root, load


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    book = load(default_root())
    return Inspector(book.detection, book.lists, ModelPaths(use_pipeline=False))


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Mijn buurvrouw komt sinds de winter haar bed niet meer uit en krijgt haar eten gebracht.", Entity.HEALTH),
        ("Meneer Oussoren kan de gasrekening al een half jaar niet betalen.", Entity.FINANCIAL),
        (
            "Wij gaan in de onderhandeling met de sloper niet hoger dan 42.000 euro, dat weet hij niet.",
            Entity.CONFIDENTIAL_FACT,
        ),
    ],
)
def test_a_fact_in_other_words_is_found(inspector: Inspector, text: str, entity: Entity) -> None:
    learned = [one.entity for one in inspector.inspect_text(text).findings if one.rule_id.endswith("-learned")]
    assert learned == [entity]


@pytest.mark.parametrize(
    "text",
    [
        "De lift in het stadhuis komt de derde verdieping niet meer op.",
        "De begroting van het zwembad staat in het rood.",
        "Wat doet een taakstraf met iemand? Schrijf een informatieve tekst.",
        "De kerk aan de Dorpsstraat krijgt een nieuw dak.",
        "Welke twee lettertypen passen bij onze huisstijl en welke valt af?",
        "De sloper vraagt 42.000 euro, staat in zijn openbare offerte.",
    ],
)
def test_the_same_words_of_nobody_are_left_alone(inspector: Inspector, text: str) -> None:
    assert [one.rule_id for one in inspector.inspect_text(text).findings if one.rule_id.endswith("-learned")] == []
