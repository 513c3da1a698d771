"""From host, path, method and media type to the endpoint of a registered tool.

The most specific host pattern decides which endpoints are tried; among these the most specific path wins. A path that
a server might read otherwise than we do (dot segments, encoded slashes) never counts as an endpoint we do not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from posixpath import normpath
from typing import Self
from urllib.parse import unquote

from gateway.model.traffic import AnswerFormat, EndpointFormat, EndpointKind, Selector, Transport
from gateway.rulebook.documents.tool import Endpoint, TextSelector, Tool
from gateway.rulebook.hosts import HostTable

UNCLAIMED = EndpointFormat(endpoint_id="unknown", kind=EndpointKind.UNKNOWN)
"""The endpoint of a path that no tool file names: every text in it is walked."""

_AMBIGUOUS = re.compile(r"//|/\.{1,2}(?:/|$)|\\|;|%(?:2[ef]|5c|25)", re.IGNORECASE)

type Specificity = tuple[int, int, int, int, int, int]


def path_expression(pattern: str) -> re.Pattern[str]:
    """A path pattern as an expression: `**` is any number of segments, `*` any characters within one."""
    expression = ""
    for segment in pattern.strip("/").split("/"):
        if segment == "**":
            expression += "(?:/[^/]*)*"
        else:
            expression += "/" + "[^/]*".join(re.escape(piece) for piece in segment.split("*"))
    return re.compile(expression + "/?")


def specificity(pattern: str) -> tuple[int, int, int]:
    """Larger is more specific: literal segments, then literal characters, then fewer `**`."""
    segments = pattern.strip("/").split("/")
    literal = sum("*" not in segment for segment in segments)
    characters = sum(len(segment.replace("*", "")) for segment in segments)
    return literal, characters, -segments.count("**")


@dataclass(frozen=True, slots=True)
class Route:
    """One path pattern of one endpoint, ready to try."""

    tool_id: str
    pattern: str
    path: re.Pattern[str]
    methods: frozenset[str]
    media_types: tuple[str, ...]
    transport: Transport
    format: EndpointFormat
    on_shared_host: bool = False

    @property
    def rank(self) -> Specificity:
        literal, characters, wild = specificity(self.pattern)
        return literal, characters, wild, bool(self.methods), bool(self.media_types), len(self.pattern)

    def fits(self, method: str, path: str, media_type: str, transport: Transport) -> bool:
        return (
            transport is self.transport
            and (not self.methods or method in self.methods)
            and (not self.media_types or media_type in self.media_types)
            and self.path.fullmatch(path) is not None
        )


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """All routes by host, each list with the most specific first."""

    hosts: HostTable[Route]

    @classmethod
    def of(cls, tools: Iterable[Tool]) -> Self:
        rows = [
            (host, replace(route, on_shared_host=host in tool.shared_hosts))
            for tool in tools
            for endpoint in tool.endpoints
            for route in _routes(tool.id, endpoint)
            for host in endpoint.hosts
        ]
        rows.sort(key=lambda row: row[1].rank, reverse=True)
        return cls(HostTable.of(rows))

    def find(
        self, *, host: str, method: str, path: str, media_type: str, transport: Transport
    ) -> tuple[str, EndpointFormat] | None:
        """Tool id and endpoint of a request; `UNCLAIMED` for other paths of a known host, None for other hosts.

        On a host that its tool shares with other services, None for other paths as well.
        """
        routes = self.hosts.find(host)
        if not routes:
            return None
        method, media_type = method.upper(), media_type.partition(";")[0].strip().lower()
        is_ambiguous = _AMBIGUOUS.search(path) is not None
        spellings = (path, _as_a_server_may_read(path)) if is_ambiguous else (path,)
        for route in routes:
            if is_ambiguous and not route.format.kind.is_read:
                continue
            if any(route.fits(method, spelling, media_type, transport) for spelling in spellings):
                return route.tool_id, route.format
        return None if routes[0].on_shared_host else (routes[0].tool_id, UNCLAIMED)


def _as_a_server_may_read(path: str) -> str:
    """The path without encodings (also double), backslashes, parameters, dot segments and empty segments."""
    plain = unquote(unquote(path)).replace("\\", "/")
    return normpath("/" + "/".join(segment.partition(";")[0] for segment in plain.split("/") if segment))


def _routes(tool_id: str, endpoint: Endpoint) -> Iterable[Route]:
    form = endpoint_format(endpoint)
    for pattern in endpoint.paths:
        yield Route(
            tool_id=tool_id,
            pattern=pattern,
            path=path_expression(pattern),
            methods=frozenset(method.upper() for method in endpoint.methods),
            media_types=tuple(media_type.lower() for media_type in endpoint.media_types),
            transport=endpoint.transport,
            format=form,
        )


def endpoint_format(endpoint: Endpoint) -> EndpointFormat:
    """What wire needs of an endpoint; plain dicts, so that it can be pickled to workers."""
    return EndpointFormat(
        endpoint_id=endpoint.id,
        kind=endpoint.kind,
        texts=tuple(_selector(selector) for selector in endpoint.texts),
        file_names=tuple(_selector(selector) for selector in endpoint.file_names),
        ignore=endpoint.ignore,
        joins=endpoint.joins,
        rewrite=endpoint.rewrite,
        answer=AnswerFormat(endpoint.answer.appends, endpoint.answer.patches),
        refusal=endpoint.refusal or "",
        conversation=endpoint.conversation,
        pieces=endpoint.pieces,
    )


def _selector(selector: TextSelector) -> Selector:
    return Selector(selector.at, selector.role, selector.roles_from, dict(selector.roles))
