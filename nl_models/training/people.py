"""Made-up people and the ways their names are written in Dutch files."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from nl_models.folding import fold
from nl_models.training.examples import Piece
from nl_models.training.names import FAMILY_NAME_FIRST, Origin
from nl_models.wording import PREFIXES

_DIGRAPHS = ("IJ", "Th", "Ch", "Ph", "Tj", "Sj")


@dataclass(frozen=True, slots=True)
class Person:
    """A given name and a family name (prefixes included) of one origin, and a second given name."""

    origin: str
    first: str
    second: str
    last: str

    @property
    def prefix(self) -> str:
        """The prefixes of the family name: "van den" of "van den Berg"; "" when there are none."""
        words = self.last.split()
        count = 0
        while count < len(words) - 1 and words[count][0].islower() and fold(words[count]) in PREFIXES:
            count += 1
        return " ".join(words[:count])

    @property
    def stem(self) -> str:
        """The family name without its prefixes."""
        return self.last[len(self.prefix) :].strip()

    @property
    def surname(self) -> str:
        """As written without a given name: "Van den Berg"."""
        return self.last[0].upper() + self.last[1:] if self.prefix else self.last

    def initials(self, rng: random.Random) -> str:
        """ "J.", "J.W.", "J. W.", "JW" or, for some names, "Th."."""
        names = [self.first] if rng.random() < 0.5 else [self.first, self.second]
        letters = [_initial(name, rng) for name in names]
        style = rng.random()
        if style < 0.7:
            return "".join(f"{letter}." for letter in letters)
        if style < 0.88:
            return " ".join(f"{letter}." for letter in letters)
        return "".join(letters)


def _initial(name: str, rng: random.Random) -> str:
    for digraph in _DIGRAPHS:
        if name.startswith(digraph) and rng.random() < 0.4:
            return digraph
    return name[0].upper()


def draw(rng: random.Random, origins: Sequence[Origin]) -> Person:
    """A random person; one in eight has names of two origins."""
    (origin,) = rng.choices(origins, [origin.weight for origin in origins])
    other = origin if rng.random() < 0.88 else rng.choices(origins, [entry.weight for entry in origins])[0]
    first_pool = origin.first or other.first or origins[0].first
    last_pool = other.last or origin.last or origins[0].last
    return Person(origin.name, rng.choice(first_pool), rng.choice(first_pool), rng.choice(last_pool))


def _name(text: str) -> list[Piece]:
    return [Piece(text, "PER")]


def full(person: Person, rng: random.Random, titles: Sequence[str]) -> list[Piece]:
    """A person in one of the forms people use; a title stands outside the entity."""
    if person.origin in FAMILY_NAME_FIRST and rng.random() < 0.45:
        return _name(f"{person.last} {person.first}")
    roll = rng.random()
    for share, form in (
        (0.52, lambda: _name(f"{person.first} {person.last}")),
        (0.09, lambda: _name(f"{person.initials(rng)} {person.last}")),
        (0.07, lambda: [Piece(f"{rng.choice(titles)} "), *_name(person.surname)]),
        (0.05, lambda: [Piece(f"{rng.choice(titles)} "), *_name(f"{person.initials(rng)} {person.last}")]),
        (0.03, lambda: [Piece(f"{rng.choice(titles)} "), *_name(f"{person.first} {person.last}")]),
        (0.06, lambda: _name(f"{person.first} {person.second} {person.last}")),
        (0.03, lambda: _name(f"{person.first} {person.second[0].upper()}. {person.last}")),
        (0.03, lambda: _name(f"{person.first}-{person.second} {person.last}")),
        (0.04, lambda: _name(f"{person.first} {doubled(person, rng)}")),
        (0.015, lambda: register(person, rng)),
        (0.02, lambda: _name(f"{person.surname} {person.first}")),
        (0.02, lambda: _name(f"{person.first} {person.last.upper()}")),
    ):
        roll -= share
        if roll < 0:
            return form()
    return _name(person.first)


def doubled(person: Person, rng: random.Random, partner: str = "") -> str:
    """A double family name: "de Vries-Bakker", "Bakker - van den Berg"."""
    second = partner or person.second
    return rng.choice(("{}-{}", "{}-{}", "{} - {}", "{}–{}")).format(person.last, second)


def register(person: Person, rng: random.Random) -> list[Piece]:
    """As in a sorted register: "Linden, J.W. van der", "Linden, van der, Jan"."""
    given = person.initials(rng) if rng.random() < 0.6 else person.first
    prefix = person.prefix
    if not prefix:
        return _name(f"{person.last}, {given}")
    return _name(
        rng.choice(
            (
                f"{person.stem}, {given} {prefix}",
                f"{person.stem}, {prefix}, {given}",
                f"{person.stem} {prefix}, {given}",
            )
        )
    )
