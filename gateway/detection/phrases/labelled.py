"""Facts that a label announces: the value after `Diagnose:` on a form, and the cells under the head `diagnose`.

A label makes any value a fact, also one that no word list knows.
"""

from collections.abc import Iterator, Sequence

import regex

from gateway.detection.phrases.scenes import Scene
from gateway.detection.phrases.vocabulary import Hit, Vocabularies
from gateway.detection.phrases.words import Words
from gateway.detection.tables import Tables

_NOTHING = regex.compile(
    r"(?:geen\b.*|nee\b|neen|nvt|n\.v\.t\.?|n/a|none|no|onbekend|unknown|leeg|idem|nog niet bekend"
    r"|zie (?:bijlage|boven).*|(?:nog )?in te vullen.*|[\W_]*|\[.*\]|<.*>|x+|\.+)",
    regex.IGNORECASE,
)
_VALUE = regex.compile(
    r"[\"']?\s*[:=>]\s*[\"']?(?P<value>[^\n;|<\"]{1,160}?)(?=\s*(?:[.;|]\s|[.;|]?$|\n|[<\"]))", regex.MULTILINE
)
_SCORE = 0.85


class LabelledFactFinder:
    """Finds the values of the labels of one rule; linear in the text."""

    def __init__(self, labels: Vocabularies) -> None:
        self._matcher = labels

    def find(self, words: Words, scene: Scene, tables: Tables) -> Iterator[tuple[int, int, float]]:
        """(start, end, score) of each value that is said of an identifiable person."""
        hits = self._matcher.find(words)
        if not hits:
            return
        yield from self._forms(words, scene, hits)
        yield from self._columns(words, scene, hits, tables)

    def _forms(self, words: Words, scene: Scene, hits: Sequence[Hit]) -> Iterator[tuple[int, int, float]]:
        for hit in hits:
            value = _VALUE.match(words.text, words.ends[hit.last])
            if value is None or not scene.is_about_a_person(words.sentence[hit.first]):
                continue
            if _says_something(value["value"]):
                yield *value.span("value"), _SCORE

    def _columns(
        self, words: Words, scene: Scene, hits: Sequence[Hit], tables: Tables
    ) -> Iterator[tuple[int, int, float]]:
        labels = {(words.starts[hit.first], words.ends[hit.last]) for hit in hits}
        for head, (start, end) in tables.cells():
            if head in labels and scene.names_somebody_on_the_line_of(start) and _says_something(words.text[start:end]):
                yield start, end, _SCORE


def _says_something(value: str) -> bool:
    return _NOTHING.fullmatch(value.strip()) is None
