"""`learned-fact`: what model B reads as a fact of somebody, a sealed fact or a request to decide, in any wording."""

from collections.abc import Iterator

from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.second_reader import MOST_WORDS, SecondReader
from gateway.model.inspection import Entity
from gateway.rulebook.documents.detection import DetectionRule

LABEL_OF = {
    Entity.CONFIDENTIAL_FACT: "SEALED",
    Entity.DECISION_REQUEST: "DECISION",
} | {
    entity: entity.value
    for entity in (
        Entity.HEALTH,
        Entity.CRIMINAL,
        Entity.RELIGION,
        Entity.ETHNICITY,
        Entity.POLITICS,
        Entity.UNION,
        Entity.SEXUALITY,
        Entity.FINANCIAL,
    )
}
"""Entities that model B knows, and its names for them (`nl_models.tags.FACTS`)."""


class LearnedFactRecognizer(CodeRecognizer):
    """Facts that no vocabulary holds. The rule's entity says which kind; option `words`: how far into a text B reads.

    Vocabularies come first: a phrase in which they found two facts stays two facts.
    """

    stage = 3

    def __init__(self, rule: DetectionRule, reader: SecondReader) -> None:
        super().__init__(rule)
        self._reader = reader
        self._label = LABEL_OF[rule.entity]
        self._most_words = int(rule.options.get("words", MOST_WORDS))

    def find(self, look: Look) -> Iterator[Hit]:
        """The facts of this kind in the first words of the text."""
        known = [(hit.start, hit.end) for hit in look.earlier if hit.entity is self.rule.entity]
        for fact in self._reader.start(look.reading, self._most_words).facts:
            if fact.label == self._label:
                inside = sum(start < fact.end and fact.start < end for start, end in known)
                if inside < 2:
                    yield self.hit(fact.start, fact.end, fact.score)
