"""Facts about a person (health, offences, belief, debts …): a term of a vocabulary, and somebody it is said of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from gateway.detection.phrases.mentions import Anchor, named, pointed_at
from gateway.detection.phrases.vocabulary import Hit, Vocabularies
from gateway.detection.phrases.words import Words
from gateway.model.inspection import Entity


class Strength(StrEnum):
    """How much a term says by itself.

    `named`: an illness, a medicine, an offence: needs a person somewhere near. `everyday`: an ordinary word
    (*ziek*, *moe*, *boete*) that needs a person in its own sentence. `statement`: a phrase with its verb
    (*zit in detentie*) that is said of one person only.
    """

    NAMED = "named"
    EVERYDAY = "everyday"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class FactVocabulary:
    """The terms of one rule."""

    rule_id: str
    entity: Entity
    strength: Strength
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `[start, end)` in the text, and the rule that found it."""

    entity: Entity
    start: int
    end: int
    score: float
    rule_id: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """The word lists that decide whether a term is said of somebody.

    `people`: words that point at one person; `pronouns`: he, she, his, her; `addressee`: you; `writer`: I;
    `groups`: *mensen met*; `topics`: *folder over*; `functions`: *consulent*, after which a term names a job;
    `general_after`: *beleid*, *patiënten*; `heads`: last parts of compounds that make them general
    (`*beleid`); `negations`: *geen*; `fiction`: *bedenk een casus*.
    """

    people: tuple[str, ...]
    pronouns: tuple[str, ...]
    addressee: tuple[str, ...]
    writer: tuple[str, ...]
    groups: tuple[str, ...]
    topics: tuple[str, ...]
    general_after: tuple[str, ...]
    heads: tuple[str, ...]
    negations: tuple[str, ...]
    fiction: tuple[str, ...]
    classes: Mapping[str, tuple[str, ...]]


_ROLES = tuple(field.name for field in fields(Grammar) if field.name != "classes")
_NEAR_GROUP = 3
_NEAR_TOPIC = 2
_NEAR_NEGATION = 2
_SENTENCES_BACK = 3
_FAR_SENTENCES = 14
_LINKS = frozenset({"en", "of", "and", "or"})
_POSSESSIVES = frozenset({"zijn", "haar", "hun", "diens", "mijn", "uw", "zn", "his", "her"})
_WHOSE = frozenset({"van", "bij", "of"})


class FactFinder:
    """Finds the facts of all its vocabularies in one pass; linear in the number of words."""

    def __init__(self, vocabularies: Sequence[FactVocabulary], grammar: Grammar) -> None:
        self._facts = tuple(vocabularies)
        lists = [vocabulary.terms for vocabulary in self._facts] + [getattr(grammar, role) for role in _ROLES]
        self._matcher = Vocabularies(lists, grammar.classes)

    def find(
        self, words: Words, found: Sequence[tuple[int, int, Entity]] = (), *, is_about_somebody: bool = False
    ) -> tuple[Fact, ...]:
        """The facts in `words`, given what stage 1 found in the same text as (start, end, entity).

        `is_about_somebody`: another part of the same message names a person.
        """
        terms: list[Hit] = []
        by_role: dict[str, list[Hit]] = {role: [] for role in _ROLES}
        for hit in self._matcher.find(words):
            if hit.vocabulary < len(self._facts):
                terms.append(hit)
            else:
                by_role[_ROLES[hit.vocabulary - len(self._facts)]].append(hit)
        if not terms:
            return ()
        scene = _Scene(words, by_role, named(words, found), is_about_somebody=is_about_somebody)
        facts: list[Fact] = []
        general_until = -1
        for hit in terms:
            vocabulary = self._facts[hit.vocabulary]
            if scene.is_general(hit, general_until):
                general_until = hit.last
                continue
            score = 0.0 if scene.is_negated(hit) else scene.score(hit, vocabulary.strength)
            if score:
                start, end = words.words[hit.first].start, words.words[hit.last].end
                facts.append(Fact(vocabulary.entity, start, end, score, vocabulary.rule_id))
        return _without_repeats(facts)


