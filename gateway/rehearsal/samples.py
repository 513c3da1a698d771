"""Recorded exchanges read through the rulebook's endpoints, for the cases beside tool files."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from gateway.model.traffic import EndpointFormat, EndpointKind
from gateway.rehearsal.cases import Dissected
from gateway.rulebook.book import RuleBook
from gateway.wire.message import extract
from gateway.wire.recordings import read

_UNKNOWN = EndpointFormat("unknown", EndpointKind.UNKNOWN)


def dissect(path: Path, book: RuleBook) -> Dissected:
    """The tool and endpoint of the first message that belongs to a tool, and all texts in order.

    Raises `WireError` for a file that is no recording, OSError when it cannot be read.
    """
    tool_id = endpoint_id = ""
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
            if match and not tool_id:
                tool_id, endpoint_id = match.tool_id, match.endpoint.endpoint_id
            texts += [part.text for part in extract(message, match.endpoint if match else _UNKNOWN).extraction.parts]
    return Dissected(tool_id, endpoint_id, tuple(texts))
