"""The auditor's question "was this value sent, when, to which tool?", answered from fingerprints alone."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from gateway.audit.fingerprints import Fingerprinter
from gateway.audit.query import Filter, exchanges
from gateway.model.inspection import Entity


class Purpose(StrEnum):
    """Why somebody may look up a value or trace a pseudonym; anything else is refused."""

    DATA_BREACH = "data-breach"
    DATA_SUBJECT_REQUEST = "data-subject-request"
    SECURITY_INCIDENT = "security-incident"
    LEGAL_OBLIGATION = "legal-obligation"


@dataclass(frozen=True, slots=True)
class Hit:
    """One exchange whose prompt held the value. `action` is "" while it is unfinished. No pseudonym, no department:
    the question is what happened to the value, not who did it.
    """

    decision_id: str
    at: str
    tool: str
    verdict: str
    action: str
    has_left: bool


def look_up(database: sqlite3.Connection, fingerprinter: Fingerprinter, entity: Entity, value: str) -> tuple[Hit, ...]:
    """The exchanges whose prompt held `value`, oldest first, as far back as keys go.

    `has_left`: the request went out, and the value was not among what was taken out. A value under another entity
    (a BSN taken for a telephone number) is not found; ask for both.
    """
    hits: dict[str, Hit] = {}
    for digest in fingerprinter.digests(entity, value):
        for (decision_id,) in database.execute(
            "SELECT r.decision_id FROM fingerprints AS f JOIN rows AS r ON r.seq = f.seq WHERE f.digest = ?", (digest,)
        ):
            for event in exchanges(database, Filter(decision_id=decision_id)):
                outcome = event["outcome"] or {}
                action = outcome.get("action", "")
                taken = outcome.get("redacted", {}).get(entity.value, 0) >= event["entities"].get(entity.value, 1)
                has_left = action == "forwarded" or (action == "rewritten" and not taken)
                hits[decision_id] = Hit(decision_id, event["at"], event["tool"], event["verdict"], action, has_left)
    return tuple(sorted(hits.values(), key=lambda hit: hit.at))
