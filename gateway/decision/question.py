"""From what is known of an exchange to the `Question`: counts and codes only."""

from collections import Counter

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Inspection
from gateway.model.policy import Question
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Extraction,
    PartRole,
    Person,
    PromptPart,
    Rewrite,
    Standing,
    ToolMatch,
)

_BARE_TEXT = Extraction(parts=(PromptPart("", PartRole.USER, ""),))


def ask(exchange: Exchange, match: ToolMatch, extraction: Extraction, inspection: Inspection) -> Question:
    """The question this exchange puts to policy. Gaps of wire and of detection count alike, each kind once."""
    entities = inspection.counts()
    data_classes: Counter[DataClass] = Counter()
    for entity, count in entities.items():
        data_classes[DATA_CLASS_OF[entity]] += count
    return Question(
        at=exchange.at,
        department=exchange.person.department,
        roles=exchange.person.roles,
        tool_id=match.tool_id,
        standing=match.standing,
        endpoint_kind=match.endpoint.kind,
        transport=exchange.transport,
        entities=entities,
        data_classes=dict(data_classes),
        part_roles=frozenset(part.role for part in extraction.parts),
        gaps=tuple(sorted({gap.kind for gap in (*extraction.gaps, *inspection.gaps)})),
        persons=inspection.persons,
        is_dossier=inspection.is_dossier,
        uploads=len(extraction.uploads),
        can_rewrite=match.endpoint.rewrite not in (Rewrite.FORBIDDEN, Rewrite.CHECKSUM),
    )


def ask_plainly(
    inspection: Inspection,
    *,
    at: float,
    extraction: Extraction = _BARE_TEXT,
    kind: EndpointKind = EndpointKind.PROMPT,
) -> Question:
    """The question a text or a file puts when anyone sends it to a screened tool that may have any data."""
    anyone = Exchange("", at, Person(), Destination("https", "", 443, "POST", "/"))
    return ask(anyone, ToolMatch("", "", Standing.SCREENED, EndpointFormat("", kind)), extraction, inspection)
