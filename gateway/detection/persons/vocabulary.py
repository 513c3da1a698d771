"""The small words around names, from the rulebook's lists: titles, particles, greetings, offices, organisations."""

from collections.abc import Mapping
from dataclasses import dataclass

_WELL_KNOWN = ("well-known-names", "famous-people", "brand-names")


@dataclass(frozen=True, slots=True)
class NameVocabulary:
    """Every field is a list of `rules/lists` (`name-` and the field, with hyphens), without dots.

    `well_known` is three of them: who and what bears a name and is no private person.
    """

    titles: frozenset[str]
    particles: frozenset[str]
    greetings: frozenset[str]
    closings: frozenset[str]
    labels: frozenset[str]
    initials_labels: tuple[str, ...]
    thing_labels: frozenset[str]
    people: frozenset[str]
    offices: frozenset[str]
    parties: frozenset[str]
    private_matters: frozenset[str]
    organisation_leads: frozenset[str]
    organisation_tails: frozenset[str]
    never: frozenset[str]
    abbreviations: frozenset[str]
    fame: frozenset[str]
    history: frozenset[str]
    messages: frozenset[str]
    speaking: frozenset[str]
    meeting: frozenset[str]
    well_known: frozenset[str]
    street_ends: tuple[str, ...]

    @classmethod
    def of(cls, lists: Mapping[str, tuple[str, ...]]) -> "NameVocabulary":
        """The vocabulary in a rulebook; a list that is absent is empty."""

        def words(name: str) -> frozenset[str]:
            return frozenset(word.lower() for word in lists.get(f"name-{name}", ()))

        return cls(
            titles=words("titles"),
            particles=words("particles"),
            greetings=words("greetings"),
            closings=words("closings"),
            labels=words("labels"),
            initials_labels=tuple(sorted(words("initials-labels"))),
            thing_labels=words("thing-labels"),
            people=words("people"),
            offices=words("offices"),
            parties=words("parties"),
            private_matters=words("private-matters"),
            organisation_leads=words("organisation-leads"),
            organisation_tails=words("organisation-tails"),
            never=words("never"),
            abbreviations=frozenset(lists.get("name-abbreviations", ())),
            fame=words("fame"),
            history=words("history"),
            messages=words("messages"),
            speaking=words("speaking"),
            meeting=words("meeting"),
            well_known=frozenset(
                name.lower().replace(".", "") for source in _WELL_KNOWN for name in lists.get(source, ())
            ),
            street_ends=tuple(sorted(words("street-ends"))),
        )
