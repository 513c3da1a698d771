"""`learned-fact`: what model B reads as a fact of somebody, a sealed fact or a request to decide, in any wording."""

import re
from collections.abc import Iterator

from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.second_reader import SecondReader
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


_NO_REQUEST = re.compile(
    r"\b(?:geen|no) (?:advies|besluit|beslissing|oordeel|advice|decision|judge?ment)\b", re.IGNORECASE
)
"""Who asks for no decision asks for none."""
_LINK = r"(?:en|of|maar|want|die|dat|and|or|but|who|that|,|;|\s)+"
_LEAD = re.compile(rf"{_LINK}\s", re.IGNORECASE)
_TAIL = re.compile(rf"[\s,;:.!?]*(?:\s{_LINK})?$", re.IGNORECASE)


class LearnedFactRecognizer(CodeRecognizer):
    """Facts that no vocabulary holds. The rule's entity says which kind.

    Vocabularies come first: where they found two facts, or one of another kind, their word stands; where they found one
    of this kind, the whole phrase is masked. A single word is theirs alone.
    """

    stage = 3

    def __init__(self, rule: DetectionRule, reader: SecondReader, phrasebook: Phrasebook) -> None:
        super().__init__(rule)
        self._reader = reader
        self._phrasebook = phrasebook
        self._label = LABEL_OF[rule.entity]

    def find(self, look: Look) -> Iterator[Hit]:
        """The facts of this kind in the start of the text."""
        text = look.reading.text
        known = [hit for hit in look.earlier if hit.entity in LABEL_OF]
        for fact in self._reader.start(look.reading).facts:
            if fact.label == self._label and not self._is_of_a_group(look, fact.start):
                start, end = _without_links(text, fact.start, fact.end)
                inside = [hit for hit in known if hit.start < end and start < hit.end]
                if len(text[start:end].split()) == 1 or _NO_REQUEST.search(text, start, end):
                    continue
                if not inside or (len(inside) == 1 and inside[0].entity is self.rule.entity):
                    yield self.hit(start, end, fact.score)

    def _is_of_a_group(self, look: Look, position: int) -> bool:
        """The sentence speaks of people in general, and nobody in particular is about. A sealed fact is of nobody."""
        if self.rule.entity is Entity.CONFIDENTIAL_FACT:
            return False
        words, scene = self._phrasebook.words(look.reading), self._phrasebook.scene(look)
        sentence = words.sentence[max(0, words.at(position))]
        return scene.speaks_of_a_group(sentence) and not scene.is_about_a_person(sentence)


def _without_links(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without *and*, *who* and marks at its ends: they join facts and belong to none."""
    lead = _LEAD.match(text, start, end)
    tail = _TAIL.search(text[start:end])
    first, last = lead.end() if lead else start, start + tail.start() if tail else end
    return (first, last) if first < last else (start, end)
