"""Facts need somebody they are said of; secrecy must be the text's own; a decision must be asked for."""

import pytest

from gateway.detection.phrases.phrasebook import Lists, Phrasebook, word_classes
from gateway.detection.phrases.recognizers import PHRASE_RECOGNIZERS
from gateway.detection.reading import Hit, Look, Reading
from gateway.model.inspection import Entity
from gateway.rulebook.load import default_root, load

BOOK = load(default_root())
RULES = {rule.id: rule for rule in BOOK.detection}
PHRASES = Phrasebook(BOOK.lists)


def find(rule_id: str, text: str, *names: str) -> list[str]:
    """What one shipped rule finds, given the names stage 1 found."""
    rule = RULES[rule_id]
    terms = rule.terms + tuple(term for name in rule.terms_from for term in BOOK.lists[name])
    assert rule.recognizer is not None
    reading = Reading(text)
    earlier = tuple(
        Hit(Entity.PERSON, text.index(name), text.index(name) + len(name), 1.0, "stage-1") for name in names
    )
    look = Look(reading, earlier, ((0, len(text)),))
    hits = PHRASE_RECOGNIZERS[rule.recognizer](rule, terms, PHRASES).find(look)
    return [text[hit.start : hit.end] for hit in hits if hit.score >= rule.threshold]


@pytest.mark.parametrize(
    ("text", "names", "expected", "reason"),
    [
        ("Jan Bos heeft epilepsie.", ["Jan Bos"], ["epilepsie"], "a name in the sentence"),
        ("Jan Bos | epilepsie", ["Jan Bos"], ["epilepsie"], "a table row"),
        ("Jan Bos belde. Hij heeft epilepsie.", ["Jan Bos"], ["epilepsie"], "a pronoun that means him"),
        ("Jan Bos\n\nDiagnose: epilepsie", ["Jan Bos"], ["epilepsie"], "a form about him"),
        ("Zij heeft epilepsie.", [], ["epilepsie"], "a person who is only a pronoun"),
        ("Mijn cliënt heeft epilepsie.", [], ["epilepsie"], "somebody the writer points at"),
        ("Geachte heer Bos, u heeft epilepsie.", ["Bos"], ["epilepsie"], "the one the letter is to"),
        ("Beste Jan, maak je de folder over epilepsie?", ["Jan"], [], "a letter to somebody about a subject"),
        ("Jan Bos geeft een workshop over epilepsie.", ["Jan Bos"], [], "a subject he teaches"),
        ("Jan Bos werkt bij het epilepsiefonds.", ["Jan Bos"], [], "an organisation"),
        ("Jan Bos is casemanager dementie.", ["Jan Bos"], [], "a job"),
        ("Iemand met epilepsie mag niet autorijden.", [], [], "nobody in particular"),
        ("Wat is epilepsie?", [], [], "a question about an illness"),
        ("De epilepsie van Jan Bos is stabiel.", ["Jan Bos"], ["epilepsie"], "whose it is stands after it"),
    ],
)
def test_a_fact_needs_somebody(text: str, names: list[str], expected: list[str], reason: str) -> None:
    assert find("health", text, *names) == expected, reason


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("Iris (16) heeft epilepsie.", ["epilepsie"], "a first name, an age and a verb"),
        ("Iris heeft epilepsie.", ["epilepsie"], "a first name and a verb"),
        ("De iris heeft een tumor.", [], "a flower or an eye"),
        ("Folder Iris over epilepsie", [], "no verb"),
    ],
)
def test_a_first_name_before_a_verb_is_somebody(text: str, expected: list[str], reason: str) -> None:
    rule = RULES["health"]
    terms = rule.terms + tuple(term for name in rule.terms_from for term in BOOK.lists[name])
    recognizer = PHRASE_RECOGNIZERS["personal-fact"](rule, terms, Phrasebook(BOOK.lists, {"Iris", "iris"}.__contains__))
    hits = recognizer.find(Look(Reading(text), (), ((0, len(text)),)))
    assert [text[hit.start : hit.end] for hit in hits] == expected, reason


@pytest.mark.parametrize(
    ("text", "names", "is_request", "reason"),
    [
        ("Moeten we Jan Bos de vergunning weigeren?", ["Jan Bos"], True, "may we refuse him"),
        ("Beoordeel de aanvraag van Jan Bos en zeg of hij recht heeft op bijstand.", ["Jan Bos"], True, "judge it"),
        ("Should we dismiss Jan Bos?", ["Jan Bos"], True, "English"),
        ("Ik heb de aanvraag van Jan Bos afgewezen. Maak de brief korter.", ["Jan Bos"], False, "decided by a human"),
        ("Moet ik de aanvraag in tweevoud indienen?", [], False, "nobody's case"),
    ],
)
def test_a_request_for_a_decision(text: str, names: list[str], is_request: bool, reason: str) -> None:
    found = find("decision-request", text, *names) + find("decision-question", text, *names)
    assert bool(found) is is_request, reason


@pytest.mark.parametrize(
    ("text", "names", "expected", "reason"),
    [
        ("Naam: Jan Bos\nDiagnose: zeldzaam iets", ["Jan Bos"], ["zeldzaam iets"], "a form"),
        ("naam;diagnose\nJan Bos;zeldzaam iets\nEva Prins;geen", ["Jan Bos", "Eva Prins"], ["zeldzaam iets"], "cells"),
        ("| naam | team | diagnose |\n| Jan Bos | A | iets |", ["Jan Bos"], ["iets"], "a Markdown table"),
        ("wijk;diagnose\nNoord;12\nZuid;9", [], [], "a table of numbers"),
        ("Naam: Jan Bos\nDiagnose: [in te vullen]", ["Jan Bos"], [], "a placeholder"),
    ],
)
def test_a_label_makes_a_fact(text: str, names: list[str], expected: list[str], reason: str) -> None:
    assert find("health-labelled", text, *names) == expected, reason


@pytest.mark.parametrize(
    "rule_id", ["health", "health-labelled", "confidential-marking", "confidential-price", "decision-request"]
)
@pytest.mark.parametrize("text", ["", " ", "\n\n", "?", "a" * 5000, "€ " * 2000, "vertrouwelijk " * 500])
def test_odd_texts_do_no_harm(rule_id: str, text: str) -> None:
    find(rule_id, text)


@pytest.mark.parametrize("line", ["{be}", "{be} =", "is was"])
def test_a_word_class_without_words_is_refused(line: str) -> None:
    lists: Lists = {"word-classes": (line,)}
    with pytest.raises(ValueError, match="not a word class"):
        word_classes(lists)
