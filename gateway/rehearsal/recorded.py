"""A decision as the journal keeps it, turned back into nouns: enough to explain it and to decide it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity, GapKind
from gateway.model.policy import Question, Reason, ReasonCode, Verdict
from gateway.model.traffic import EndpointKind, PartRole, Standing, Transport

FAILURES = frozenset(
    {
        ReasonCode.NAMES_DISAGREE,
        ReasonCode.IDENTITY_MISSING,
        ReasonCode.TOO_LARGE,
        ReasonCode.TOO_MANY_FILES,
        ReasonCode.PIECE_MISPLACED,
        ReasonCode.INSPECTION_FAILED,
        ReasonCode.INSPECTION_TIMEOUT,
        ReasonCode.INSPECTION_BUSY,
        ReasonCode.WORKER_DIED,
        ReasonCode.JOURNAL_UNWRITABLE,
        ReasonCode.INTERNAL_ERROR,
        ReasonCode.FILE_UNCHANGEABLE,
        ReasonCode.STILL_FOUND_AFTER_REDACTION,
    }
)
"""Reasons that no rule gave: the gateway refused by itself, and would again under any rules."""


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """One decided exchange of the journal. `question` holds what was kept of it; roles of people are not kept."""

    decision_id: str
    question: Question
    verdict: Verdict
    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]
    overruled: tuple[str, ...]
    shadow: tuple[tuple[str, Verdict], ...]
    revision: str
    parts: int = 0
    incident: str = "none"

    @property
    def is_failure(self) -> bool:
        return any(reason.code in FAILURES for reason in self.reasons)


def from_event(event: Mapping[str, Any]) -> RecordedDecision | None:
    """The decision in an event of `audit query --json` (or an export in the same words); None for other events.

    Raises ValueError for an event that names a code this gateway does not know.
    """
    if "verdict" not in event or "decision_id" not in event:
        return None
    entities = {Entity(name): int(count) for name, count in event.get("entities", {}).items()}
    classes: dict[DataClass, int] = {}
    for entity, count in entities.items():
        classes[DATA_CLASS_OF[entity]] = classes.get(DATA_CLASS_OF[entity], 0) + count
    question = Question(
        at=_seconds(event["at"]),
        department=str(event.get("department", "")),
        roles=(),
        tool_id=str(event.get("tool", "")),
        standing=Standing(event["standing"]),
        endpoint_kind=EndpointKind(event["endpoint_kind"]),
        transport=Transport(event["transport"]),
        entities=entities,
        data_classes=classes,
        part_roles=frozenset(PartRole(role) for role in event.get("part_roles", ())),
        gaps=tuple(GapKind(gap) for gap in event.get("gaps", ())),
        persons=int(event.get("persons", 0)),
        is_dossier=bool(event.get("dossier", False)),
        uploads=int(event.get("uploads", 0)),
        can_rewrite=bool(event.get("can_rewrite", True)),
    )
    return RecordedDecision(
        decision_id=str(event["decision_id"]),
        question=question,
        verdict=Verdict(event["verdict"]),
        reasons=tuple(Reason(ReasonCode(code), str(subject)) for code, subject in event.get("reasons", ())),
        rules=tuple(event.get("rules", ())),
        overruled=tuple(event.get("overruled", ())),
        shadow=tuple((str(rule), Verdict(verdict)) for rule, verdict in event.get("shadow", ())),
        revision=str(event.get("revision", "")),
        parts=int(event.get("parts", 0)),
        incident=str(event.get("incident", "none")),
    )


def _seconds(at: str | float) -> float:
    return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else float(at)
