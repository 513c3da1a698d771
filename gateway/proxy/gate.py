"""What happens in each hook of an exchange when all goes well. The guard wraps it; nothing is caught here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from mitmproxy import http
from mitmproxy.websocket import WebSocketMessage

from gateway.enforcement.answers import AnswerText
from gateway.enforcement.hiding import Hide
from gateway.enforcement.restoration import Restorer
from gateway.enforcement.tokens import NoPlaceholders
from gateway.errors import EnforcementError, InspectionError
from gateway.model.policy import Action, ReasonCode
from gateway.model.traffic import EndpointFormat, EndpointKind, Exchange, Message, Person, Pieces, Standing, ToolMatch
from gateway.observability.logs import get_logger
from gateway.proxy import messages
from gateway.proxy.answer_rules import Hiding
from gateway.proxy.answers import Answers
from gateway.proxy.assembly import Assembly, Refused
from gateway.proxy.budget import ByteBudget, Room
from gateway.proxy.names import disagree, is_ours
from gateway.proxy.passage import Passage
from gateway.proxy.pipeline import Pipeline
from gateway.proxy.rooms import Judgement
from gateway.proxy.streams import IDENTITY, AnswerStream, Reader, decompressor
from gateway.proxy.tenants import tenant_headers
from gateway.proxy.uploads import HandedOut
from gateway.wire import pieces
from gateway.wire.pieces import Reply

UNKNOWN_ENDPOINT = EndpointFormat("unknown", EndpointKind.UNKNOWN)
NOBODYS_TOOL = ToolMatch("", "", Standing.UNKNOWN, UNKNOWN_ENDPOINT)

log = get_logger("gateway.proxy")


class Carrier(Protocol):
    """What the engine does for a flow that is under way; `engine.Engine`."""

    def inject(self, flow: http.HTTPFlow, content: bytes, *, is_text: bool) -> None: ...
    def has_ended(self, flow: http.HTTPFlow) -> bool: ...
    def gauge(self, flow: http.HTTPFlow) -> Callable[[], int]: ...
    def cut(self, flow: http.HTTPFlow) -> None: ...


class NoCarrier:
    """Before the engine is there."""

    def inject(self, flow: http.HTTPFlow, content: bytes, *, is_text: bool) -> None:
        """Nobody to send it to."""

    def has_ended(self, flow: http.HTTPFlow) -> bool:
        """Nobody knows."""
        del flow
        return False

    def gauge(self, flow: http.HTTPFlow) -> Callable[[], int]:
        """Nothing waits."""
        del flow
        return lambda: 0

    def cut(self, flow: http.HTTPFlow) -> None:
        """Nothing to cut."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; `piece_seconds` is how long a file in pieces may stand still."""

    max_body: int
    max_held: int
    max_headers: int
    max_message: int
    max_waiting: int
    max_joined: int
    piece_seconds: float


@dataclass(frozen=True, slots=True)
class Site:
    """What this deployment is called, and the values of its tenant headers."""

    names: frozenset[str] = frozenset()
    tenants: Mapping[str, str] = MappingProxyType({})


_UPLOADS = frozenset({EndpointKind.UPLOAD, EndpointKind.UPLOAD_META})


