"""Answers in every stream shape, built from pieces of text the way each service sends them."""

import json
from collections.abc import Callable, Sequence
from itertools import accumulate

from tests.enforcement import clients

type Build = Callable[[Sequence[str]], str]


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sse(*found: tuple[str, object]) -> str:
    """Events with an optional name; text data is written as it is."""
    blocks = []
    for name, data in found:
        head = f"event: {name}\n" if name else ""
        blocks.append(f"{head}data: {data if isinstance(data, str) else compact(data)}\n\n")
    return "".join(blocks)


def openai(pieces: Sequence[str]) -> str:
    def chunk(delta: dict[str, str], reason: str | None = None) -> tuple[str, object]:
        return "", {"id": "c-1", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    return sse(
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": p}) for p in pieces),
        chunk({}, "stop"),
        ("", "[DONE]"),
    )


def openai_last_with_reason(pieces: Sequence[str]) -> str:
    """Some servers close in the last piece itself."""
    last = len(pieces) - 1
    rows = [
        ("", {"choices": [{"index": 0, "delta": {"content": p}, "finish_reason": "stop" if n == last else None}]})
        for n, p in enumerate(pieces)
    ]
    return sse(*rows, ("", "[DONE]"))


def responses(pieces: Sequence[str]) -> str:
    text = "".join(pieces)
    where = {"item_id": "m-1", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": text, "annotations": []}
    rows: list[tuple[str, dict[str, object]]] = [
        *(("response.output_text.delta", {**where, "delta": piece, "logprobs": []}) for piece in pieces),
        ("response.output_text.done", {**where, "text": text}),
        ("response.completed", {"response": {"status": "completed", "output": [{"content": [part]}]}}),
    ]
    return sse(*((name, {"type": name, "sequence_number": n, **data}) for n, (name, data) in enumerate(rows)))


def anthropic(pieces: Sequence[str]) -> str:
    rows: list[tuple[str, dict[str, object]]] = [
        ("message_start", {"message": {"id": "m", "content": [], "stop_reason": None}}),
        ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ("ping", {}),
        *(("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": p}}) for p in pieces),
        ("content_block_stop", {"index": 0}),
        ("message_delta", {"delta": {"stop_reason": "end_turn"}}),
        ("message_stop", {}),
    ]
    return sse(*((name, {"type": name, **data}) for name, data in rows))


def cohere(pieces: Sequence[str]) -> str:
    rows = [("content-delta", {"index": 0, "delta": {"message": {"content": {"text": p}}}}) for p in pieces]
    return sse(*((n, {"type": n, **d}) for n, d in rows), ("content-end", {"type": "content-end", "index": 0}))


def gemini_chunk(piece: str, reason: str | None) -> dict[str, object]:
    end = {"finishReason": reason} if reason else {}
    return {"candidates": [{"content": {"parts": [{"text": piece}], "role": "model"}, "index": 0, **end}]}


def gemini_sse(pieces: Sequence[str]) -> str:
    rows = [gemini_chunk(p, "STOP" if n == len(pieces) - 1 else None) for n, p in enumerate(pieces)]
    return sse(*(("", row) for row in rows)).replace("\n\n", "\r\n\r\n")


def gemini_array(pieces: Sequence[str]) -> str:
    rows = [gemini_chunk(p, "STOP" if n == len(pieces) - 1 else None) for n, p in enumerate(pieces)]
    return "[" + "\n,\r\n".join(json.dumps(row, indent=2, ensure_ascii=False) for row in rows) + "\n]\n"


def chatgpt(pieces: Sequence[str]) -> str:
    first = {"p": "/message/content/parts/0", "o": "append", "v": pieces[0]}
    end = {"p": "", "o": "patch", "v": [{"p": "/message/status", "o": "replace", "v": "finished_successfully"}]}
    return sse(
        ("delta_encoding", '"v1"'),
        (
            "delta",
            {"p": "", "o": "add", "v": {"message": {"content": {"parts": [""]}, "status": "in_progress"}}, "c": 0},
        ),
        ("", {"type": "message_marker", "marker": "user_visible_token", "event": "first"}),
        ("delta", first),
        *(("delta", {"v": piece}) for piece in pieces[1:]),
        ("delta", end),
        ("", {"type": "message_stream_complete", "conversation_id": "c"}),
        ("", "[DONE]"),
    )


