"""The fail-closed guard: what mitmproxy calls, and the only broad `except` on the way of a request.

mitmproxy fails open: an exception in a hook is logged and the request goes upstream unchanged. So every hook denies
first. `requestheaders` puts a refusal on the flow and a WebSocket message is dropped before anything is looked at;
taking the denial off is the last statement after an explicit allow. Whatever happens in between, nothing leaves.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Protocol

from mitmproxy import http, tls
from mitmproxy.connection import Client
from mitmproxy.proxy import layer
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.websocket import WebSocketMessage

from gateway.errors import DocumentError, EnforcementError, InspectionError, JournalError, WireError
from gateway.model.policy import ReasonCode
from gateway.proxy.passage import Passage, attach, passage_of
from gateway.proxy.rooms import Judgement

type Stream = Callable[[bytes], Iterable[bytes] | bytes]
"""A function mitmproxy sends the chunks of an answer through; the last one is empty."""

CUT_OFF = 2.0
"""Seconds the audit row of a failure may take before the refusal is given without it."""


class Exchanges(Protocol):
    """What is done with AI exchanges when all goes well: `gateway.proxy.gate.Gate`. Every method may raise anything,
    but for `last_resort`."""

    def identify(self, flow: http.HTTPFlow) -> Passage | None: ...
    def unknown(self) -> Passage: ...
    def admit(self, flow: http.HTTPFlow, passage: Passage) -> Judgement | None: ...
    async def judge(self, flow: http.HTTPFlow, passage: Passage) -> Judgement: ...
    def release(self, flow: http.HTTPFlow, passage: Passage, judgement: Judgement) -> None: ...
    def answer(self, flow: http.HTTPFlow, judgement: Judgement) -> http.Response: ...
    def last_resort(self, reason: ReasonCode) -> http.Response: ...
    def open_answer(self, flow: http.HTTPFlow, passage: Passage) -> None: ...
    async def close(self, flow: http.HTTPFlow, passage: Passage) -> None: ...
    async def judge_frame(self, flow: http.HTTPFlow, passage: Passage, message: WebSocketMessage) -> Judgement: ...
    async def finish_frame(self, judgement: Judgement) -> None: ...
    def restore_frame(self, flow: http.HTTPFlow, passage: Passage, message: WebSocketMessage) -> bytes | None: ...
    def answer_frame(self, flow: http.HTTPFlow, judgement: Judgement) -> None: ...
    def last_frame(self, flow: http.HTTPFlow, reason: ReasonCode) -> None: ...
    async def failure(self, passage: Passage, reason: ReasonCode) -> Judgement: ...
    async def close_refused(self, passage: Passage, judgement: Judgement) -> Judgement: ...
    def caught(self, hook: str, error: BaseException, reason: ReasonCode) -> None: ...


class Connections(Protocol):
    """What is done with connections: `gateway.proxy.doors.Doors`. Every method may raise anything."""

    def own_page(self, flow: http.HTTPFlow) -> http.Response | None: ...
    def tls_clienthello(self, data: tls.ClientHelloData) -> None: ...
    def next_layer(self, next_one: layer.NextLayer) -> None: ...
    async def http_connect(self, flow: http.HTTPFlow) -> None: ...
    def client_connected(self, client: Client) -> None: ...
    def client_disconnected(self, client: Client) -> None: ...
    def server_connect(self, data: ServerConnectionHookData) -> None: ...
    def tls_failed(self, side: str, data: tls.TlsData) -> None: ...


def reason_of(error: BaseException) -> ReasonCode:
    """The reason code that names what went wrong."""
    match error:
        case InspectionError():
            return error.reason
        case JournalError():
            return ReasonCode.JOURNAL_UNWRITABLE
        case TimeoutError():
            return ReasonCode.INSPECTION_TIMEOUT
        case DocumentError():
            return ReasonCode.INSPECTION_FAILED
        case WireError():
            return ReasonCode.REWRITE_FORBIDDEN
        case EnforcementError() | _:
            return ReasonCode.INTERNAL_ERROR


class Guard:
    """The add-on mitmproxy sees. Its hooks never raise, and hold a denial until the verdict."""

    name = "prompt_gateway"

    def __init__(self, exchanges: Exchanges, connections: Connections, *, verdict_seconds: float) -> None:
        self._do = exchanges
        self._doors = connections
        self._verdict_seconds = verdict_seconds
        self._endings: set[asyncio.Task[None]] = set()

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Decides on metadata, without awaiting: the body is read into memory while a hook waits."""
        flow.response = self._do.last_resort(ReasonCode.INTERNAL_ERROR)
        passage: Passage | None = None
        try:
            page = self._doors.own_page(flow)
            if page is not None:
                flow.response = page
                return
            passage = self._do.identify(flow)
            if passage is None:
                flow.request.stream = True
                flow.response = None
                return
            attach(flow, passage)
            refusal = self._do.admit(flow, passage)
        except BaseException as error:  # noqa: BLE001
            self._note("requestheaders", error)
            passage = passage or self._do.unknown()
            passage.trouble = reason_of(error)
            attach(flow, passage)
            return
        passage.judgement = refusal

    async def request(self, flow: http.HTTPFlow) -> None:
        """Walks the complete request; the denial comes off as the last statement."""
        passage = passage_of(flow)
        if passage is None or passage.is_answered:
            return
        try:
            if passage.trouble is not None:
                judgement = await self._failed(passage, passage.trouble)
            elif passage.judgement is not None:
                judgement = await self._do.close_refused(passage, passage.judgement)
            else:
                async with asyncio.timeout(self._verdict_seconds):
                    judgement = await self._do.judge(flow, passage)
            passage.judgement = judgement
            if judgement.message is None:
                passage.is_answered = True
                flow.response = self._do.answer(flow, judgement)
                return
            self._do.release(flow, passage, judgement)
        except BaseException as error:
            await self._refuse(flow, passage, "request", error)
            if _is_cancelled():
                raise
            return
        flow.response = None

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Sets up restoration; an answer that cannot be handled is replaced by a refusal."""
        passage = passage_of(flow)
        if flow.response is None or (passage is not None and passage.is_answered):
            return
        if passage is None:
            flow.response.stream = True
            return
        try:
            self._do.open_answer(flow, passage)
        except BaseException as error:  # noqa: BLE001
            self._note("responseheaders", error)
            passage.trouble = reason_of(error)
            self._replace_answer(flow, passage.trouble)
            return
        if callable(flow.response.stream):
            flow.response.stream = self._guarded(flow.response.stream)

    async def response(self, flow: http.HTTPFlow) -> None:
        """Writes how it ended. Runs after a streamed answer was sent."""
        passage = passage_of(flow)
        if passage is None:
            return
        if passage.trouble is not None and not passage.is_answered:
            flow.response = self._do.last_resort(passage.trouble)
        if flow.websocket is None:
            await self._close(flow, passage, "response")

    async def error(self, flow: http.HTTPFlow) -> None:
        """The client left, the upstream failed, or the body was over the limit (mitmproxy answers 413 itself)."""
        passage = passage_of(flow)
        if passage is not None:
            await self._close(flow, passage, "error")

    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        """Drops a client's message before it is looked at; lets it go, changed or not, as the last statement."""
        passage = passage_of(flow)
        if flow.websocket is None or not flow.websocket.messages or passage is None:
            return
        message = flow.websocket.messages[-1]
        del flow.websocket.messages[:-1]  # the list would grow for as long as the socket lives
        if message.injected:
            return
        if not message.from_client:
            self._restore_frame(flow, passage, message)
            return
        message.drop()
        try:
            async with asyncio.timeout(self._verdict_seconds):
                judgement = await self._do.judge_frame(flow, passage, message)
            if judgement.message is None:
                self._do.answer_frame(flow, judgement)
                self._write_ending(judgement)
                return
            message.content = judgement.message.body
        except BaseException as error:
            await self._refuse_frame(flow, passage, error)
            if _is_cancelled():
                raise
            return
        message.dropped = False
        self._write_ending(judgement)

    async def websocket_end(self, flow: http.HTTPFlow) -> None:
        """Writes how the socket ended."""
        passage = passage_of(flow)
        if passage is not None:
            await self._close(flow, passage, "websocket_end")

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Passes other people's traffic through; on any trouble the connection is opened, and its requests refused."""
        try:
            self._doors.tls_clienthello(data)
        except BaseException as error:  # noqa: BLE001
            data.ignore_connection = False
            self._note("tls_clienthello", error)

    def next_layer(self, next_one: layer.NextLayer) -> None:
        try:
            self._doors.next_layer(next_one)
        except BaseException as error:  # noqa: BLE001
            self._note("next_layer", error)

    async def http_connect(self, flow: http.HTTPFlow) -> None:
        """Asks who it is, where that is set; an error refuses the tunnel."""
        try:
            await self._doors.http_connect(flow)
        except BaseException as error:  # noqa: BLE001
            self._note("http_connect", error)
            flow.response = self._do.last_resort(reason_of(error))

    def client_connected(self, client: Client) -> None:
        try:
            self._doors.client_connected(client)
        except BaseException as error:  # noqa: BLE001
            self._note("client_connected", error)
            client.error = "refused"

    def client_disconnected(self, client: Client) -> None:
        try:
            self._doors.client_disconnected(client)
        except BaseException as error:  # noqa: BLE001
            self._note("client_disconnected", error)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        try:
            self._doors.server_connect(data)
        except BaseException as error:  # noqa: BLE001
            self._note("server_connect", error)
            data.server.error = "refused"

    def tls_failed_client(self, data: tls.TlsData) -> None:
        try:
            self._doors.tls_failed("client", data)
        except BaseException as error:  # noqa: BLE001
            self._note("tls_failed_client", error)

    def tls_failed_server(self, data: tls.TlsData) -> None:
        try:
            self._doors.tls_failed("server", data)
        except BaseException as error:  # noqa: BLE001
            self._note("tls_failed_server", error)

    async def _refuse(self, flow: http.HTTPFlow, passage: Passage, hook: str, error: BaseException) -> None:
        """A readable refusal, journaled if that can still be done; a bare one when even that fails."""
        reason = reason_of(error)
        self._note(hook, error)
        passage.is_answered = True
        flow.response = self._do.last_resort(reason)
        try:
            passage.judgement = await self._failed(passage, reason)
            flow.response = self._do.answer(flow, passage.judgement)
        except BaseException as second:  # noqa: BLE001
            self._note(hook, second)

    async def _refuse_frame(self, flow: http.HTTPFlow, passage: Passage, error: BaseException) -> None:
        reason = reason_of(error)
        self._note("websocket_message", error)
        try:
            judgement = await self._failed(passage, reason)
            self._do.answer_frame(flow, judgement)
            self._write_ending(judgement)
        except BaseException as second:  # noqa: BLE001
            self._note("websocket_message", second)
            with contextlib.suppress(BaseException):
                self._do.last_frame(flow, reason)

    def _write_ending(self, judgement: Judgement) -> None:
        """Writes how a message of a socket ended. It waits for nobody and decides nothing: the message has gone."""
        try:
            task = asyncio.create_task(self._ending(judgement))
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)
        except BaseException as error:  # noqa: BLE001
            self._note("websocket_message", error)

    async def _ending(self, judgement: Judgement) -> None:
        try:
            async with asyncio.timeout(self._verdict_seconds):
                await self._do.finish_frame(judgement)
        except BaseException as error:  # noqa: BLE001
            self._note("websocket_message", error)

    async def _failed(self, passage: Passage, reason: ReasonCode) -> Judgement:
        async with asyncio.timeout(CUT_OFF):
            return await self._do.failure(passage, reason)

    def _replace_answer(self, flow: http.HTTPFlow, reason: ReasonCode) -> None:
        """The service's answer is thrown away as it arrives; the refusal goes out in its place."""
        refusal = self._do.last_resort(reason)
        body = [refusal.content or b""]

        def throw_away(_chunk: bytes) -> bytes:
            return body.pop() if body else b""

        if not flow.request.is_http2:
            refusal.headers["connection"] = "close"
        refusal.stream = throw_away
        flow.response = refusal

    def _guarded(
        self, stream: Callable[[bytes], Iterable[bytes] | bytes]
    ) -> Callable[[bytes], Iterable[bytes] | bytes]:
        """The stream function of an answer; once it fails, the answer ends there (else the client would hang).

        Nothing is sent for an empty chunk: the engine would write it as the end mark of a chunked answer.
        """
        failed = False

        def run(chunk: bytes) -> Iterable[bytes] | bytes:
            nonlocal failed
            if failed:
                return ()
            try:
                return stream(chunk) or ()
            except BaseException as error:  # noqa: BLE001
                failed = True
                self._note("stream", error)
                return ()

        return run

    def _restore_frame(self, flow: http.HTTPFlow, passage: Passage, message: WebSocketMessage) -> None:
        """A message that cannot be restored goes on with its placeholders, which are safe, unless values are hidden."""
        try:
            content = self._do.restore_frame(flow, passage, message)
            if content is None:
                message.drop()
            else:
                message.content = content
        except BaseException as error:  # noqa: BLE001
            self._note("websocket_message", error)
            if passage.socket is None or passage.socket.hides:
                message.drop()

    async def _close(self, flow: http.HTTPFlow, passage: Passage, hook: str) -> None:
        if passage.is_finished:
            return
        passage.is_finished = True
        try:
            async with asyncio.timeout(self._verdict_seconds):
                await self._do.close(flow, passage)
        except BaseException as error:  # noqa: BLE001
            self._note(hook, error)

    def _note(self, hook: str, error: BaseException) -> None:
        """Counting a failure must not become one."""
        with contextlib.suppress(BaseException):
            self._do.caught(hook, error, reason_of(error))


def _is_cancelled() -> bool:
    """Whether the running task is really being cancelled, and no room merely raised CancelledError."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
