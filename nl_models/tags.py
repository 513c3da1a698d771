"""The tags of model B: for each of its two questions one tag a word, begin and inside for each label."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TagSet:
    """What one head of model B tells apart. Tag 0 is "outside"."""

    labels: tuple[str, ...]
    tags: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", ("O", *(f"{place}-{label}" for label in self.labels for place in "BI")))

    def encode(self, words: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, str]]) -> list[int]:
        """The tag id of each word (start, end): a word is inside a span when they overlap."""
        found = [0] * len(words)
        for start, end, label in spans:
            inside = [index for index, (first, last) in enumerate(words) if first < end and last > start]
            for position, index in enumerate(inside):
                found[index] = 2 * self.labels.index(label) + (2 if position else 1)
        return found

    def decode(self, tags: Sequence[int]) -> list[tuple[int, int, str]]:
        """Runs of one label as (first word, word after the last, label); an inside without a begin opens a run too."""
        runs: list[tuple[int, int, str]] = []
        for index, tag_id in enumerate(tags):
            place, _, label = self.tags[tag_id].partition("-")
            if place == "O":
                continue
            if place == "I" and runs and runs[-1][1] == index and runs[-1][2] == label:
                runs[-1] = (runs[-1][0], index + 1, label)
            else:
                runs.append((index, index + 1, label))
        return runs

    def columns(self, label: str) -> list[int]:
        """The tag ids of a label."""
        first = 2 * self.labels.index(label) + 1
        return [first, first + 1]


ENTITIES = TagSet(("PER", "LOC", "ORG"))
FACTS = TagSet(
    ("HEALTH", "CRIMINAL", "RELIGION", "ETHNICITY", "POLITICS", "UNION", "SEXUALITY", "FINANCIAL", "SEALED", "DECISION")
)
