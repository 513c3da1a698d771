"""Words keep their place in the text; pieces follow the vocabulary."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl_models.word_pieces import WordPieces, load_word_pieces

PIECES = [
    ["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["▁van", -3.0], ["▁Lind", -5.0], ["en", -4.0],
    ["▁", -2.0], ["L", -6.0], ["ind", -6.0], ["-", -3.0], ["1", -3.0], ["⁄", -3.0], ["2", -3.0], ["▁Linden-", -1.0],
]  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    path: Path = tmp_path_factory.mktemp("vocabulary") / "vocab.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"bos": 0, "pad": 1, "eos": 2, "unk": 3, "pieces": PIECES}, file)
    return load_word_pieces(path)


@pytest.mark.parametrize(
    ("text", "pieces", "reason"),
    [
        ("van", [(4,)], "a whole word is one piece"),
        ("Linden", [(5, 6)], "the most probable split, not the first letters that fit"),
        (
            "van-Linden",
            [(4,), (10,), (8, 9, 6)],
            "no metaspace inside a run without white space; no piece over the hyphen",
        ),
        ("½", [(7, 11, 12, 13)], "NFKC"),
        ("ж", [(7, 3)], "a letter outside the vocabulary"),
    ],
)
def test_pieces(vocabulary: WordPieces, text: str, pieces: list[tuple[int, ...]], reason: str) -> None:
    assert [word.pieces for word in vocabulary.split(text)] == pieces, reason


def test_a_part_of_a_text_has_offsets_in_the_whole(vocabulary: WordPieces) -> None:
    assert [(word.start, word.end) for word in vocabulary.split("van Linden, van", 4, 11)] == [(4, 10), (10, 11)]


@given(st.text(max_size=60))
def test_every_word_has_its_place_and_a_piece(vocabulary: WordPieces, text: str) -> None:
    words = vocabulary.split(text)
    assert all(word.pieces and text[word.start : word.end].strip() for word in words)
    assert [word.start for word in words] == sorted({word.start for word in words})


def test_a_word_without_end_costs_a_bounded_amount(vocabulary: WordPieces) -> None:
    (word,) = vocabulary.split("a" * 100_000)
    assert len(word.pieces) <= 64
    assert word.end == 100_000
