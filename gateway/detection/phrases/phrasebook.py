"""What the phrase recognizers of one rulebook share, so that each text is cut into words, looked up and read once."""

from collections.abc import Callable, Iterable, Mapping
from weakref import WeakKeyDictionary

from gateway.detection.phrases.alphabet import Alphabet
from gateway.detection.phrases.scenes import Grammar, Scene, SceneReader
from gateway.detection.phrases.vocabulary import Vocabularies
from gateway.detection.phrases.words import Words, read
from gateway.detection.reading import Hit, Look, Reading

Lists = Mapping[str, tuple[str, ...]]


class Phrasebook:
    """The lists of a rulebook, ready for matching. Raises ValueError for a word class that is not in the notation.

    `is_first_name` tells first names from other words; None without a lexicon.
    """

    def __init__(self, lists: Lists, is_first_name: Callable[[str], bool] | None = None) -> None:
        self._lists = lists
        self._classes = dict(word_classes(lists))
        self._alphabet = Alphabet()
        self._scene_reader = SceneReader(grammar_of(lists), self._alphabet, is_first_name)
        self._words: WeakKeyDictionary[Reading, Words] = WeakKeyDictionary()
        self._scenes: WeakKeyDictionary[Reading, tuple[tuple[Hit, ...], Scene]] = WeakKeyDictionary()

    def terms(self, name: str) -> tuple[str, ...]:
        """The terms of a list; one that is absent is empty."""
        return self._lists.get(name, ())

    def matcher(self, *vocabularies: Iterable[str]) -> Vocabularies:
        """Vocabularies to match together, numbered in this order. Raises ValueError for what is not a term."""
        return Vocabularies(vocabularies, self._classes, self._alphabet)

    def words(self, reading: Reading) -> Words:
        """The words of a reading."""
        known = self._words.get(reading)
        if known is None:
            known = self._words[reading] = read(reading.text)
        return known

    def scene(self, look: Look) -> Scene:
        """The scene of what is looked at, given the people stage 1 found."""
        known = self._scenes.get(look.reading)
        if known is None or known[0] is not look.earlier:
            found = [(hit.start, hit.end, hit.entity) for hit in look.earlier]
            known = look.earlier, self._scene_reader.read(self.words(look.reading), found)
            self._scenes[look.reading] = known
        return known[1]


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
