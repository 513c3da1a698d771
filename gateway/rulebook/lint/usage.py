"""Faults in usage rules and exceptions: dates, and references to nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.errors import Problem
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.lint.codes import found

LONGEST = timedelta(days=366)
SOON = timedelta(days=30)


def problems(items: tuple[Loaded[Document], ...], today: date) -> Iterator[Problem]:
    rules = {item.document.id: item.document for item in of_kind(items, UsageRule)}
    tools = {item.document.id for item in of_kind(items, Tool)}
    for item in items:
        if isinstance(item.document, UsageRule | RuleException):
            wanted = item.document.when.where.tools
            if wanted and tools.isdisjoint(wanted):
                yield found(item, "rule-unreachable", "none of its tools is in the register", "when", "where", "tools")
    for exception in of_kind(items, RuleException):
        yield from _exception(exception, exception.document, rules, today)


def _exception(
    item: Loaded[RuleException], exception: RuleException, rules: dict[str, UsageRule], today: date
) -> Iterator[Problem]:
    rule = rules.get(exception.narrows)
    if rule is None:
        yield found(item, "exception-narrows-nothing", f"there is no usage rule `{exception.narrows}`", "narrows")
    elif exception.then.verdict.strength >= rule.then.verdict.strength and exception.then == rule.then:
        yield found(item, "exception-stricter", f"asks for as much as `{rule.id}`", "then")
    if exception.until < exception.start:
        yield found(item, "exception-dates", "it ends before it starts", "until")
    elif exception.until - exception.start > LONGEST:
        yield found(item, "exception-long", "make it a rule, or end it within a year", "until")
    if exception.until < today:
        yield found(item, "exception-over", f"it ended on {exception.until}", "until")
    elif exception.until - today <= SOON:
        yield found(item, "exception-ends-soon", f"it ends on {exception.until}", "until")
