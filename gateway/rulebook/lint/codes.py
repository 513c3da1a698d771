"""The catalogue of lint codes; `deploy/handbook/lint.md` explains each, and a test keeps both equal."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from gateway.errors import Problem
from gateway.rulebook.documents.common import Document
from gateway.rulebook.files import Loaded
from gateway.rulebook.reading import Location


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class LintCode:
    """One fault: how bad it is and what is wrong, in one sentence."""

    severity: Severity
    meaning: str


def _error(meaning: str) -> LintCode:
    return LintCode(Severity.ERROR, meaning)


def _warning(meaning: str) -> LintCode:
    return LintCode(Severity.WARNING, meaning)


def _info(meaning: str) -> LintCode:
    return LintCode(Severity.INFO, meaning)


CODES: Mapping[str, LintCode] = MappingProxyType(
    {
        # reading a file
        "no-folder": _error("The folder of rules does not exist."),
        "unreadable": _error("The file cannot be opened."),
        "too-large": _error("A rule file has at most 200,000 bytes."),
        "not-utf8": _error("The file is not UTF-8."),
        "tab": _error("The file holds a tab; YAML is indented with spaces."),
        "yaml": _error("The file is not YAML; often a text with a colon that is not between quotes."),
        "not-a-mapping": _error("The file is not a mapping of keys and values."),
        "many-documents": _error("The file holds more than one document."),
        "key-not-a-word": _error("A key is not a plain word."),
        "too-deep": _error("The file is nested more than 32 deep."),
        "duplicate-key": _error("A key stands twice in one mapping."),
        "anchor": _error("The file uses an anchor."),
        "alias": _error("The file uses an alias."),
        "tag": _error("The file uses a tag."),
        # one document
        "kind": _error("`kind` is missing or unknown."),
        "unknown-key": _error("A key does not belong to this kind of document."),
        "value": _error("A value is missing or has the wrong form."),
        "file-name": _warning("The file is not named after the document's id."),
        # all documents
        "no-rulebook": _error("There is no document of kind rulebook/v1."),
        "two-rulebooks": _error("There is more than one document of kind rulebook/v1."),
        "gateway-version": _error("The rules ask for a newer gateway."),
        "duplicate-id": _error("Two documents of one kind have the same id."),
        "house-incomplete": _error("The house rules leave a standing, a data class or a kind of gap unanswered."),
        "list-missing": _error("A list is named that does not exist."),
        "list-unused": _info("No rule names this list; a recognizer may."),
        "department-unknown": _warning("A department is named that is not in lists/departments."),
        "refusal-missing": _error("An endpoint names a refusal that does not exist."),
        "refusal-unused": _info("No endpoint names this refusal."),
        "shared-and-ai": _info("A host is called shared by one list and an AI service by another; shared counts."),
        "untested": _warning("An enforced rule has no test beside it."),
        "test-for-nothing": _error("A test covers a document that does not exist."),
        "case-says-nothing": _error("A test case expects nothing, or has no text, question or sample."),
        "overlay-loosens": _error("A document of the overlay is less strict than the shipped one."),
        "overlay-shadow": _warning("The overlay only counts a shipped rule that is enforced."),
        # messages
        "message-missing": _error("A message is named that does not exist."),
        "message-unused": _info("No rule names this message."),
        "translation-missing": _error("A message, label or reason has no text in one of the languages."),
        "label-missing": _error("An entity has no label."),
        "reason-missing": _error("A reason code has no sentence."),
        "placeholder-unknown": _error("A message holds a placeholder that nothing fills."),
        "sentence-too-long": _error("A sentence of a Dutch message has more than 25 words (B1)."),
        "paragraph-too-long": _warning("A paragraph of a message has more than 5 sentences."),
        # tools
        "host-pattern": _error("A host is not a lower-case name or a pattern that is allowed."),
        "path-pattern": _error("A path does not start with `/`, or uses `**` inside a segment."),
        "endpoints-overlap": _error("Two endpoints claim the same requests, so neither is more specific."),
        "host-of-two-tools": _warning("Two tools claim the same host; unclaimed paths count for the first."),
        "assessments-missing": _error("A tool is screened for people's data without both a DPIA and an IAMA."),
        "screening-incomplete": _error("A screened tool lacks a decision, its date, its maker or its last day."),
        "checklist-incomplete": _error("A screened tool lacks evidence for a box of the checklist."),
        "contract-incomplete": _warning("A screened tool lacks a fact about its contract."),
        "owner-missing": _error("A screened tool has no owner."),
        "reason-for-no": _warning("A tool is rejected or withdrawn without a reason."),
        "risk-class": _error("`ai_act.risk_class` is not prohibited, high, limited or minimal."),
        "high-risk-unregistered": _error("A high-risk tool has no number in the EU database (AI Act art. 49)."),
        "tool-expired": _warning("The screening of a tool has expired."),
        "review-due": _warning("A tool is due for review."),
        "evidence-old": _info("A wire format was last confirmed more than a year ago."),
        "tool-missing": _error("A screening is about a tool that does not exist."),
        # usage rules and exceptions
        "rule-unreachable": _warning("A rule names only tools or departments that do not exist."),
        "exception-narrows-nothing": _error("An exception narrows a rule that does not exist."),
        "exception-dates": _error("An exception ends before it starts."),
        "exception-long": _warning("An exception lasts longer than a year."),
        "exception-over": _warning("An exception has ended; take it out."),
        "exception-ends-soon": _warning("An exception ends within 30 days."),
        "exception-stricter": _info("An exception asks for no less than the rule it narrows."),
        # detection rules
        "nothing-to-find": _error("A detection rule has no patterns, terms or recognizer."),
        "regex": _error("A pattern is not a regular expression."),
        "regex-unbounded": _warning("A pattern repeats a repetition or any character without an upper bound."),
        "regex-slow": _error("A pattern runs away on a hostile text."),
        "regex-empty": _error("A pattern matches the empty text."),
        "allow-everything": _error("An allow-list holds a value of wildcards only."),
        "threshold-unreachable": _warning("No pattern can reach the threshold, also with context and checksum."),
    }
)
"""Every code with its severity and meaning."""


def found(item: Loaded[Document], code: str, message: str, *location: str | int) -> Problem:
    """A problem at a place in a document, with the severity of its code."""
    place: Location = location
    return item.source.problem(code, message, place, severity=CODES[code].severity)
