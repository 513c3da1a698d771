"""Tags of words and runs of tags are each other's inverse."""

import pytest

from nl_models.tags import ENTITIES, FACTS

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
    ids = ENTITIES.encode(WORDS, entities)
    assert ids == [ENTITIES.tags.index(tag) for tag in tags], reason
    runs = [(WORDS[first][0], WORDS[last - 1][1], label) for first, last, label in ENTITIES.decode(ids)]
    assert len(runs) == len(entities)
    assert all(run[0] <= entity[0] and run[1] >= entity[1] for run, entity in zip(runs, entities, strict=True))


def test_an_inside_without_a_begin_is_an_entity_too() -> None:
    ids = [ENTITIES.tags.index(tag) for tag in ("I-PER", "I-PER", "I-LOC")]
    assert ENTITIES.decode(ids) == [(0, 2, "PER"), (2, 3, "LOC")]


def test_columns_are_the_tags_of_a_label() -> None:
    for tag_set in (ENTITIES, FACTS):
        for label in tag_set.labels:
            assert [tag_set.tags[column] for column in tag_set.columns(label)] == [f"B-{label}", f"I-{label}"]
