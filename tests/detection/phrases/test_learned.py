"""Facts that model B reads: when they stand beside what the vocabularies found, and what the shipped model knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.detection.phrases.learned import LABEL_OF, LearnedFactRecognizer
from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.reading import Hit, Look, Reading
from gateway.detection.registry import Resources
from gateway.detection.second_reader import SecondReader
from gateway.model.inspection import Entity
from gateway.rulebook.load import default_root, load
from nl_models.second_opinion import Answer, Span
from nl_models.tags import FACTS

BOOK = load(default_root())
RULES = {rule.id: rule for rule in BOOK.detection}


@dataclass
class OneFact:
    """Model B that reads one fact of every kind at `span`."""

    span: tuple[int, int]
    score: float

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Answer:
        return Answer(facts=tuple(Span(*self.span, label, self.score) for label in FACTS.labels))


def learned(
    rule: str, text: str, phrase: str, earlier: Sequence[tuple[str, Entity]] = (), score: float = 0.99
) -> list[str]:
    """What a shipped rule makes of `text` when model B reads `phrase` as a fact; `earlier`: what was found before."""

    def place(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    reader = SecondReader(OneFact(place(phrase), score))
    terms = Resources(BOOK.lists).terms(RULES[rule])
    recognizer = LearnedFactRecognizer(RULES[rule], terms, reader, Phrasebook(BOOK.lists))
    hits = tuple(Hit(entity, *place(words), 0.9, "earlier") for words, entity in earlier)
    return [text[hit.start : hit.end] for hit in recognizer.find(Look(Reading(text), hits))]


@pytest.mark.parametrize(
    ("rule", "earlier", "is_found", "reason"),
    [
        ("health-learned", [], True, "a phrase no vocabulary knows"),
        ("health-learned", [("moe", Entity.HEALTH)], True, "one fact of this kind: the whole phrase is masked"),
        ("health-learned", [("moe", Entity.HEALTH), ("ziek", Entity.HEALTH)], False, "two facts stay two"),
        ("health-learned", [("moe", Entity.CRIMINAL)], False, "the vocabulary's word on the kind stands"),
        ("health-learned", [("moe", Entity.PERSON)], True, "a name inside a fact"),
        ("health-learned", [("moe en ziek", Entity.DECISION_REQUEST)], True, "a request over a fact hides none"),
        ("decision-learned", [("moe", Entity.HEALTH)], True, "nor does a fact hide a request"),
        ("confidential-fact-learned", [("moe", Entity.HEALTH)], True, "nor a sealed fact"),
    ],
)
def test_vocabularies_come_first(rule: str, earlier: list[tuple[str, Entity]], *, is_found: bool, reason: str) -> None:
    found = learned(rule, "Jan is moe en ziek vandaag", "moe en ziek", earlier)
    assert found == ["moe en ziek"] * is_found, reason


@pytest.mark.parametrize(
    ("rule", "text", "phrase", "score", "is_found", "reason"),
    [
        ("decision-learned", "Mag ze de pas houden?", "Mag ze de pas houden", 0.8, False, "nothing is decided here"),
        ("decision-learned", "Mag ze? Beslis jij.", "Mag ze", 0.8, True, "a sign in the next sentence"),
        ("decision-learned", "Mag ze de pas houden?", "Mag ze de pas houden", 0.97, True, "model B is sure"),
        ("decision-learned", "Leg uit: mag Jan blijven of weg?", "mag Jan blijven", 0.99, False, "about the rules"),
        ("confidential-fact-learned", "er staan er 30 over", "staan er 30 over", 0.85, False, "of no interest"),
        ("confidential-fact-learned", "het slot is al jaren stuk", "is al jaren stuk", 0.85, True, "a lock"),
    ],
)
def test_a_fact_needs_a_sign(rule: str, text: str, phrase: str, score: float, *, is_found: bool, reason: str) -> None:
    assert learned(rule, text, phrase, score=score) == [phrase] * is_found, reason


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("is moe en ", "is moe"),
        ("en die erg hoest", "erg hoest"),
        ("slaapt slecht.", "slaapt slecht"),
        ("is ziek, and", "is ziek"),
        ("enkelband om", "enkelband om"),
        ("ligt in bed", "ligt in bed"),
    ],
)
def test_words_that_join_facts_belong_to_none(text: str, phrase: str) -> None:
    assert learned("health-learned", text, text) == [phrase]


@pytest.mark.parametrize(
    ("rule", "text", "phrase", "is_found", "reason"),
    [
        ("health-learned", "veel mensen zijn moe", "zijn moe", False, "a group"),
        ("health-learned", "veel mensen, maar mijn cliënt is erg moe", "is erg moe", True, "somebody beside a group"),
        ("confidential-fact-learned", "veel mensen zijn moe", "zijn moe", True, "a sealed fact is of nobody"),
        ("health-learned", "hij is ziek", "ziek", False, "a single word is for the vocabularies"),
        ("decision-learned", "Geen advies over toelaten", "Geen advies over toelaten", False, "asked for none"),
        (
            "health-learned",
            "hij volgt geen advies van de longarts",
            "volgt geen advies van de longarts",
            True,
            "a fact",
        ),
    ],
)
def test_what_can_be_a_fact(rule: str, text: str, phrase: str, *, is_found: bool, reason: str) -> None:
    assert learned(rule, text, phrase) == [phrase] * is_found, reason


def test_every_label_of_the_model_has_an_entity_and_a_shipped_rule() -> None:
    assert set(LABEL_OF.values()) == set(FACTS.labels)
    assert {rule.entity for rule in RULES.values() if rule.recognizer == "learned-fact"} == set(LABEL_OF)


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return Inspector(BOOK.detection, BOOK.lists, ModelPaths(use_pipeline=False))


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