class Gate:
    """HTTP exchanges and WebSocket messages, from header to outcome."""

    def __init__(
        self, pipeline: Pipeline, limits: Limits, who: Callable[[http.HTTPFlow], Person | None], site: Site
    ) -> None:
        """`who` tells who sends a request, None: it is refused; it may take headers off that go no further."""
        self._pipeline = pipeline
        self._rooms = pipeline.rooms
        self._answers = Answers(pipeline.rooms.book)
        self._hiding = Hiding(pipeline.rooms.book)
        self._budget = ByteBudget(limits.max_held)
        self._assembly = Assembly(self._budget, limits.max_joined, limits.piece_seconds, pipeline.rooms)
        self._limits = limits
        self._who = who
        self._site = site
        self._engine: Carrier = NoCarrier()
        self.open_exchanges = 0

    def attach(self, engine: Carrier) -> None:
        """Tell which engine runs this gate."""
        self._engine = engine

    def identify(self, flow: http.HTTPFlow) -> Passage | None:
        """The exchange and its tool; None when no name of it is an AI service's."""
        names = messages.names_of(flow, self._site.names)
        is_intercepted = self._pipeline.is_intercepted
        if not is_ours(names, is_intercepted):
            return None
        host = next((name for name in names.hosts() if is_intercepted(name)), names.target)
        person = self._who(flow)
        exchange = messages.exchange_of(flow, host, person or Person(), self._rooms.clock())
        passage = Passage(exchange, self._pipeline.match(exchange) or NOBODYS_TOOL)
        if disagree(names, is_intercepted):
            passage.judgement = self._pipeline.refusal(exchange, passage.match, ReasonCode.NAMES_DISAGREE)
        elif person is None:
            passage.judgement = self._pipeline.refusal(exchange, passage.match, ReasonCode.IDENTITY_MISSING)
        self.open_exchanges += 1
        return passage

    def unknown(self) -> Passage:
        """A passage for a request that could not even be identified."""
        self.open_exchanges += 1
        return Passage(messages.nameless_exchange(self._rooms.clock()), NOBODYS_TOOL)

    def admit(self, flow: http.HTTPFlow, passage: Passage) -> Judgement | None:
        """The refusal that is certain before the body has come; None lets the body in to be read."""
        if passage.judgement is not None:
            return passage.judgement
        if flow.request.method not in messages.METHODS:
            return self._pipeline.refusal(passage.exchange, passage.match, ReasonCode.GAP, "method")
        length = messages.announced_length(flow.request)
        if messages.header_bytes(flow.request) > self._limits.max_headers:
            return self._pipeline.refusal(passage.exchange, passage.match, ReasonCode.TOO_LARGE, "headers")
        if length is not None and length > self._limits.max_body:
            return self._pipeline.refusal(passage.exchange, passage.match, ReasonCode.TOO_LARGE, "body")
        room = self._hold(passage, self._unannounced(flow) if length is None else length)
        if room is Room.CUT_OFF:
            flow.kill()
        if room is not Room.ENOUGH:
            return self._pipeline.refusal(passage.exchange, passage.match, ReasonCode.INSPECTION_BUSY, "bytes")
        return self._pipeline.forecast(passage.exchange, passage.match)

    async def judge(self, flow: http.HTTPFlow, passage: Passage) -> Judgement:
        """Walk the complete request."""
        message = messages.message_of(flow)
        self._hold(passage, len(message.body))
        if len(message.body) > self._limits.max_body:
            return await self._recorded_refusal(passage, ReasonCode.TOO_LARGE, "body")
        if passage.match.endpoint.pieces is not Pieces.NONE:
            outcome = self._assembly.receive(passage, message)
            if isinstance(outcome, Reply):
                return replace(self._pipeline.waiting(passage.exchange, passage.match), reply=outcome)
            if isinstance(outcome, Refused):
                return await self._refused_piece(passage, message, outcome)
            message = outcome
        passage.exchange = replace(passage.exchange, bytes_in=len(message.body))
        return await self._pipeline.judge(passage.exchange, passage.match, message)

    async def _refused_piece(self, passage: Passage, message: Message, refused: Refused) -> Judgement:
        judgement = await self._recorded_refusal(passage, refused.reason, refused.subject)
        if refused.misfit is None:
            return judgement
        words = self._answers.words(judgement)
        way = passage.match.endpoint.pieces
        return replace(judgement, reply=pieces.refused(message, way, refused.misfit, refused.received, words))

    def forget_abandoned(self) -> None:
        """Let go of files whose next piece does not come; called from time to time."""
        self._assembly.sweep()
        self._rooms.metrics.bytes_in_flight.set(self._budget.held)

    def release(self, flow: http.HTTPFlow, passage: Passage, judgement: Judgement) -> None:
        """Make the request what was allowed: the judged message, our headers, nothing that was not read."""
        if judgement.message is not None:
            messages.apply(flow, messages.message_of(flow), judgement.message)
        flow.request.trailers = None
        flow.request.headers.pop("sec-websocket-extensions", None)  # compressed messages grow a thousandfold unseen
        if judgement.match.endpoint.kind.is_read:
            flow.request.headers["accept-encoding"] = "identity"
        else:
            messages.shorten_referer(flow.request)
        tool = self._pipeline.book.tool(judgement.match.tool_id)
        for name, value in tenant_headers(tool, passage.exchange.destination.host, self._site.tenants):
            flow.request.headers[name] = value

    def answer(self, flow: http.HTTPFlow, judgement: Judgement) -> http.Response:
        """Our own answer to a request that does not go on."""
        return self._answers.to_request(messages.message_of(flow), judgement)

    def last_resort(self, reason: ReasonCode) -> http.Response:
        """An answer made of constants."""
        return self._answers.last_resort(reason)

    def open_answer(self, flow: http.HTTPFlow, passage: Passage) -> None:
        """Let the service's answer flow through restoration."""
        response, judgement = flow.response, passage.judgement
        if response is None or judgement is None or response.status_code == 101:
            return
        self._give_back(passage)
        response.headers.pop("alt-svc", None)  # would send the browser round us, over QUIC
        conversation = judgement.conversation
        encoding = response.headers.get("content-encoding", "").lower()
        restorer, decompress = None, None
        hide = self._hide(judgement.match)
        if (conversation or hide) and messages.has_body(flow, response):
            decompress = decompressor(encoding) if encoding not in IDENTITY else None
            if encoding in IDENTITY or decompress is not None:
                answer = judgement.match.endpoint.answer
                content_type = response.headers.get("content-type", "")
                restorer = Restorer(content_type, answer, conversation or NoPlaceholders(), hide=hide)
                response.headers.pop("content-encoding", None)
                response.headers.pop("content-length", None)
                if not flow.request.is_http2:
                    response.headers["transfer-encoding"] = "chunked"
            else:
                self._rooms.metrics.restoration_troubles.labels("encoding").inc()
                if hide:
                    raise EnforcementError("an answer in this encoding cannot be searched")
        if judgement.match.endpoint.kind.is_read and (encoding in IDENTITY or decompress is not None):
            passage.words = AnswerText(response.headers.get("content-type", ""), judgement.match.endpoint.answer)
        reader = Reader(self._engine.gauge(flow), self._limits.max_waiting, lambda: self._engine.cut(flow))
        listeners: list[Callable[[bytes], None]] = [passage.words.feed] if passage.words else []
        if judgement.match.endpoint.kind in _UPLOADS and response.status_code < 300:
            listeners.append(self._handed_out(passage, judgement, response).feed)
        passage.answer = AnswerStream(restorer, decompress, reader, listeners)
        response.stream = passage.answer

    def _hide(self, match: ToolMatch) -> Hide | None:
        """What to take out of the answers of an endpoint that is read; those to prompts must be in a shape we know."""
        hide = self._hiding.now() if match.endpoint.kind.is_read else None
        return replace(hide, whole=match.endpoint.kind is EndpointKind.PROMPT) if hide else None

    def _count_troubles(self, passage: Passage) -> None:
        for restorer in (passage.answer.restorer if passage.answer else None, passage.socket):
            if restorer is not None and restorer.unrestored:
                kind = "cut" if restorer.hides else "unit"
                self._rooms.metrics.restoration_troubles.labels(kind).inc(restorer.unrestored)

    def _handed_out(self, passage: Passage, judgement: Judgement, response: http.Response) -> HandedOut:
        headers = tuple(response.headers.items())
        with_bytes = bool(judgement.files)
        return HandedOut(self._rooms.uploads, passage.exchange, judgement.match, headers, with_bytes=with_bytes)

    async def close(self, flow: http.HTTPFlow, passage: Passage) -> None:
        """Write how the exchange ended; it counts as open until that is done."""
        try:
            await self._end(flow, passage)
        finally:
            self.open_exchanges -= 1

    async def _end(self, flow: http.HTTPFlow, passage: Passage) -> None:
        self._give_back(passage)
        self._count_troubles(passage)
        if passage.judgement is None or passage.judgement.is_waiting:
            return
        if passage.is_answered or passage.judgement.message is None:
            passage.judgement = await self._pipeline.record(passage.judgement)
        action = passage.action if flow.error is None else Action.DROPPED
        found: Mapping[str, int] = {}
        try:
            if passage.words is not None:
                found = await self._pipeline.answer_entities(passage.words)
        finally:  # whatever became of the answer, its row is written
            await self._pipeline.finish(
                passage.judgement,
                action=action,
                status=flow.response.status_code if flow.response else 0,
                bytes_out=passage.answer.bytes_out if passage.answer else 0,
                answer_entities=found,
            )
        if passage.conversation is not None:
            await self._rooms.vault.renew(passage.conversation)

    async def judge_frame(self, flow: http.HTTPFlow, passage: Passage, message: WebSocketMessage) -> Judgement:
        """Walk one message of a browser."""
        frame = messages.frame_of(flow, message)
        exchange = replace(
            passage.exchange, id=messages.new_reference(), at=self._rooms.clock(), bytes_in=len(frame.body)
        )
        passage.frame = exchange
        passage.match = self._pipeline.match(exchange) or NOBODYS_TOOL  # a socket may outlive its tool's screening
        room = self._hold(passage, len(frame.body))
        try:
            judgement = await self._judged_frame(passage, exchange, frame, room)
        finally:
            self._give_back(passage)
        passage.restore_with(judgement.conversation, self._hide(passage.match))
        return judgement

    async def finish_frame(self, judgement: Judgement) -> None:
        """Write how a message of a socket ended."""
        await self._pipeline.finish(judgement, action=judgement.action)

    async def _judged_frame(self, passage: Passage, exchange: Exchange, frame: Message, room: Room) -> Judgement:
        if len(frame.body) > self._limits.max_message:
            refusal = self._pipeline.refusal(exchange, passage.match, ReasonCode.TOO_LARGE, "message")
        elif room is not Room.ENOUGH:
            refusal = self._pipeline.refusal(exchange, passage.match, ReasonCode.INSPECTION_BUSY, "bytes")
        else:
            return await self._pipeline.judge(exchange, passage.match, frame)
        return await self._pipeline.record(refusal)

    def restore_frame(self, flow: http.HTTPFlow, passage: Passage, message: WebSocketMessage) -> bytes | None:
        """One message of the service, with values for our tokens; None while more of it must come first."""
        if passage.socket is None:
            passage.restore_with(None, self._hide(passage.match))
        if passage.socket is None:
            return message.content
        first, *more = passage.socket.restore(message.content) or (None,)
        for content in more:
            self._engine.inject(flow, content or b"", is_text=message.is_text)
        return first

    def answer_frame(self, flow: http.HTTPFlow, judgement: Judgement) -> None:
        """Tell the browser on the socket itself why its message did not go on."""
        if flow.websocket is None:
            return
        frame = flow.websocket.messages[-1]
        for content in self._answers.to_frame(messages.frame_of(flow, frame), judgement):
            self._engine.inject(flow, content, is_text=frame.is_text)

    def last_frame(self, flow: http.HTTPFlow, reason: ReasonCode) -> None:
        """The same, made of constants."""
        self._engine.inject(flow, self._answers.last_resort(reason).content or b"", is_text=True)

    async def failure(self, passage: Passage, reason: ReasonCode) -> Judgement:
        """A refusal because something of ours failed; journaled, or raises JournalError.

        Under an id of its own: the start row of the exchange itself may be there, or still come.
        """
        if passage.judgement is not None and passage.frame is None:
            await self._pipeline.finish(passage.judgement, action=Action.DROPPED)
        exchange = replace(passage.frame or passage.exchange, id=messages.new_reference())
        return await self._pipeline.record(self._pipeline.refusal(exchange, passage.match, reason))

    async def close_refused(self, passage: Passage, judgement: Judgement) -> Judgement:
        """Journal a refusal that was decided before the body came."""
        del passage
        return await self._pipeline.record(judgement)

    def caught(self, hook: str, error: BaseException, reason: ReasonCode) -> None:
        """Count and log a failure: type and place, never its message."""
        self._rooms.metrics.guard_catches.labels(hook).inc()
        if isinstance(error, InspectionError | TimeoutError):
            self._rooms.metrics.inspection_failures.labels(reason.value).inc()
        log.error("guard-caught", hook=hook, reason=reason.value, error=error)

    async def _recorded_refusal(self, passage: Passage, reason: ReasonCode, subject: str) -> Judgement:
        return await self._pipeline.record(self._pipeline.refusal(passage.exchange, passage.match, reason, subject))

    def _unannounced(self, flow: http.HTTPFlow) -> int:
        """What a request that tells no length is charged until its body, if any, has come: the most it may be."""
        if flow.request.is_http2:
            is_coming = not self._engine.has_ended(flow)
        else:
            is_coming = "transfer-encoding" in flow.request.headers
        return self._limits.max_body if is_coming else 0

    def _hold(self, passage: Passage, size: int) -> Room:
        """Charge the person for these bytes, instead of what was charged before; `_give_back` must follow."""
        self._give_back(passage)
        owner = passage.exchange.person.identity
        self._assembly.make_room(size, owner)
        passage.held_bytes = size
        room = self._budget.take(size, owner)
        self._rooms.metrics.bytes_in_flight.set(self._budget.held)
        return room

    def _give_back(self, passage: Passage) -> None:
        self._budget.give_back(passage.held_bytes, passage.exchange.person.identity)
        passage.held_bytes = 0
        self._rooms.metrics.bytes_in_flight.set(self._budget.held)
