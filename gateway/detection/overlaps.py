"""Overlap resolution: validated beats unvalidated, then longer beats shorter, then the higher score.

Identifiers compete with identifiers. Phrases (special categories, confidentiality, a request for a decision) lie over
names and numbers on purpose; they compete only with phrases of their own entity.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable

from gateway.detection.reading import Hit
from gateway.model.inspection import DATA_CLASS_OF, DataClass

_IDENTIFYING = frozenset({DataClass.PERSONAL, DataClass.NATIONAL_IDENTIFIER, DataClass.SECRET})


def resolve(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits that stand, in order of their start. O(n log n); hits that only touch do not overlap."""
    standing: list[Hit] = []
    taken: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for hit in sorted(hits, key=_strength):
        spans = taken["" if DATA_CLASS_OF[hit.entity] in _IDENTIFYING else hit.entity]
        at = bisect_left(spans, (hit.start, hit.end))
        if at and spans[at - 1][1] > hit.start:
            continue
        if at < len(spans) and spans[at][0] < hit.end:
            continue
        insort(spans, (hit.start, hit.end))
        standing.append(hit)
    return tuple(sorted(standing, key=lambda hit: (hit.start, hit.end, hit.entity)))


def _strength(hit: Hit) -> tuple[bool, int, float, int, str]:
    return (not hit.validated, hit.start - hit.end, -hit.score, hit.start, hit.rule_id)
