"""Whatever the text, every phrase recognizer ends, and its spans lie in the text and hold a word."""

import time
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
    ("bit", "times"), [("a ", 20_000), ("moet ik toekennen ", 3_000), ("€ 1 bod ", 3_000), ("mensen met en of ", 3_000)]
)
def test_four_times_the_text_takes_no_more_than_eight_times_the_work(bit: str, times: int) -> None:
    """CPU time, and a ratio: linear is 4, quadratic 16, whatever the machine and whoever else works on it."""
    cpu_seconds(bit * 50)  # what is made once
    assert cpu_seconds(bit * times * 4) < 8 * cpu_seconds(bit * times)


def cpu_seconds(text: str) -> float:
    """The least of three runs of every recognizer; what a reading keeps is made anew in each."""
    spent = []
    for _ in range(3):
        reading = Reading(text)
        look = Look(reading, (), ((0, len(reading.text)),))
        start = time.process_time()
        for recognizer in recognizers():
            list(recognizer.find(look))
        spent.append(time.process_time() - start)
    return min(spent)
