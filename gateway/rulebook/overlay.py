"""A municipality's own documents on top of the shipped ones: they may add, narrow and tighten, never loosen in silence.

A document of the same kind and id takes the shipped one's place, if it is at least as strict. The one way down is
`status: shadow`, which lint keeps printing, and exceptions, which are dated.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from gateway.errors import Problem
from gateway.model.policy import Verdict
from gateway.rulebook.documents.common import Document, RuleStatus
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.documents.lists import HostList, ValueList
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, Then, UsageRule
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.hosts import sample
from gateway.rulebook.matching import RoutingTable
from gateway.rulebook.unscreened import patterns_of, table_of


def merge(
    shipped: Iterable[Loaded[Document]], own: Iterable[Loaded[Document]], problems: list[Problem]
) -> list[Loaded[Document]]:
    """All documents, own ones in the place of shipped ones; what would loosen is an error that names both files."""
    merged = list(shipped)
    hides = _Hiding(merged)
    for item in own:
        before = next((other for other in merged if _is_replaced(other, item)), None)
        for what in hides.by(item.document, is_new=before is None):
            problems.append(item.source.problem("overlay-loosens", what))
        if before is None:
            merged.append(item)
            continue
        for what in _loosened(before.document, item.document):
            message = f"{what}; {before.source.file} is stricter, and an overlay may only add, narrow or tighten"
            problems.append(item.source.problem("overlay-loosens", message))
        if _is_now_shadow(before.document, item.document):
            message = f"only counted here, while {before.source.file} is enforced"
            problems.append(item.source.problem("overlay-shadow", message, ("status",), severity="warning"))
        merged[merged.index(before)] = _union(before, item)
    return merged


def tests_in_force(merged: Iterable[Loaded[Document]]) -> list[Loaded[Document]]:
    """The documents without the shipped tests that an overlay makes moot.

    Those are the tests of replaced documents, and the tests of shipped usage rules once the overlay holds policy of its
    own: a stricter verdict is then no fault. Own tests judge the whole.
    """
    items = list(merged)
    own = [item.document for item in items if item.is_own]
    replaced = {getattr(document, "id", "") for document in own}
    has_policy = any(isinstance(document, UsageRule | RuleException | HouseRules | ToolScreening) for document in own)
    rules = {item.key[1] for item in items if isinstance(item.document, UsageRule | RuleException)}
    moot = replaced | (rules if has_policy else set())
    return [item for item in items if item.is_own or getattr(item.document, "covers", None) not in moot]


class _Hiding:
    """What the shipped documents open and read, to see what an own document would hide from that."""

    def __init__(self, shipped: Iterable[Loaded[Document]]) -> None:
        items = list(shipped)
        self._names = table_of(item.document for item in of_kind(items, HostList))
        self._routes = RoutingTable.of(item.document for item in of_kind(items, Tool))

    def by(self, document: Document, *, is_new: bool) -> Iterator[str]:
        """A known AI host called shared, or a new tool whose unread endpoint lies on another tool's host."""
        if isinstance(document, HostList):
            for service in document.shared:
                for host in patterns_of(service):
                    if is_new and any(self._names.find(sample(host))):
                        yield f"`{host}` would no longer be opened; register it as a tool instead"
        if isinstance(document, Tool) and is_new:
            for endpoint in document.endpoints:
                for host in endpoint.hosts if not endpoint.kind.is_read else ():
                    if self._routes.hosts.find(sample(host)):
                        yield f"endpoint `{endpoint.id}` would not be read, on a host of another tool: {host}"


def _is_replaced(shipped: Loaded[Document], own: Loaded[Document]) -> bool:
    """Whether an own document takes this one's place; there is one set of house rules, whatever its id."""
    if shipped.is_own:
        return False
    both_houses = isinstance(shipped.document, HouseRules) and isinstance(own.document, HouseRules)
    return both_houses or shipped.key == own.key


def _loosened(before: Document, after: Document) -> Iterator[str]:
    for kind, check in _CHECKS.items():
        if isinstance(before, kind):
            yield from check(before, after)


