"""OCSF: refusals and redactions as Data Security Finding (2006), all use as API Activity (6003), linked by decision id.

Never `message_context.prompt_text` or a matched value: our events hold none.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway import __version__
from gateway.audit.chain import seconds
from gateway.audit.exports.severity import of_five
from gateway.audit.query import Event

OCSF_VERSION = "1.6.0"
_ACTION: Mapping[str, int] = {"allow": 1, "warn": 1, "coach": 2, "redact": 4, "refuse": 2}
"""`action_id`: 1 allowed, 2 denied, 4 modified."""
_DISPOSITION: Mapping[str, int] = {"allow": 1, "warn": 15, "coach": 23, "redact": 11, "refuse": 2}
"""`disposition_id`: 1 allowed, 15 detected, 23 challenge, 11 corrected, 2 blocked."""
_SECURE_WEB_GATEWAY, _IN_TRANSIT, _PERSONAL, _GOVERNMENTAL = 5, 2, 1, 2
_CONFIDENTIAL = frozenset(
    {"CONFIDENTIAL_MARKING", "CONFIDENTIAL_TERM", "CONFIDENTIAL_DOCUMENT", "CONFIDENTIAL_FACT", "SECRET"}
)


def lines(events: Iterable[Event]) -> Iterator[str]:
    """One OCSF event per line; an exchange gives one or two."""
    for event in events:
        for document in documents(event):
            yield json.dumps(document, sort_keys=True, ensure_ascii=False)


def documents(event: Event) -> Iterator[dict[str, Any]]:
    """The OCSF events of one of ours. Lifecycle events become Application Lifecycle (6002)."""
    if "verdict" not in event:
        yield _classed(event, 6002, 99) | {"app": {"name": "prompt-gateway"}, "unmapped": event["fields"]}
        return
    yield _use(event)
    if event["verdict"] in {"redact", "refuse"} and event["entities"]:
        yield _finding(event)


def _classed(event: Event, class_uid: int, activity_id: int) -> dict[str, Any]:
    return {
        "time": round(seconds(event["at"]) * 1000),
        "class_uid": class_uid,
        "category_uid": class_uid // 1000,
        "activity_id": activity_id,
        "activity_name": event["event"],
        "type_uid": class_uid * 100 + activity_id,
        "severity_id": of_five(event),
        "metadata": {
            "version": OCSF_VERSION,
            "product": {"name": "prompt-gateway", "vendor_name": "prompt-gateway", "version": __version__},
            "event_code": event["code"],
            "sequence": event["seq"],
            "uid": f"{event['gateway']}/{event['seq']}",
            "correlation_uid": event.get("decision_id", ""),
            "profiles": ["security_control"],
        },
    }


def _control(event: Event) -> dict[str, Any]:
    return {
        "action_id": _ACTION[event["verdict"]],
        "disposition_id": _DISPOSITION[event["verdict"]],
        "policy": {"name": " ".join(event["rules"]), "version": event["revision"]},
    }


def _use(event: Event) -> dict[str, Any]:
    return _classed(event, 6003, 99) | _control(event) | {
        "actor": {"user": {"uid": event["pseudonym"], "type_id": 1}},
        "api": {"operation": event["endpoint_kind"], "service": {"name": event["tool"]}},
        "src_endpoint": {"name": event["gateway"]},
        "status_id": 1 if (event["outcome"] or {}).get("action") in {"forwarded", "rewritten", "answered"} else 0,
    }  # fmt: skip


def _finding(event: Event) -> dict[str, Any]:
    is_confidential = bool(_CONFIDENTIAL & set(event["entities"]))
    return _classed(event, 2006, 1) | _control(event) | {
        "finding_info": {
            "uid": event["decision_id"],
            "title": "Protected data in a prompt",
            "types": sorted(event["entities"]),
        },
        "data_security": {
            "detection_system_id": _SECURE_WEB_GATEWAY,
            "data_lifecycle_state_id": _IN_TRANSIT,
            "category_id": _GOVERNMENTAL if is_confidential else _PERSONAL,
        },
        "unmapped": {"entities": event["entities"], "persons": event["persons"], "department": event["department"]},
    }  # fmt: skip
