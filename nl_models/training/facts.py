"""Hand-written texts with the facts in them: `python -m nl_models.training.facts --check FILE…`.

One text a line in `data/facts/*.txt`: slots as in the grammars, line breaks as `\\n`, and `[label|phrase]` around
what reveals a fact of one person (AVG art. 9 and 10, finances), a sealed fact of the municipality, or the clause that
asks the AI to decide about somebody.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from nl_models.training import sources
from nl_models.training.examples import Example, Piece, render
from nl_models.training.grammar import Grammar
from nl_models.training.names import origins
from nl_models.training.noise import Noise
from nl_models.training.terminals import Terminals, word_lists

LABEL_OF = {
    "health": "HEALTH",
    "criminal": "CRIMINAL",
    "religion": "RELIGION",
    "ethnicity": "ETHNICITY",
    "politics": "POLITICS",
    "union": "UNION",
    "sexuality": "SEXUALITY",
    "finance": "FINANCIAL",
    "sealed": "SEALED",
    "decision": "DECISION",
}
TERMINALS = frozenset(
    {"P", "F", "S", "T", "I", "R", "L", "A", "O", "D", "NR", "AGE", "TIME", "EUR", "TEL", "BSN", "IBAN", "PC", "PLATE",
     "CASE", "MAIL", "SCHOOL", "SHOP", "DOUBLE"}
)  # fmt: skip
_MARK = re.compile(r"\[([a-z]+)\|([^\[\]]*)\]")
_SLOT = re.compile(r"\{\^?([A-Z]+)\d*\}")
_FOLDER = "facts"


def problems(line: str) -> Iterator[str]:
    """What is wrong with a line: an unknown label or slot, a stray bracket or brace."""
    for label, phrase in _MARK.findall(line):
        if label not in LABEL_OF:
            yield f"unknown label {label!r}"
        if not phrase.strip() or phrase != phrase.strip():
            yield f"phrase {phrase!r} is empty or has space at its ends"
    for name in _SLOT.findall(line):
        if name not in TERMINALS:
            yield f"unknown slot {name!r}"
    rest = _SLOT.sub("", _MARK.sub(r"\2", line))
    if stray := set(rest) & set("{}[]|"):
        yield f"stray {' '.join(sorted(stray))}"


def texts() -> list[str]:
    """The lines of all files of the folder, in a fixed order."""
    names = sorted(path.name for path in (sources.DATA / _FOLDER).glob("*.txt"))
    return [line for name in names for line in sources.lines(f"{_FOLDER}/{name}") if not line.startswith("#")]


def generate(lines: Sequence[str], copies: int, seed: int, noise: Noise | None = None) -> Iterator[Example]:
    """Each line `copies` times, with other people and other slips each time; the same seed gives the same texts."""
    rng = random.Random(seed)
    kinds = noise or Noise()
    for _ in range(copies):
        for line in lines:
            terminals = Terminals(rng, origins())
            yield render(kinds.apply(list(_pieces(line, terminals)), rng), has_facts=True)


def _pieces(line: str, terminals: Terminals) -> Iterator[Piece]:
    offset = 0
    for mark in _MARK.finditer(line):
        yield from _expanded(line[offset : mark.start()], terminals)
        for piece in _expanded(mark[2], terminals):
            yield replace(piece, fact=LABEL_OF[mark[1]])
        offset = mark.end()
    yield from _expanded(line[offset:], terminals)


def _expanded(text: str, terminals: Terminals) -> Iterator[Piece]:
    """Slots filled; organisations that are written out are labelled as the grammar labels them."""
    unescaped = text.replace("\\n", "\n").replace("\\t", "\t")
    for piece in Grammar({"text": (unescaped,)}, "text").expand(terminals.rng, terminals):
        yield from [piece] if piece.label else _with_organisations(piece.text)


def _with_organisations(text: str) -> Iterator[Piece]:
    offset = 0
    for hit in _organisations().finditer(text):
        yield Piece(text[offset : hit.start()])
        yield Piece(hit[0], "ORG")
        offset = hit.end()
    yield Piece(text[offset:])


@cache
def _organisations() -> re.Pattern[str]:
    known = sorted(word_lists()["organisation"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b")


def check(path: Path) -> int:
    """Print what is wrong with a file and how its labels are spread; returns the number of problems."""
    wrong = 0
    counts: Counter[str] = Counter()
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    for number, line in enumerate(lines, 1):
        for problem in problems(line):
            print(f"{path.name} text {number}: {problem}: {line[:70]}")
            wrong += 1
        counts.update({label for label, _ in _MARK.findall(line)} or {"none"})
    print(f"{path.name}: {len(lines)} texts, {len(lines) - len(set(lines))} twice;", dict(counts.most_common()))
    return wrong


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", type=Path, nargs="+", required=True)
    arguments = parser.parse_args()
    raise SystemExit(1 if sum(map(check, arguments.check)) else 0)


if __name__ == "__main__":
    main()
