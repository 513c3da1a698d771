"""The recognizers of this package: what a detection rule may name in `recognizer`, and its options."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from gateway.detection.phrases.confidential import MarkingFinder, Needs, SealedFactFinder, SealedWords
from gateway.detection.phrases.facts import FactFinder
from gateway.detection.phrases.labelled import LabelledFactFinder
from gateway.detection.phrases.registered import RegisteredDocuments
from gateway.detection.phrases.requests import DecisionRequestFinder, RequestWords
from gateway.detection.phrases.scenes import Grammar, Scene, SceneReader, Strength
from gateway.detection.phrases.words import Words, read
from gateway.detection.reading import Hit, Look, Reading
from gateway.detection.recognizer import CodeRecognizer
from gateway.model.inspection import Entity
from gateway.rulebook.documents.detection import DetectionRule

Lists = Mapping[str, tuple[str, ...]]


_WORDS: WeakKeyDictionary[Reading, Words] = WeakKeyDictionary()


def _words_of(reading: Reading) -> Words:
    """The words of a reading, cut once for all recognizers."""
    known = _WORDS.get(reading)
    if known is None:
        known = _WORDS[reading] = read(reading.text)
    return known


FirstNames = Callable[[str], bool] | None
"""Whether a word is a first name; None without a lexicon."""


@lru_cache(maxsize=4)
def _reader(grammar: Grammar, is_first_name: FirstNames) -> "_Scenes":
    return _Scenes(grammar, is_first_name)


class _Scenes:
    """One scene for each reading, shared by every fact rule of a rulebook."""

    def __init__(self, grammar: Grammar, is_first_name: FirstNames) -> None:
        self._reader = SceneReader(grammar, is_first_name)
        self._of: WeakKeyDictionary[Reading, tuple[tuple[Hit, ...], Words, Scene]] = WeakKeyDictionary()

    def of(self, look: Look) -> tuple[Words, Scene]:
        """The words and the scene of what is looked at."""
        known = self._of.get(look.reading)
        if known is None or known[0] is not look.earlier:
            words = _words_of(look.reading)
            scene = self._reader.read(words, [(hit.start, hit.end, hit.entity) for hit in look.earlier])
            known = self._of[look.reading] = (look.earlier, words, scene)
        return known[1], known[2]


class PersonalFactRecognizer(CodeRecognizer):
    """`personal-fact`: terms that are said of an identifiable person. Option `strength`: see `Strength`."""

    stage = 2

    def __init__(
        self, rule: DetectionRule, terms: tuple[str, ...], lists: Lists, is_first_name: FirstNames = None
    ) -> None:
        super().__init__(rule)
        grammar = grammar_of(lists)
        self._scenes = _reader(grammar, is_first_name)
        self._finder = FactFinder(terms, Strength(rule.options.get("strength", "named")), dict(grammar.classes))

    def find(self, look: Look) -> Iterator[Hit]:
        """The facts in the text, given the people stage 1 found."""
        words, scene = self._scenes.of(look)
        for start, end, score in self._finder.find(words, scene):
            yield self.hit(start, end, score)


class LabelledFactRecognizer(CodeRecognizer):
    """`labelled-fact`: the rule's terms are labels and column heads; what stands after or under them is the fact."""

    stage = 2

    def __init__(
        self, rule: DetectionRule, terms: tuple[str, ...], lists: Lists, is_first_name: FirstNames = None
    ) -> None:
        super().__init__(rule)
        grammar = grammar_of(lists)
        self._scenes = _reader(grammar, is_first_name)
        self._finder = LabelledFactFinder(terms, dict(grammar.classes))

    def find(self, look: Look) -> Iterator[Hit]:
        """The labelled values in the text, given the people stage 1 found."""
        words, scene = self._scenes.of(look)
        for start, end, score in self._finder.find(words, scene, look.reading.tables):
            yield self.hit(start, end, score)


class MarkingRecognizer(CodeRecognizer):
    """`confidentiality-mark`: marks that apply to the text itself. Option `form`: mark or claim."""

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], lists: Lists, _: FirstNames = None) -> None:
        super().__init__(rule)
        aboutness, classes = lists.get("confidentiality-aboutness", ()), dict(word_classes(lists))
        self._finder = MarkingFinder(terms, aboutness, classes, is_claim=rule.options.get("form") == "claim")

    def find(self, look: Look) -> Iterator[Hit]:
        """The marks in the text."""
        for start, end, score in self._finder.find(_words_of(look.reading)):
            yield self.hit(start, end, score)


