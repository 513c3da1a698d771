"""Recorded exchanges read through the rulebook's endpoints, for the cases beside tool files."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from gateway.model.traffic import EndpointFormat, EndpointKind, ToolMatch
from gateway.rehearsal.cases import Dissected
from gateway.rulebook.book import RuleBook
from gateway.wire.message import extract
from gateway.wire.recordings import read

_UNKNOWN = EndpointFormat("unknown", EndpointKind.UNKNOWN)


def dissect(path: Path, book: RuleBook) -> Dissected:
    """The tool and endpoint of the message that says most (a prompt before an upgrade), and all texts in order.

    Raises `WireError` for a file that is no recording, OSError when it cannot be read.
    """
    order = list(EndpointKind)
    matches: list[ToolMatch] = []
    texts: list[str] = []
    today = datetime.now(UTC).date()
    for recording in read(path.read_bytes()):
        for message in recording.messages:
            url = urlsplit(message.url)
            match = book.match(
                host=url.hostname or "",
                method=message.method,
                path=url.path,
                media_type=dict(message.headers).get("content-type", ""),
                transport=message.transport,
                today=today,
            )
            matches += [match] if match else []
            texts += [part.text for part in extract(message, match.endpoint if match else _UNKNOWN).extraction.parts]
    main = min(matches, key=lambda match: order.index(match.endpoint.kind), default=None)
    if main is None:
        return Dissected("", _UNKNOWN.endpoint_id, tuple(texts))
    return Dissected(main.tool_id, main.endpoint.endpoint_id, tuple(texts))
