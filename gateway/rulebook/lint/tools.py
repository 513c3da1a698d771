"""Faults in the technical half of the register: hosts, paths, refusals, and endpoints that claim the same request."""

import re
from collections import defaultdict
from collections.abc import Iterator

from gateway.errors import Problem
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.refusal import Refusal
from gateway.rulebook.documents.tool import Endpoint, Tool
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.lint.codes import found

_HOST = re.compile(r"(\*\.)?[a-z0-9*_-]+(\.[a-z0-9*_-]+)+|localhost")
_PATH = re.compile(r"(/(\*\*|(?:[^/*\s?#]|\*(?!\*))*))+")

type Items = tuple[Loaded[Document], ...]
type Claim = tuple[int, Loaded[Tool], Endpoint]


def problems(items: Items) -> Iterator[Problem]:
    tools = of_kind(items, Tool)
    for item in tools:
        yield from _patterns(item)
    yield from _refusals(items, tools)
    yield from _overlaps(tools)


def _patterns(item: Loaded[Tool]) -> Iterator[Problem]:
    for index, endpoint in enumerate(item.document.endpoints):
        for number, host in enumerate(endpoint.hosts):
            if not _HOST.fullmatch(host):
                yield found(item, "host-pattern", f"`{host}` is no host", "endpoints", index, "hosts", number)
        for number, path in enumerate(endpoint.paths):
            if not _PATH.fullmatch(path):
                yield found(item, "path-pattern", f"`{path}` is no path pattern", "endpoints", index, "paths", number)


def _refusals(items: Items, tools: list[Loaded[Tool]]) -> Iterator[Problem]:
    refusals = {item.document.id: item for item in of_kind(items, Refusal)}
    named: set[str] = set()
    for item in tools:
        for index, endpoint in enumerate(item.document.endpoints):
            if endpoint.refusal is None:
                continue
            named.add(endpoint.refusal)
            if endpoint.refusal not in refusals:
                yield found(
                    item, "refusal-missing", f"there is no refusal `{endpoint.refusal}`", "endpoints", index, "refusal"
                )
    for name, refusal in refusals.items():
        if name not in named:
            yield found(refusal, "refusal-unused", f"no endpoint names `{name}`", "id")


def _overlaps(tools: list[Loaded[Tool]]) -> Iterator[Problem]:
    by_host: dict[str, list[Claim]] = defaultdict(list)
    for item in tools:
        for index, endpoint in enumerate(item.document.endpoints):
            for host in dict.fromkeys(endpoint.hosts):
                by_host[host].append((index, item, endpoint))
    pairs: dict[tuple[str, str], str] = {}
    for host, claims in by_host.items():
        first = claims[0]
        for number, claim in enumerate(claims):
            index, item, endpoint = claim
            if item is not first[1]:
                pairs.setdefault((first[1].document.id, item.document.id), host)
            for _, other, rival in claims[:number]:
                shared = _same_requests(endpoint, rival)
                if shared:
                    message = f"`{shared}` on {host} is also claimed by {other.document.id}/{rival.id}"
                    yield found(item, "endpoints-overlap", message, "endpoints", index)
    for (one, two), host in pairs.items():
        item = next(item for item in tools if item.document.id == two)
        yield found(item, "host-of-two-tools", f"{host} is also a host of {one}", "endpoints")


def _same_requests(one: Endpoint, two: Endpoint) -> str:
    """A path pattern both have, for methods, media types and a transport that both take; "" when there is none."""
    if one.transport is not two.transport:
        return ""
    for mine, theirs in ((one.methods, two.methods), (one.media_types, two.media_types)):
        if bool(mine) != bool(theirs):
            return ""
        if mine and set(mine).isdisjoint(theirs):
            return ""
    return next(iter(sorted(set(one.paths) & set(two.paths))), "")
