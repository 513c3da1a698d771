"""What the walk needs of the other rooms, as protocols, and what it comes to."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from gateway.enforcement.vault import Conversation, Vault
from gateway.model.inspection import Entity, Gap, Inspection
from gateway.model.policy import Action, Decision, ReasonCode, Verdict
from gateway.model.record import Fingerprint, LifecycleEvent, UsageOutcome, UsageRecord
from gateway.model.traffic import Exchange, Extraction, Message, PromptPart, Rewrite, ToolMatch, Upload
from gateway.observability.metrics import Metrics
from gateway.proxy.coaching import Coaching
from gateway.proxy.uploads import UploadLedger
from gateway.rulebook.book import RuleBook
from gateway.wire.pieces import Reply


class Inspecting(Protocol):
    """The worker pool of detection."""

    async def inspect(self, parts: Sequence[PromptPart], *, deadline_s: float) -> Inspection: ...
    async def inspect_answer(self, parts: Sequence[PromptPart], *, deadline_s: float) -> Inspection: ...


class Journaling(Protocol):
    """The journal, seen from the event loop. `start` returns when the row is durable, or raises JournalError."""

    async def start(self, record: UsageRecord) -> object: ...
    async def finish(self, outcome: UsageOutcome) -> object: ...
    async def record(self, event: LifecycleEvent) -> object: ...


class FileReading(Protocol):
    """What one file gave: its texts as parts, and what stayed unread."""

    @property
    def parts(self) -> tuple[PromptPart, ...]: ...
    @property
    def gaps(self) -> tuple[Gap, ...]: ...


class Reading(Protocol):
    """The document reader; one limited process per file. `redact` takes values with the token for each.

    Of kinds in `as_text` only the redacted text goes on, in a file of the same kind.
    """

    async def read(self, upload: Upload) -> FileReading: ...
    async def redact(
        self, upload: Upload, replacements: Sequence[tuple[str, str]], as_text: Collection[str] = ()
    ) -> bytes: ...


class Fingerprinting(Protocol):
    """Keyed digests of values, so that an auditor can ask whether one was sent."""

    def digest(self, entity: Entity, value: str) -> Fingerprint: ...


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of one running gateway. `book` gives the rulebook in force at this moment."""

    book: Callable[[], RuleBook]
    workers: Inspecting
    documents: Reading
    vault: Vault
    journal: Journaling
    fingerprints: Fingerprinting
    metrics: Metrics
    uploads: UploadLedger = field(default_factory=lambda: UploadLedger(time.monotonic))
    coaching: Coaching = field(default_factory=lambda: Coaching(time.monotonic))
    clock: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the walk came to. `message` is what may be sent now; None means: answer with the notice instead.

    `conversation` restores the answer. `is_recorded`: the start row is durable; its outcome was not written yet.
    `files` are the ids of the files whose bytes it holds. `reply` is our answer in the words of an upload protocol;
    with a verdict that is no refusal, the bytes wait here and there is nothing to journal yet.
    """

    record: UsageRecord
    match: ToolMatch
    decision: Decision
    message: Message | None = field(default=None, repr=False)
    action: Action = Action.ANSWERED
    conversation: Conversation | None = field(default=None, repr=False)
    redacted: Mapping[Entity, int] = field(default_factory=lambda: MappingProxyType({}))
    clean_after: bool | None = None
    milliseconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    is_recorded: bool = False
    files: tuple[str, ...] = ()
    reply: Reply | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether this is a piece of a file that is kept until the rest has come."""
        return self.reply is not None and self.decision.verdict is not Verdict.REFUSE

    @property
    def message_id(self) -> str:
        """The text to show: the rule's own, else the one of the first reason."""
        first = self.decision.reasons[0].code if self.decision.reasons else ReasonCode.INTERNAL_ERROR
        return self.decision.obligations.message or f"reason.{first.value}"


def record_of(
    exchange: Exchange,
    match: ToolMatch,
    decision: Decision,
    extraction: Extraction | None = None,
    inspection: Inspection | None = None,
) -> UsageRecord:
    """The journal's row of a decision: codes, counts and ids."""
    found = inspection or Inspection()
    read = extraction or Extraction()
    return UsageRecord(
        decision_id=exchange.id,
        at=exchange.at,
        identity=exchange.person.identity,
        department=exchange.person.department,
        tool_id=match.tool_id,
        standing=match.standing.value,
        endpoint_id=match.endpoint.endpoint_id,
        endpoint_kind=match.endpoint.kind.value,
        transport=exchange.transport.value,
        verdict=decision.verdict.value,
        reasons=tuple((reason.code.value, reason.subject) for reason in decision.reasons),
        rules=decision.winning,
        overruled=decision.overruled,
        shadow=tuple((rule, verdict.value) for rule, verdict in decision.shadow),
        revision=decision.revision,
        entities={entity.value: count for entity, count in found.counts().items()},
        gaps=tuple(sorted({gap.kind.value for gap in (*read.gaps, *found.gaps)})),
        persons=found.persons,
        parts=len(read.parts),
        uploads=len(read.uploads),
        bytes_in=exchange.bytes_in,
        incident=decision.incident,
        is_dossier=found.is_dossier,
        can_rewrite=match.endpoint.rewrite is not Rewrite.FORBIDDEN,
        part_roles=tuple(sorted({part.role.value for part in read.parts})),
    )
