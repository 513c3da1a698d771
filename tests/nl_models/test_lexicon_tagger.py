"""The lexicon class of a word says what the network needs to know; lemmas are there for context words."""

import pytest
import spacy
from spacy.tokens import Doc

from nl_models import load_lexicon
from nl_models.lexicon_tagger import LexiconTagger

NLP = spacy.blank("nl")


def tags(words: list[str], hide: float = 0.0) -> list[str]:
    doc = LexiconTagger(load_lexicon(), hide)(Doc(NLP.vocab, words=words))
    return [token.tag_ for token in doc]


@pytest.mark.parametrize(
    ("words", "expected", "reason"),
    [
        (["Najibullah"], ["F--0"], "a given name"),
        (["NAJIBULLAH"], ["F--0"], "capitals"),
        (["Bakker"], ["-2-2"], "a frequent surname that is an ordinary word"),
        (["datum"], ["---3"], "an ordinary word"),
        (["van", "der"], ["-v-3", "-v-3"], "prefixes"),
        (["mevr."], ["-t-0"], "a title"),
        (["Kastanjebomenlaan"], ["--S0"], "a street by its ending"),
        (["Bakker-Yıldız"], ["-2-0"], "a double surname of two frequent ones"),
        (["j.ramautarsing"], ["-1-0"], "initials glued to a surname"),
    ],
)
def test_class(words: list[str], expected: list[str], reason: str) -> None:
    assert tags(words) == expected, reason


def test_words_of_a_longer_street_are_marked() -> None:
    assert [tag[2] for tag in tags(["op", "Jan", "van", "Galenstraat", "1"])] == ["-", "M", "M", "M", "-"]


def test_the_lemma_is_the_word_in_lower_case() -> None:
    doc = LexiconTagger(load_lexicon())(Doc(NLP.vocab, words=["BSN", "Nummer"]))
    assert [token.lemma_ for token in doc] == ["bsn", "nummer"]


def test_hiding_keeps_names_but_not_commonness_back() -> None:
    assert tags(["Najibullah", "Bakker", "datum"], hide=1.0) == ["---0", "---2", "---3"]


def test_text_that_is_no_unicode_gets_an_empty_class() -> None:
    tagger = LexiconTagger(load_lexicon())
    assert tagger._visible("\ud800") == 0
