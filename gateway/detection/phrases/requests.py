"""Requests that the AI decides about a person, as opposed to help with words for a decision a human took."""

from collections.abc import Iterator, Sequence

from gateway.detection.phrases.scenes import Scene
from gateway.detection.phrases.vocabulary import Hit, Vocabularies
from gateway.detection.phrases.words import Words

_REACH = 24
_NEXT_SENTENCES = 1


class DecisionRequestFinder:
    """Finds requests for a decision with legal or financial effect about a person.

    The matcher's vocabularies are the effects (what is decided: *toekennen*, *boete*), the askings (how it is asked:
    *moet ik*, *beoordeel of*), what says that a human decided already, and that the question is about rules. Without
    `needs_asking` each effect is a request in itself. With `is_question` an asking must open its sentence, or the
    sentence end as a question: *kan het college ambtshalve* is law.
    """

    def __init__(self, matcher: Vocabularies, *, needs_asking: bool, is_question: bool = False) -> None:
        self._needs_asking = needs_asking
        self._is_question = is_question
        self._matcher = matcher

    def find(self, words: Words, scene: Scene) -> Iterator[tuple[int, int, float]]:
        """(start, end, score) of each request, from the asking to the effect."""
        hits = self._matcher.find(words)
        by_sentence: dict[int, list[list[Hit]]] = {}
        for hit in hits:
            by_sentence.setdefault(words.sentence[hit.first], [[], [], [], []])[hit.vocabulary].append(hit)
        for home, (effects, askings, made, general) in by_sentence.items():
            if made or general or not scene.is_about_a_person(home):
                continue
            if not self._needs_asking:
                yield from (_span(words, effect, effect) for effect in effects)
                continue
            asked = [hit for hit in askings if _asks(words, hit)] if self._is_question else askings
            for reach in range(_NEXT_SENTENCES + 1):
                near = effects if reach == 0 else by_sentence.get(home - reach, [[]])[0]
                pair = _nearest(asked, near)
                if pair:
                    yield _span(words, *pair)
                    break


def _asks(words: Words, asking: Hit) -> bool:
    """Whether the asking is the first of its sentence or line, or the sentence ends with a question mark."""
    home, last = words.sentence[asking.first], asking.last
    if not asking.first or words.sentence[asking.first - 1] != home:
        return True
    while last + 1 < len(words) and words.sentence[last + 1] == home:
        last += 1
    return "?" in words.text[words.ends[last] : words.ends[last] + 3]


def _nearest(askings: Sequence[Hit], effects: Sequence[Hit]) -> tuple[Hit, Hit] | None:
    """The asking and the effect that stand closest to each other, one pass over both; both are in order."""
    best: tuple[int, Hit, Hit] | None = None
    last: dict[bool, Hit] = {}
    marked = sorted(
        [(hit.first, True, hit) for hit in askings] + [(hit.first, False, hit) for hit in effects],
        key=lambda entry: entry[:2],
    )
    for first, is_asking, hit in marked:
        other = last.get(not is_asking)
        if other is not None and other.first < first and (best is None or first - other.first < best[0]):
            best = (first - other.first, hit, other) if is_asking else (first - other.first, other, hit)
        last[is_asking] = hit
    return best[1:] if best is not None and best[0] <= _REACH else None


def _span(words: Words, asking: Hit, effect: Hit) -> tuple[int, int, float]:
    first, last = min(asking.first, effect.first), max(asking.last, effect.last)
    return words.starts[first], words.ends[last], 0.8
