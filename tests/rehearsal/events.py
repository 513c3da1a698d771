"""Events as `audit query --json` prints them."""

from typing import Any

from gateway.rulebook.load import default_root, load

BOOK = load(default_root())


def event(**changes: object) -> dict[str, Any]:
    return {
        "v": 1,
        "code": "PG1004I",
        "event": "exchange.redacted",
        "at": "2026-11-25T11:00:00.000Z",
        "decision_id": "d-1",
        "pseudonym": "p_1",
        "department": "wmo",
        "tool": "m365-copilot",
        "standing": "screened",
        "endpoint": "send",
        "endpoint_kind": "prompt",
        "transport": "websocket",
        "verdict": "redact",
        "reasons": [["rule-matched", "personal-data"], ["rule-shadowed", "coach-on-files"]],
        "rules": ["personal-data"],
        "overruled": [],
        "shadow": [["coach-on-files", "coach"]],
        "revision": BOOK.revision,
        "entities": {"PERSON": 2, "NL_BSN": 1},
        "gaps": [],
        "persons": 1,
        "parts": 3,
        "uploads": 1,
        "bytes_in": 812,
        "incident": "possible",
        "fingerprints": [],
        "hash": "x",
        **changes,
    }
