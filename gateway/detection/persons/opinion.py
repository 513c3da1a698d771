"""What the models say: model A on every text, model B on the sentences where a second opinion pays."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from gateway.detection.models import Models
from gateway.detection.reading import Reading

_CHUNK = 5_000
"""Code points model A sees at a time: what it computes then stays in the processor's cache. Longer texts are cut at a
line end, behind a full stop, or at a space, the first of these that stands in the second half."""

_CUTS = ("\n", ". ", " ")


@dataclass(frozen=True, slots=True)
class Opinion:
    """A span a model names, with its label: PER, LOC or ORG."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What model B was asked (sentences, in order) and what it named in them."""

    sentences: tuple[tuple[int, int], ...] = ()
    opinions: tuple[Opinion, ...] = ()

    def denies(self, start: int, end: int) -> bool:
        """Whether B read this span and saw no person in it."""
        at = bisect_right(self.sentences, (start, inf)) - 1
        if at < 0 or self.sentences[at][1] <= start:
            return False
        return not any(one.label == "PER" and one.start < end and start < one.end for one in self.opinions)


class Opinions:
    """Asks the models that are loaded; without any of them there is no opinion."""

    def __init__(self, models: Models, most_words: int) -> None:
        self._pipeline = models.pipeline
        self._second = models.second_opinion
        self._most_words = most_words

    @property
    def has_first(self) -> bool:
        """Whether model A is loaded."""
        return self._pipeline is not None

    def first(self, reading: Reading) -> list[Opinion]:
        """Model A's spans."""
        if self._pipeline is None:
            return []
        found: list[Opinion] = []
        with self._pipeline.memory_zone():
            for start, end in _chunks(reading.text):
                for span in self._pipeline(reading.text[start:end]).ents:
                    found.append(Opinion(start + span.start_char, start + span.end_char, span.label_, 0.75))
        return found

    def second(self, reading: Reading, candidates: Sequence[tuple[int, int]]) -> "SecondLook":
        """Model B's spans in the sentences that hold a candidate, up to the word limit of the rule."""
        if self._second is None or not candidates:
            return SecondLook()
        sentences: list[tuple[int, int]] = []
        words = 0
        for sentence in sorted({reading.sentence_at(start) for start, _ in candidates}):
            words += len(reading.words_between(*sentence))
            if words > self._most_words:
                break
            sentences.append(sentence)
        spans = self._second.persons(reading.text, sentences)
        return SecondLook(
            tuple(sentences), tuple(Opinion(span.start, span.end, span.label, span.score) for span in spans)
        )


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text):
            cuts = (text.rfind(sign, start + _CHUNK // 2, end) + len(sign) for sign in _CUTS)
            end = next((cut for cut in cuts if cut > start + _CHUNK // 2), end)
        yield start, end
        start = end