def deepseek(pieces: Sequence[str]) -> str:
    first = {"v": {"response": {"status": "WIP", "fragments": [{"id": 2, "type": "RESPONSE", "content": pieces[0]}]}}}
    rest = [{"v": piece} for piece in pieces[1:]]
    if rest:
        rest[0] = {"p": "response/fragments/-1/content", "o": "APPEND", **rest[0]}
    end = {"p": "response/status", "o": "SET", "v": "FINISHED"}
    return sse(("ready", {}), ("", first), *(("", row) for row in rest), ("", end), ("close", {"auto_resume": False}))


def mistral(pieces: Sequence[str]) -> str:
    def line(*patches: dict[str, object]) -> str:
        return f"15:{compact({'json': {'type': 'message', 'messageVersion': 0, 'patches': list(patches)}})}\n"

    first = line({"op": "add", "path": "/contentChunks/0", "value": {"type": "text", "text": ""}})
    rest = [line({"op": "append", "path": "/contentChunks/0/text", "value": piece}) for piece in pieces]
    return "".join([first, *rest, '16:{"json":{"type":"done"}}\n'])


def perplexity(pieces: Sequence[str]) -> str:
    def block(content: dict[str, object], status: str) -> tuple[str, object]:
        return "message", {
            "query_str": "vraag",
            "status": status,
            "blocks": [{"intended_usage": "ask_text", **content}],
        }

    rows = [{"op": "replace", "path": "", "value": {"chunks": [pieces[0]], "progress": "IN_PROGRESS"}}]
    rows += [{"op": "add", "path": f"/chunks/{n}", "value": p} for n, p in enumerate(pieces[1:], 1)]
    final = {"markdown_block": {"progress": "DONE", "chunks": list(pieces), "answer": "".join(pieces)}}
    patches = [block({"diff_block": {"field": "markdown_block", "patches": [row]}}, "PENDING") for row in rows]
    return sse(*patches, block(final, "COMPLETED"), ("end_of_stream", {})).replace("\n", "\r\n")


def grok(pieces: Sequence[str]) -> str:
    def line(response: dict[str, object]) -> str:
        return compact({"result": {"response": response}}) + "\n"

    same = {"isThinking": False, "responseId": "r", "messageTag": "final"}
    head = compact({"result": {"conversation": {"conversationId": "c", "title": "New conversation"}}}) + "\n"
    last = line({"modelResponse": {"responseId": "r", "message": "".join(pieces), "partial": False}})
    return "".join([head, *(line({"token": piece, **same}) for piece in pieces), last])


def huggingchat(pieces: Sequence[str]) -> str:
    rows: list[dict[str, object]] = [{"type": "stream", "token": piece.ljust(16, "\0")} for piece in pieces]
    rows.append({"type": "finalAnswer", "text": "".join(pieces), "interrupted": False})
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def ollama(pieces: Sequence[str]) -> str:
    rows = [{"model": "m", "message": {"role": "assistant", "content": piece}, "done": False} for piece in pieces]
    rows.append({"model": "m", "message": {"role": "assistant", "content": ""}, "done_reason": "stop", "done": True})
    return "".join(compact(row) + "\n" for row in rows)


def duck(pieces: Sequence[str]) -> str:
    return sse(*(("", {"role": "assistant", "message": p, "action": "success"}) for p in pieces), ("", "[DONE]"))


def github(pieces: Sequence[str]) -> str:
    done = {"type": "complete", "id": "x", "role": "assistant", "content": "".join(pieces)}
    return sse(*(("", {"type": "content", "body": piece}) for piece in pieces), ("", done))


def chatgpt_ndjson(pieces: Sequence[str]) -> str:
    rows: list[dict[str, object]] = [
        {"type": "content", "messageId": "m", "mode": "append" if n else "replace", "markdown": piece}
        for n, piece in enumerate(pieces)
    ]
    rows += [{"type": "control", "detail": {"kind": "complete"}}, {"type": "end"}]
    return "".join(compact(row) + "\n" for row in rows)


def google(pieces: Sequence[str]) -> str:
    frames = []
    for text in accumulate(pieces):
        inner = compact([None, ["c_1", "r_1"], None, None, [["rc_1", [text], None, None, [1], "nl"]]])
        frames.append(compact([["wrb.fr", None, inner]]))
    frames.append('[["e",5,null,null,4321]]')
    return ")]}'\n\n" + "".join(f"{len(f.encode('utf-16-le')) // 2 + 2}\n{f}\n" for f in frames)