class _Scene:
    """One text: where its people are, where it speaks in general; answers questions about one term at a time."""

    def __init__(
        self, words: Words, by_role: Mapping[str, list[Hit]], names: Sequence[Anchor], *, is_about_somebody: bool
    ) -> None:
        subjects = [anchor for anchor in names if anchor.is_subject]
        is_fiction = bool(by_role["fiction"]) and not subjects
        people = [] if is_fiction else pointed_at(by_role["people"])
        self._words = words
        self._is_about_somebody = is_about_somebody or bool(subjects)
        self._has_addressee = len(names) > len(subjects)
        self._named = self._sentences(names)
        self._subjects = self._sentences(subjects)
        self._subject_lines = {words.line[anchor.first] for anchor in subjects}
        self._people = self._sentences(people)
        self._pronouns = self._sentences([] if is_fiction else pointed_at(by_role["pronouns"]))
        self._addressee = self._sentences(pointed_at(by_role["addressee"]))
        self._writer = self._sentences([] if is_fiction else pointed_at(by_role["writer"]))
        self._named_words = {at for anchor in names for at in range(anchor.first, anchor.last + 1)}
        self._person_words = self._named_words | {at for a in people for at in range(a.first, a.last + 1)}
        self._groups = _ends(by_role["groups"])
        self._topics = _ends(by_role["topics"])
        self._after = {hit.first for hit in by_role["general_after"]}
        self._heads = _ends(by_role["heads"])
        self._negations = _ends(by_role["negations"])

    def _sentences(self, anchors: Sequence[Anchor]) -> set[int]:
        return {self._words.sentence[anchor.first] for anchor in anchors}

    def _is_before(self, ends: set[int], hit: Hit, near: int) -> bool:
        """One of `ends` stands before the hit with at most `near` words between, none of which is a person."""
        for at in range(hit.first - 1, max(-1, hit.first - near - 2), -1):
            if self._words.sentence[at] != self._words.sentence[hit.first]:
                return False
            if at in ends:
                return True
            if at in self._named_words or self._words.words[at].folded in _POSSESSIVES:
                return False
        return False

    def is_general(self, hit: Hit, general_until: int) -> bool:
        """The term is about a group, a topic, a job or a policy; `general_until`: last word of the term before it
        that was."""
        if not self._heads.isdisjoint(range(hit.first, hit.last + 1)) or self._is_before(
            self._groups, hit, _NEAR_GROUP
        ):
            return True
        following = hit.last + 1
        if following < len(self._words.words) and self._words.sentence[following] == self._words.sentence[hit.last]:
            if following in self._after and self._words.between(hit.last, following).strip("- ") == "":
                return True
            if self._words.words[following].folded in _WHOSE and not self._person_words.isdisjoint(
                range(following + 1, following + 4)
            ):
                return False
        return self._is_before(self._topics, hit, _NEAR_TOPIC) or self._is_in_the_same_list(hit, general_until)

    def _is_in_the_same_list(self, hit: Hit, general_until: int) -> bool:
        if general_until < 0 or not 0 < hit.first - general_until <= 3:
            return False
        if self._words.sentence[general_until] != self._words.sentence[hit.first]:
            return False
        link = self._words.words[general_until + 1].folded
        return link in _LINKS or self._words.between(general_until, general_until + 1).strip() in {",", "/", "&"}

    def is_negated(self, hit: Hit) -> bool:
        """*geen*, *niet*, *zonder* stands right before the term."""
        return self._is_before(self._negations, hit, _NEAR_NEGATION)

    def score(self, hit: Hit, strength: Strength) -> float:
        """How sure it is that the term is said of an identifiable person; 0 when it is not."""
        sentence = self._words.sentence[hit.first]
        is_everyday = strength is Strength.EVERYDAY
        here = self._score_here(sentence, self._words.line[hit.first])
        if here or is_everyday:
            everyday = here - 0.15 if here >= 0.8 else 0.0
            return max(everyday, 0.7 if self._before(sentence, 1, self._subjects) else 0.0) if is_everyday else here
        if self._before(sentence, _SENTENCES_BACK, self._subjects | self._people | self._pronouns):
            return 0.8
        if self._is_about_somebody and self._before(sentence, _FAR_SENTENCES, self._named | self._people):
            return 0.7
        return 0.65 if strength is Strength.STATEMENT and self._is_about_somebody else 0.0

    def _score_here(self, sentence: int, line: int) -> float:
        """The score a person in the sentence (or table row) of the term gives."""
        knows_somebody = self._is_about_somebody or self._before(sentence, _FAR_SENTENCES, self._people)
        grounds = (
            (sentence in self._subjects or line in self._subject_lines, 0.95),
            (sentence in self._people, 0.9),
            (sentence in self._pronouns, 0.9 if knows_somebody else 0.7),
            (sentence in self._addressee and self._has_addressee, 0.8),
            (sentence in self._writer, 0.65),
        )
        return max((score for holds, score in grounds if holds), default=0.0)

    def _before(self, sentence: int, reach: int, where: set[int]) -> bool:
        return any(sentence - back in where for back in range(reach + 1))


def _ends(hits: Sequence[Hit]) -> set[int]:
    return {hit.last for hit in hits}


def _without_repeats(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Of overlapping facts of one entity the longest; facts of different entities may overlap."""
    last: dict[Entity, Fact] = {}
    kept: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.start, -fact.end)):
        before = last.get(fact.entity)
        if before is None or fact.start >= before.end:
            kept.append(fact)
            last[fact.entity] = fact
        elif fact.end - fact.start > before.end - before.start:
            kept.remove(before)
            kept.append(fact)
            last[fact.entity] = fact
    return tuple(kept)
