"""From rule documents and lists to the finders of this package."""

from collections.abc import Mapping, Sequence

from gateway.detection.phrases.facts import FactFinder, FactVocabulary, Grammar, Strength
from gateway.rulebook.documents.detection import DetectionRule

PERSONAL_FACT = "personal-fact"
"""Recognizer name of the rules for facts about a person; option `strength`: named, everyday or statement."""

Lists = Mapping[str, tuple[str, ...]]


def word_classes(lists: Lists) -> dict[str, tuple[str, ...]]:
    """The classes of list `word-classes`, each written as `{name} = word word …`. Raises ValueError."""
    classes: dict[str, tuple[str, ...]] = {}
    for line in lists.get("word-classes", ()):
        name, equals, words = line.partition("=")
        if not equals or not words.split():
            raise ValueError(f"not a word class: {line!r}")
        classes[name.strip().strip("{}")] = tuple(words.split())
    return classes


def grammar(lists: Lists) -> Grammar:
    """The lists that say whether a term is said of somebody; a list that is absent is empty."""

    def values(name: str) -> tuple[str, ...]:
        return lists.get(name, ())

    return Grammar(
        people=values("person-pointers"),
        pronouns=values("person-pronouns"),
        addressee=values("person-addressee"),
        writer=values("person-writer"),
        groups=values("group-mentions"),
        topics=values("topic-mentions"),
        general_after=values("general-after"),
        heads=values("general-heads"),
        negations=values("negations"),
        fiction=values("fiction-markers"),
        classes=word_classes(lists),
    )


def terms_of(rule: DetectionRule, lists: Lists) -> tuple[str, ...]:
    """A rule's own terms and those of the lists it names; its `allow` values become exceptions."""
    terms = list(rule.terms)
    for name in rule.terms_from:
        terms += lists.get(name, ())
    allowed = list(rule.allow)
    for name in rule.allow_from:
        allowed += lists.get(name, ())
    return (*terms, *(f"!{value}" for value in allowed))


def fact_finder(rules: Sequence[DetectionRule], lists: Lists) -> FactFinder:
    """One finder for all personal-fact rules. Raises ValueError for a term that is not in the notation."""
    vocabularies = [
        FactVocabulary(
            rule.id, rule.entity, Strength(rule.options.get("strength", Strength.NAMED)), terms_of(rule, lists)
        )
        for rule in rules
        if rule.recognizer == PERSONAL_FACT
    ]
    return FactFinder(vocabularies, grammar(lists))
