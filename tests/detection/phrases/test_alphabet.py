"""One-word patterns are looked up once for all vocabularies that share an alphabet, and each gets only its own."""

import pytest

from gateway.detection.phrases.alphabet import Alphabet
from gateway.detection.phrases.vocabulary import Vocabularies
from gateway.detection.phrases.words import read


@pytest.mark.parametrize(
    ("pattern", "text", "places", "reason"),
    [
        ("diabetes", "diabetes en astma", [0], "the whole word"),
        ("diabet*", "een diabeticus", [1], "its beginning"),
        ("*kanker", "long kanker longkanker", [1, 2], "its ending, also when that is all of it"),
        ("*schizo*", "aschizob", [0], "anywhere"),
        ("=ALS", "zij heeft ALS", [2], "in capitals"),
        ("=ALS", "ALS DAT ZO IS", [], "in a text that is all capitals"),
        ("=ALS", "als dat zo is", [], "not in capitals"),
        ("cafe", "het café", [1], "accents do not count"),
        ("astma", "", [], "nothing in no text"),
    ],
)
def test_what_fits_a_word(pattern: str, text: str, places: list[int], reason: str) -> None:
    alphabet = Alphabet()
    number = alphabet.number(pattern)
    line = alphabet.line(read(text))
    assert line.places.get(number, []) == places, reason
    assert [at for at, fitting in enumerate(line.atoms) if number in fitting] == places, reason


def test_a_text_is_looked_up_once_until_a_pattern_is_added() -> None:
    alphabet, words = Alphabet(), read("astma of epilepsie")
    alphabet.number("astma")
    before = alphabet.line(words)
    assert alphabet.line(words) is before
    late = alphabet.number("epilepsie")
    assert alphabet.line(words).places[late] == [2]


def test_vocabularies_that_share_an_alphabet_find_only_their_own() -> None:
    alphabet, words = Alphabet(), read("astma en diefstal")
    health, crime = Vocabularies([["astma"]], None, alphabet), Vocabularies([["diefstal"]], None, alphabet)
    assert [hit.first for hit in health.find(words)] == [0]
    assert [hit.first for hit in crime.find(words)] == [2]
