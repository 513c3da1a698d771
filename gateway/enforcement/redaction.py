"""Taking values out of prompt parts: which spans go, what stands in their place, and where the same value repeats."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from gateway.enforcement import placeholders
from gateway.enforcement.vault import Conversation
from gateway.model.inspection import Entity, Finding
from gateway.model.traffic import PartRole, PromptPart

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
    typed = (match[0] for part in parts for match in placeholders.look_alikes(part.text))
    conversation.reserve(token for token in typed if not conversation.restores(token))
    by_part: dict[str, list[Finding]] = {}
    ours = {part.id: _ours(part.text, conversation) for part in parts}
    for finding in findings:
        if finding.entity in entities and finding.start < finding.end and not _is_inside(finding, ours):
            by_part.setdefault(finding.part_id, []).append(finding)
    found = {part.id: _replacements(part.text, by_part.get(part.id, []), conversation) for part in parts}
    repeats = _Repeats(conversation, entities)
    planned: dict[str, tuple[Replacement, ...]] = {}
    for part in parts:
        more = [*repeats.in_text(part.text), *_typed_look_alikes(part, conversation)]
        chosen = _without_overlap(found[part.id], more)
        if chosen:
            planned[part.id] = chosen
    return planned


def types_tokens(parts: Sequence[PromptPart], conversation: Conversation) -> bool:
    """Whether a person typed what looks like a token in use: its value is not theirs to get by asking for it."""
    return any(
        conversation.restores(match[0])
        for part in parts
        if part.role not in _OUR_HISTORY
        for match in placeholders.look_alikes(part.text)
    )


def _ours(text: str, conversation: Conversation) -> list[tuple[int, int]]:
    """Where our own tokens stand."""
    return [match.span() for match in placeholders.look_alikes(text) if conversation.restores(match[0])]


def _is_inside(finding: Finding, ours: Mapping[str, list[tuple[int, int]]]) -> bool:
    """Whether nothing but one of our tokens was found: `[ZAAKNUMMER-140]` reads as a case number."""
    return any(start <= finding.start and finding.end <= end for start, end in ours.get(finding.part_id, ()))


def _replacements(text: str, findings: Iterable[Finding], conversation: Conversation) -> list[Replacement]:
    """One replacement per found value. Overlapping findings become one span over all of them, named after the strongest
    (validated, then longest, then best score), so that no character of any is left.
    """
    spans: list[tuple[int, int, Finding]] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if spans and finding.start < spans[-1][1]:
            start, end, best = spans[-1]
            spans[-1] = (start, max(end, finding.end), max(best, finding, key=_strength))
        else:
            spans.append((finding.start, finding.end, finding))
    made = []
    for outer_start, outer_end, finding in spans:
        start, end = _trim(text, outer_start, outer_end)
        if start < end:
            token = conversation.token_for(finding.entity, text[start:end])
            made.append(Replacement(start, end, token, finding.entity))
    return made


def _strength(finding: Finding) -> tuple[bool, int, float]:
    return (finding.validated, finding.end - finding.start, finding.score)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _Repeats:
    """Finds values of the conversation again, longest first, only as words of their own. One pass over the words; a
    value is opened only when its first word stands in a text.
    """

    def __init__(self, conversation: Conversation, entities: Set[Entity]) -> None:
        self._conversation = conversation
        self._entities = entities
        self._by_word: dict[str, list[tuple[str, int, str, Entity]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def in_text(self, text: str) -> Iterator[Replacement]:
        if not len(self._conversation):
            return
        end = 0
        for word in placeholders.WORD.finditer(text):
            if word.start() < end:
                continue
            for value, before, token, entity in self._beginning_with(word[0].casefold()):
                match = self._pattern(value).match(text, max(0, word.start() - before))
                if match is not None:
                    end = match.end()
                    self._conversation.use(token)
                    yield Replacement(match.start(), end, token, entity)
                    break

    def _beginning_with(self, word: str) -> list[tuple[str, int, str, Entity]]:
        """Value, where its first word stands in it, token and entity of what begins with this word."""
        if word not in self._by_word:
            found = []
            for token, value in self._conversation.beginning_with(word):
                entity = placeholders.ENTITY_OF.get(token[1:].rpartition("-")[0])
                if entity in self._entities and entity is not None:
                    found.append((value, value.index(placeholders.first_word(value)), token, entity))
            self._by_word[word] = sorted(found, key=lambda item: -len(item[0]))
        return self._by_word[word]

    def _pattern(self, value: str) -> re.Pattern[str]:
        if value not in self._patterns:
            words = r"\s+".join(map(re.escape, value.split()))
            self._patterns[value] = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
        return self._patterns[value]


def _typed_look_alikes(part: PromptPart, conversation: Conversation) -> Iterator[Replacement]:
    """Look-alikes in use: escaped when a person typed them now, or when the same literal was escaped before."""
    for match in placeholders.look_alikes(part.text):
        escaped = conversation.literal_token(match[0])
        if escaped is None and conversation.restores(match[0]) and part.role not in _OUR_HISTORY:
            escaped = conversation.token_for_literal(match[0])
        if escaped is not None:
            yield Replacement(match.start(), match.end(), escaped)


def _without_overlap(found: Iterable[Replacement], more: Iterable[Replacement]) -> tuple[Replacement, ...]:
    """Found values and repeats of known ones in one row. A longer repeat takes a find inside it; else a find stays."""
    kept: list[tuple[Replacement, bool]] = []
    marked = [(replacement, True) for replacement in found] + [(replacement, False) for replacement in more]
    for replacement, is_find in sorted(marked, key=lambda item: (item[0].start, -item[0].end, not item[1])):
        while is_find and kept and not kept[-1][1] and replacement.start < kept[-1][0].end < replacement.end:
            kept.pop()
        if not kept or replacement.start >= kept[-1][0].end:
            kept.append((replacement, is_find))
    return tuple(replacement for replacement, _ in kept)
