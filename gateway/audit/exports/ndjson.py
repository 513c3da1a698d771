"""NDJSON: our own events, one per line, keys sorted."""

import json
from collections.abc import Iterable, Iterator

from gateway.audit.query import Event


def lines(events: Iterable[Event]) -> Iterator[str]:
    """One JSON object per line."""
    return (json.dumps(event, sort_keys=True, ensure_ascii=False) for event in events)
