"""How serious an event is, on the two scales SIEMs use: 0..10 (CEF, ECS) and 1..5 (OCSF)."""

from gateway.audit.query import Event

_OF_VERDICT = {"allow": 1, "warn": 2, "coach": 3, "redact": 4, "refuse": 6}
_OF_LETTER = {"I": 1, "W": 5, "E": 9}
_IDENTIFIERS = frozenset({"NL_BSN", "US_SSN"})


def of_ten(event: Event) -> int:
    """0..10: by verdict; a refusal over a national identifier is 8; errors of the gateway or journal are 9."""
    verdict = event.get("verdict")
    if verdict == "refuse" and _IDENTIFIERS & set(event.get("entities", ())):
        return 8
    if verdict is not None:
        return _OF_VERDICT.get(verdict, 6)
    return _OF_LETTER[event["code"][-1]]


def of_five(event: Event) -> int:
    """OCSF `severity_id`: 1 informational, 2 low, 3 medium, 4 high, 5 critical."""
    ten = of_ten(event)
    return 1 + sum(ten >= limit for limit in (2, 4, 7, 9))
