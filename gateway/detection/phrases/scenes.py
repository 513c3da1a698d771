"""A scene: where a text has its people and where it speaks in general; read once, asked by every fact rule."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from gateway.detection.phrases.alphabet import Alphabet
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
class Grammar:
    """The word lists that decide whether a term is said of somebody.

    `people`: words that point at one person; `roles`: do so unless the sentence has one of `norms` (*de aanvrager
    moet*); `pronouns`: he, she, his, her; `addressee`: you; `writer`: I;
    `groups`: *mensen met*; `anybody`: *een inwoner*,
    unless the sentence is about somebody; `topics`: *folder over*; `functions`: *consulent*, after which a term names a
    job;
    `general_after`: *beleid*, *patiënten*; `heads`: last parts of compounds that make them general
    (`*beleid`); `negations`: *geen*; `fiction`: *bedenk een casus*; `verbs`: *heeft*, before which a first name that
    stage 1 did not dare to call a person is one.
    """

    people: tuple[str, ...]
    roles: tuple[str, ...]
    norms: tuple[str, ...]
    pronouns: tuple[str, ...]
    addressee: tuple[str, ...]
    writer: tuple[str, ...]
    groups: tuple[str, ...]
    anybody: tuple[str, ...]
    topics: tuple[str, ...]
    functions: tuple[str, ...]
    general_after: tuple[str, ...]
    heads: tuple[str, ...]
    negations: tuple[str, ...]
    fiction: tuple[str, ...]
    verbs: tuple[str, ...]
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()


_ROLES = tuple(field.name for field in fields(Grammar) if field.name != "classes")
_NEAR_GROUP = 3
_NEAR_TOPIC = 2
_NEAR_FUNCTION = 1
_NEAR_NEGATION = 2
_SENTENCES_BACK = 3
_FAR_SENTENCES = 14
_LONGEST_LIST = 10
_LINKS = frozenset({"en", "of", "and", "or"})
_POSSESSIVES = frozenset({"zijn", "haar", "hun", "diens", "mijn", "uw", "zn", "his", "her"})
_WHOSE = frozenset({"van", "bij", "of"})
_NO_NAMES = frozenset(
    {"hoe", "corona", "mei", "wil", "will", "can", "bel", "storm", "roos", "wolf", "hoop", "dag", "may"}
)
"""First names that begin a sentence as another word far more often."""

_CONDITIONS = frozenset({"als", "wanneer", "indien", "if", "when", "zodra", "mits", "tenzij"})
_INDEFINITE = frozenset(
    {"een", "geen", "elke", "iedere", "welke", "enige", "sommige", "andere", "a", "an", "each", "every", "any", "no"}
)


class SceneReader:
    """The grammar lists, ready to read a text's scene. `is_first_name` tells first names from other words."""

    def __init__(
        self, grammar: Grammar, alphabet: Alphabet, is_first_name: Callable[[str], bool] | None = None
    ) -> None:
        self._is_first_name = is_first_name
        self._matcher = Vocabularies([getattr(grammar, role) for role in _ROLES], dict(grammar.classes), alphabet)

    def read(self, words: Words, found: Sequence[tuple[int, int, Entity]] = ()) -> "Scene":
        """The scene of a text, given what stage 1 found in it as (start, end, entity)."""
        by_role: dict[str, list[Hit]] = {role: [] for role in _ROLES}
        for hit in self._matcher.find(words):
            by_role[_ROLES[hit.vocabulary]].append(hit)
        by_role["people"] += self._first_names(words, by_role["verbs"])
        return Scene(words, by_role, named(words, found))

    def _first_names(self, words: Words, verbs: Sequence[Hit]) -> list[Hit]:
        """First names in capitals before a verb, an age between them or not: *Ger heeft*, *Iris (16) is*."""
        if self._is_first_name is None:
            return []
        found: list[Hit] = []
        for verb in verbs:
            at = verb.first - 1
            if at > 0 and words.folded[at].isdecimal():
                at -= 1
            if at < 0 or words.sentence[at] != words.sentence[verb.first]:
                continue
            word = words.written(at)
            if word.istitle() and words.folded[at] not in _NO_NAMES and self._is_first_name(word):
                found.append(Hit(verb.vocabulary, at, at))
        return found


