"""What is asked of policy and what it answers: no text, only counts and codes, so it can be logged and replayed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.traffic import EndpointKind, PartRole, Standing, Transport


class Verdict(StrEnum):
    """Weakest to strongest, in the order of definition; the strictest matching verdict wins."""

    ALLOW = "allow"
    WARN = "warn"
    COACH = "coach"
    REDACT = "redact"
    REFUSE = "refuse"

    @property
    def strength(self) -> int:
        return list(Verdict).index(self)


class ReasonCode(StrEnum):
    """Why a verdict fell: a closed list. People's texts are looked up from these (law 7)."""

    CLEAN = "clean"
    NOT_READ = "not-read"
    RULE_MATCHED = "rule-matched"
    RULE_OVERRULED = "rule-overruled"
    RULE_SHADOWED = "rule-shadowed"
    EXCEPTION_APPLIED = "exception-applied"
    TOOL_UNKNOWN = "tool-unknown"
    TOOL_PENDING = "tool-pending"
    TOOL_REJECTED = "tool-rejected"
    TOOL_WITHDRAWN = "tool-withdrawn"
    TOOL_EXPIRED = "tool-expired"
    TOOL_CEILING = "tool-ceiling"
    DEPARTMENT_REFUSED = "department-refused"
    UPLOADS_REFUSED = "uploads-refused"
    GAP = "gap"
    REWRITE_FORBIDDEN = "rewrite-forbidden"
    FILE_UNCHANGEABLE = "file-unchangeable"
    STILL_FOUND_AFTER_REDACTION = "still-found-after-redaction"
    NAMES_DISAGREE = "names-disagree"
    IDENTITY_MISSING = "identity-missing"
    TOO_LARGE = "too-large"
    TOO_MANY_FILES = "too-many-files"
    PIECE_MISPLACED = "piece-misplaced"
    INSPECTION_FAILED = "inspection-failed"
    INSPECTION_TIMEOUT = "inspection-timeout"
    INSPECTION_BUSY = "inspection-busy"
    WORKER_DIED = "worker-died"
    JOURNAL_UNWRITABLE = "journal-unwritable"
    INTERNAL_ERROR = "internal-error"


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a decision needs and nothing more. `at` is seconds since the epoch, UTC."""

    at: float
    department: str
    roles: tuple[str, ...]
    tool_id: str
    standing: Standing
    endpoint_kind: EndpointKind
    transport: Transport
    entities: Mapping[Entity, int] = field(default_factory=lambda: MappingProxyType({}))
    data_classes: Mapping[DataClass, int] = field(default_factory=lambda: MappingProxyType({}))
    part_roles: frozenset[PartRole] = frozenset()
    gaps: tuple[GapKind, ...] = ()
    persons: int = 0
    is_dossier: bool = False
    uploads: int = 0
    can_rewrite: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One code and what it is about: a rule id, a gap kind, a tool id; never text from the traffic."""

    code: ReasonCode
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Obligations:
    """What must accompany the verdict: entities to take out, the message to show, a justification to ask."""

    redact: frozenset[Entity] = frozenset()
    message: str = ""
    justification: bool = False
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Policy's answer. `winning`, `overruled` and `shadow` are rule ids; `revision` names the exact rulebook."""

    verdict: Verdict
    obligations: Obligations
    reasons: tuple[Reason, ...]
    winning: tuple[str, ...] = ()
    overruled: tuple[str, ...] = ()
    shadow: tuple[tuple[str, Verdict], ...] = ()
    incident: str = "none"
    revision: str = ""


class Action(StrEnum):
    """What was really done. `decided` and done may differ: the client hung up, the rewrite failed."""

    FORWARDED = "forwarded"
    REWRITTEN = "rewritten"
    ANSWERED = "answered"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What enforcement did with a decision; `clean_after` is the re-inspection result of a rewrite."""

    action: Action
    bytes_out: int = 0
    redacted: Mapping[Entity, int] = field(default_factory=lambda: MappingProxyType({}))
    clean_after: bool | None = None
