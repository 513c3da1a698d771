"""The PERSON recognizer: names by rules, the models' opinion, office-holders out, later mentions in."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gateway.detection.made_up import MadeUp
from gateway.detection.models import Models
from gateway.detection.persons.columns import unnamed_cells
from gateway.detection.persons.evidence import Evidence, NameFinder
from gateway.detection.persons.grammar import Name
from gateway.detection.persons.mentions import mentions, prefixes_of, words_of
from gateway.detection.persons.office import is_public
from gateway.detection.persons.opinion import Opinion, Opinions
from gateway.detection.persons.shortened import shortened
from gateway.detection.persons.tokens import Token, Tokenizer
from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.second_reader import MOST_WORDS, SecondReader
from gateway.rulebook.documents.detection import DetectionRule

if TYPE_CHECKING:
    from nl_models import Span

WEAK = 0.65
"""A name found with no more than this needs model A beside it (when there is one) and says nothing of other words."""


class PersonRecognizer(CodeRecognizer):
    """Names of private persons in any case and order.

    Option `second_opinion_words`: how many words of a text model B may read at most (0: never).
    """

    def __init__(
        self, rule: DetectionRule, models: Models, reader: SecondReader, lists: Mapping[str, tuple[str, ...]]
    ) -> None:
        super().__init__(rule)
        self._lexicon = models.lexicon
        self._vocabulary = NameVocabulary.of(lists)
        self._tokenizer = Tokenizer(models.lexicon)
        self._finder = NameFinder(self._vocabulary, models.lexicon)
        self._opinions = Opinions(models)
        self._reader = reader
        self._made_up = MadeUp(lists)
        self._most_words = int(rule.options.get("second_opinion_words", MOST_WORDS))

    def find(self, look: Look) -> Iterator[Hit]:
        if self._made_up.is_all(look.reading.text):
            return
        tokens = self._tokenizer.tokens(look.reading.text)
        by_rules = list(self._finder.find(look.reading, tokens))
        first = self._opinions.of(look.reading)
        found = [*self._supported(tokens, by_rules, first), *self._from_model(tokens, first)]
        candidates = [_span(tokens, one) for one in [*by_rules, *found]]
        second = self._reader.names(look.reading, candidates, self._most_words)
        sure = [_span(tokens, one) for one in by_rules if one.score > WEAK]
        found = [one for one in found if _touches(sure, *_span(tokens, one)) or not second.denies(*_span(tokens, one))]
        found += self._from_model(tokens, second.names)
        public = [one.name for one in found if is_public(look.reading.text, tokens, one.name, self._vocabulary)]
        in_office = words_of(tokens, public)
        private = [one for one in found if one.name not in public and not self._is_all(tokens, one.name, in_office)]
        spans = [(*_span(tokens, one), one.score) for one in private]
        sure_names = [one.name for one in private if one.score > WEAK]
        known = words_of(tokens, sure_names) - in_office
        again = mentions(tokens, known, prefixes_of(tokens, sure_names))
        spans += [(tokens[first].start, tokens[last].end, 0.75) for first, last in again]
        spans += shortened(look.reading, self._vocabulary, self._lexicon)
        merged = list(_merged(spans))
        people = [(start, end) for start, end, _ in merged]
        text, tables = look.reading.text, look.reading.tables
        merged += [(*cell, 0.7) for cell in unnamed_cells(text, tables, people, self._vocabulary, self._lexicon)]
        for start, end, score in _merged(merged):
            yield self.hit(start, end, score)

    def _supported(
        self, tokens: Sequence[Token], by_rules: Sequence[Evidence], first: Sequence[Opinion]
    ) -> Iterator[Evidence]:
        """The names by rules that stand: a weak one only when model A does not contradict it."""
        persons = sorted((one.start, one.end) for one in first if one.label == "PER")
        for evidence in by_rules:
            start, end = _span(tokens, evidence)
            if evidence.score > WEAK or not self._opinions.exist or _touches(persons, start, end):
                yield evidence

    def _from_model(self, tokens: Sequence[Token], opinions: "Sequence[Opinion | Span]") -> Iterator[Evidence]:
        """A model's persons as names, cut to whole words, without what the rules know to be something else."""
        starts = [token.start for token in tokens]
        for opinion in opinions:
            if opinion.label != "PER":
                continue
            first = bisect_right(starts, opinion.start) - 1
            last = bisect_left(starts, opinion.end) - 1
            name = self._finder.named(tokens, max(0, first), last)
            if name is not None:
                yield Evidence(name, opinion.score)

    def _is_all(self, tokens: Sequence[Token], name: Name, words: frozenset[str]) -> bool:
        """Whether this is another mention of somebody in office."""
        own = words_of(tokens, [name])
        return bool(own) and own <= words


def _span(tokens: Sequence[Token], evidence: Evidence) -> tuple[int, int]:
    return tokens[evidence.name.first].start, tokens[evidence.name.last].end


def _touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(spans, (end, 0))
    return at > 0 and spans[at - 1][1] > start


def _merged(spans: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    """Overlapping spans as one, with the highest score."""
    current: tuple[int, int, float] | None = None
    for start, end, score in sorted(spans):
        if current and start < current[1]:
            current = (current[0], max(current[1], end), max(current[2], score))
            continue
        if current:
            yield current
        current = (start, end, score)
    if current:
        yield current
