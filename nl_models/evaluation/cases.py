"""The texts of the evaluation: held-out names in unseen patterns, texts without names, law, and labelled sentences."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nl_models.training import sources
from nl_models.training.corpus import is_test, sentences
from nl_models.training.examples import Example, Piece, render
from nl_models.training.names import EVALUATED, FAMILY_NAME_FIRST, Origin, origins
from nl_models.training.people import Person

FOLDER = Path(__file__).parent
NAMES_PER_ORIGIN = 40
PATTERNS_PER_NAME = 8
CASES = ("normal", "lower", "capitals")
_SLOT = re.compile(r"\b([NGS])\b")


@dataclass(frozen=True, slots=True)
class Case:
    """A text with held-out names, by origin, case (normal, lower, capitals) and form (full, given, surname, couple)."""

    example: Example
    origin: str
    case: str
    form: str


def patterns() -> dict[str, list[str]]:
    """Sentence patterns by form."""
    found: dict[str, list[str]] = {}
    form = ""
    for line in (FOLDER / "patterns.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            form = line.strip("[]")
            found[form] = []
        elif line and not line.startswith("#"):
            found[form].append(line)
    return found


def held_out_names(seed: int = 5) -> Iterator[Case]:
    """Of every evaluated origin `NAMES_PER_ORIGIN` people, each in `PATTERNS_PER_NAME` patterns and each other form."""
    rng = random.Random(seed)
    by_form = patterns()
    for origin in origins():
        if origin.name not in EVALUATED:
            continue
        for person in _people(origin, rng):
            chosen = [("full", pattern) for pattern in rng.sample(by_form["full"], PATTERNS_PER_NAME)]
            chosen += [(form, rng.choice(by_form[form])) for form in by_form if form != "full"]
            for form, pattern in chosen:
                for case in CASES:
                    yield Case(_fill(pattern, person, case, rng), origin.name, case, form)


def _people(origin: Origin, rng: random.Random) -> Iterator[Person]:
    for _ in range(NAMES_PER_ORIGIN):
        first, last = rng.choice(origin.held_first), rng.choice(origin.held_last)
        yield Person(origin.name, first, first, last)


def _fill(pattern: str, person: Person, case: str, rng: random.Random) -> Example:
    turned = person.origin in FAMILY_NAME_FIRST and rng.random() < 0.5
    names = {
        "N": f"{person.last} {person.first}" if turned else f"{person.first} {person.last}",
        "G": person.first,
        "S": person.surname,
    }
    if case == "capitals":
        names = {slot: name.upper() for slot, name in names.items()}
    pieces = [Piece(names[part], "PER") if part in names else Piece(part) for part in _SLOT.split(pattern)]
    if case == "lower":
        pieces = [Piece(piece.text.lower(), piece.label) for piece in pieces]
    return render(pieces)


def without_names() -> list[str]:
    """Texts in which any person found is a false one."""
    lines = (FOLDER / "without_names.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n").replace("\\t", "\t") for line in lines if line and not line.startswith("#")]


def law() -> list[str]:
    """Paragraphs of Dutch law that no model was trained on; a person found counts as false (few are real)."""
    return list(sources.lines("text/law_held_out.txt.gz"))


def labelled(name: str) -> list[Example]:
    """The sentences of "silver_wiki_news_nl" or "newspapers_1870_1940_nl" that were kept out of training."""
    return [entry for entry in sentences(f"ner/{name}.bio.gz") if is_test(entry.text)]
