"""Words keep their place, and sentences end where a reader ends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detection.phrases.words import fold, read


@given(st.text())
def test_every_word_is_found_back_at_its_place(text: str) -> None:
    words = read(text)
    assert list(words.starts) == sorted(words.starts)
    for at in range(len(words)):
        assert fold(words.written(at)[:60]) == words.folded[at]


@pytest.mark.parametrize(
    ("text", "sentences", "reason"),
    [
        ("Jan is ziek. Hij belt.", 2, "a full stop"),
        ("Dhr. J. de Vries is ziek", 1, "titles and initials end nothing"),
        ("zie art. 5 van de wet", 1, "an abbreviation"),
        ("Naam: Jan\nDiagnose: griep", 2, "a new line with a capital"),
        ("een regel die\ndoorloopt", 1, "a wrapped line"),
        ("Echt waar? ja", 2, "a question mark"),
        ("versie 2.1 is uit", 1, "a number with a point"),
    ],
)
def test_sentences(text: str, sentences: int, reason: str) -> None:
    assert len(set(read(text).sentence)) == sentences, reason
