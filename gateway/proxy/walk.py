"""One message on its way through the rooms: the steps in order, each timed."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace

from gateway.decision.decide import decide
from gateway.decision.question import ask
from gateway.documents.sample import sample
from gateway.enforcement import placeholders
from gateway.enforcement.redaction import apply, plan, types_tokens
from gateway.enforcement.vault import Conversation
from gateway.errors import DocumentError, InspectionError
from gateway.model.inspection import DataClass, Entity, Finding, Gap, GapKind, Inspection
from gateway.model.policy import Action, Decision, Obligations, Reason, ReasonCode, Verdict
from gateway.model.record import Fingerprint
from gateway.model.traffic import (
    EndpointKind,
    Exchange,
    Extraction,
    Message,
    PartRole,
    Pieces,
    PromptPart,
    ToolMatch,
    Upload,
)
from gateway.proxy.coaching import judged
from gateway.proxy.rooms import FileReading, Judgement, Rooms, record_of
from gateway.wire.limits import DEFAULT_LIMITS
from gateway.wire.message import Decoded, extract
from gateway.wire.references import url_reference

INLINE_BYTES = 64_000
"""Bodies up to this size are decoded in the event loop; larger ones in a thread, so that others keep moving."""
INLINE = replace(DEFAULT_LIMITS, expanded=4 * INLINE_BYTES, nodes=5_000)
"""What a body decoded in the event loop may hold; one with more is decoded again, in a thread."""

REDACTION_ROUNDS = 2
"""What a second reading still finds is taken out once more; after that the message is refused."""

MAX_FINGERPRINTS = 200
FINGERPRINTED = frozenset({DataClass.PERSONAL, DataClass.NATIONAL_IDENTIFIER, DataClass.SECRET})
"""Values one can ask the journal about; facts such as an illness are no values."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one message may take: seconds of inspection, and files that are opened."""

    seconds: float
    files: int