class SealedFactRecognizer(CodeRecognizer):
    """`sealed-fact`: bids, ceilings, weaknesses, plans. Option `needs`: see `Needs`.

    In a text that carries a confidentiality mark, every sum of money is sealed.
    """

    stage = 2

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], lists: Lists, _: FirstNames = None) -> None:
        super().__init__(rule)
        words = SealedWords(terms, lists.get("sealed-owners", ()), lists.get("sealed-aboutness", ()))
        needs = Needs(rule.options.get("needs", "amount"))
        self._finder = SealedFactFinder(words, dict(word_classes(lists)), needs)

    def find(self, look: Look) -> Iterator[Hit]:
        """The sealed facts in the text."""
        is_marked = any(hit.entity is Entity.CONFIDENTIAL_MARKING for hit in look.earlier)
        for start, end, score in self._finder.find(_words_of(look.reading), is_marked=is_marked):
            yield self.hit(start, end, score)


class DecisionRequestRecognizer(CodeRecognizer):
    """`decision-request`: the AI is asked to decide about somebody; the rule's terms are the effects.

    Option `askings`: the list of words by which the decision is asked; `none` when a term is a request in itself.
    """

    stage = 2

    def __init__(
        self, rule: DetectionRule, terms: tuple[str, ...], lists: Lists, is_first_name: FirstNames = None
    ) -> None:
        super().__init__(rule)
        grammar = grammar_of(lists)
        self._scenes = _reader(grammar, is_first_name)
        askings = lists.get(rule.options.get("askings", "decision-askings"), ())
        words = RequestWords(terms, askings, lists.get("decision-made", ()), lists.get("decision-general", ()))
        self._finder = DecisionRequestFinder(words, dict(grammar.classes))

    def find(self, look: Look) -> Iterator[Hit]:
        """The requests in the text."""
        words, scene = self._scenes.of(look)
        for start, end, score in self._finder.find(words, scene):
            yield self.hit(start, end, score)


class RegisteredDocumentRecognizer(CodeRecognizer):
    """`registered-document`: passages of documents somebody registered as confidential."""

    def __init__(self, rule: DetectionRule, documents: RegisteredDocuments) -> None:
        super().__init__(rule)
        self._documents = documents

    def find(self, look: Look) -> Iterator[Hit]:
        """The passages in the text."""
        if self._documents.documents:
            for start, end in self._documents.find(_words_of(look.reading)):
                yield self.hit(start, end, 1.0, validated=True)


def word_classes(lists: Lists) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The classes of list `word-classes`, each written as `{name} = word word …`. Raises ValueError."""
    classes: list[tuple[str, tuple[str, ...]]] = []
    for line in lists.get("word-classes", ()):
        name, equals, words = line.partition("=")
        if not equals or not words.split():
            raise ValueError(f"not a word class: {line!r}")
        classes.append((name.strip().strip("{}"), tuple(words.split())))
    return tuple(classes)


def grammar_of(lists: Lists) -> Grammar:
    """The lists that say whether a term is said of somebody; a list that is absent is empty."""

    def values(name: str) -> tuple[str, ...]:
        return lists.get(name, ())

    return Grammar(
        people=values("person-pointers"),
        roles=values("person-roles"),
        norms=values("norm-markers"),
        pronouns=values("person-pronouns"),
        addressee=values("person-addressee"),
        writer=values("person-writer"),
        groups=values("group-mentions"),
        anybody=values("anybody-mentions"),
        topics=values("topic-mentions"),
        functions=values("function-mentions"),
        general_after=values("general-after"),
        heads=values("general-heads"),
        negations=values("negations"),
        fiction=values("fiction-markers"),
        verbs=values("name-verbs"),
        classes=word_classes(lists),
    )


PHRASE_RECOGNIZERS: dict[str, Callable[[DetectionRule, tuple[str, ...], Lists, FirstNames], CodeRecognizer]] = {
    "personal-fact": PersonalFactRecognizer,
    "labelled-fact": LabelledFactRecognizer,
    "confidentiality-mark": MarkingRecognizer,
    "sealed-fact": SealedFactRecognizer,
    "decision-request": DecisionRequestRecognizer,
}
"""Names for `recognizer`; each is made from a rule, its terms, the lists of the rulebook and the lexicon's names."""