def html_frames(pieces: Sequence[str]) -> str:
    import html as escaping

    contents = [
        f'<template for="a-pending" data-apply="replace"><p>{escaping.escape(text)}<?marker name="t"></p></template>'
        for text in accumulate(pieces)
    ]
    final = escaping.escape("".join(pieces))
    contents.append(f'<template for="a-committed-tail" data-web-mobile-dpu-apply="append"><p>{final}</p></template>')
    mark = "template data-web-mobile-dpu-frame"
    return "".join(f'<{mark}="{len(c.encode("utf-16-le")) // 2}">{c}</template>' for c in contents)


def meta(pieces: Sequence[str]) -> str:
    states = ["STREAMING"] * (len(pieces) - 1) + ["OVERALL_DONE"]
    rows = [
        ("next", {"data": {"sendMessageStream": {"content": t, "streamingState": s, "contentRenderer": {"text": t}}}})
        for t, s in zip(accumulate(pieces), states, strict=True)
    ]
    return sse(*rows) + "event: complete\ndata: \n\n"


def unknown(pieces: Sequence[str]) -> str:
    """A service nobody described: names of its own, one string that is added to."""
    return sse(*(("", {"blok": {"stuk": piece}, "nr": n}) for n, piece in enumerate(pieces)), ("", {"klaar": True}))


def read_unknown(text: str) -> str:
    return "".join(data["blok"]["stuk"] for _, data in clients.events(text) if "blok" in data)


def vercel(pieces: Sequence[str]) -> str:
    """Lines with a code before a JSON string, as a widely used library for chat pages sends them."""
    rows = [f"0:{compact(piece)}\n" for piece in pieces]
    return "".join(['f:{"messageId":"m-1"}\n', *rows, 'e:{"finishReason":"stop"}\n', 'd:{"finishReason":"stop"}\n'])


def read_vercel(text: str) -> str:
    return "".join(json.loads(line[2:]) for line in text.splitlines() if line.startswith("0:"))


def bare_strings(pieces: Sequence[str]) -> str:
    return sse(*(("", compact(piece)) for piece in pieces), ("", "[DONE]"))


def read_bare_strings(text: str) -> str:
    return "".join(data for _, data in clients.events(text) if data != "[DONE]")


def multipart(pieces: Sequence[str]) -> str:
    """GraphQL that answers in parts."""
    rows = [{"incremental": [{"items": [piece], "path": ["answer", n]}]} for n, piece in enumerate(pieces)]
    head = "--graphql\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
    return "\r\n".join(head + compact(row) for row in [*rows, {"hasNext": False}]) + "\r\n--graphql--\r\n"


def read_multipart(text: str) -> str:
    rows = [json.loads(part.split("\r\n\r\n", 1)[1]) for part in text.split("--graphql\r\n")[1:-1]]
    return "".join(item for row in rows for each in row["incremental"] for item in each["items"])


