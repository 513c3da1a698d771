"""Makes records for the tests of this room: fictional, and with a canary wherever a type has room for text."""

from dataclasses import replace

from gateway.model.record import Fingerprint, LifecycleEvent, UsageOutcome, UsageRecord

NOON = 1_790_000_000.0
"""2026-09-21 14:13:20 UTC."""
DAY = 86_400.0


def usage(number: int = 1, **changes: object) -> UsageRecord:
    record = UsageRecord(
        decision_id=f"d-{number:06d}",
        at=NOON + number,
        identity="medewerker.een",
        department="Burgerzaken",
        tool_id="chatgpt",
        standing="screened",
        endpoint_id="send",
        endpoint_kind="prompt",
        transport="http",
        verdict="redact",
        reasons=(("rule-matched", "no-bsn"),),
        rules=("no-bsn",),
        overruled=(),
        shadow=(),
        revision="r-1",
        entities={"NL_BSN": 1, "PERSON": 2},
        parts=2,
        bytes_in=512,
        fingerprints=(Fingerprint("NL_BSN", f"{number:064x}"),),
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def outcome(number: int = 1, **changes: object) -> UsageOutcome:
    done = UsageOutcome(
        f"d-{number:06d}", NOON + number + 0.5, "rewritten", 400, {"NL_BSN": 1}, True, 200, {}, {"inspect": 4.25}
    )
    return replace(done, **changes)  # type: ignore[arg-type]


def started() -> LifecycleEvent:
    return LifecycleEvent("PG2001I", NOON, {"version": "1.0", "revision": "r-1"})
