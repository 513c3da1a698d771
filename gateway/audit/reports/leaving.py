"""Whether data left: what a finished exchange really let out, from its two rows."""

from enum import StrEnum

from gateway.audit.query import Event


class Leaving(StrEnum):
    """`unknown`: it was let through and never ended (the process died), so it may have left."""

    LEFT = "left"
    UNKNOWN = "unknown"
    STAYED = "stayed"


def left(event: Event) -> dict[str, int]:
    """How many values of each entity went out: those found, minus those taken out, when the request went out."""
    outcome = event["outcome"] or {}
    if outcome.get("action") not in {"forwarded", "rewritten"}:
        return {}
    redacted = outcome["redacted"]
    kept = {entity: count - redacted.get(entity, 0) for entity, count in event["entities"].items()}
    return {entity: count for entity, count in kept.items() if count > 0}


def leaving(event: Event) -> Leaving:
    """Whether anything that was found (or could not be read) left with this exchange."""
    if event["outcome"] is None:
        return Leaving.STAYED if event["verdict"] == "refuse" else Leaving.UNKNOWN
    if event["outcome"]["action"] not in {"forwarded", "rewritten"}:
        return Leaving.STAYED
    return Leaving.LEFT if left(event) or event["gaps"] else Leaving.STAYED
