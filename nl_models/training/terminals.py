"""The terminals of the grammars: names, places, organisations, numbers, words."""

import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from nl_models.folding import fold
from nl_models.training import grammar, names, people, sources
from nl_models.training.examples import Piece


@cache
def word_lists() -> Mapping[str, tuple[str, ...]]:
    """The hand-written lists of heads, organisations, titles."""
    return grammar.word_lists("grammar/words.txt")


@cache
def places() -> tuple[str, ...]:
    """Names of places at home (ten times) and abroad."""
    home = sorted({row["name"] for row in sources.table("places/places_nl.csv.gz") if row["kind"] != "country"})
    large = sorted(
        {row["name"] for row in sources.table("places/world_cities.csv.gz") if int(row["population"] or 0) > 400_000}
    )
    countries = sorted({row["name"] for row in sources.table("places/places_nl.csv.gz") if row["kind"] == "country"})
    return tuple(home * 4 + large + countries * 4)


@cache
def streets() -> tuple[str, ...]:
    """Names of Dutch streets."""
    return tuple(sources.lines("places/streets_nl.txt.gz"))


@cache
def streets_named_after_people() -> tuple[str, ...]:
    """Streets whose first word is a given name: "Jan van Galenstraat"."""
    given = {fold(name) for name in sources.lines("names/first_names_be.txt.gz")}
    return tuple(street for street in streets() if " " in street and fold(street.split()[0]) in given)


@cache
def ordinary_words() -> tuple[str, ...]:
    """Dutch words seen in lower case, frequent ones more than once."""
    words: list[str] = []
    for word, count in sources.lower_case_counts().items():
        if word.isalpha() and len(word) > 2:
            words += [word] * (3 if count > 300 else 2 if count > 30 else 1)
    return tuple(words + sorted(word for word in sources.everyday_words() if word.isalpha()) * 3)


@dataclass(slots=True)
class Terminals:
    """Makes the pieces of one text; people with a number are remembered until the text is done."""

    rng: random.Random
    origins: Sequence[names.Origin]
    _people: dict[str, people.Person] = field(default_factory=dict)

    def __call__(self, name: str, number: str) -> Sequence[Piece]:
        """The pieces of terminal `name`; see the methods below."""
        if name in _PERSONAL:
            return _PERSONAL[name](self, self._person(number))
        return _PLAIN[name](self)

    def _person(self, number: str) -> people.Person:
        if not number or number not in self._people:
            person = people.draw(self.rng, self.origins)
            if number:
                self._people[number] = person
            return person
        return self._people[number]

    def item(self, name: str) -> str:
        """A random item of a hand-written list."""
        return self.rng.choice(word_lists()[name])

    def digits(self, count: int) -> str:
        """So many random digits."""
        return "".join(self.rng.choices(string.digits, k=count))

    def person(self, person: people.Person) -> list[Piece]:
        """Any form of a name."""
        return people.full(person, self.rng, word_lists()["title"])

    def titled(self, person: people.Person) -> list[Piece]:
        """Title and surname."""
        prefix = f"{self.rng.choice(people_titles())} "
        given = f"{person.initials(self.rng)} {person.last}" if self.rng.random() < 0.25 else person.surname
        return [Piece(prefix), Piece(given, "PER")]

    def double(self, person: people.Person) -> list[Piece]:
        """A double surname."""
        partner = people.draw(self.rng, self.origins).last
        name = people.doubled(person, self.rng, partner)
        return [Piece(name[0].upper() + name[1:], "PER")]

    def street(self) -> list[Piece]:
        """A street without number."""
        pool = streets_named_after_people() if self.rng.random() < 0.12 else streets()
        return [Piece(self.rng.choice(pool), "LOC")]

    def person_street(self) -> list[Piece]:
        """A street named after somebody, with or without a title."""
        if self.rng.random() < 0.4:
            return [Piece(self.rng.choice(streets_named_after_people()), "LOC")]
        person = people.draw(self.rng, self.origins[:3])
        title = self.rng.choice(
            ("Burgemeester ", "Dr. ", "Prof. ", "Pastoor ", "Wethouder ", "Mr. ", "", f"{person.first} ")
        )
        tail = self.rng.choice(("straat", "laan", "weg", "plein", "kade", "singel", "hof", "plantsoen"))
        return [Piece(f"{title}{person.surname if title and title[-2] == '.' else person.last}{tail}", "LOC")]

    def organisation(self) -> list[Piece]:
        """A real institution, or a made-up firm or foundation, half of them named after a family."""
        roll = self.rng.random()
        if roll < 0.45:
            name = self.item("organisation")
        elif roll < 0.6:
            name = f"{self.item('orghead')} {self.item('orgword')}"
        elif roll < 0.75:
            name = f"{self.item('orghead')} {people.draw(self.rng, self.origins).surname}"
        elif roll < 0.9:
            name = f"{people.draw(self.rng, self.origins).surname} {self.item('orgtail')}"
        else:
            name = f"{self.item('orgword')} {self.item('orgtail')}"
        return [Piece(name, "ORG")]

    def mail(self) -> list[Piece]:
        """An e-mail address; no entity of these models."""
        person = people.draw(self.rng, self.origins)
        first, last = (fold(part).replace(" ", "").replace("'", "") for part in (person.first, person.last))
        local = self.rng.choice(
            (f"{first}.{last}", f"{first[0]}.{last}", f"{first}{self.digits(2)}", f"{first[0]}{last}", "info")
        )
        domain = self.rng.choice(
            ("voorbeeldstad.nl", "gmail.com", "hotmail.com", "ziggo.nl", "outlook.com", "kpnmail.nl")
        )
        return [Piece(f"{local}@{domain}")]

    def date(self) -> list[Piece]:
        """A date in one of the Dutch notations."""
        day, month, year = self.rng.randint(1, 28), self.rng.randint(1, 12), self.rng.randint(1935, 2026)
        written = (
            f"{day} {word_lists()['month'][month - 1]} {year}",
            f"{day:02}-{month:02}-{year}",
            f"{day}/{month}/{year}",
        )
        return [
            Piece(
                self.rng.choice((*written, f"{year}-{month:02}-{day:02}", f"{day} {word_lists()['month'][month - 1]}"))
            )
        ]

    def word(self) -> list[Piece]:
        """An ordinary word in lower case."""
        return [Piece(self.rng.choice(ordinary_words()))]

    def capital_word(self) -> list[Piece]:
        """A word with a capital that is no name: a product, a law, a heading, or any ordinary word."""
        if self.rng.random() < 0.3:
            return [Piece(self.item("capital"))]
        return [Piece(self.rng.choice(ordinary_words()).capitalize())]


