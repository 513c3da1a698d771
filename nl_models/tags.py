"""The tags of model B: one for each word, begin and inside for each label."""

from collections.abc import Sequence

LABELS = ("PER", "LOC", "ORG")
TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in "BI"))
TAG_IDS = {tag: index for index, tag in enumerate(TAGS)}


def encode(words: Sequence[tuple[int, int]], entities: Sequence[tuple[int, int, str]]) -> list[int]:
    """The tag id of each word (start, end): a word is inside an entity when they overlap."""
    tags = [0] * len(words)
    for start, end, label in entities:
        inside = [index for index, (first, last) in enumerate(words) if first < end and last > start]
        for position, index in enumerate(inside):
            tags[index] = TAG_IDS[f"{'I' if position else 'B'}-{label}"]
    return tags


def decode(tags: Sequence[int]) -> list[tuple[int, int, str]]:
    """Runs of one label as (first word, word after the last, label); an inside without a begin opens a run too."""
    runs: list[tuple[int, int, str]] = []
    for index, tag_id in enumerate(tags):
        place, _, label = TAGS[tag_id].partition("-")
        if place == "O":
            continue
        if place == "I" and runs and runs[-1][1] == index and runs[-1][2] == label:
            runs[-1] = (runs[-1][0], index + 1, label)
        else:
            runs.append((index, index + 1, label))
    return runs
