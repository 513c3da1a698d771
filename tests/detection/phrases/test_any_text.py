"""Whatever the text, every phrase recognizer ends, and its spans lie in the text and hold a word."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.phrases.recognizers import PHRASE_RECOGNIZERS
from gateway.detection.reading import Hit, Look, Reading
from gateway.detection.recognizer import CodeRecognizer
from gateway.model.inspection import Entity
from gateway.rulebook.load import default_root, load

BITS = [
    "Jan Bos", "mijn cliënt", "zij", "hij heeft", "diabetes", "geen", "over", "mensen met", "schulden", "€ 1.250,00",
    "VERTROUWELIJK", "geheimhouding ex artikel 87", "Diagnose:", "moet ik", "toekennen", "plafondprijs", "naam;zorg",
    "\n", "\n\n", ". ", "? ", ";", "|", ",", "ALS", "als", "İstanbul", "ﬁnance", "e\u0301", "😀", "-", "'s",
]  # fmt: skip


@cache
def recognizers() -> tuple[CodeRecognizer, ...]:
    book = load(default_root())
    phrasebook = Phrasebook(book.lists)
    return tuple(
        PHRASE_RECOGNIZERS[rule.recognizer](
            rule, rule.terms + tuple(term for name in rule.terms_from for term in book.lists[name]), phrasebook
        )
        for rule in book.detection
        if rule.recognizer in PHRASE_RECOGNIZERS
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(BITS) | st.text(max_size=12), max_size=40).map(" ".join))
def test_every_span_lies_in_the_text_and_holds_a_word(text: str) -> None:
    reading = Reading(text)
    at = reading.text.find("Jan Bos")
    people = (Hit(Entity.PERSON, at, at + 7, 1.0, "stage-1"),) if at >= 0 else ()
    look = Look(reading, people, ((0, len(reading.text)),))
    for recognizer in recognizers():
        for hit in recognizer.find(look):
            assert 0 <= hit.start < hit.end <= len(reading.text)
            assert any(char.isalnum() for char in reading.text[hit.start : hit.end])
            assert 0.0 < hit.score <= 1.0


@pytest.mark.parametrize(
    "text", ["a " * 20_000, "moet ik toekennen " * 3_000, "€ 1 bod " * 3_000, "mensen met en of " * 3_000]
)
def test_long_texts_end(text: str) -> None:
    reading = Reading(text)
    look = Look(reading, (), ((0, len(reading.text)),))
    for recognizer in recognizers():
        list(recognizer.find(look))
