"""What model A, or the pipeline in its place, says of every text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.detection.models import Models
from gateway.detection.reading import Reading

_CHUNK = 16_000
"""Code points model A sees at a time: enough that cuts cost nothing, few enough for a worker's memory. Longer texts
are cut at a line end, behind a full stop, or at a space, the first of these that stands in the second half."""

_RUN = re.compile(r"(?<!\S)\S{200,}")
_SIGN = re.compile(r"[^\w\s]|_")
_CUTS = ("\n", ". ", " ")


@dataclass(frozen=True, slots=True)
class Opinion:
    """A span a model names, with its label: PER, LOC or ORG."""

    start: int
    end: int
    label: str
    score: float


class Opinions:
    """Asks the pipeline that is loaded; without one there is no opinion."""

    def __init__(self, models: Models) -> None:
        self._pipeline = models.pipeline

    @property
    def exist(self) -> bool:
        """Whether a pipeline is loaded."""
        return self._pipeline is not None

    def of(self, reading: Reading) -> list[Opinion]:
        """The pipeline's spans."""
        if self._pipeline is None:
            return []
        found: list[Opinion] = []
        with self._pipeline.memory_zone():
            for start, end in _chunks(reading.text):
                for span in self._pipeline(_readable(reading.text[start:end])).ents:
                    found.append(Opinion(start + span.start_char, start + span.end_char, span.label_, 0.75))
        return found


def _readable(text: str) -> str:
    """`text` for a tokenizer: signs in a run of hundreds without space are space, as spaCy takes off one at a time and
    looks at the whole rest each time. Of the same length."""
    return _RUN.sub(lambda run: _SIGN.sub(" ", run[0]), text)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text):
            cuts = (text.rfind(sign, start + _CHUNK // 2, end) + len(sign) for sign in _CUTS)
            end = next((cut for cut in cuts if cut > start + _CHUNK // 2), end)
        yield start, end
        start = end
