"""The one walk of an AI message: wire, documents, detection, decision, enforcement, audit. No mitmproxy here.

Nothing is caught: whatever goes wrong in a room reaches the guard, which refuses. The walk holds two promises: the
start row is durable before the caller may send anything, and a rewritten message was read again and found clean.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gateway.decision.decide import AMSTERDAM, decide
from gateway.decision.question import ask
from gateway.enforcement.answers import AnswerText
from gateway.errors import InspectionError
from gateway.model.inspection import Inspection
from gateway.model.policy import Action, Decision, Obligations, Reason, ReasonCode, Verdict
from gateway.model.record import UsageOutcome
from gateway.model.traffic import (
    EndpointKind,
    Exchange,
    Extraction,
    Message,
    PartRole,
    PromptPart,
    Standing,
    ToolMatch,
)
from gateway.proxy.rooms import Judgement, Rooms, record_of
from gateway.proxy.sentinel import SENTINEL_HOST, SENTINEL_MATCH
from gateway.proxy.walk import Bounds, Walk
from gateway.rulebook.book import RuleBook
from gateway.wire.assets import says_something


class Pipeline:
    """Walks exchanges through the rooms. One per process; used from the event loop."""

    def __init__(self, rooms: Rooms, bounds: Bounds) -> None:
        self.rooms = rooms
        self._bounds = bounds

    @property
    def book(self) -> RuleBook:
        """The rulebook in force."""
        return self.rooms.book()

    def is_intercepted(self, host: str) -> bool:
        """Whether this host is that of an AI service, or the sentinel's."""
        return host == SENTINEL_HOST or self.book.is_intercepted(host)

    def match(self, exchange: Exchange) -> ToolMatch | None:
        """The tool and endpoint of an exchange today; None when its host is no AI service."""
        where = exchange.destination
        if where.host == SENTINEL_HOST:
            return SENTINEL_MATCH
        return self.book.match(
            host=where.host,
            method=where.method,
            path=where.path,
            media_type=exchange.media_type,
            transport=exchange.transport,
            today=datetime.fromtimestamp(exchange.at, AMSTERDAM).date(),
        )

    def forecast(self, exchange: Exchange, match: ToolMatch) -> Judgement | None:
        """The refusal that falls whatever the message holds, because of the tool's standing; else None.

        Pure and quick: it is asked before the body has arrived, and nothing of that body will be read.
        """
        if match.standing is Standing.SCREENED:
            return None
        judgement = self._unread(exchange, match)
        return judgement if judgement.decision.verdict is Verdict.REFUSE else None

    def refusal(self, exchange: Exchange, match: ToolMatch, reason: ReasonCode, subject: str = "") -> Judgement:
        """A refusal for a reason no rule speaks for: a limit, a failure, names that disagree. Not journaled yet."""
        decision = Decision(
            verdict=Verdict.REFUSE,
            obligations=Obligations(message=self.book.message_of(reason)),
            reasons=(Reason(reason, subject),),
            revision=self.book.revision,
        )
        return Judgement(record_of(exchange, match, decision), match, decision)

    def waiting(self, exchange: Exchange, match: ToolMatch) -> Judgement:
        """No verdict yet: a piece of a file is kept until the rest has come. Never journaled; nothing left."""
        decision = Decision(verdict=Verdict.ALLOW, obligations=Obligations(), reasons=(), revision=self.book.revision)
        return Judgement(record_of(exchange, match, decision), match, decision)

    async def judge(self, exchange: Exchange, match: ToolMatch, message: Message) -> Judgement:
        """Walk one complete message. What comes back with a `message` is journaled, unless its kind is never read
        (signing in, page assets, telemetry: data minimisation). Raises what the rooms raise."""
        if match.endpoint.kind is EndpointKind.STATIC and says_something(message):
            match = replace(match, endpoint=replace(match.endpoint, kind=EndpointKind.UNKNOWN))  # no page asset
        if match.endpoint.kind.is_read:
            walked = await Walk(self.rooms, exchange, match, message, self._bounds).run()
            return await self._settled(exchange, match, walked)
        judgement = self._unread(exchange, match)
        if judgement.decision.verdict is Verdict.REFUSE:
            return await self.record(judgement)
        return replace(judgement, message=message, action=Action.FORWARDED)

    async def _settled(self, exchange: Exchange, match: ToolMatch, judgement: Judgement) -> Judgement:
        """The judgement, recorded; only then are its files known as allowed, for without a row nothing leaves."""
        settle, is_allowed = self.rooms.uploads.settle, judgement.message is not None
        try:
            judgement = await self.record(judgement)
        except BaseException:
            settle(exchange, match, judgement.files, allowed=False)
            raise
        settle(exchange, match, judgement.files, allowed=is_allowed)
        return judgement

    async def record(self, judgement: Judgement) -> Judgement:
        """Make the start row of a judgement durable, unless that was done; the sentinel's are not kept. Raises
        JournalError."""
        if judgement.is_recorded or judgement.match is SENTINEL_MATCH:
            return judgement
        await self.rooms.journal.start(judgement.record)
        self.rooms.metrics.decided(judgement.record)
        return replace(judgement, is_recorded=True)

    async def answer_entities(self, words: AnswerText) -> Mapping[str, int]:
        """What the tool itself put into its answer; {} when the workers have no time for it. Nothing waits for this."""
        texts = await asyncio.to_thread(words.texts)
        parts = [PromptPart(f"a{number}", PartRole.HISTORY, text) for number, text in enumerate(texts)]
        try:
            inspection = await self.rooms.workers.inspect_answer(parts, deadline_s=self._bounds.seconds)
        except InspectionError:
            return {}
        return {entity.value: count for entity, count in inspection.counts().items()}

    async def finish(
        self,
        judgement: Judgement,
        *,
        action: Action,
        status: int = 0,
        bytes_out: int = 0,
        answer_entities: Mapping[str, int] | None = None,
    ) -> None:
        """Write how a recorded judgement ended. Raises JournalError."""
        if not judgement.is_recorded:
            return
        outcome = UsageOutcome(
            decision_id=judgement.record.decision_id,
            at=self.rooms.clock(),
            action=action.value,
            bytes_out=bytes_out,
            redacted={entity.value: count for entity, count in judgement.redacted.items()},
            clean_after=judgement.clean_after,
            status=status,
            answer_entities=answer_entities or {},
            milliseconds=judgement.milliseconds,
        )
        self.rooms.metrics.finished(judgement.record, outcome)
        await self.rooms.journal.finish(outcome)
        if judgement.conversation is not None:
            await self.rooms.vault.renew(judgement.conversation)

    def _unread(self, exchange: Exchange, match: ToolMatch) -> Judgement:
        decision = decide(ask(exchange, match, Extraction(), Inspection()), self.book)
        return Judgement(record_of(exchange, match, decision), match, decision)
