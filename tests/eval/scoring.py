"""The score of a detector on labelled prompts, by the method of the shared `score.py`.

Identifier labels: a span is hit when a fitting find covers half of it and it half of the find, or when fitting finds
together cover 90 % of its letters and digits. *Covered*: finds of any entity together cover 90 %. Phrase labels: any
overlap with a fitting find. A find is false when it touches no labelled and no ignored span; not counted in `refuse`
examples, whose labelling is not exhaustive.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity
from tests.eval.corpora import Example, Span

PHRASES = frozenset({"HEALTH", "CRIMINAL", "OTHER_SPECIAL", "FINANCIAL", "CONFIDENTIAL"})
_OTHER_SPECIAL = (Entity.RELIGION, Entity.ETHNICITY, Entity.POLITICS, Entity.UNION, Entity.SEXUALITY)
LABELS: Mapping[Entity, frozenset[str]] = {
    Entity.PERSON: frozenset({"PERSON"}),
    Entity.LOCATION: frozenset({"ADDRESS", "POSTCODE"}),
    Entity.NL_POSTCODE: frozenset({"POSTCODE", "ADDRESS"}),
    Entity.DATE_OF_BIRTH: frozenset({"DATE_OF_BIRTH"}),
    Entity.NL_BSN: frozenset({"BSN"}),
    Entity.PHONE_NUMBER: frozenset({"PHONE"}),
    Entity.EMAIL_ADDRESS: frozenset({"EMAIL"}),
    Entity.IBAN_CODE: frozenset({"IBAN"}),
    Entity.NL_LICENSE_PLATE: frozenset({"LICENSE_PLATE"}),
    Entity.NL_ID_DOCUMENT: frozenset({"ID_DOCUMENT"}),
    Entity.NL_V_NUMBER: frozenset({"ID_DOCUMENT", "CASE_NUMBER"}),
    Entity.NL_CASE_NUMBER: frozenset({"CASE_NUMBER"}),
    Entity.NL_A_NUMBER: frozenset({"CASE_NUMBER", "ID_DOCUMENT"}),
    Entity.NL_KVK: frozenset({"KVK_BTW"}),
    Entity.NL_RSIN: frozenset({"KVK_BTW"}),
    Entity.NL_VAT_ID: frozenset({"KVK_BTW"}),
    Entity.IP_ADDRESS: frozenset({"IP_OR_DEVICE"}),
    Entity.MAC_ADDRESS: frozenset({"IP_OR_DEVICE"}),
    Entity.DEVICE_ID: frozenset({"IP_OR_DEVICE"}),
    Entity.HEALTH: frozenset({"HEALTH"}),
    Entity.CRIMINAL: frozenset({"CRIMINAL"}),
    Entity.FINANCIAL: frozenset({"FINANCIAL"}),
    Entity.SECRET: frozenset({"SECRET"}),
    **dict.fromkeys(_OTHER_SPECIAL, frozenset({"OTHER_SPECIAL"})),
    **{e: frozenset({"CONFIDENTIAL"}) for e in Entity if DATA_CLASS_OF[e] is DataClass.CONFIDENTIAL},
}
ENOUGH_MENTIONS = 8
"""Names of one origin that a recall may be told of (issue B)."""

STRENGTH = {"allow": 0, "warn": 0, "coach": 1, "redact": 1, "refuse": 2}


@dataclass(frozen=True, slots=True)
class Find:
    """One find of the detector under test."""

    entity: Entity
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a detector said of one example."""

    verdict: str
    finds: tuple[Find, ...] = ()


@dataclass(slots=True)
class Score:
    """Counts over a set of examples; ratios are computed from them. A ratio of nothing is 1."""

    hits: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    right: Counter[Entity] = field(default_factory=Counter)
    false: Counter[Entity] = field(default_factory=Counter)
    origin_hits: Counter[str] = field(default_factory=Counter)
    origin_total: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def recall(self, labels: Iterable[str]) -> float:
        return _ratio(self.hits, self.total, labels)

    def cover(self, labels: Iterable[str]) -> float:
        return _ratio(self.covered, self.total, labels)

    @property
    def worst_origin(self) -> float | None:
        """The lowest recall of names among the origins with enough mentions; None when there is none."""
        enough = [origin for origin, mentions in self.origin_total.items() if origin and mentions >= ENOUGH_MENTIONS]
        return min((self.origin_hits[one] / self.origin_total[one] for one in enough), default=None)

    @property
    def precision(self) -> float:
        finds = self.right.total() + self.false.total()
        return self.right.total() / finds if finds else 1.0

    @property
    def harmless_bothered(self) -> tuple[int, int]:
        return self._verdicts({"allow"}, lambda strength: strength > 0)

    @property
    def sensitive_let_through(self) -> tuple[int, int]:
        return self._verdicts({"redact", "refuse"}, lambda strength: strength == 0)

    @property
    def refusals_missed(self) -> tuple[int, int]:
        return self._verdicts({"refuse"}, lambda strength: strength < 2)

    @property
    def verdict_accuracy(self) -> float:
        right = sum(n for (gold, said), n in self.verdicts.items() if STRENGTH[gold] == STRENGTH[said])
        return right / max(1, self.verdicts.total())

    def _verdicts(self, gold: set[str], is_wrong: Callable[[int], bool]) -> tuple[int, int]:
        rows = [(said, n) for (want, said), n in self.verdicts.items() if want in gold]
        return sum(n for said, n in rows if is_wrong(STRENGTH[said])), sum(n for _, n in rows)


def score(examples: Sequence[Example], predictions: Mapping[str, Prediction]) -> Score:
    """Score predictions by example id; an example without prediction counts as let through."""
    result = Score()
    for example in examples:
        said = predictions.get(example.id, Prediction("allow"))
        result.verdicts[example.verdict, said.verdict] += 1
        for span in example.spans:
            fitting = [find for find in said.finds if span.label in LABELS.get(find.entity, ())]
            is_hit = _is_hit(span, fitting, example.text)
            result.total[span.label] += 1
            result.hits[span.label] += is_hit
            result.covered[span.label] += _share(span, said.finds, example.text) >= 0.9
            if span.label == "PERSON":
                result.origin_total[span.origin or "?"] += 1
                result.origin_hits[span.origin or "?"] += is_hit
        for find in said.finds:
            labelled = any(_overlap(span, find) for span in example.spans)
            if labelled or any(_overlap(span, find) for span in example.ignored):
                result.right[find.entity] += labelled
            elif example.verdict != "refuse" and find.entity is not Entity.DECISION_REQUEST:
                result.false[find.entity] += 1
    return result


def _overlap(span: Span, find: Find) -> int:
    return max(0, min(span.end, find.end) - max(span.start, find.start))


def _share(span: Span, finds: Iterable[Find], text: str) -> float:
    wanted = {at for at in range(span.start, span.end) if text[at].isalnum()}
    covered = {at for find in finds for at in range(find.start, find.end)}
    return len(wanted & covered) / len(wanted) if wanted else 1.0


def _is_hit(span: Span, fitting: Sequence[Find], text: str) -> bool:
    if span.label in PHRASES:
        return any(_overlap(span, find) for find in fitting)
    size = span.end - span.start
    for find in fitting:
        common = _overlap(span, find)
        if 2 * common >= size and 2 * common >= find.end - find.start:
            return True
    return _share(span, fitting, text) >= 0.9


def _ratio(part: Mapping[str, int], whole: Mapping[str, int], labels: Iterable[str]) -> float:
    chosen = [label for label in labels if whole[label]]
    total = sum(whole[label] for label in chosen)
    return sum(part[label] for label in chosen) / total if total else 1.0