class Walk:
    """The walk of one message. `run` once; raises what the rooms raise."""

    def __init__(self, rooms: Rooms, exchange: Exchange, match: ToolMatch, message: Message, bounds: Bounds) -> None:
        self._rooms = rooms
        self._exchange = exchange
        self._match = match
        self._message = message
        self._max_files = bounds.files
        self._ends = time.monotonic() + bounds.seconds
        self._milliseconds: dict[str, float] = {}

    async def run(self) -> Judgement:
        """The judgement, not journaled yet."""
        decoded = await self._timed("extract", _decode(self._message, self._match))
        if sum(upload.content is not None for upload in decoded.extraction.uploads) > self._max_files:
            return self._too_many_files(decoded.extraction)
        read = await self._timed("documents", self._read(decoded.extraction))
        place, uploads = url_reference(self._message.url), decoded.extraction.uploads
        unlinked = self._rooms.uploads.gaps(self._exchange, self._match, place, uploads, decoded.mentions)
        files = self._files(decoded.extraction)
        try:
            return await self._judgement(decoded, read.with_gaps(unlinked), files)
        except BaseException:  # nothing of these files leaves: their place is free again
            self._rooms.uploads.settle(self._exchange, self._match, files, allowed=False)
            raise

    async def _judgement(self, decoded: Decoded, read: "_Read", files: tuple[str, ...]) -> Judgement:
        inspection, decision = await self._timed("inspect", self._judged(read.extraction))
        record = replace(
            record_of(self._exchange, self._match, decision, read.extraction, inspection),
            fingerprints=self._fingerprints(read.extraction.parts, inspection.findings),
        )
        judgement = Judgement(record, self._match, decision, milliseconds=self._milliseconds, files=files)
        if decision.verdict in (Verdict.ALLOW, Verdict.WARN) or self._was_coached(decision, read, inspection):
            conversation = await self._conversation(decoded)
            known = None if types_tokens(read.extraction.parts, conversation) else conversation
            return replace(judgement, message=self._message, action=Action.FORWARDED, conversation=known)
        if decision.verdict is Verdict.REDACT:
            return await self._timed("rewrite", self._rewritten(judgement, decoded, read, inspection))
        return judgement

    def _was_coached(self, decision: Decision, read: "_Read", inspection: Inspection) -> bool:
        """Whether this message was held and explained before, so that it goes on now."""
        if decision.verdict is not Verdict.COACH:
            return False
        words = judged(read.extraction, inspection, self._message)
        return self._rooms.coaching.was_shown(self._exchange, self._match, decision, words)

    async def _judged(self, extraction: Extraction) -> tuple[Inspection, Decision]:
        """What was found and what follows. A refusal after a look at large files stands; all else needs every word."""
        if looked := sample(extraction.parts):
            others = [part for part in extraction.parts if part.role is not PartRole.FILE]
            inspection, decision = await self._decided(extraction, [*others, *looked])
            if decision.verdict is Verdict.REFUSE:
                return inspection, decision
        return await self._decided(extraction, extraction.parts)

    async def _decided(self, extraction: Extraction, parts: Sequence[PromptPart]) -> tuple[Inspection, Decision]:
        inspection = await self._inspect(parts)
        return inspection, decide(ask(self._exchange, self._match, extraction, inspection), self._rooms.book())

    def _files(self, extraction: Extraction) -> tuple[str, ...]:
        """The ids of the files that are in the message; a file that is plain text may stand in it as a part."""
        if self._match.endpoint.pieces is Pieces.PARTS:
            return (url_reference(self._message.url),)
        uploads = (upload.reference for upload in extraction.uploads if upload.content is not None)
        found = tuple(reference for reference in uploads if reference)
        is_upload = self._match.endpoint.kind is EndpointKind.UPLOAD
        if not found and is_upload and any(part.role is PartRole.FILE for part in extraction.parts):
            return (url_reference(self._message.url),)
        return found

    async def _rewritten(
        self, judgement: Judgement, decoded: Decoded, read: "_Read", inspection: Inspection
    ) -> Judgement:
        """The judgement with the redacted message, or a refusal when something stays in it or a file cannot change."""
        entities = judgement.decision.obligations.redact
        conversation = await self._conversation(decoded)
        findings: Sequence[Finding] = [finding for finding in inspection.findings if finding.entity in entities]
        redacted = Counter(finding.entity for finding in findings)
        accepted = _gaps(read, inspection)
        message = self._message
        for _ in range(REDACTION_ROUNDS):
            try:
                message = await self._redacted(decoded, read, findings, entities, conversation)
            except DocumentError:
                return self._refused(judgement, ReasonCode.FILE_UNCHANGEABLE)
            decoded = await _decode(message, self._match)
            read = (await self._read(decoded.extraction)).as_history()
            again = await self._inspect(read.extraction.parts)
            findings = _outside_tokens(read.extraction.parts, again.findings, entities)
            if new := _gaps(read, again) - accepted:
                return self._refused(judgement, ReasonCode.GAP, min(kind.value for kind, _ in new))
            if not findings:
                await self._rooms.vault.save(conversation)
                return replace(
                    judgement, message=message, action=Action.REWRITTEN, conversation=conversation,
                    redacted=redacted, clean_after=True,
                )  # fmt: skip
        return self._refused(judgement, ReasonCode.STILL_FOUND_AFTER_REDACTION)

    async def _redacted(
        self,
        decoded: Decoded,
        read: "_Read",
        findings: Sequence[Finding],
        entities: frozenset[Entity],
        conversation: Conversation,
    ) -> Message:
        """The message with tokens for the findings, also where a value repeats in an id, a header or the URL."""
        texts = {part.id: part.text for part in read.extraction.parts}
        values = {texts[finding.part_id][finding.start : finding.end] for finding in findings}
        parts = (*read.extraction.parts, *decoded.repeats(values))
        texts |= {part.id: part.text for part in parts}
        planned = dict(plan(parts, findings, entities, conversation))
        files: dict[str, bytes] = {}
        as_text = self._rooms.book().house.files.text_version
        for upload, reading in read.files:
            inside = [(texts[part.id], planned.pop(part.id)) for part in reading.parts if part.id in planned]
            pairs = dict.fromkeys((text[each.start : each.end], each.token) for text, own in inside for each in own)
            if pairs:
                files[upload.id] = await self._rooms.documents.redact(upload, tuple(pairs), as_text)
        edits = {part: apply(texts[part], own) for part, own in planned.items()}
        return await asyncio.to_thread(decoded.rewrite, edits, files)

    def _too_many_files(self, extraction: Extraction) -> Judgement:
        """A refusal before any file is opened: each would hold a place in the queue for all others."""
        reason, book = ReasonCode.TOO_MANY_FILES, self._rooms.book()
        obligations = Obligations(message=book.message_of(reason))
        decision = Decision(Verdict.REFUSE, obligations, (Reason(reason),), revision=book.revision)
        record = record_of(self._exchange, self._match, decision, extraction)
        return Judgement(record, self._match, decision, milliseconds=self._milliseconds)

    def _refused(self, judgement: Judgement, reason: ReasonCode, subject: str = "") -> Judgement:
        """A refusal of what should have been redacted."""
        decision = replace(
            judgement.decision,
            verdict=Verdict.REFUSE,
            obligations=Obligations(message=self._rooms.book().message_of(reason)),
            reasons=(Reason(reason, subject), *judgement.decision.reasons),
        )
        reasons = tuple((each.code.value, each.subject) for each in decision.reasons)
        record = replace(judgement.record, verdict=decision.verdict.value, reasons=reasons)
        return replace(judgement, decision=decision, record=record, clean_after=False)

    async def _read(self, extraction: Extraction) -> "_Read":
        """The extraction with the texts and gaps of the files in it."""
        files = []
        for upload in extraction.uploads:
            if upload.content is not None:
                files.append((upload, await self._rooms.documents.read(upload)))
        return _Read(
            replace(
                extraction,
                parts=(*extraction.parts, *(part for _, reading in files for part in reading.parts)),
                gaps=(*extraction.gaps, *(gap for _, reading in files for gap in reading.gaps)),
            ),
            tuple(files),
        )

    async def _inspect(self, parts: Sequence[PromptPart]) -> Inspection:
        if not parts:
            return Inspection()
        left = self._ends - time.monotonic()
        if left <= 0:
            raise InspectionError(ReasonCode.INSPECTION_TIMEOUT)
        start = time.perf_counter()
        inspection = await self._rooms.workers.inspect(parts, deadline_s=left)
        self._rooms.metrics.inspected(time.perf_counter() - start, inspection)
        return inspection

    async def _conversation(self, decoded: Decoded) -> Conversation:
        return await self._rooms.vault.open(self._exchange.person.identity, self._match.tool_id, decoded.conversation)

    def _fingerprints(self, parts: Sequence[PromptPart], findings: Sequence[Finding]) -> tuple[Fingerprint, ...]:
        texts = {part.id: part.text for part in parts}
        values = dict.fromkeys(
            (finding.entity, texts[finding.part_id][finding.start : finding.end])
            for finding in findings
            if finding.data_class in FINGERPRINTED
        )
        return tuple(self._rooms.fingerprints.digest(entity, value) for entity, value in [*values][:MAX_FINGERPRINTS])

    async def _timed[T](self, step: str, work: Awaitable[T]) -> T:
        start = time.perf_counter()
        try:
            return await work
        finally:
            self._milliseconds[step] = round((time.perf_counter() - start) * 1000, 3)


