"""More answer shapes for the pretend service of the lab: the SDKs' own, and one web app of each family of streams.

Every service repeats what it was asked, in pieces that cut placeholders in two.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from gateway.cli.pretend import PIECE, PretendService, Received

RECORD = "\x1e"
"""Ends every message of SignalR's JSON protocol."""

_SCREENED = """\
kind: screening/v1
tool: {tool}
screening:
  status: screened
  decided_on: "2026-01-15"
  decided_by: Toetsingscommissie AI
  valid_until: "2099-12-31"
  assessments:
    - {{type: dpia, reference: D-1, outcome: go, date: "2026-01-10"}}
    - {{type: iama, reference: I-1, outcome: go, date: "2026-01-11"}}
  checklist:
    purpose_and_public_value: L-1
    risk_analysis: L-2
    privacy_reviewed: L-3
    measures_taken: L-4
    supplier_agreement: L-5
    citizen_transparency: L-6
    explainable_output: L-7
    owners_named: L-8
    in_algorithm_register: L-9
    staff_informed_and_trained: L-10
use:
  data_classes: [personal]
owner: ciso
"""


def screened(folder: Path, *tools: str) -> Path:
    """An overlay in which these tools of the shipped register have passed the screening."""
    overlay = folder / "screened"
    overlay.mkdir()
    for tool in tools:
        (overlay / f"{tool}.yaml").write_text(_SCREENED.format(tool=tool), encoding="utf-8")
    return overlay