class Scene:
    """One text: where its people are, where it speaks in general; answers questions about one term at a time."""

    def __init__(self, words: Words, by_role: Mapping[str, list[Hit]], names: Sequence[Anchor]) -> None:
        subjects = [anchor for anchor in names if anchor.is_subject]
        is_fiction = bool(by_role["fiction"]) and not subjects
        people = [] if is_fiction else pointed_at(_particular(words, by_role))
        is_anybody = not names and not people and bool(by_role["groups"] or by_role["anybody"] or by_role["roles"])
        self.is_fiction = is_fiction
        """The text says that its people are made up, and names nobody."""
        self._words = words
        self._is_about_somebody = bool(subjects)
        self._has_addressee = len(names) > len(subjects)
        self._named = self._sentences(names)
        self._subjects = self._sentences(subjects)
        self._subject_lines = {words.line[anchor.first] for anchor in subjects}
        self._people = self._sentences(people)
        self._pronouns = self._sentences([] if is_fiction or is_anybody else pointed_at(by_role["pronouns"]))
        self._somebody = self._subjects | self._people | self._pronouns
        self._known = self._named | self._people
        self._addressee = self._sentences(pointed_at(by_role["addressee"]))
        self._writer = self._sentences([] if is_fiction else pointed_at(by_role["writer"]))
        self._named_words = {at for anchor in names for at in range(anchor.first, anchor.last + 1)}
        self._person_words = self._named_words | {at for a in people for at in range(a.first, a.last + 1)}
        self._groups = _ends(by_role["groups"])
        self._anybody = _ends(by_role["anybody"])
        self._general = self._sentences(pointed_at([*by_role["groups"], *by_role["anybody"]]))
        self._topics = _ends(by_role["topics"])
        self._functions = _ends(by_role["functions"])
        self._after = {hit.first for hit in by_role["general_after"]}
        self._heads = _ends(by_role["heads"])
        self._negations = _ends(by_role["negations"])

    def _sentences(self, anchors: Sequence[Anchor]) -> set[int]:
        return {self._words.sentence[anchor.first] for anchor in anchors}

    def _is_before(self, ends: set[int], first: int, near: int) -> bool:
        """One of `ends` stands before word `first` with at most `near` words between, none of which is a person."""
        for at in range(first - 1, max(-1, first - near - 2), -1):
            if self._words.sentence[at] != self._words.sentence[first]:
                return False
            if at in ends:
                return True
            if at in self._named_words or self._words.folded[at] in _POSSESSIVES:
                return False
        return False

    def is_general(self, hit: Hit, strength: Strength) -> bool:
        """The term is about a group, a topic, a job or a policy, not about one person."""
        listed = self._start_of_list(hit)
        if self._is_of_a_group(hit, listed):
            return True
        if strength is Strength.STATEMENT or self._is_whose(hit):
            return False
        return (
            not self._heads.isdisjoint(range(hit.first, hit.last + 1))
            or self._is_followed_by_a_general_word(hit)
            or self._is_before(self._topics, listed, _NEAR_TOPIC)
            or self._is_before(self._functions, listed, _NEAR_FUNCTION)
        )

    def _is_of_a_group(self, hit: Hit, listed: int) -> bool:
        if self._is_before(self._groups, listed, _NEAR_GROUP):
            return True
        is_about_somebody = self._words.sentence[hit.first] in self._somebody
        return not is_about_somebody and self._is_before(self._anybody, listed, _NEAR_GROUP)

    def _follower(self, hit: Hit) -> int | None:
        """The word after the hit in its sentence."""
        at = hit.last + 1
        ends = at == len(self._words) or self._words.sentence[at] != self._words.sentence[hit.last]
        return None if ends else at

    def _is_followed_by_a_general_word(self, hit: Hit) -> bool:
        at = self._follower(hit)
        return at is not None and at in self._after and self._words.between(hit.last, at).strip("- ") == ""

    def _is_whose(self, hit: Hit) -> bool:
        """*de depressie van Jan*: a person stands right after it."""
        at = self._follower(hit)
        if at is None or self._words.folded[at] not in _WHOSE:
            return False
        return not self._person_words.isdisjoint(range(at + 1, at + 4))

    def _start_of_list(self, hit: Hit) -> int:
        """The word before which an enumeration (*dementie, autisme en een beperking*) starts that holds the term."""
        first = at = hit.first
        while at > 0 and hit.first - at < _LONGEST_LIST and self._words.sentence[at - 1] == self._words.sentence[at]:
            if self._words.folded[at - 1] in _LINKS:
                at -= 2
                first = max(at, 0)
            elif self._words.between(at - 1, at).strip() in {",", "/", "&"}:
                at -= 1
                first = at
            elif first - at < 1:
                at -= 1
            else:
                break
        return first

    def is_negated(self, hit: Hit) -> bool:
        """*geen*, *niet*, *zonder* stands right before the term."""
        return self._is_before(self._negations, hit.first, _NEAR_NEGATION)

    def score(self, hit: Hit, strength: Strength) -> float:
        """How sure it is that the term is said of an identifiable person; 0 when it is not."""
        sentence = self._words.sentence[hit.first]
        is_everyday = strength is Strength.EVERYDAY
        if strength is Strength.NAMED and sentence in self._writer:
            return max(0.65, self._score_here(sentence, self._words.line[hit.first]))
        here = self._score_here(sentence, self._words.line[hit.first])
        if here or is_everyday:
            everyday = here - 0.15 if here >= 0.8 else 0.0
            return max(everyday, 0.7 if self._before(sentence, 1, self._subjects) else 0.0) if is_everyday else here
        if self._before(sentence, _SENTENCES_BACK, self._somebody):
            return 0.8
        if self._is_about_somebody and self._before(sentence, _FAR_SENTENCES, self._known):
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
        )
        return max((score for holds, score in grounds if holds), default=0.0)

    def is_about_a_person(self, sentence: int) -> bool:
        """Sentence number `sentence` is about a particular person: there, shortly before, or named in the text."""
        return self._is_about_somebody or self._before(sentence, _FAR_SENTENCES, self._somebody)

    def speaks_of_a_group(self, sentence: int) -> bool:
        """Sentence number `sentence` has *mensen met*, *een inwoner* or the like."""
        return sentence in self._general

    def names_somebody_on_the_line_of(self, offset: int) -> bool:
        """Stage 1 found a person on the line (the table row) that holds this code point."""
        at = self._words.at(offset)
        return at >= 0 and self._words.line[at] in self._subject_lines

    def _before(self, sentence: int, reach: int, where: set[int]) -> bool:
        return any(sentence - back in where for back in range(reach + 1))


def _particular(words: Words, by_role: Mapping[str, list[Hit]]) -> list[Hit]:
    """The pointers and roles that mean one person: not `een cliënt`, and no role in a sentence that sets a norm or
    a condition (`als de huurder`)."""
    normative = {words.sentence[hit.first] for hit in by_role["norms"]}
    roles = [
        hit
        for hit in by_role["roles"]
        if words.sentence[hit.first] not in normative
        and _CONDITIONS.isdisjoint(words.folded[max(0, hit.first - 2) : hit.first])
    ]
    return [
        hit for hit in (*by_role["people"], *roles) if not hit.first or words.folded[hit.first - 1] not in _INDEFINITE
    ]


def _ends(hits: Sequence[Hit]) -> set[int]:
    return {hit.last for hit in hits}