HTTP: dict[str, tuple[str, Build, Callable[[str], str], tuple[str, ...]]] = {
    "openai": ("text/event-stream", openai, clients.openai_chat, ("body.choices[*].delta.content",)),
    "openai, reason in the last piece": (
        "text/event-stream",
        openai_last_with_reason,
        clients.openai_chat,
        ("body.choices[*].delta.content",),
    ),
    "responses": ("text/event-stream", responses, clients.openai_responses, ("body.delta",)),
    "anthropic": ("text/event-stream", anthropic, clients.anthropic, ("body.delta.text",)),
    "cohere": ("text/event-stream", cohere, clients.cohere, ("body.delta.message.content.text",)),
    "gemini events": ("text/event-stream", gemini_sse, clients.gemini, ("body.candidates[*].content.parts[*].text",)),
    "gemini array": ("application/json", gemini_array, clients.gemini, ("body.candidates[*].content.parts[*].text",)),
    "chatgpt": ("text/event-stream; charset=utf-8", chatgpt, clients.patched, ()),
    "deepseek": ("text/event-stream", deepseek, clients.patched, ()),
    "mistral web": ("text/plain; charset=utf-8", mistral, clients.mistral_web, ()),
    "perplexity": ("text/event-stream", perplexity, clients.perplexity, ()),
    "grok": ("application/json", grok, clients.grok, ("body.result.response.token",)),
    "huggingchat": ("application/jsonl", huggingchat, clients.huggingchat, ("body.token",)),
    "ollama": ("application/x-ndjson", ollama, clients.ollama, ("body.message.content",)),
    "duck": ("text/event-stream", duck, clients.duck, ("body.message",)),
    "github": ("text/event-stream", github, clients.github, ("body.body",)),
    "chatgpt lines": (
        "application/vnd.openai.conversation-source+ndjson",
        chatgpt_ndjson,
        clients.chatgpt_ndjson,
        ("body.markdown",),
    ),
    "google frames": ("application/json; charset=utf-8", google, clients.google_frames, ()),
    "html frames": ("text/vnd.openai.web-mobile-partial+html", html_frames, clients.html_frames, ()),
    "meta": ("text/event-stream", meta, clients.meta, ()),
    "unknown": ("text/event-stream", unknown, read_unknown, ()),
    "vercel": ("text/plain; charset=utf-8", vercel, read_vercel, ()),
    "bare strings": ("text/event-stream", bare_strings, read_bare_strings, ()),
    "multipart": ("multipart/mixed; boundary=graphql", multipart, read_multipart, ()),
    "plain text": ("text/plain", "".join, str, ()),
}
"""By shape: content type, how pieces become bytes, how a client reads them, and what a tool file declares."""


def copilot(pieces: Sequence[str]) -> list[str]:
    same = {"messageId": "m", "partId": "p"}
    rows: list[dict[str, object]] = [{"event": "startMessage", "messageId": "m", "conversationId": "c"}]
    rows += [{"event": "appendText", **same, "text": piece} for piece in pieces]
    rows += [{"event": "partCompleted", **same}, {"event": "done", "messageId": "m"}]
    return [compact(row) for row in rows]


def m365(pieces: Sequence[str]) -> list[str]:
    def snapshot(text: str) -> dict[str, object]:
        return {"text": text, "author": "bot", "adaptiveCards": [{"body": [{"type": "TextBlock", "text": text}]}]}

    text = "".join(pieces)
    rows: list[dict[str, object]] = [
        {"type": 1, "target": "update", "arguments": [{"messages": [snapshot(pieces[0])]}]}
    ]
    rows += [{"type": 1, "target": "update", "arguments": [{"writeAtCursor": piece}]} for piece in pieces[1:]]
    rows.append({"type": 1, "target": "update", "arguments": [{"messages": [snapshot(text)]}]})
    end: list[dict[str, object]] = [
        {
            "type": 2,
            "invocationId": "0",
            "item": {"messages": [snapshot("vraag"), snapshot(text)], "result": {"value": "Success"}},
        },
        {"type": 3, "invocationId": "0"},
    ]
    return [*(compact(row) + "\x1e" for row in rows), "".join(compact(row) + "\x1e" for row in end)]


def realtime(pieces: Sequence[str]) -> list[str]:
    where = {"item_id": "i", "output_index": 0, "content_index": 0}
    text = "".join(pieces)
    rows: list[dict[str, object]] = [
        {"type": "response.output_text.delta", **where, "delta": piece} for piece in pieces
    ]
    rows.append({"type": "response.output_text.done", **where, "text": text})
    rows.append(
        {"type": "response.done", "response": {"output": [{"content": [{"type": "output_text", "text": text}]}]}}
    )
    return [compact(row) for row in rows]


def chatgpt_socket(pieces: Sequence[str]) -> list[str]:
    blocks = [block + "\n\n" for block in chatgpt(pieces).split("\n\n") if block]
    item = [{"type": "message", "payload": {"payload": {"type": "stream-item", "encoded_item": b}}} for b in blocks]
    return [compact([row]) for row in item]


WEBSOCKET: dict[str, tuple[Callable[[Sequence[str]], list[str]], Callable[[list[str]], str], tuple[str, ...]]] = {
    "copilot": (copilot, clients.copilot, ("body.text",)),
    "m365": (m365, clients.m365, ("body.arguments[*].writeAtCursor",)),
    "realtime": (realtime, clients.realtime, ("body.delta",)),
    "chatgpt socket": (chatgpt_socket, clients.chatgpt_socket, ()),
}
"""By shape: how pieces become messages, and how a client reads them."""