def _is_now_shadow(before: Document, after: Document) -> bool:
    statuses = (getattr(before, "status", None), getattr(after, "status", None))
    return statuses == (RuleStatus.ENFORCED, RuleStatus.SHADOW)


def _union(before: Loaded[Document], after: Loaded[Document]) -> Loaded[Document]:
    """An own value list adds to the shipped one; every other document replaces it."""
    if isinstance(before.document, ValueList) and isinstance(after.document, ValueList):
        values = tuple(dict.fromkeys((*before.document.values, *after.document.values)))
        return Loaded(after.document.model_copy(update={"values": values}), after.source, is_own=True)
    return after


def _then(name: str, before: Then, after: Then) -> Iterator[str]:
    if after.verdict.strength < before.verdict.strength:
        yield f"`{name}` goes from {before.verdict} to {after.verdict}"
    elif before.verdict is after.verdict is Verdict.REDACT and (
        not set(before.redact) <= set(after.redact) or not set(before.redact_classes) <= set(after.redact_classes)
    ):
        yield f"`{name}` takes out less"
    if not set(before.notify) <= set(after.notify):
        yield f"`{name}` tells fewer people"


def _status(before: RuleStatus, after: RuleStatus) -> Iterator[str]:
    if before is RuleStatus.ENFORCED and after not in {RuleStatus.ENFORCED, RuleStatus.SHADOW}:
        yield f"`status` goes from {before} to {after}"


def _usage(before: UsageRule, after: UsageRule) -> Iterator[str]:
    yield from _status(before.status, after.status)
    yield from _then("then", before.then, after.then)
    if before.when != after.when:
        yield "`when` differs; write a rule of your own beside it"


def _detection(before: DetectionRule, after: DetectionRule) -> Iterator[str]:
    yield from _status(before.status, after.status)
    if after.threshold > before.threshold:
        yield f"`threshold` goes up from {before.threshold} to {after.threshold}"
    for name in ("patterns", "terms", "terms_from"):
        if not set(getattr(before, name)) <= set(getattr(after, name)):
            yield f"`{name}` holds less"
    for name in ("entity", "recognizer", "options", "validate_with"):
        if getattr(before, name) != getattr(after, name):
            yield f"`{name}` differs"


def _tool(before: Tool, after: Tool) -> Iterator[str]:
    if not set(after.shared_hosts) <= set(before.shared_hosts):
        yield "`shared_hosts` holds more"
    if not set(before.tenant_headers) <= set(after.tenant_headers):
        yield "`tenant_headers` holds less"
    kept = {endpoint.id: endpoint for endpoint in after.endpoints}
    for endpoint in before.endpoints:
        if kept.pop(endpoint.id, None) != endpoint:
            yield f"endpoint `{endpoint.id}` differs or is gone"
    for endpoint in kept.values():
        if not endpoint.kind.is_read:
            yield f"endpoint `{endpoint.id}` adds traffic that is not read"


def _house(before: HouseRules, after: HouseRules) -> Iterator[str]:
    for (name, shipped), (_, own) in zip(before.tables(), after.tables(), strict=True):
        for key, then in shipped.items():
            if key in own:
                yield from _then(f"{name}.{key}", then, own[key])


def _hosts(before: HostList, after: HostList) -> Iterator[str]:
    own = {host for service in after.services for host in (*service.hosts, *service.suffixes)}
    gone = [service.name for service in before.services if not {*service.hosts, *service.suffixes} <= own]
    shared = {host for service in before.shared for host in patterns_of(service)}
    if not {host for service in after.shared for host in patterns_of(service)} <= shared:
        yield "`shared` holds more"
    if gone:
        yield f"{len(gone)} services are gone, such as {gone[0]}"


_CHECKS: Mapping[type[Document], Callable[..., Iterator[str]]] = MappingProxyType(
    {UsageRule: _usage, DetectionRule: _detection, Tool: _tool, HouseRules: _house, HostList: _hosts}
)
