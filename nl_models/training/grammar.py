"""A small generative grammar: text files with rules and alternatives, expanded at random into labelled pieces.

`[rule]` opens a rule; each line under it is an alternative. In an alternative, `{rule}` expands a rule, `{?rule}`
does so half of the time, `{^rule}` capitalises the result, `{NAME}` calls a terminal, `{NAME1}` the same with a
number that ties mentions together, `{{` and `}}` are braces, and `\\n` and `\\t` are a line break and a tab.
Expansion starts at the first rule.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nl_models.training import sources
from nl_models.training.examples import Piece

_SLOT = re.compile(r"\{\{|\}\}|\{(\?)?(\^)?(?:([A-Z]+)(\d*)|([a-z]+[0-9]*))\}")
Terminal = Callable[[str, str], Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules by name; `start` is the first one of the file."""

    rules: Mapping[str, tuple[str, ...]]
    start: str

    def expand(self, rng: random.Random, terminal: Terminal, rule: str = "") -> list[Piece]:
        """A random expansion of `rule` (default: the start). `terminal(name, number)` makes a terminal's pieces."""
        pieces: list[Piece] = []
        alternative = rng.choice(self.rules[rule or self.start])
        offset = 0
        for slot in _SLOT.finditer(alternative):
            pieces.append(Piece(alternative[offset : slot.start()]))
            offset = slot.end()
            if slot[0] in {"{{", "}}"}:
                pieces.append(Piece(slot[0][0]))
                continue
            maybe, capital, name, number, inner = slot.groups()
            if maybe and rng.random() < 0.5:
                continue
            found = list(terminal(name, number) if name else self.expand(rng, terminal, inner))
            pieces += capitalised(found) if capital else found
        pieces.append(Piece(alternative[offset:]))
        return [piece for piece in pieces if piece.text]


def capitalised(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with the first letter of the first non-empty one in upper case."""
    for index, piece in enumerate(pieces):
        if piece.text:
            first = Piece(piece.text[0].upper() + piece.text[1:], piece.label)
            return [*pieces[:index], first, *pieces[index + 1 :]]
    return list(pieces)


def load(path: str) -> Grammar:
    """The grammar in a file of the data folder. Raises `ValueError` for a slot that names no rule."""
    rules: dict[str, list[str]] = {}
    current = ""
    for line in sources.lines(path):
        if line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]") and re.fullmatch(r"\[[a-z]+[0-9]*\]", line):
            current = line[1:-1]
            rules[current] = []
        else:
            rules[current].append(line.replace("\\n", "\n").replace("\\t", "\t"))
    for alternatives in rules.values():
        for alternative in alternatives:
            for slot in _SLOT.finditer(alternative):
                if slot[5] and slot[5] not in rules:
                    raise ValueError(f"{path}: no rule [{slot[5]}]")
    return Grammar({name: tuple(found) for name, found in rules.items()}, next(iter(rules)))


def word_lists(path: str) -> Mapping[str, tuple[str, ...]]:
    """`[list]` headings, each followed by items separated by "|"."""
    lists: dict[str, list[str]] = {}
    current = ""
    for line in sources.lines(path):
        if line.startswith("["):
            current = line.strip("[]")
            lists[current] = []
        elif not line.startswith("#"):
            lists[current] += [item.strip() for item in line.split("|")]
    return {name: tuple(items) for name, items in lists.items()}
