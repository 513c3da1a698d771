"""Measures the fact head of model B on hand-written texts kept out of training.

`python -m nl_models.evaluation.facts --texts build/nl_models/facts_test.jsonl [--model DIR]` prints, by threshold, the
share of facts that are touched by a find of their own label, the share of finds that touch one, and how many texts
without any fact have a find. The texts are by the writers of the training texts: other hands will score lower.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nl_models import Span, load_second_opinion
from nl_models.tags import FACTS
from nl_models.training import examples
from nl_models.training.corpus import BUILD
from nl_models.training.examples import Example

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Score:
    """Of one label at one threshold: facts in all, facts touched, finds in all, finds that touch a fact."""

    facts: int
    touched: int
    finds: int
    right: int

    def __str__(self) -> str:
        return f"{_share(self.touched, self.facts)} of {self.facts:4}, precision {_share(self.right, self.finds)}"


def score(gold: Sequence[Example], found: Sequence[Sequence[Span]], label: str, threshold: float) -> Score:
    """The score of one label over all texts."""
    facts = touched = finds = right = 0
    for example, spans in zip(gold, found, strict=True):
        wanted = [(start, end) for start, end, name in example.facts or () if name == label]
        given = [(span.start, span.end) for span in spans if span.label == label and span.score >= threshold]
        facts += len(wanted)
        finds += len(given)
        touched += sum(any(start < last and first < end for first, last in given) for start, end in wanted)
        right += sum(any(start < last and first < end for start, end in wanted) for first, last in given)
    return Score(facts, touched, finds, right)


def bothered(gold: Sequence[Example], found: Sequence[Sequence[Span]], threshold: float) -> tuple[int, int]:
    """How many texts without a fact have a find, and how many there are."""
    clean = [spans for example, spans in zip(gold, found, strict=True) if not example.facts]
    return sum(any(span.score >= threshold for span in spans) for spans in clean), len(clean)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "    -"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=BUILD / "facts_test.jsonl")
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    reader = load_second_opinion(arguments.model)
    if reader is None:
        raise SystemExit("model B is not installed: run `make model`")
    gold = list(examples.read(arguments.texts))
    found = [reader.read(example.text, [(0, len(example.text))]).facts for example in gold]
    for threshold in THRESHOLDS:
        wrong, clean = bothered(gold, found, threshold)
        print(f"threshold {threshold}: {wrong} of {clean} texts without a fact have a find")
        for label in FACTS.labels:
            print(f"  {label:10} {score(gold, found, label, threshold)}")


if __name__ == "__main__":
    main()
