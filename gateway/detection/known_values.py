"""Values a rule knows to be no finding: the municipality's own, and those of manuals where the text says so."""

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from gateway.detection.context import ContextWords
from gateway.detection.reading import Hit
from gateway.model.inspection import Entity
from gateway.rulebook.documents.detection import DetectionRule

_NEAR, _NEAR_A_NAME = 60, 15
"""Code points on either side of a value in which such a word counts; before a name only, for many bear the names of
manuals."""


_IN_A_NAME = ("@", ".", "-", "/")
"""Signs before a word that is part of an address (`wobbe@voorbeeld.nl`) and says nothing."""


@dataclass(frozen=True, slots=True)
class KnownValues:
    """Of one rule. `own` is matched with the whole value in any case; `examples` with its letters and digits."""

    own: re.Pattern[str] | None
    examples: frozenset[str]
    words: ContextWords | None
    before: int
    behind: int

    @classmethod
    def of(cls, rule: DetectionRule, lists: Mapping[str, tuple[str, ...]]) -> "KnownValues":
        """`*` stands for anything in a value that is allowed; in an example it is a letter as any other."""
        own = rule.allow + tuple(value for name in rule.allow_from for value in lists.get(name, ()))
        examples = frozenset(_bare(value) for name in rule.examples_from for value in lists.get(name, ()))
        pattern = re.compile("|".join(map(fnmatch.translate, own)), re.IGNORECASE) if own else None
        words = ContextWords.of(tuple(word for name in rule.example_words_from for word in lists.get(name, ())))
        near = (_NEAR_A_NAME, 0) if rule.entity is Entity.PERSON else (_NEAR, _NEAR)
        return cls(pattern, examples, words, *near)

    def without(self, hits: Iterable[Hit], text: str) -> list[Hit]:
        """The hits that stay."""
        return [hit for hit in hits if not self._is_own(hit, text) and not self._is_example(hit, text)]

    def _is_own(self, hit: Hit, text: str) -> bool:
        return self.own is not None and self.own.fullmatch(text, hit.start, hit.end) is not None

    def _is_example(self, hit: Hit, text: str) -> bool:
        if self.words is None or _bare(text[hit.start : hit.end]) not in self.examples:
            return False
        before = self.words.within(text, max(0, hit.start - self.before), hit.start)
        behind = self.words.within(text, hit.end, hit.end + self.behind)
        return any(text[word.start() - 1 : word.start()] not in _IN_A_NAME for word in chain(before, behind))


def _bare(value: str) -> str:
    return "".join(filter(str.isalnum, value)).lower()
