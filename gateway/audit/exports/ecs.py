"""Elastic Common Schema: `event.*`, `rule.*`, `user.hash`, `observer.*`; what ECS has no name for under `muni_ai`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway import __version__
from gateway.audit.exports.severity import of_ten
from gateway.audit.query import Event

ECS_VERSION = "8.17.0"
_TYPE: Mapping[str, str] = {
    "allow": "allowed",
    "warn": "allowed",
    "coach": "denied",
    "redact": "change",
    "refuse": "denied",
}
_OUTCOMES: Mapping[str, str] = {
    "forwarded": "success",
    "rewritten": "success",
    "answered": "success",
    "dropped": "failure",
}
_OWN = (
    "standing", "endpoint", "endpoint_kind", "transport", "entities", "gaps", "persons", "parts", "uploads",
    "incident", "department", "overruled", "shadow",
)  # fmt: skip


def lines(events: Iterable[Event]) -> Iterator[str]:
    """One ECS document per line."""
    return (json.dumps(document(event), sort_keys=True, ensure_ascii=False) for event in events)


def document(event: Event) -> dict[str, Any]:
    """One event as an ECS document."""
    common: dict[str, Any] = {
        "@timestamp": event["at"],
        "ecs": {"version": ECS_VERSION},
        "observer": {
            "type": "ai-gateway", "vendor": "prompt-gateway", "product": "prompt-gateway", "version": __version__,
            "name": event["gateway"],
        },
        "event": {
            "kind": "event", "module": "prompt-gateway", "code": event["code"], "severity": of_ten(event),
            "sequence": event["seq"],
        },
    }  # fmt: skip
    if "verdict" not in event:
        common["event"] |= {"action": event["event"], "category": ["configuration"], "type": ["info"]}
        return common | {"muni_ai": {"fields": event["fields"]}}
    outcome = event["outcome"] or {}
    common["event"] |= {
        "action": event["verdict"],
        "category": ["web"],
        "type": [_TYPE[event["verdict"]]],
        "outcome": _OUTCOMES.get(outcome.get("action", ""), "unknown"),
        "id": event["decision_id"],
        "reason": next((code for code, _ in event["reasons"]), ""),
        "kind": "alert" if event["verdict"] == "refuse" else "event",
    }
    return common | {
        "rule": {"id": event["rules"], "ruleset": event["revision"]},
        "service": {"name": event["tool"]},
        "user": {"hash": event["pseudonym"]},
        "http": {"request": {"bytes": event["bytes_in"]}},
        "muni_ai": {key: event[key] for key in _OWN} | {"action": outcome.get("action", "")},
    }
