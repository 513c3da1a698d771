"""Every voice in a decision: the tool's standing, its ceiling, gaps, uploads, and all usage rules that match."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from types import MappingProxyType

from gateway.decision.conditions import holds, includes
from gateway.model.inspection import DATA_CLASS_OF, Entity
from gateway.model.policy import Question, Reason, ReasonCode, Verdict
from gateway.model.traffic import Standing
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.common import RuleStatus
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, Then, UsageRule

STANDING_REASONS: Mapping[Standing, ReasonCode] = MappingProxyType(
    {
        Standing.UNKNOWN: ReasonCode.TOOL_UNKNOWN,
        Standing.PENDING: ReasonCode.TOOL_PENDING,
        Standing.REJECTED: ReasonCode.TOOL_REJECTED,
        Standing.WITHDRAWN: ReasonCode.TOOL_WITHDRAWN,
        Standing.EXPIRED: ReasonCode.TOOL_EXPIRED,
    }
)


class Voice(IntEnum):
    """Whose message is shown among equal verdicts: what the person can do least about comes first."""

    STANDING = 0
    DEPARTMENT = 1
    CEILING = 2
    UPLOADS = 3
    GAP = 4
    USAGE = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """One voice: what it asks for and why. `rule_id` is a usage rule's, `exception_id` that of what narrowed it."""

    voice: Voice
    reason: Reason
    verdict: Verdict
    message: str
    redact: frozenset[Entity] = frozenset()
    notify: tuple[str, ...] = ()
    rule_id: str = ""
    exception_id: str = ""
    incident: str = "none"


def claims(question: Question, book: RuleBook, today: date) -> Iterator[Claim]:
    """Everything that is enforced and matches, in no particular order."""
    tool = book.tool(question.tool_id)
    standing = question.standing
    if tool is None and question.tool_id:
        standing = Standing.UNKNOWN
    if standing is not Standing.SCREENED:
        reason = Reason(STANDING_REASONS[standing], question.tool_id)
        yield _claim(Voice.STANDING, reason, book.house.standings[standing], f"standing.{standing}")
    if tool is not None and not includes(tool.use.departments, question.department):
        yield _refusal(Voice.DEPARTMENT, ReasonCode.DEPARTMENT_REFUSED, tool.id)
    if question.endpoint_kind.is_read:
        if tool is not None:
            yield from _ceiling(question, book, tool)
            if tool.use.uploads == "refused" and question.uploads:
                yield _refusal(Voice.UPLOADS, ReasonCode.UPLOADS_REFUSED, tool.id)
        for gap in question.gaps:
            yield _claim(Voice.GAP, Reason(ReasonCode.GAP, gap), book.house.gaps[gap], f"gap.{gap}")
    yield from _usage(question, book, today, RuleStatus.ENFORCED)


def shadow_claims(question: Question, book: RuleBook, today: date) -> Iterator[Claim]:
    """What shadow rules would have asked for; counted, never enforced."""
    return _usage(question, book, today, RuleStatus.SHADOW)


def entities_of(then: Then) -> frozenset[Entity]:
    """The entities a `then` takes out, by name and by data class."""
    return frozenset(then.redact) | {entity for entity, kind in DATA_CLASS_OF.items() if kind in then.redact_classes}


def _ceiling(question: Question, book: RuleBook, tool: Tool) -> Iterator[Claim]:
    for data_class, count in question.data_classes.items():
        if not count or data_class in tool.use.data_classes:
            continue
        reason = Reason(ReasonCode.TOOL_CEILING, data_class)
        claim = _claim(Voice.CEILING, reason, book.house.ceiling[data_class], f"ceiling.{data_class}")
        takes_nothing_out = claim.redact.isdisjoint(question.entities)
        if claim.verdict is Verdict.REDACT and takes_nothing_out:
            claim = replace(claim, verdict=Verdict.REFUSE)
        yield claim


def _usage(question: Question, book: RuleBook, today: date, status: RuleStatus) -> Iterator[Claim]:
    for rule in book.usage:
        if rule.status is status and holds(rule.when, question):
            yield _rule_claim(rule, _exceptions_to(rule, question, book.exceptions, today))


def _exceptions_to(
    rule: UsageRule, question: Question, exceptions: Iterable[RuleException], today: date
) -> list[RuleException]:
    return [
        exception
        for exception in exceptions
        if exception.narrows == rule.id
        and exception.start <= today <= exception.until
        and holds(exception.when, question)
    ]


def _rule_claim(rule: UsageRule, exceptions: list[RuleException]) -> Claim:
    """The rule's own claim, or that of the strictest exception to it."""
    exception = max(exceptions, key=lambda item: (item.then.verdict.strength, item.id), default=None)
    then = exception.then if exception else rule.then
    claim = _claim(Voice.USAGE, Reason(ReasonCode.RULE_MATCHED, rule.id), then, rule.then.message or rule.id)
    return replace(claim, rule_id=rule.id, exception_id=exception.id if exception else "", incident=rule.incident)


def _claim(voice: Voice, reason: Reason, then: Then, message: str) -> Claim:
    return Claim(voice, reason, then.verdict, then.message or message, entities_of(then), then.notify)


def _refusal(voice: Voice, code: ReasonCode, subject: str) -> Claim:
    return Claim(voice, Reason(code, subject), Verdict.REFUSE, f"reason.{code}")
