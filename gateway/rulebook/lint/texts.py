"""Faults in what people read: missing texts and languages, placeholders nothing fills, sentences too long for B1."""

import re
from collections.abc import Iterable, Iterator, Mapping

from gateway.errors import Problem
from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.policy import ReasonCode, Verdict
from gateway.model.traffic import Standing
from gateway.rulebook.documents.common import Document, RuleStatus
from gateway.rulebook.documents.messages import PLACEHOLDERS, Messages, MessageText
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.usage import RuleException, Then, UsageRule
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.lint.codes import found
from gateway.rulebook.notices import placeholders

MAX_WORDS = 25
MAX_SENTENCES = 5
LANGUAGES = ("nl", "en")

FAILURES = (
    ReasonCode.DEPARTMENT_REFUSED,
    ReasonCode.UPLOADS_REFUSED,
    ReasonCode.REWRITE_FORBIDDEN,
    ReasonCode.FILE_UNCHANGEABLE,
    ReasonCode.STILL_FOUND_AFTER_REDACTION,
    ReasonCode.NAMES_DISAGREE,
    ReasonCode.IDENTITY_MISSING,
    ReasonCode.TOO_LARGE,
    ReasonCode.TOO_MANY_FILES,
    ReasonCode.PIECE_MISPLACED,
    ReasonCode.INSPECTION_FAILED,
    ReasonCode.INSPECTION_TIMEOUT,
    ReasonCode.INSPECTION_BUSY,
    ReasonCode.WORKER_DIED,
    ReasonCode.JOURNAL_UNWRITABLE,
    ReasonCode.INTERNAL_ERROR,
)
"""Reasons of the gateway itself, each of which must have a message of its own."""

REQUIRED = frozenset(
    {f"reason.{code}" for code in FAILURES}
    | {f"gap.{kind}" for kind in GapKind}
    | {f"standing.{standing}" for standing in Standing if standing is not Standing.SCREENED}
    | {f"ceiling.{kind}" for kind in DataClass}
)
"""Messages that code looks up by convention; they must exist whatever the rules say."""

type Items = tuple[Loaded[Document], ...]


def problems(items: Items) -> Iterator[Problem]:
    files = of_kind(items, Messages)
    if not files:
        return  # there is then no rulebook either, which is said elsewhere
    yield from _missing(items, files)
    for item in files:
        for name, text in item.document.messages.items():
            yield from _text(item, item.document.language, name, text)


def _missing(items: Items, files: list[Loaded[Messages]]) -> Iterator[Problem]:
    """What has no text in a language; said once, at the first file of that language or at whoever names it."""
    rules = {item.document.id: item.document.then.message for item in of_kind(items, UsageRule)}
    named = {name: item for item in items for name in _named_by(item.document, rules)}
    have = {language: _ids(files, language, "messages") for language in LANGUAGES}
    everywhere = set[str]().union(*have.values())
    for name, item in sorted(named.items()):
        if name not in everywhere:
            yield found(item, "message-missing", f"there is no message `{name}`", "then")
    for language in LANGUAGES:
        first = next((item for item in files if item.document.language == language), files[0])
        for name in sorted((everywhere | REQUIRED) - have[language]):
            yield found(first, "translation-missing", f"`{name}` has no text in {language}", "messages")
        for entity in sorted({*Entity} - _ids(files, language, "labels")):
            yield found(first, "label-missing", f"{entity} has no label in {language}", "labels")
        for code in sorted({*ReasonCode} - _ids(files, language, "reasons")):
            yield found(first, "reason-missing", f"`{code}` has no sentence in {language}", "reasons")
    for item in files:
        for name in item.document.messages:
            if name not in named and name not in REQUIRED:
                yield found(item, "message-unused", f"no rule names `{name}`", "messages", name)


def _ids(files: Iterable[Loaded[Messages]], language: str, field: str) -> set[str]:
    return {name for item in files if item.document.language == language for name in getattr(item.document, field)}


def _named_by(document: Document, messages_of_rules: Mapping[str, str]) -> Iterator[str]:
    """The messages a document can show; an exception without one shows that of the rule it narrows."""
    match document:
        case UsageRule() if document.status in {RuleStatus.ENFORCED, RuleStatus.SHADOW}:
            yield from _named_in(document.then, document.id)
        case RuleException():
            yield from _named_in(document.then, messages_of_rules.get(document.narrows) or document.narrows)
        case HouseRules():
            for table, prefix in (
                (document.standings, "standing"),
                (document.ceiling, "ceiling"),
                (document.gaps, "gap"),
            ):
                for key, then in table.items():
                    yield from _named_in(then, f"{prefix}.{key}")
        case _:
            return


def _named_in(then: Then, default: str) -> Iterator[str]:
    if then.verdict is not Verdict.ALLOW:
        yield then.message or default


def _text(item: Loaded[Document], language: str, name: str, text: MessageText) -> Iterator[Problem]:
    for unknown in sorted(placeholders(text) - PLACEHOLDERS):
        yield found(item, "placeholder-unknown", f"nothing fills `{{{unknown}}}`", "messages", name)
    for paragraph in (text.title, text.lead, text.why, *text.steps):
        sentences = re.split(r"(?<=[.!?])\s+", paragraph)
        if len(sentences) > MAX_SENTENCES:
            yield found(item, "paragraph-too-long", f"{len(sentences)} sentences", "messages", name)
        for sentence in sentences:
            words = len(sentence.split())
            if language == "nl" and words > MAX_WORDS:
                yield found(item, "sentence-too-long", f"{words} words: {sentence[:40]}…", "messages", name)