@dataclass(frozen=True, slots=True)
class _Read:
    """A message with its files opened; `extraction` holds their texts too."""

    extraction: Extraction
    files: tuple[tuple[Upload, FileReading], ...] = ()

    def with_gaps(self, gaps: tuple[Gap, ...]) -> "_Read":
        return replace(self, extraction=replace(self.extraction, gaps=(*self.extraction.gaps, *gaps)))

    def as_history(self) -> "_Read":
        """The same, with every text marked as sent before: tokens in it are ours, nobody typed them."""
        parts = tuple(replace(part, role=PartRole.HISTORY) for part in self.extraction.parts)
        return replace(self, extraction=replace(self.extraction, parts=parts))


def _gaps(read: _Read, inspection: Inspection) -> set[tuple[GapKind, str]]:
    """What stayed unread, whoever says so. Part ids are left out: a rewrite may count the parts anew."""
    return {(gap.kind, gap.detail) for gap in (*read.extraction.gaps, *inspection.gaps)}


async def _decode(message: Message, match: ToolMatch) -> Decoded:
    if len(message.body) <= INLINE_BYTES:
        decoded = extract(message, match.endpoint, INLINE)
        if not any(gap.kind is GapKind.TOO_LARGE for gap in decoded.extraction.gaps):
            return decoded
    return await asyncio.to_thread(extract, message, match.endpoint)


def _outside_tokens(
    parts: Sequence[PromptPart], findings: Sequence[Finding], entities: frozenset[Entity]
) -> list[Finding]:
    """What findings still cover once our own tokens are left out of them."""
    texts = {part.id: part.text for part in parts}
    left = []
    for finding in findings:
        if finding.entity not in entities:
            continue
        text = texts[finding.part_id]
        at = finding.start
        for token in placeholders.look_alikes(text):
            if token.end() <= at or token.start() >= finding.end:
                continue
            left.append(replace(finding, start=at, end=token.start()))
            at = token.end()
        left.append(replace(finding, start=at, end=finding.end))
    return [
        finding
        for finding in left
        if any(sign.isalnum() for sign in texts[finding.part_id][finding.start : finding.end])
    ]
