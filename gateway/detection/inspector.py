"""The loop of detection: parts in, findings, gaps and subjects out. Pure, linear, and bounded in time and depth."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gateway.detection.context import prove
from gateway.detection.hiding import HIDING_TRIGGERS, hidden_texts
from gateway.detection.known_values import KnownValues
from gateway.detection.models import ModelPaths, Models
from gateway.detection.overlaps import resolve
from gateway.detection.prefilter import Prefilter, Watch, union
from gateway.detection.reading import Hit, Look, Reading
from gateway.detection.recognizer import Recognizer
from gateway.detection.registry import Resources, build
from gateway.detection.subjects import Subjects, combined, subjects_of
from gateway.model.inspection import Entity, Finding, Gap, GapKind, Inspection
from gateway.model.traffic import PartRole, PromptPart
from gateway.rulebook.documents.common import RuleStatus
from gateway.rulebook.documents.detection import DetectionRule

MAX_CHARACTERS = 4_000_000
"""Code points of one part that are inspected; a longer part is a gap (TOO_LARGE), as is what lies deeper hidden."""

_DEPTH = 2
_ASKING = frozenset({PartRole.USER, PartRole.HISTORY, PartRole.UNKNOWN})


@dataclass(frozen=True, slots=True)
class PartInspection:
    """What one text gave; `findings` and `gaps` carry no part id yet, so equal texts share it.

    `shadow`: by rule in shadow, how many findings it would have added.
    """

    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    subjects: Subjects = field(default_factory=Subjects)
    seconds_by_layer: Mapping[str, float] = field(default_factory=dict)
    shadow: Mapping[str, int] = field(default_factory=dict)


class Inspector:
    """Detection rules, lists and models, ready to look. Building it proves that context words work."""

    def __init__(
        self,
        rules: Sequence[DetectionRule],
        lists: Mapping[str, tuple[str, ...]],
        models: ModelPaths | Models | None = None,
    ) -> None:
        prove()
        self._models = models.load() if isinstance(models, ModelPaths) else models or Models()
        self.recognizers = build(rules, Resources(lists, self._models))
        watches = [Watch(recognizer.triggers, recognizer.lead) for recognizer in self.recognizers]
        self._prefilter = Prefilter([*watches, Watch(HIDING_TRIGGERS, lead=None)])
        self._known = {rule.id: KnownValues.of(rule, lists) for rule in rules}

    def warm(self) -> None:
        """Look up the ordinary words of Dutch, so that forked workers share what is remembered of them."""
        self.inspect_text(self._models.warm())

    def inspect(self, parts: Sequence[PromptPart]) -> Inspection:
        """Everything found over all parts. A recognizer that runs out of time leaves a gap, never a clean text."""
        return gather((part, self.inspect_text(part.text)) for part in parts)

    def inspect_text(self, text: str, *, depth: int = 0) -> PartInspection:
        """What one text gives, in code points of that text."""
        if len(text) > MAX_CHARACTERS:
            return PartInspection(gaps=(Gap(GapKind.TOO_LARGE, detail="text"),))
        clock = _Clock()
        reading = Reading(text)
        windows = self._prefilter.windows(reading.text)
        clock.lap("normalise")
        gaps: list[Gap] = []
        hits: list[Hit] = []
        tried: list[Hit] = []
        for stage in (1, 2, 3):
            earlier = resolve(hits) if stage > 1 else ()
            for at, recognizer in enumerate(self.recognizers):
                if recognizer.stage == stage and at in windows:
                    found, gap = self._run(recognizer, Look(reading, earlier, union(windows[at]), windows[at]))
                    if recognizer.rule.status is RuleStatus.SHADOW:
                        tried += found
                    else:
                        hits += found
                        gaps += gap
            clock.lap(f"stage-{stage}")
        hidden, hidden_gaps = self._hidden(reading, depth) if len(self.recognizers) in windows else ([], [])
        standing = resolve([*hits, *hidden])
        clock.lap("hidden")
        findings = tuple(_finding(reading, hit) for hit in standing)
        return PartInspection(
            findings, (*gaps, *hidden_gaps), subjects_of(reading, standing), clock.laps, _added(tried, standing)
        )

    def _run(self, recognizer: Recognizer, look: Look) -> tuple[list[Hit], list[Gap]]:
        rule = recognizer.rule
        try:
            hits = [hit for hit in recognizer.find(look) if hit.score >= rule.threshold]
        except TimeoutError:
            return [], [Gap(GapKind.TIMEOUT, detail=rule.id)]
        return self._known[rule.id].without(hits, look.reading.text), []

    def _hidden(self, reading: Reading, depth: int) -> tuple[list[Hit], list[Gap]]:
        hits: list[Hit] = []
        gaps: list[Gap] = []
        for hidden in hidden_texts(reading.text):
            if depth >= _DEPTH:
                gaps.append(Gap(GapKind.TOO_DEEP, detail=hidden.kind))
                continue
            inside = self.inspect_text(hidden.text, depth=depth + 1)
            gaps += inside.gaps
            hits += hidden.hits(inside.findings)
        return hits, gaps


def _added(tried: Sequence[Hit], standing: Sequence[Hit]) -> dict[str, int]:
    """By rule, how many hits in shadow are over nothing that stands for the same entity."""
    if not tried:
        return {}
    kept = set(resolve([*tried, *standing]))
    return dict(Counter(hit.rule_id for hit in kept.intersection(tried) if not _is_known(hit, standing)))


def _is_known(hit: Hit, standing: Sequence[Hit]) -> bool:
    return any(one.entity is hit.entity and one.start < hit.end and hit.start < one.end for one in standing)


def gather(parts: Iterable[tuple[PromptPart, PartInspection]]) -> Inspection:
    """One inspection of many parts. A request is what somebody asks: words in a file or a system prompt are none."""
    every = tuple(parts)
    seconds: defaultdict[str, float] = defaultdict(float)
    shadow: Counter[str] = Counter()
    for _, seen in every:
        for layer, spent in seen.seconds_by_layer.items():
            seconds[layer] += spent
        shadow.update(seen.shadow)
    persons, is_dossier = combined(seen.subjects for _, seen in every)
    return Inspection(
        findings=tuple(
            replace(finding, part_id=part.id)
            for part, seen in every
            for finding in seen.findings
            if finding.entity is not Entity.DECISION_REQUEST or part.role in _ASKING
        ),
        gaps=tuple(replace(gap, part_id=part.id) for part, seen in every for gap in seen.gaps),
        persons=persons,
        is_dossier=is_dossier,
        seconds_by_layer=MappingProxyType(dict(seconds)),
        shadow=MappingProxyType(dict(shadow)),
    )


def _finding(reading: Reading, hit: Hit) -> Finding:
    start, end = reading.to_original(hit.start, hit.end)
    return Finding(hit.entity, "", start, end, round(hit.score, 3), hit.rule_id, hit.validated)


class _Clock:
    """CPU seconds of this process by layer."""

    def __init__(self) -> None:
        self._last = time.process_time()
        self.laps: dict[str, float] = {}

    def lap(self, layer: str) -> None:
        now = time.process_time()
        self.laps[layer] = now - self._last
        self._last = now
