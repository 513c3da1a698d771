"""Measures the fact head of model B on hand-written texts kept out of training.

`python -m nl_models.evaluation.facts [--model DIR]` prints, by label and threshold, the share of facts touched by
a find of their own label and the share of finds that touch one, and how many texts without any fact have a find. The
texts are by the writers of the training texts: other hands will score lower.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nl_models import ModelError, SecondOpinion, Span, load_second_opinion
from nl_models.tags import FACTS
from nl_models.training.corpus import facts_kept_out
from nl_models.training.examples import Example

THRESHOLDS = (0.6, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Score:
    """Of one label at one threshold: facts in all, facts touched, finds in all, finds that touch a fact."""

    facts: int
    touched: int
    finds: int
    right: int


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


def table(reader: SecondOpinion) -> str:
    """The figures as Markdown: touched / right, in per cent, by threshold."""
    gold = list(facts_kept_out())
    found = [reader.read(example.text, [(0, len(example.text))]).facts for example in gold]
    rows = [
        "| fact | texts | " + " | ".join(f"from {threshold}" for threshold in THRESHOLDS) + " |",
        "| --- | ---: |" + " ---: |" * len(THRESHOLDS),
    ]
    for label in FACTS.labels:
        scores = [score(gold, found, label, threshold) for threshold in THRESHOLDS]
        cells = [f"{_percent(one.touched, one.facts)} / {_percent(one.right, one.finds)}" for one in scores]
        rows.append(f"| {label} | {scores[0].facts} | " + " | ".join(cells) + " |")
    counts = [bothered(gold, found, threshold) for threshold in THRESHOLDS]
    rows.append(
        f"| texts without a fact | {counts[0][1]} | " + " | ".join(f"{wrong} found" for wrong, _ in counts) + " |"
    )
    return "\n".join(rows)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "-"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    reader = load_second_opinion(arguments.model)
    if reader is None:
        raise ModelError(Path(), "model B is not installed", "Run `make model`")
    print(table(reader))


if __name__ == "__main__":
    main()
