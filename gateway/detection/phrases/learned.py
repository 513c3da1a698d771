"""`learned-fact`: what model B reads as a fact of somebody, a sealed fact or a request to decide, in any wording."""

import re
from collections.abc import Iterator

from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.phrases.vocabulary import Vocabularies
from gateway.detection.phrases.words import Words
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.second_reader import SecondReader
from gateway.model.inspection import Entity
from gateway.rulebook.documents.detection import DetectionRule

_OF_A_PERSON = frozenset(
    {
        Entity.HEALTH,
        Entity.CRIMINAL,
        Entity.RELIGION,
        Entity.ETHNICITY,
        Entity.POLITICS,
        Entity.UNION,
        Entity.SEXUALITY,
        Entity.FINANCIAL,
    }
)
LABEL_OF = {entity: entity.value for entity in _OF_A_PERSON} | {
    Entity.CONFIDENTIAL_FACT: "SEALED",
    Entity.DECISION_REQUEST: "DECISION",
}
"""Entities that model B knows, and its names for them (`nl_models.tags.FACTS`)."""

_NO_REQUEST = re.compile(
    r"\b(?:geen|no) (?:advies|besluit|beslissing|oordeel|advice|decision|judge?ment)\b", re.IGNORECASE
)
"""Who asks for no decision asks for none."""
_LONG = 12
"""Words of a fact that speaks for itself."""
_LINK = r"(?:en|of|maar|want|die|dat|and|or|but|who|that|,|;|\s)+"
_LEAD = re.compile(rf"{_LINK}\s", re.IGNORECASE)
_TAIL = re.compile(rf"[\s,;:.!?]*(?:\s{_LINK})?$", re.IGNORECASE)


class LearnedFactRecognizer(CodeRecognizer):
    """Facts that no vocabulary holds. The rule's entity says which kind.

    Vocabularies come first: where they found two facts, or one of another kind, their word stands; where they found one
    of this kind, the whole phrase is masked. A single word is theirs alone. Facts of a person, sealed facts and
    requests do not stand in each other's way.

    With terms, a fact counts only where one of them stands in its sentence or in one beside it (unless it is long, or
    model B as sure as option `sure` says), and in its sentence none of the list that option `unless` names.
    """

    stage = 3

    def __init__(
        self, rule: DetectionRule, terms: tuple[str, ...], reader: SecondReader, phrasebook: Phrasebook
    ) -> None:
        super().__init__(rule)
        general = phrasebook.terms(rule.options.get("unless", ""))
        self._signs = phrasebook.matcher(terms, general) if terms else None
        self._sure = float(rule.options.get("sure", 1))
        self._reader = reader
        self._phrasebook = phrasebook
        self._label = LABEL_OF[rule.entity]
        self._rivals = _OF_A_PERSON if rule.entity in _OF_A_PERSON else frozenset({rule.entity})

    def find(self, look: Look) -> Iterator[Hit]:
        """The facts of this kind in the start of the text."""
        text = look.reading.text
        seen = _Signs(self._signs, self._phrasebook.words(look.reading)) if self._signs else None
        known = [hit for hit in look.earlier if hit.entity in self._rivals]
        for fact in self._reader.start(look.reading).facts:
            if fact.label != self._label:
                continue
            start, end = _without_links(text, fact.start, fact.end)
            inside = [hit for hit in known if hit.start < end and start < hit.end]
            is_theirs = len(inside) > 1 or any(hit.entity is not self.rule.entity for hit in inside)
            is_sure = fact.score >= self._sure or len(text[start:end].split()) >= _LONG
            signed = seen is None or seen.near(start, is_sure=is_sure)
            if not is_theirs and signed and self._can_be_one(look, start, end):
                yield self.hit(start, end, fact.score)

    def _can_be_one(self, look: Look, start: int, end: int) -> bool:
        text, entity = look.reading.text, self.rule.entity
        if len(text[start:end].split()) == 1:
            return False
        if entity is Entity.DECISION_REQUEST and _NO_REQUEST.search(text, start, end):
            return False
        return entity is Entity.CONFIDENTIAL_FACT or not self._is_of_a_group(look, start)

    def _is_of_a_group(self, look: Look, position: int) -> bool:
        """The people are made up, or the sentence speaks of people in general and nobody in particular is about."""
        words, scene = self._phrasebook.words(look.reading), self._phrasebook.scene(look)
        sentence = words.sentence[max(0, words.at(position))]
        is_of_a_group = scene.speaks_of_a_group(sentence) and not scene.is_about_a_person(sentence)
        return scene.is_fiction or is_of_a_group


class _Signs:
    """In which sentences of a text the signs of a fact stand, and what speaks against one."""

    def __init__(self, matcher: Vocabularies, words: Words) -> None:
        self._words = words
        hits = matcher.find(words)
        self._signs = {words.sentence[hit.first] for hit in hits if hit.vocabulary == 0}
        self._against = {words.sentence[hit.first] for hit in hits if hit.vocabulary}

    def near(self, position: int, *, is_sure: bool) -> bool:
        """Whether a fact at `position` of the text has a sign near, or needs none."""
        home = self._words.sentence[max(0, self._words.at(position))]
        return home not in self._against and (is_sure or not self._signs.isdisjoint(range(home - 1, home + 2)))


def _without_links(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without *and*, *who* and marks at its ends: they join facts and belong to none."""
    lead = _LEAD.match(text, start, end)
    tail = _TAIL.search(text[start:end])
    first, last = lead.end() if lead else start, start + tail.start() if tail else end
    return (first, last) if first < last else (start, end)
