"""Model B is asked once for the start of a text, and again only for later sentences that hold a candidate."""

from collections.abc import Sequence

import pytest

from gateway.detection.phrases.learned import LABEL_OF, LearnedFactRecognizer
from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.reading import Hit, Look, Reading
from gateway.detection.second_reader import START_WORDS, SecondReader
from gateway.model.inspection import Entity
from gateway.rulebook.load import default_root, load
from nl_models.second_opinion import Answer, Span
from nl_models.tags import FACTS

BOOK = load(default_root())
RULES = {rule.id: rule for rule in BOOK.detection}


class FakeModel:
    """Names every "Jan" and takes every "moe" for a health fact; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Answer:
        self.asked += [text[start:end] for start, end in sentences]
        return Answer(self._all(text, sentences, "Jan", "PER"), self._all(text, sentences, "moe", "HEALTH"))

    def _all(self, text: str, sentences: Sequence[tuple[int, int]], word: str, label: str) -> tuple[Span, ...]:
        starts = [at for at in range(len(text)) if text.startswith(word, at)]
        return tuple(
            Span(at, at + len(word), label, 0.9) for at in starts if any(start <= at < end for start, end in sentences)
        )


def test_a_text_is_read_once_for_everybody() -> None:
    model = FakeModel()
    reader, reading = SecondReader(model), Reading("Jan is moe. Piet belt.")
    assert reader.start(reading) is reader.start(reading)
    assert [name.start for name in reader.names(reading, [(0, 3)]).names] == [0]
    assert model.asked == ["Jan is moe. Piet belt."]


def test_names_count_only_in_sentences_with_a_candidate() -> None:
    reading = Reading("Jan is moe. Dat zei Jan.")
    look = SecondReader(FakeModel()).names(reading, [(0, 3)])
    assert [name.start for name in look.names] == [0]
    assert look.denies(4, 6)


def test_beyond_the_start_only_sentences_with_a_candidate_are_read() -> None:
    model = FakeModel()
    start = "woord " * START_WORDS
    text = f"{start}Vier vijf. Jan zes. Zeven acht."
    jan = text.index("Jan")
    look = SecondReader(model).names(Reading(text), [(jan, jan + 3)])
    assert model.asked == [start.rstrip(), "Jan zes. "]
    assert [name.start for name in look.names] == [jan]
    assert not look.denies(text.index("Zeven"), len(text)), "what B did not read it cannot deny"


def test_after_the_start_no_more_is_read_than_was_allowed() -> None:
    model = FakeModel()
    text = "Woord. " * START_WORDS + "Jan een twee. Jan drie vier."
    first, second = text.index("Jan"), text.rindex("Jan")
    SecondReader(model).names(Reading(text), [(first, first + 3), (second, second + 3)], most_words=4)
    assert model.asked[1:] == ["Jan een twee. "]


def test_without_anything_to_ask_there_is_no_opinion() -> None:
    reading, model = Reading("Jan is moe."), FakeModel()
    assert SecondReader(None).start(reading).facts == ()
    assert SecondReader(None).names(reading, [(0, 3)]).names == ()
    assert SecondReader(model).names(reading, [(0, 3)], most_words=0).names == ()
    assert model.asked == []


@pytest.mark.parametrize(
    ("earlier", "expected", "reason"),
    [
        ([], [(0, 7)], "a phrase no vocabulary knows"),
        ([(0, 3, Entity.HEALTH)], [(0, 7)], "a vocabulary knows part of it: the whole phrase is masked"),
        ([(0, 3, Entity.HEALTH), (4, 7, Entity.HEALTH)], [], "a vocabulary sees two facts: they stay two"),
        ([(0, 3, Entity.CRIMINAL)], [], "a vocabulary sees a fact of another kind"),
        ([(0, 3, Entity.PERSON)], [(0, 7)], "a name inside a fact"),
    ],
)
def test_vocabularies_come_first(
    earlier: list[tuple[int, int, Entity]], expected: list[tuple[int, int]], reason: str
) -> None:
    found = learned("moe ziek en zo", (0, 7), earlier)
    assert found == expected, reason


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
    ((start, end),) = learned(text, (0, len(text)), [])
    assert text[start:end] == phrase


def test_a_fact_of_a_group_is_none() -> None:
    class OnePhrase(FakeModel):
        def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Answer:
            return Answer(facts=(Span(12, 19, "HEALTH", 0.99), Span(12, 19, "SEALED", 0.99)))

    look = Look(Reading("veel mensen zijn moe"))
    reader, phrasebook = SecondReader(OnePhrase()), Phrasebook(BOOK.lists)
    assert list(LearnedFactRecognizer(RULES["health-learned"], reader, phrasebook).find(look)) == []
    sealed = LearnedFactRecognizer(RULES["confidential-fact-learned"], reader, phrasebook)
    assert len(list(sealed.find(look))) == 1


def test_who_asks_for_no_decision_asks_for_none() -> None:
    assert learned("Geen advies over toelaten", (0, 25), []) == []


def test_a_single_word_is_for_the_vocabularies() -> None:
    assert learned("ziek", (0, 4), []) == []


def learned(text: str, span: tuple[int, int], earlier: list[tuple[int, int, Entity]]) -> list[tuple[int, int]]:
    """What the rule for health makes of a text in which model B reads one fact at `span`."""

    class OnePhrase(FakeModel):
        def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Answer:
            return Answer(facts=(Span(*span, "HEALTH", 0.99), Span(0, 1, "UNION", 0.99)))

    recognizer = LearnedFactRecognizer(RULES["health-learned"], SecondReader(OnePhrase()), Phrasebook(BOOK.lists))
    hits = tuple(Hit(entity, start, end, 0.9, "earlier") for start, end, entity in earlier)
    return [(hit.start, hit.end) for hit in recognizer.find(Look(Reading(text), hits))]


def test_every_label_of_the_model_has_an_entity_and_a_shipped_rule() -> None:
    assert set(LABEL_OF.values()) == set(FACTS.labels)
    assert {rule.entity for rule in RULES.values() if rule.recognizer == "learned-fact"} == set(LABEL_OF)
