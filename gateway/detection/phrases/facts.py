"""Facts about a person (health, offences, belief, debts …): a term of a vocabulary, and somebody it is said of."""

from collections.abc import Iterator

from gateway.detection.phrases.scenes import Scene, Strength
from gateway.detection.phrases.vocabulary import Vocabularies
from gateway.detection.phrases.words import Words


class FactFinder:
    """Finds what the terms of one rule say of somebody; linear in the number of words."""

    def __init__(self, terms: Vocabularies, strength: Strength) -> None:
        self._matcher = terms
        self._strength = strength

    def find(self, words: Words, scene: Scene) -> Iterator[tuple[int, int, float]]:
        """(start, end, score) of each term that is said of an identifiable person; `scene` is that of `words`."""
        for hit in self._matcher.find(words):
            if scene.is_general(hit, self._strength) or scene.is_negated(hit):
                continue
            score = scene.score(hit, self._strength)
            if score:
                yield words.starts[hit.first], words.ends[hit.last], score
