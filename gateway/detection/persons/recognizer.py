"""The PERSON recognizer: names by rules, the models' opinion, office-holders out, later mentions in."""

from collections.abc import Iterator, Mapping, Sequence

import regex

from gateway.detection.models import Models
from gateway.detection.persons.evidence import Evidence, NameFinder
from gateway.detection.persons.grammar import Name
from gateway.detection.persons.mentions import mentions, words_of
from gateway.detection.persons.office import is_public
from gateway.detection.persons.tokens import Tokenizer
from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.rulebook.documents.detection import DetectionRule

_LOGIN = regex.compile(
    r"(?<![\w.@/\\-])(?:[A-Z]{2,12}\\)?(?P<value>(?P<given>\p{L}{1,20})\.(?:(?:van|de|den|der|vd)\.?){0,2}(?P<family>\p{L}{3,25}))"
    r"(?![\w@]|[.-]\w)",
    regex.IGNORECASE,
)
_WEAK = 0.65
"""Names found with no more than this do not make the same word a name elsewhere."""

_INITIALS_ONLY = regex.compile(r"(?<![\w.-])(?P<value>[A-Z]{1,2}vd[A-Z]{1,2})(?![\w.-])")


class PersonRecognizer(CodeRecognizer):
    """Names of private persons in any case and order; a capital or a listed name has to be in the text at all."""

    def __init__(self, rule: DetectionRule, models: Models, lists: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rule)
        self._models = models
        self._vocabulary = NameVocabulary.of(lists)
        self._tokenizer = Tokenizer(models.lexicon)
        self._finder = NameFinder(self._vocabulary)

    def find(self, look: Look) -> Iterator[Hit]:
        tokens = self._tokenizer.tokens(look.reading.text)
        private: list[Evidence] = []
        public: list[Name] = []
        for evidence in self._finder.find(look.reading, tokens):
            if is_public(look.reading.text, tokens, evidence.name, self._vocabulary):
                public.append(evidence.name)
            else:
                private.append(evidence)
        in_office = words_of(tokens, public)
        private = [one for one in private if not words_of(tokens, [one.name]) <= in_office]
        spans = [(tokens[one.name.first].start, tokens[one.name.last].end, one.score) for one in private]
        known = words_of(tokens, [one.name for one in private if one.score > _WEAK]) - in_office
        spans += [(tokens[index].start, tokens[index].end, 0.75) for index in mentions(tokens, known)]
        spans += self._logins(look)
        for start, end, score in _merged(spans):
            yield self.hit(start, end, score)

    def _logins(self, look: Look) -> Iterator[tuple[int, int, float]]:
        text, lexicon = look.reading.text, self._models.lexicon
        if lexicon is None:
            return
        for match in _LOGIN.finditer(text):
            given, family = match["given"], match["family"]
            single = len(given) == 1
            if lexicon.surname(family) and lexicon.commonness(family) < 2 and (single or lexicon.first_name(given)):
                if not single and (lexicon.commonness(given) > 1 or (given[0].isupper() and family[0].isupper())):
                    continue
                yield match.start("value"), match.end("value"), 0.75
        for match in _INITIALS_ONLY.finditer(text):
            yield match.start("value"), match.end("value"), 0.62


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
