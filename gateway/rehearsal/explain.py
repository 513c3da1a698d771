"""A decision told from its record alone, in Dutch or English, long after the prompt is gone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from gateway.model.policy import Reason, ReasonCode
from gateway.model.traffic import EndpointKind
from gateway.rehearsal.recorded import RecordedDecision
from gateway.rulebook.book import RuleBook
from gateway.rulebook.notices import counted

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_WORDS = MappingProxyType(
    {
        "nl": {
            "decision": "Besluit", "why": "Waarom", "seen": "Gezien", "who": "Wie", "when": "Wanneer",
            "rules": "Regels", "kept": "Niet bewaard", "text": "de tekst van het bericht",
            "nothing": "niets dat tegen de huisregels is", "parts": "stukken tekst", "files": "bestanden",
            "gaps": "niet gecontroleerd", "department": "afdeling", "same": "de regels zijn sindsdien niet veranderd",
            "other": "sindsdien zijn er andere regels", "unknown": "een onbekende toepassing", "people": "personen",
        },
        "en": {
            "decision": "Decision", "why": "Why", "seen": "Seen", "who": "Who", "when": "When",
            "rules": "Rules", "kept": "Not kept", "text": "the text of the message",
            "nothing": "nothing that goes against the house rules", "parts": "pieces of text", "files": "files",
            "gaps": "not checked", "department": "department", "same": "the rules have not changed since",
            "other": "other rules are in force since", "unknown": "an unknown tool", "people": "people",
        },
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: a label ("Waarom"), and what it says."""

    label: str
    text: str


def explain(recorded: RecordedDecision, book: RuleBook, language: str = "nl") -> tuple[Line, ...]:
    """The lines, in reading order. Titles of rules come from `book`, which may be newer than the decision."""
    words = _WORDS[language]
    question = recorded.question
    tool = book.tool(question.tool_id)
    name = tool.name if tool else question.tool_id or words["unknown"]
    moment = datetime.fromtimestamp(question.at, UTC).astimezone(AMSTERDAM)
    is_same = recorded.revision == book.revision
    lines = [
        Line(words["decision"], f"{recorded.verdict} ({name}, {question.endpoint_kind}, {question.transport})"),
        *(Line(words["why"], _reason(reason, book, language)) for reason in recorded.reasons),
        Line(words["seen"], _seen(recorded, book, language)),
        Line(words["who"], f"{words['department']} {question.department or '?'}"),
        Line(words["when"], f"{moment:%Y-%m-%d %H:%M:%S}"),
        Line(words["rules"], f"{recorded.revision[:12]}; {words['same' if is_same else 'other']}"),
        Line(words["kept"], words["text"]),
    ]
    return tuple(lines)


def _reason(reason: Reason, book: RuleBook, language: str) -> str:
    """The sentence of a code, and what it is about by its title where it has one."""
    sentence = book.explain_reason(reason.code, language)
    subject = _title(reason, book, language)
    is_plain = reason.code in {ReasonCode.CLEAN, ReasonCode.NOT_READ} and reason.subject in set(EndpointKind)
    return sentence if is_plain or not subject else f"{sentence} [{subject}]"


def _title(reason: Reason, book: RuleBook, language: str) -> str:
    titles = {rule.id: rule.title for rule in book.usage} | {hole.id: hole.title for hole in book.exceptions}
    title = titles.get(reason.subject)
    return f"{reason.subject}: {getattr(title, language)}" if title else reason.subject


def _seen(recorded: RecordedDecision, book: RuleBook, language: str) -> str:
    words = _WORDS[language]
    labels = next((messages.labels for messages in book.messages if messages.language == language), {})
    question = recorded.question
    said = [counted(question.entities, labels, language) if question.entities else words["nothing"]]
    said.append(f"{recorded.parts} {words['parts']}")
    if question.uploads:
        said.append(f"{question.uploads} {words['files']}")
    if question.persons:
        said.append(f"{question.persons} {words['people']}")
    if question.gaps:
        said.append(f"{words['gaps']}: {', '.join(question.gaps)}")
    return "; ".join(said)
