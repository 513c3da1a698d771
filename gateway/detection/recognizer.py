"""The two shapes of a recognizer: a rule with patterns, and a rule with code. Both are Presidio recognizers.

Presidio's own `analyze` works on each, so its tools and an `AnalyzerEngine` can use them; the gateway calls `find`,
which looks only where the first layer saw a trigger and ends in time.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import regex
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

from gateway.detection.checksums import CHECKSUMS
from gateway.detection.context import ContextWindow
from gateway.detection.prefilter import REACH
from gateway.detection.reading import Hit, Look, Reading, Spans
from gateway.detection.walk import Walk, walkable
from gateway.rulebook.documents.detection import DetectionRule, ScoredPattern

LANGUAGE = "nl"
_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL
_SLACK = 400
"""Code points a match may run past the end of its window before it is matched again on the whole text."""

TIMEOUT_MS = 250
"""CPU time a pattern may take on a text, plus a microsecond a code point; more is a runaway and becomes a gap."""


class Recognizer(Protocol):
    """What the inspector runs. Stage 2 recognizers get the hits of stage 1 in `look.earlier`.

    `triggers` are patterns, one of which is in every text with a hit (the first layer looks for a weaker form of them);
    empty means: always look; `lead` is how many code points before its trigger a hit may begin.
    `find` raises TimeoutError when it ran out of time; it must never return a part of the truth instead.
    """

    rule: DetectionRule
    stage: int
    triggers: tuple[str, ...]
    lead: int

    def find(self, look: Look) -> Iterable[Hit]: ...


class CodeRecognizer(EntityRecognizer):
    """A recognizer whose rule names code. Subclasses give `find`, and `triggers` where a cheap one exists."""

    stage = 1
    triggers: tuple[str, ...] = ()
    lead = REACH

    def __init__(self, rule: DetectionRule) -> None:
        self.rule = rule
        self.context_window = ContextWindow.of(rule.context)
        super().__init__(supported_entities=[rule.entity.value], name=rule.id, supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load: resources come in through the constructor."""

    @abstractmethod
    def find(self, look: Look) -> Iterable[Hit]:
        """The hits in `look.reading`."""

    def hit(self, start: int, end: int, score: float, *, validated: bool = False) -> Hit:
        """A hit of this rule."""
        return Hit(self.rule.entity, start, end, score, self.rule.id, validated)

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ANN401, ARG002
        """Presidio's entry: the same finds over the whole text, in the text's own offsets."""
        reading = Reading(text)
        hits = self.find(Look(reading, windows=((0, len(reading.text)),)))
        return [RecognizerResult(hit.entity.value, *reading.to_original(hit.start, hit.end), hit.score) for hit in hits]


class RulePatternRecognizer(PatternRecognizer):
    """A rule with patterns: a group named `value` narrows the span, a checksum decides, context weighs."""

    stage = 1
    lead = 0

    def __init__(self, rule: DetectionRule) -> None:
        self.rule = rule
        self._check = CHECKSUMS[rule.validate_with] if rule.validate_with else None
        self._context = ContextWindow.of(rule.context)
        self._compiled = tuple((walkable(_source(one), _FLAGS), one) for one in rule.patterns)
        self.triggers = tuple(f"(?i:{_source(one)})" for one in rule.patterns)
        """One for each pattern, in order."""
        super().__init__(
            supported_entity=rule.entity.value,
            name=rule.id,
            supported_language=LANGUAGE,
            patterns=[Pattern(one.id, _source(one), one.score) for one in rule.patterns],
            context=list(rule.context.words),
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Presidio's checksum step."""
        return None if self._check is None else self._check(pattern_text)

    def find(self, look: Look) -> Iterator[Hit]:
        for number, (pattern, scored) in enumerate(self._compiled):
            windows = look.by_trigger.get(number, ()) if look.by_trigger else look.windows
            yield from self._matches(look.reading, pattern, scored, windows)

    def _matches(
        self, reading: Reading, pattern: "regex.Pattern[str]", scored: ScoredPattern, windows: Spans
    ) -> Iterator[Hit]:
        text = reading.text
        walk = Walk(pattern, text, _SLACK, TIMEOUT_MS / 1_000 + len(text) / 1_000_000)
        for match in walk.over(windows):
            whole = match
            if match.end() == match.endpos < len(text):
                whole = pattern.match(text, match.start(), timeout=TIMEOUT_MS / 1_000) or match
            span = whole.span("value") if "value" in pattern.groupindex else whole.span()
            if span[0] < span[1]:
                hit = self._weighed(reading, span, scored)
                if hit:
                    yield hit

    def _weighed(self, reading: Reading, span: tuple[int, int], scored: ScoredPattern) -> Hit | None:
        score = scored.score
        if self._check is not None:
            if not self._check(reading.text[span[0] : span[1]]):
                return None
            score = max(score, self.rule.on_valid)
        score = self._context.score(reading, *span, score)
        return Hit(self.rule.entity, *span, score, self.rule.id, validated=self._check is not None)


class TermRecognizer(RulePatternRecognizer):
    """A rule with terms: whole words or phrases in any case and spacing; a trailing `*` stands for any ending."""

    def __init__(self, rule: DetectionRule, terms: Sequence[str]) -> None:
        one = ScoredPattern(id="terms", regex=terms_regex(terms), score=1.0)
        super().__init__(rule.model_copy(update={"patterns": (one,)}))


def terms_regex(terms: Iterable[str]) -> str:
    """One expression for all terms, longest first."""
    ordered = sorted({" ".join(term.split()) for term in terms if term.strip()}, key=lambda term: (-len(term), term))
    phrases = (r"\s{1,3}".join(regex.escape(word) for word in term.removesuffix("*").split()) for term in ordered)
    endings = (r"[^\W_]{0,30}" if term.endswith("*") else "" for term in ordered)
    body = "|".join(phrase + ending for phrase, ending in zip(phrases, endings, strict=True))
    return rf"(?<![^\W_])(?:{body})(?![^\W_])"


def _source(pattern: ScoredPattern) -> str:
    return f"(?-i:{pattern.regex})" if pattern.case else pattern.regex
