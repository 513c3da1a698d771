"""From a message id to the notice a person reads, in Dutch and English. Counts are filled in, never values."""

import re
from collections.abc import Mapping

from gateway.model.inspection import Entity
from gateway.model.notice import Notice, NoticeText
from gateway.rulebook.documents.messages import EntityLabel, Messages, MessageText
from gateway.rulebook.documents.rulebook import HouseRules

FALLBACK = "reason.internal-error"
"""Shown when a message id is unknown: a refusal can always be said."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_AND = {"nl": "en", "en": "and"}
_NOTHING = {"nl": "gegevens", "en": "data"}


def placeholders(text: MessageText) -> frozenset[str]:
    """Every name between braces in a message."""
    return frozenset(_PLACEHOLDER.findall(" ".join((text.title, text.lead, text.why, *text.steps))))


def counted(counts: Mapping[Entity, int], labels: Mapping[Entity, EntityLabel], language: str) -> str:
    """Counts as words: "2 namen en 1 burgerservicenummer"; most frequent first, then by label."""
    words = []
    for entity, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count > 0:
            label = labels.get(entity)
            words.append(f"{count} {(label.one if count == 1 else label.many) if label else entity.value}")
    if not words:
        return _NOTHING[language]
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {_AND[language]} {words[-1]}"


def notice(  # noqa: PLR0913 the two sources, and what fills the placeholders
    languages: tuple[Messages, ...],
    house: HouseRules,
    message_id: str,
    *,
    reference: str,
    counts: Mapping[Entity, int],
    tool_name: str,
) -> Notice:
    """The notice with every placeholder filled; Dutch first."""
    texts = []
    for messages in languages:
        found = messages.messages.get(message_id) or messages.messages[FALLBACK]
        values = {
            "counts": counted(counts, messages.labels, messages.language),
            "tool": tool_name or {"nl": "deze AI-dienst", "en": "this AI service"}[messages.language],
            "reference": reference,
            "organisation": house.name,
            "contact.privacy": house.contacts.privacy,
            "contact.security": house.contacts.security,
            "contact.helpdesk": house.contacts.helpdesk,
        }
        texts.append(
            NoticeText(
                language=messages.language,
                title=_fill(found.title, values),
                lead=_fill(found.lead, values),
                why=_fill(found.why, values),
                steps=tuple(_fill(step, values) for step in found.steps),
            )
        )
    links = tuple((link.label.nl, link.url) for link in house.links)
    return Notice(message_id, reference, tuple(texts), tool_name, links)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
