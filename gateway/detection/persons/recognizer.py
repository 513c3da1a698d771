"""The PERSON recognizer: names by rules, the models' opinion, office-holders out, later mentions in."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import regex

from gateway.detection.made_up import MadeUp
from gateway.detection.models import Models
from gateway.detection.persons.columns import unnamed_cells
from gateway.detection.persons.evidence import Evidence, NameFinder
from gateway.detection.persons.grammar import Name
from gateway.detection.persons.mentions import mentions, words_of
from gateway.detection.persons.office import is_public
from gateway.detection.persons.opinion import Opinion, Opinions
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

_LOGIN = regex.compile(
    r"(?<![\w.@/\\-])(?:[A-Z]{2,12}\\)?"
    r"(?P<value>(?P<given>\p{L}{1,20})\.(?:(?:van|de|den|der|vd)\.?){0,2}(?P<family>\p{L}{3,25}))(?![\w@]|[.-]\w)",
    regex.IGNORECASE,
)
_LOGIN_LABEL = regex.compile(
    r"(?:log-?in|inlog|gebruikersnaam|username|user|account|ad-account)\W{1,3}$", regex.IGNORECASE
)
_INITIALS_ONLY = regex.compile(r"(?<![\w.-])(?P<value>[A-Z]{1,2}vd[A-Z]{1,2})(?![\w.-])")


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
        known = words_of(tokens, [one.name for one in private if one.score > WEAK]) - in_office
        spans += [(tokens[index].start, tokens[index].end, 0.75) for index in mentions(tokens, known)]
        spans += self._logins(look)
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

    def _logins(self, look: Look) -> Iterator[tuple[int, int, float]]:
        text, lexicon = look.reading.text, self._lexicon
        if lexicon is None:
            return
        for match in _LOGIN.finditer(text) if _has_dot_inside(text) else ():
            given, family = match["given"], match["family"]
            single = len(given) == 1
            if single and _LOGIN_LABEL.search(text, max(0, match.start() - 20), match.start()):
                yield match.start("value"), match.end("value"), 0.75
                continue
            if lexicon.surname(family) and lexicon.commonness(family) < 2 and (single or lexicon.first_name(given)):
                if not single and (lexicon.commonness(given) > 1 or (given[0].isupper() and family[0].isupper())):
                    continue
                yield match.start("value"), match.end("value"), 0.75
        for match in _INITIALS_ONLY.finditer(text) if "vd" in text else ():
            if match["value"].lower() in self._vocabulary.never:
                continue
            yield match.start("value"), match.end("value"), 0.62


def _has_dot_inside(text: str) -> bool:
    """Whether a dot stands between two letters, as in every log-in name and in few texts."""
    at = text.find(".")
    while at >= 0:
        if text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha():
            return True
        at = text.find(".", at + 1)
    return False


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
