"""What each page shows: from the rulebook in force to plain rows, in one language. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.model.inspection import DataClass, Entity
from gateway.model.notice import NoticeText
from gateway.model.traffic import Standing
from gateway.portal.words import DATA_CLASSES, PURPOSES, STANDINGS, VERDICTS
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.common import Bilingual, RuleStatus
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.standing import standing_of

EXAMPLES = (
    "standing.unknown", "personal-data.redacted", "dossier.refused", "secret.refused", "confidential.refused",
    "gap.encrypted",
)  # fmt: skip
"""Messages shown as examples, where the rulebook has them."""

_EXAMPLE_COUNTS = {Entity.PERSON: 2, Entity.NL_BSN: 1}
_EXAMPLE_REFERENCE = "VOORBEELD"


@dataclass(frozen=True, slots=True)
class ToolRow:
    """One tool as staff see it. `conditions` are sentences; `until` is "" unless it is allowed today."""

    id: str
    name: str
    supplier: str
    purpose: str
    standing: Standing
    standing_text: str
    until: str
    purposes: tuple[str, ...]
    conditions: tuple[str, ...]
    reason: str

    @property
    def is_allowed(self) -> bool:
        return self.standing is Standing.SCREENED


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in force: what it says, what happens, and what it rests on."""

    title: str
    verdict: str
    basis: tuple[str, ...]


def tools(book: RuleBook, today: date, language: str) -> tuple[ToolRow, ...]:
    """Every tool of the register: allowed ones first, each group by name."""
    rows = [_tool(tool, today, language) for tool in book.tools]
    order = list(STANDINGS)
    return tuple(sorted(rows, key=lambda row: (order.index(row.standing), row.name.casefold())))


def rules(book: RuleBook, language: str) -> tuple[RuleRow, ...]:
    """The usage rules that count today, by title; rules in shadow are not house rules."""
    rows = (
        RuleRow(in_language(rule.title, language), VERDICTS[rule.then.verdict].in_(language), rule.basis)
        for rule in book.usage
        if rule.status is RuleStatus.ENFORCED
    )
    return tuple(sorted(rows, key=lambda row: row.title))


def notices(book: RuleBook, language: str, tool_name: str) -> tuple[NoticeText, ...]:
    """Example notices in one language, with made-up counts."""
    known = {message for messages in book.messages for message in messages.messages}
    found = []
    for message_id in EXAMPLES:
        if message_id in known:
            notice = book.notice(message_id, reference=_EXAMPLE_REFERENCE, counts=_EXAMPLE_COUNTS, tool_name=tool_name)
            found += [text for text in notice.texts if text.language == language]
    return tuple(found)


def in_language(text: Bilingual, language: str) -> str:
    """The one of two texts that a page in `language` shows."""
    return text.en if language == "en" else text.nl


def _tool(tool: Tool, today: date, language: str) -> ToolRow:
    standing = standing_of(tool, today)
    until = tool.screening.valid_until
    reason = tool.screening.reason
    return ToolRow(
        id=tool.id,
        name=tool.name,
        supplier=tool.supplier,
        purpose=in_language(tool.purpose, language),
        standing=standing,
        standing_text=STANDINGS[standing].in_(language),
        until=until.strftime("%d-%m-%Y") if until and standing is Standing.SCREENED else "",
        purposes=tuple(PURPOSES[word].in_(language) if word in PURPOSES else word for word in tool.use.purposes),
        conditions=tuple(_conditions(tool, language)) if standing is Standing.SCREENED else (),
        reason=in_language(reason, language) if reason else "",
    )


def _conditions(tool: Tool, language: str) -> Iterator[str]:
    nl = language != "en"
    allowed = [DATA_CLASSES[one].in_(language) for one in DataClass if one in tool.use.data_classes]
    if allowed:
        yield f"{'Mag bevatten' if nl else 'May hold'}: {', '.join(allowed)}."
    else:
        yield (
            "Zonder persoonsgegevens en zonder vertrouwelijke informatie."
            if nl
            else "Without personal data and without confidential information."
        )
    if tool.use.uploads == "refused":
        yield "Geen bestanden." if nl else "No files."
    else:
        megabytes = tool.use.max_upload_mb
        yield f"Bestanden tot {megabytes} MB." if nl else f"Files up to {megabytes} MB."
    if "all" not in tool.use.departments:
        yield f"{'Alleen voor' if nl else 'Only for'}: {', '.join(tool.use.departments)}."
