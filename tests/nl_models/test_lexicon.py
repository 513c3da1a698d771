"""The lexicon answers for every origin, ignores case and accents, and fails with one clear error."""

from pathlib import Path

import marisa_trie
import pytest

from nl_models import Lexicon, ModelError, load_lexicon
from nl_models.lexicon import FLAGS_FILE, TRIE_FILE


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Willemijn", "Dutch"),
        ("willemijn", "lower case"),
        ("WILLEMIJN", "capitals"),
        ("Zoë", "an accent"),
        ("zoe", "the accent left out"),
        ("Xiaoming", "Chinese, two syllables in one word"),
        ("Ka Wai", "Chinese, two words"),
        ("Krishnadath", "Hindustani"),
        ("Shurandy", "Antillean"),
        ("Selamawit", "Eritrean"),
        ("Mouaz", "Syrian"),
        ("Najibullah", "Afghan"),
        ("Oleksandr", "Ukrainian"),
        ("Kwabena", "Ghanaian"),
        ("Sjoukje", "Frisian"),
    ],
)
def test_given_names_of_origins_living_in_the_netherlands(lexicon: Lexicon, name: str, reason: str) -> None:
    assert lexicon.first_name(name), reason


@pytest.mark.parametrize(
    ("name", "rank", "reason"),
    [
        ("van den Berg", 2, "one of the 1,000 most borne"),
        ("VAN DEN BERG", 2, "capitals"),
        ("Berg", 2, "the same without its prefixes, as in a sorted list"),
        ("Ramautarsing", 1, "rare"),
        ("Çelik", 1, "an accent"),
        ("celik", 1, "typed without it"),
        ("Tjon-A-Fat", 1, "hyphens"),
        ("melding", 0, "an ordinary word"),
        ("", 0, "nothing"),
    ],
)
def test_family_names(lexicon: Lexicon, name: str, rank: int, reason: str) -> None:
    assert lexicon.surname(name) == rank, reason


@pytest.mark.parametrize(
    ("word", "level"), [("de", 3), ("Datum", 3), ("melding", 2), ("kapper", 2), ("bakker", 2), ("Ramautarsing", 0)]
)
def test_commonness_tells_ordinary_words_from_names(lexicon: Lexicon, word: str, level: int) -> None:
    assert lexicon.commonness(word) == level


def test_streets_and_places(lexicon: Lexicon) -> None:
    assert lexicon.street("Jan van Galenstraat")
    assert lexicon.place("den haag")
    assert not lexicon.street("Den Haag")
    assert not lexicon.surname_part("Bakker")


def test_text_that_is_no_unicode_is_in_no_list(lexicon: Lexicon) -> None:
    assert lexicon.flags("Jan\ud800") == 0


def test_a_missing_lexicon_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make lexicon") as raised:
        load_lexicon(tmp_path / "nowhere")
    assert raised.value.path == tmp_path / "nowhere"


def test_a_damaged_lexicon_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / TRIE_FILE).write_bytes(b"this is no trie")
    (tmp_path / FLAGS_FILE).write_bytes(b"\0")
    with pytest.raises(ModelError, match="cannot be opened"):
        load_lexicon(tmp_path)


def test_flags_of_another_trie_are_refused(tmp_path: Path) -> None:
    marisa_trie.Trie(["jan", "piet"]).save(str(tmp_path / TRIE_FILE))
    (tmp_path / FLAGS_FILE).write_bytes(b"\1")
    with pytest.raises(ModelError, match="2 keys but 1 flags"):
        load_lexicon(tmp_path)


def test_ordinary_words_are_frequent_ones_without_spaces() -> None:
    words = set(load_lexicon().ordinary_words())
    assert {"de", "gemeente", "aanvraag"} <= words
    assert not any(" " in word for word in words)
    assert 3_000 < len(words) < 10_000
