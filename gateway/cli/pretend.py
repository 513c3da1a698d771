"""A pretend AI service on loopback: it answers in the shapes of real ones and remembers what it received.

`demo` shows with it what leaves the building; the end-to-end tests assert it. It repeats the last message it was
sent, in pieces of three characters, so that every placeholder is split over several events.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

PIECE = 3
"""Characters per streamed event."""

_PAGE = "<!doctype html><html lang='en'><title>Pretend AI</title><h1>Pretend AI service</h1></html>"


@dataclass(slots=True)
class Received:
    """One request as it arrived: method, path with query, headers and body, exactly."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class PretendService:
    """The service; `received` grows with every request, `page` is what a browser gets, `answers` are JSON by path."""

    page: str = _PAGE
    received: list[Received] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)

    def all_bytes(self) -> bytes:
        """Everything that reached the service, for "does it hold X?" questions."""
        return b"\n".join(
            f"{one.method} {one.target} {one.headers}".encode() + b"\n" + one.body for one in self.received
        )

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._openai, methods=["POST"]),
                Route("/v1/responses", self._responses, methods=["POST"]),
                Route("/v1/messages", self._anthropic, methods=["POST"]),
                Route("/backend-api/f/conversation", self._chatgpt, methods=["POST"]),
                WebSocketRoute("/c/api/chat", self._copilot),
                Route("/{rest:path}", self._anything, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
            ]
        )

    async def _keep(self, request: Request) -> bytes:
        body = await request.body()
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.received.append(Received(request.method, target, dict(request.headers), body))
        return body

    async def _anything(self, request: Request) -> Response:
        body = await self._keep(request)
        if request.url.path in self.answers:
            return JSONResponse(self.answers[request.url.path])
        if request.method == "GET":
            return HTMLResponse(self.page)
        return JSONResponse({"ok": True, "bytes": len(body)})

    async def _openai(self, request: Request) -> Response:
        sent = json.loads(await self._keep(request))
        answer = f"Ontvangen: {_last_text(sent['messages'])}"
        head = {"id": "chatcmpl-1", "created": 1, "model": sent.get("model", "pretend"), "system_fingerprint": "fp"}
        if not sent.get("stream"):
            message = {"role": "assistant", "content": answer, "refusal": None}
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            return JSONResponse(head | {"object": "chat.completion", "choices": [choice], "usage": usage})

        def chunk(delta: dict[str, str], finish: str | None = None) -> str:
            choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
            return _data(head | {"object": "chat.completion.chunk", "choices": [choice]})

        events = [chunk({"role": "assistant", "content": ""})]
        events += [chunk({"content": piece}) for piece in _pieces(answer)]
        events += [chunk({}, "stop"), "data: [DONE]\n\n"]
        return _stream(events)

    async def _responses(self, request: Request) -> Response:
        sent = json.loads(await self._keep(request))
        asked = sent["input"] if isinstance(sent["input"], str) else _last_text(sent["input"])
        answer = f"Ontvangen: {asked}"
        part = {"type": "output_text", "text": answer, "annotations": []}
        item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        whole = {
            "id": "resp_1",
            "object": "response",
            "created_at": 1,
            "model": sent.get("model", "pretend"),
            "status": "completed",
            "output": [item],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }
        if not sent.get("stream"):
            return JSONResponse(whole)
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        numbered: list[dict[str, Any]] = [
            {"type": "response.created", "response": whole | {"status": "in_progress", "output": []}},
            *(place | {"type": "response.output_text.delta", "delta": piece} for piece in _pieces(answer)),
            place | {"type": "response.output_text.done", "text": answer},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": whole},
        ]
        return _stream(
            f"event: {event['type']}\n{_data(event | {'sequence_number': number})}"
            for number, event in enumerate(numbered)
        )

    async def _anthropic(self, request: Request) -> Response:
        sent = json.loads(await self._keep(request))
        answer = f"Ontvangen: {_last_text(sent['messages'])}"
        usage = {"input_tokens": 1, "output_tokens": 1}
        head = {"id": "msg_1", "type": "message", "role": "assistant", "model": sent.get("model", "pretend")}
        if not sent.get("stream"):
            content = [{"type": "text", "text": answer}]
            ending = {"stop_reason": "end_turn", "stop_sequence": None, "usage": usage}
            return JSONResponse(head | {"content": content} | ending)
        start = head | {"content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
        events: list[dict[str, Any]] = [
            {"type": "message_start", "message": start},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            *(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
                for piece in _pieces(answer)
            ),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": usage},
            {"type": "message_stop"},
        ]
        return _stream(f"event: {event['type']}\n{_data(event)}" for event in events)

    async def _chatgpt(self, request: Request) -> Response:
        sent = json.loads(await self._keep(request))
        answer = f"Ontvangen: {sent['messages'][-1]['content']['parts'][0]}"
        message = {
            "message": {"id": "m1", "author": {"role": "assistant"}, "content": {"content_type": "text", "parts": [""]}}
        }
        first = {"p": "", "o": "add", "v": message, "c": 0}
        pieces = list(_pieces(answer))
        append = {"p": "/message/content/parts/0", "o": "append", "v": pieces[0]}
        return _stream(
            [
                'event: delta_encoding\ndata: "v1"\n\n',
                f"event: delta\n{_data(first)}",
                f"event: delta\n{_data(append)}",
                *(f"event: delta\n{_data({'v': piece})}" for piece in pieces[1:]),
                _data({"type": "message_stream_complete"}),
                "data: [DONE]\n\n",
            ]
        )

    async def _copilot(self, socket: WebSocket) -> None:
        """Echoes each text message in pieces, in the shape of Microsoft Copilot's chat."""
        await socket.accept()
        async for text in socket.iter_text():
            self.received.append(Received("WS", socket.url.path, dict(socket.headers), text.encode()))
            sent = json.loads(text)
            if sent.get("event") != "send":
                continue
            asked = "".join(part.get("text", "") for part in sent["content"])
            for piece in _pieces(f"Ontvangen: {asked}"):
                await socket.send_text(json.dumps({"event": "appendText", "messageId": "m1", "text": piece}))
            await socket.send_text(json.dumps({"event": "done", "messageId": "m1"}))


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))


def _data(value: object) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _last_text(messages: list[dict[str, Any]]) -> str:
    content = messages[-1]["content"]
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)


def _stream(events: "list[str] | Iterator[str]") -> StreamingResponse:
    async def send() -> AsyncIterator[bytes]:
        for event in events:
            yield event.encode()
            await asyncio.sleep(0)

    return StreamingResponse(send(), media_type="text/event-stream; charset=utf-8")


@dataclass(slots=True)
class Listener:
    """A running service on a free loopback port, until `stop`."""

    port: int
    _server: uvicorn.Server
    _task: asyncio.Task[None]

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._task


async def listen(app: Starlette, certificate: Path) -> Listener:
    """Serves `app` over TLS on a free loopback port; `certificate` is a PEM file with its key in it."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        ssl_certfile=str(certificate),
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
        log_config=None,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    return Listener(server.servers[0].sockets[0].getsockname()[1], server, task)