class ManyServices(PretendService):
    """The pretend service with the shapes that `demo` has no use for. `shred`: bytes per write; 0 is an event each."""

    shred = 0

    def app(self) -> Starlette:
        own = Starlette(
            routes=[
                Route("/{version}/models/{model}", self._gemini_api, methods=["POST"]),
                Route("/v2/chat", self._cohere, methods=["POST"]),
                Route("/api/organizations/{o}/chat_conversations/{c}/completion", self._claude, methods=["POST"]),
                Route("/_/BardChatUi/data/{service}/StreamGenerate", self._gemini_web, methods=["POST"]),
                Route("/rest/app-chat/conversations/new", self._grok, methods=["POST"]),
                Route("/chat/conversation/{id}", self._huggingchat, methods=["POST"]),
                WebSocketRoute("/m365Copilot/Chathub/{user}", self._signalr),
            ]
        )
        own.router.routes += super().app().routes
        return own

    async def _asked(self, request: Request) -> Any:  # noqa: ANN401
        return json.loads(await self._keep(request))

    async def _gemini_api(self, request: Request) -> Response:
        answer = f"Ontvangen: {(await self._asked(request))['contents'][-1]['parts'][0]['text']}"

        def candidate(text: str) -> dict[str, Any]:
            content = {"parts": [{"text": text}], "role": "model"}
            return {"candidates": [{"content": content, "index": 0}], "modelVersion": "pretend"}

        if "stream" not in request.path_params["model"]:
            return JSONResponse(candidate(answer))
        return self._sent((f"data: {_json(candidate(piece))}\r\n\r\n" for piece in pieces(answer)), "text/event-stream")

    async def _cohere(self, request: Request) -> Response:
        sent = await self._asked(request)
        answer = f"Ontvangen: {sent['messages'][-1]['content']}"
        if not sent.get("stream"):
            message = {"role": "assistant", "content": [{"type": "text", "text": answer}]}
            return JSONResponse({"id": "c-1", "finish_reason": "COMPLETE", "message": message})
        events: list[dict[str, Any]] = [
            {"type": "message-start", "id": "c-1", "delta": {"message": {"role": "assistant", "content": []}}},
            {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
            *(
                {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": piece}}}}
                for piece in pieces(answer)
            ),
            {"type": "content-end", "index": 0},
            {"type": "message-end", "id": "c-1", "delta": {"finish_reason": "COMPLETE"}},
        ]
        return self._events(events)

    async def _claude(self, request: Request) -> Response:
        answer = f"Ontvangen: {(await self._asked(request))['prompt']}"
        events: list[dict[str, Any]] = [
            {"type": "message_start", "message": {"id": "m1", "type": "message", "role": "assistant", "content": []}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "ping"},
            *(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
                for piece in pieces(answer)
            ),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_stop"},
        ]
        return self._events(events)

    async def _gemini_web(self, request: Request) -> Response:
        """Every frame holds the whole text so far and begins with its length in UTF-16 units."""
        [asked] = parse_qs((await self._keep(request)).decode())["f.req"]
        answer = f"Ontvangen: {json.loads(json.loads(asked)[1])[0][0]}"

        def frames() -> Iterator[str]:
            yield ")]}'\n\n"
            for end in range(PIECE, len(answer) + PIECE, PIECE):
                inner = [None, ["c_1", "r_1"], None, None, [["rc_1", [answer[:end]]]]]
                row = f"\n{_json([['wrb.fr', None, _json(inner)]])}\n"
                yield f"{len(row.encode('utf-16-le')) // 2}{row}"

        return self._sent(frames(), "application/json")

    async def _grok(self, request: Request) -> Response:
        sent = await self._asked(request)
        answer = f"Ontvangen: {sent['message']}"
        rows: list[dict[str, Any]] = [
            {"conversation": {"conversationId": "g-1"}},
            {"response": {"userResponse": {"message": sent["message"], "sender": "human"}}},
            *({"response": {"token": piece, "messageTag": "final"}} for piece in pieces(answer)),
            {"response": {"modelResponse": {"message": answer, "sender": "assistant"}}},
        ]
        return self._sent((_json({"result": row}) + "\n" for row in rows), "application/json")

    async def _huggingchat(self, request: Request) -> Response:
        """Tokens are filled up with U+0000 to a fixed length."""
        head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + await self._keep(request), policy=policy.HTTP)
        data = next(
            part for part in parts.iter_parts() if part.get_param("name", header="content-disposition") == "data"
        )
        answer = f"Ontvangen: {json.loads(data.get_payload(decode=True))['inputs']}"
        rows = [
            {"type": "status", "status": "started"},
            *({"type": "stream", "token": piece.ljust(16, "\0")} for piece in pieces(answer)),
            {"type": "finalAnswer", "text": answer, "interrupted": False},
        ]
        return self._sent((_json(row) + "\n" for row in rows), "application/jsonl")

    async def _signalr(self, socket: WebSocket) -> None:
        """Microsoft 365 Copilot: a hand-shake, then text written at a cursor, a whole message and a last record."""
        await socket.accept()
        async for text in socket.iter_text():
            self.received.append(Received("WS", socket.url.path, dict(socket.headers), text.encode()))
            for record in filter(None, text.split(RECORD)):
                for answer in _signalr_answers(json.loads(record)):
                    await socket.send_text(answer)

    def _events(self, events: list[dict[str, Any]]) -> StreamingResponse:
        return self._sent(
            (f"event: {event['type']}\ndata: {_json(event)}\n\n" for event in events), "text/event-stream"
        )

    def _sent(self, parts: Iterable[str], media_type: str) -> StreamingResponse:
        async def send() -> AsyncIterator[bytes]:
            for part in map(str.encode, parts):
                size = self.shred or len(part)
                for start in range(0, len(part), size):
                    yield part[start : start + size]
                    await asyncio.sleep(0)

        return StreamingResponse(send(), media_type=media_type)


def pieces(text: str) -> Iterator[str]:
    """The text in events as short as the pretend service makes them."""
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))


def _signalr_answers(sent: dict[str, Any]) -> Iterator[str]:
    if "protocol" in sent:
        yield "{}" + RECORD
    if sent.get("target") != "chat":
        return
    answer = f"Ontvangen: {sent['arguments'][0]['message']['text']}"
    first, *rest = pieces(answer)

    def update(argument: dict[str, Any]) -> str:
        return _json({"type": 1, "target": "update", "arguments": [argument]}) + RECORD

    cursor = {"j": "$['m1'].adaptiveCards[0].body[0].text", "p": -1}
    yield update({"messages": [_bot(first) | {"cursor": cursor}]})
    for piece in rest:
        yield update({"writeAtCursor": piece})
    yield update({"messages": [_bot(answer)]})
    ending = [{"type": 2, "invocationId": "0", "item": {"messages": [_bot(answer)]}}, {"type": 3, "invocationId": "0"}]
    yield "".join(_json(record) + RECORD for record in ending)


def _bot(text: str) -> dict[str, Any]:
    card = {"type": "AdaptiveCard", "version": "1.0", "body": [{"type": "TextBlock", "text": text, "wrap": True}]}
    return {"text": text, "author": "bot", "messageId": "m1", "adaptiveCards": [card]}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