@cache
def people_titles() -> tuple[str, ...]:
    """Titles that stand before a surname only."""
    return tuple(title for title in word_lists()["title"] if title not in {"familie", "prof. dr."})


_PERSONAL: Mapping[str, Callable[[Terminals, people.Person], Sequence[Piece]]] = {
    "P": Terminals.person,
    "F": lambda _, person: [Piece(person.first, "PER")],
    "S": lambda _, person: [Piece(person.surname, "PER")],
    "T": Terminals.titled,
    "I": lambda made, person: [Piece(f"{person.initials(made.rng)} {person.last}", "PER")],
    "R": lambda made, person: people.register(person, made.rng),
    "DOUBLE": Terminals.double,
    "INITIALS": lambda made, person: [Piece(person.initials(made.rng), "PER")],
}
_PLAIN: Mapping[str, Callable[[Terminals], Sequence[Piece]]] = {
    "L": lambda made: [Piece(made.rng.choice(places()), "LOC")],
    "A": Terminals.street,
    "PERSONSTREET": Terminals.person_street,
    "O": Terminals.organisation,
    "SCHOOL": lambda made: [Piece(made.item("school"), "ORG")],
    "SHOP": lambda made: [Piece(made.item("shop"), "ORG")],
    "MAIL": Terminals.mail,
    "D": Terminals.date,
    "NR": lambda made: [Piece(str(made.rng.randint(1, made.rng.choice((9, 99, 300)))))],
    "AGE": lambda made: [Piece(str(made.rng.randint(1, 95)))],
    "TIME": lambda made: [
        Piece(f"{made.rng.randint(8, 20)}{made.rng.choice('.:')}{made.rng.choice(('00', '15', '30', '45'))}")
    ],
    "EUR": lambda made: [
        Piece(made.rng.choice(("€ {},{}", "€{}", "{} euro", "{},{} euro")).format(made.rng.randint(5, 9000), "50"))
    ],
    "TEL": lambda made: [Piece(made.rng.choice(("06-{}", "06 {}", "06{}", "+316{}")).format(made.digits(8)))],
    "BSN": lambda made: [Piece(made.digits(9))],
    "IBAN": lambda made: [Piece(f"NL{made.digits(2)} {made.rng.choice(('INGB', 'RABO', 'ABNA'))} {made.digits(10)}")],
    "PC": lambda made: [
        Piece(f"{made.rng.randint(1000, 9999)} {''.join(made.rng.choices(string.ascii_uppercase, k=2))}")
    ],
    "PLATE": lambda made: [
        Piece(f"{made.rng.choice('GHJKLNPRSTXZ')}-{made.digits(3)}-{made.rng.choice('BDFGHJKLN')}{'D'}")
    ],
    "CASE": lambda made: [Piece(made.rng.choice(("Z-{}", "Z{}", "2026-{}", "ZK{}")).format(made.digits(6)))],
    "HEAD": lambda made: [Piece(made.item("head"))],
    "CAPWORD": Terminals.capital_word,
    "LOWERWORD": Terminals.word,
}
