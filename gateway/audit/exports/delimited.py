"""CSV (RFC 4180) with a header, for spreadsheets: one line per event, lists joined by spaces, no formula injection."""

import csv
import io
from collections.abc import Iterable, Iterator

from gateway.audit.query import Event

COLUMNS = (
    "seq", "at", "code", "event", "gateway", "decision_id", "pseudonym", "department", "tool", "standing", "endpoint",
    "endpoint_kind", "transport", "verdict", "reasons", "rules", "revision", "entities", "gaps", "persons", "parts",
    "uploads", "bytes_in", "incident", "action", "bytes_out", "redacted", "clean_after", "status", "fields",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(events: Iterable[Event]) -> Iterator[str]:
    """The header and one line per event."""
    yield _line(COLUMNS)
    for event in events:
        flat = {**event, **{key: (event.get("outcome") or {}).get(key) for key in COLUMNS[24:29]}}
        yield _line(tuple(_cell(flat.get(column)) for column in COLUMNS))


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        text = " ".join(f"{key}:{count}" for key, count in sorted(value.items()))
    elif isinstance(value, list):
        text = " ".join(":".join(filter(None, item)) if isinstance(item, list) else str(item) for item in value)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
