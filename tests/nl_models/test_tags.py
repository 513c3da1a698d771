"""Tags of words and runs of tags are each other's inverse."""

import pytest

from nl_models.tags import TAG_IDS, decode, encode

WORDS = [(0, 3), (4, 7), (8, 14), (15, 20)]


@pytest.mark.parametrize(
    ("entities", "tags", "reason"),
    [
        ([], ["O", "O", "O", "O"], "nothing"),
        ([(4, 14, "PER")], ["O", "B-PER", "I-PER", "O"], "two words"),
        ([(0, 3, "LOC"), (4, 7, "LOC")], ["B-LOC", "B-LOC", "O", "O"], "neighbours stay apart"),
        ([(9, 11, "ORG")], ["O", "O", "B-ORG", "O"], "part of a word is the word"),
    ],
)
def test_encode_and_decode(entities: list[tuple[int, int, str]], tags: list[str], reason: str) -> None:
    ids = encode(WORDS, entities)
    assert ids == [TAG_IDS[tag] for tag in tags], reason
    runs = [(WORDS[first][0], WORDS[last - 1][1], label) for first, last, label in decode(ids)]
    assert len(runs) == len(entities)
    assert all(run[0] <= entity[0] and run[1] >= entity[1] for run, entity in zip(runs, entities, strict=True))


def test_an_inside_without_a_begin_is_an_entity_too() -> None:
    assert decode([TAG_IDS["I-PER"], TAG_IDS["I-PER"], TAG_IDS["I-LOC"]]) == [(0, 2, "PER"), (2, 3, "LOC")]
