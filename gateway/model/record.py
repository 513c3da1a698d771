"""What the journal keeps of an exchange: codes, counts, ids. Never text, file names, paths or queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A keyed digest (HMAC-SHA-256, hex) of one normalised value, so an auditor can ask "was this BSN sent?"."""

    entity: str
    digest: str


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """One AI exchange. Written twice under the same `decision_id`: before anything leaves, and when it is done."""

    decision_id: str
    at: float
    identity: str = field(repr=False)
    department: str
    tool_id: str
    standing: str
    endpoint_id: str
    endpoint_kind: str
    transport: str
    verdict: str
    reasons: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    overruled: tuple[str, ...]
    shadow: tuple[tuple[str, str], ...]
    revision: str
    entities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    gaps: tuple[str, ...] = ()
    persons: int = 0
    parts: int = 0
    uploads: int = 0
    bytes_in: int = 0
    incident: str = "none"
    fingerprints: tuple[Fingerprint, ...] = ()
    is_dossier: bool = False
    can_rewrite: bool = True
    part_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UsageOutcome:
    """How that exchange ended. `milliseconds` by step: extract, inspect, decide, rewrite."""

    decision_id: str
    at: float
    action: str
    bytes_out: int = 0
    redacted: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    clean_after: bool | None = None
    status: int = 0
    answer_entities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    milliseconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class LifecycleEvent:
    """A rare event of the gateway itself (start, reload, key rotation, unmasking), by its catalogue code."""

    code: str
    at: float
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
