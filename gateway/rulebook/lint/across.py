"""Faults between documents: doubles, references to nothing, rules without tests, house rules with holes."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from gateway.errors import Problem
from gateway.model.inspection import DataClass, GapKind
from gateway.model.traffic import Standing
from gateway.rulebook.documents.cases import Case, RuleTest
from gateway.rulebook.documents.common import Document, RuleStatus
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.documents.lists import HostList, ValueList
from gateway.rulebook.documents.messages import Messages
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.lint.codes import found

DEPARTMENTS = "departments"
EVERYBODY = "all"

type Items = tuple[Loaded[Document], ...]


def problems(items: Items, version: str) -> Iterator[Problem]:
    yield from _doubles(items)
    yield from _house(items, version)
    yield from _file_names(items)
    yield from _lists(items)
    yield from _departments(items)
    yield from _tests(items)
    yield from _shared_hosts(items)


def _doubles(items: Items) -> Iterator[Problem]:
    first: dict[tuple[str, str], Loaded[Document]] = {}
    for item in items:
        before = first.setdefault(item.key, item)
        if before is not item:
            yield found(item, "duplicate-id", f"`{item.key[1]}` is also the id of {before.source.file}", "id")


def _house(items: Items, version: str) -> Iterator[Problem]:
    houses = of_kind(items, HouseRules)
    for second in houses[1:]:
        yield found(second, "two-rulebooks", f"the first is {houses[0].source.file}")
    for item in houses:
        house = item.document
        unanswered: tuple[tuple[str, set[StrEnum]], ...] = (
            ("standings", {*Standing} - {Standing.SCREENED} - {*house.standings}),
            ("ceiling", {*DataClass} - {*house.ceiling}),
            ("gaps", {*GapKind} - {*house.gaps}),
        )
        for table, missing in unanswered:
            for key in sorted(missing):
                yield found(item, "house-incomplete", f"`{table}` does not answer `{key}`", table)
        if house.requires and _numbers(house.requires) > _numbers(version):
            yield found(item, "gateway-version", f"asks for {house.requires}, this is {version}", "requires")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _file_names(items: Items) -> Iterator[Problem]:
    for item in items:
        name = item.source.file.rpartition("/")[2].removesuffix(".yaml")
        document = item.document
        if isinstance(document, HouseRules | Messages):
            continue
        wanted = f"{document.covers}.test" if isinstance(document, RuleTest) else item.key[1]
        if name != wanted:
            yield found(item, "file-name", f"call the file {wanted}.yaml", "id")


def _lists(items: Items) -> Iterator[Problem]:
    lists = {item.document.id: item for item in of_kind(items, ValueList)}
    named = {DEPARTMENTS}
    for item in of_kind(items, DetectionRule):
        rule = item.document
        for field in ("terms_from", "allow_from", "examples_from", "example_words_from"):
            for index, name in enumerate(getattr(rule, field)):
                named.add(name)
                if name not in lists:
                    yield found(item, "list-missing", f"there is no list `{name}`", field, index)
        named.update(word for option in rule.options.values() for word in option.replace(",", " ").split())
    for name, values in lists.items():
        if name not in named:
            yield found(values, "list-unused", f"no rule names `{name}`", "id")


def _departments(items: Items) -> Iterator[Problem]:
    known = next((item.document for item in items if item.key == ("list/v1", DEPARTMENTS)), None)
    if not isinstance(known, ValueList):
        return
    allowed = {EVERYBODY, *known.values}
    for item in items:
        for name in _departments_of(item.document):
            if name not in allowed:
                yield found(item, "department-unknown", f"`{name}` is not in lists/departments")


def _departments_of(document: Document) -> Iterable[str]:
    match document:
        case UsageRule() | RuleException():
            return (*document.when.who.departments, *document.when.who.not_departments)
        case Tool() | ToolScreening():
            return document.use.departments
        case _:
            return ()


def _tests(items: Items) -> Iterator[Problem]:
    covers = DetectionRule | UsageRule | RuleException | Tool
    documents = {item.key[1]: item for item in items if isinstance(item.document, covers)}
    covered: set[str] = set()
    for item in of_kind(items, RuleTest):
        covered.add(item.document.covers)
        if item.document.covers not in documents:
            yield found(item, "test-for-nothing", f"there is no rule or tool `{item.document.covers}`", "for")
        for index, case in enumerate(item.document.cases):
            if not _says_something(case):
                yield found(item, "case-says-nothing", f"case `{case.id}` tests nothing", "cases", index)
    for name, rule in documents.items():
        if getattr(rule.document, "status", None) is RuleStatus.ENFORCED and name not in covered:
            yield found(rule, "untested", f"write {name}.test.yaml beside it", "id")


def _says_something(case: Case) -> bool:
    asks = sum(value is not None for value in (case.text, case.question, case.sample))
    expects = any(
        value is not None for value in (case.expect, case.verdict, case.message, case.redact, case.texts, case.endpoint)
    )
    return asks == 1 and (expects or bool(case.reasons))


def _shared_hosts(items: Items) -> Iterator[Problem]:
    lists = of_kind(items, HostList)
    shared = {
        host: item.document.id
        for item in lists
        for service in item.document.shared
        for host in (*service.hosts, *service.suffixes)
    }
    for item in lists:
        for index, service in enumerate(item.document.services):
            for host in (*service.hosts, *service.suffixes):
                if host in shared:
                    message = f"`{host}` is shared with ordinary work in {shared[host]}, so it is not intercepted"
                    yield found(item, "shared-and-ai", message, "services", index)
