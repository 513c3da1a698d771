"""Common Event Format: a header of eight fields and `key=value` extensions, escaped as ArcSight wrote it down."""

from collections.abc import Iterable, Iterator, Mapping

from gateway import __version__
from gateway.audit.chain import seconds
from gateway.audit.exports.severity import of_ten
from gateway.audit.query import Event


def lines(events: Iterable[Event]) -> Iterator[str]:
    """One CEF line per event."""
    return (line(event) for event in events)


def line(event: Event) -> str:
    """One event as a CEF line."""
    head = ("CEF:0", "prompt-gateway", "prompt-gateway", __version__, event["code"], event["event"], str(of_ten(event)))
    extension = {"rt": str(round(seconds(event["at"]) * 1000)), "dvchost": event["gateway"], **_about(event)}
    pairs = " ".join(f"{key}={escape_value(value)}" for key, value in extension.items() if value)
    return "|".join(escape_header(part) for part in head) + "|" + pairs


def _about(event: Event) -> Mapping[str, str]:
    if "verdict" not in event:
        return {"msg": " ".join(f"{key}:{value}" for key, value in sorted(event["fields"].items()))}
    outcome = event["outcome"] or {}
    return {
        "act": event["verdict"],
        "outcome": outcome.get("action", ""),
        "app": event["tool"],
        "suser": event["pseudonym"],
        "externalId": event["decision_id"],
        "reason": " ".join(dict.fromkeys(code for code, _ in event["reasons"])),
        "cat": " ".join(sorted(event["entities"])),
        "cnt": str(sum(event["entities"].values())),
        "in": str(event["bytes_in"]),
        "cs1Label": "ruleIds",
        "cs1": " ".join(event["rules"]),
        "cs2Label": "rulebookRevision",
        "cs2": event["revision"],
        "cs3Label": "department",
        "cs3": event["department"],
    }


def escape_header(text: str) -> str:
    """Backslash and pipe are escaped; a header has one line."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\r", " ").replace("\n", " ")


def escape_value(text: str) -> str:
    """Backslash, equals sign and line ends are escaped in extensions."""
    return text.replace("\\", "\\\\").replace("=", "\\=").replace("\r", "\\r").replace("\n", "\\n")
