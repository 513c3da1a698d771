"""Taking values out of prompt parts: which spans go, what stands in their place, and where the same value repeats."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from gateway.enforcement import placeholders
from gateway.enforcement.vault import Conversation
from gateway.model.inspection import Entity, Finding
from gateway.model.traffic import PartRole, PromptPart

_SHORTEST_REPEAT = 3
"""A value of fewer characters is replaced where it was found, and not looked for elsewhere."""

_OUR_HISTORY = frozenset({PartRole.HISTORY, PartRole.TOOL})
"""Parts in which a token in use is the tool's own echo of ours, not something a person typed now."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """`[start, end)` of a part's text, in code points, becomes `token`; `entity` is None for an escaped look-alike."""

    start: int
    end: int
    token: str
    entity: Entity | None = field(default=None)


def redact(
    parts: Sequence[PromptPart], findings: Sequence[Finding], entities: Set[Entity], conversation: Conversation
) -> Mapping[str, str]:
    """The new text of every part that changes, by part id.

    Holds: no finding of `entities` keeps a character; a value that was found is replaced in every part where it
    stands as a word of its own; equal values get equal tokens; text outside the replacements is untouched.
    """
    texts = {part.id: part.text for part in parts}
    planned = plan(parts, findings, entities, conversation)
    return {part_id: apply(texts[part_id], replacements) for part_id, replacements in planned.items()}


def apply(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with the replacements (sorted, not overlapping) made."""
    pieces, at = [], 0
    for replacement in replacements:
        pieces += [text[at : replacement.start], replacement.token]
        at = replacement.end
    return "".join([*pieces, text[at:]])


def plan(
    parts: Sequence[PromptPart], findings: Sequence[Finding], entities: Set[Entity], conversation: Conversation
) -> Mapping[str, tuple[Replacement, ...]]:
    """The replacements per part, sorted and without overlap; parts that stay as they are have no entry."""
    conversation.reserve(match[0] for part in parts for match in placeholders.look_alikes(part.text) if not _in_use(match[0], conversation))
    found = {part.id: _merged([f for f in findings if f.part_id == part.id and f.entity in entities]) for part in parts}
    planned: dict[str, list[Replacement]] = {}
    for part in parts:
        for start, end, entity in found[part.id]:
            value_start, value_end = _trim(part.text, start, end)
            if value_start < value_end:
                token = conversation.token_for(entity, part.text[value_start:value_end])
                planned.setdefault(part.id, []).append(Replacement(value_start, value_end, token, entity))
    repeats = _Repeats(conversation, entities)
    for part in parts:
        taken = planned.get(part.id, [])
        more = [*repeats.in_text(part.text), *_typed_look_alikes(part, conversation)]
        kept = sorted([*taken, *(new for new in _without_overlap(more) if not _overlaps(new, taken))], key=lambda r: r.start)
        if kept:
            planned[part.id] = kept
    return {part_id: tuple(replacements) for part_id, replacements in planned.items()}


def _in_use(token: str, conversation: Conversation) -> bool:
    return conversation.value_of(token) is not None


def _merged(findings: Iterable[Finding]) -> list[tuple[int, int, Entity]]:
    """Overlapping findings become one span over all of them, named after the strongest: validated, longest, score."""
    spans: list[tuple[int, int, Finding]] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if finding.start >= finding.end:
            continue
        if spans and finding.start < spans[-1][1]:
            start, end, best = spans[-1]
            spans[-1] = (start, max(end, finding.end), max(best, finding, key=_strength))
        else:
            spans.append((finding.start, finding.end, finding))
    return [(start, end, finding.entity) for start, end, finding in spans]


def _strength(finding: Finding) -> tuple[bool, int, float]:
    return (finding.validated, finding.end - finding.start, finding.score)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _Repeats:
    """Finds values of the conversation again, longest first, only as words of their own."""

    def __init__(self, conversation: Conversation, entities: Set[Entity]) -> None:
        self._token_of: dict[str, tuple[str, Entity]] = {}
        for token, value in conversation.values():
            entity = placeholders.ENTITY_OF.get(token[1:].rpartition("-")[0])
            if entity in entities and entity is not None and len(value) >= _SHORTEST_REPEAT:
                self._token_of[" ".join(value.split()).casefold()] = (token, entity)
        words = sorted(self._token_of, key=len, reverse=True)
        alternatives = "|".join(r"\s+".join(map(re.escape, word.split(" "))) for word in words)
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if words else None

    def in_text(self, text: str) -> Iterator[Replacement]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            known = self._token_of.get(" ".join(match[0].split()).casefold())
            if known is not None:
                yield Replacement(match.start(), match.end(), *known)


def _typed_look_alikes(part: PromptPart, conversation: Conversation) -> Iterator[Replacement]:
    """Look-alikes in use: escaped when a person typed them now, or when the same literal was escaped before."""
    for match in placeholders.look_alikes(part.text):
        escaped = conversation.literal_token(match[0])
        if escaped is None and _in_use(match[0], conversation) and part.role not in _OUR_HISTORY:
            escaped = conversation.token_for_literal(match[0])
        if escaped is not None:
            yield Replacement(match.start(), match.end(), escaped)


def _without_overlap(replacements: Iterable[Replacement]) -> list[Replacement]:
    kept: list[Replacement] = []
    for replacement in sorted(replacements, key=lambda r: (r.start, -r.end)):
        if not kept or replacement.start >= kept[-1].end:
            kept.append(replacement)
    return kept


def _overlaps(replacement: Replacement, others: Iterable[Replacement]) -> bool:
    return any(replacement.start < other.end and other.start < replacement.end for other in others)
