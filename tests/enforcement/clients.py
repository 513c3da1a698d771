"""How each service's own client puts an answer together, written from the format descriptions and not from our code."""

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

type Json = Any


def events(text: str) -> Iterator[tuple[str, Any]]:
    """(event name, data) of server-sent events; data that is no JSON stays text."""
    for block in re.split(r"\r?\n\r?\n", text):
        name, data = "", []
        for line in block.splitlines():
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].removeprefix(" "))
        joined = "\n".join(data)
        if data:
            yield name, json.loads(joined) if joined[:1] in ("{", "[", '"') and joined != "[DONE]" else joined


def objects(text: str) -> list[Any]:
    """JSON values, one per line, perhaps numbered."""
    return [json.loads(re.sub(r"^\d+:", "", line)) for line in text.splitlines() if line.strip()]


def openai_chat(text: str) -> str:
    chunks = [data for _, data in events(text) if isinstance(data, dict)]
    return "".join(
        choice.get("delta", {}).get("content", choice.get("text", "")) for c in chunks for choice in c["choices"]
    )


def openai_responses(text: str) -> str:
    found = [data for _, data in events(text)]
    joined = "".join(data["delta"] for data in found if data["type"] == "response.output_text.delta")
    copies = {
        found[-1]["response"]["output"][0]["content"][0]["text"],
        *(d["text"] for d in found if d["type"].endswith("text.done")),
    }
    assert copies == {joined}
    return joined


def anthropic(text: str) -> str:
    return "".join(data["delta"]["text"] for _, data in events(text) if data["type"] == "content_block_delta")


def cohere(text: str) -> str:
    return "".join(d["delta"]["message"]["content"]["text"] for name, d in events(text) if name == "content-delta")


def gemini(text: str) -> str:
    answers = [data for _, data in events(text)] if text.startswith("data:") else json.loads(text)
    answers = answers if isinstance(answers, list) else [answers]
    return "".join(part["text"] for a in answers for c in a["candidates"] for part in c["content"]["parts"])


def patched(text: str) -> str:
    """ChatGPT (delta encoding v1) and DeepSeek: operations whose path and kind are inherited."""
    return Patched().take(text)


class Patched:
    def __init__(self) -> None:
        self.path, self.operation, self.answer = "", "add", ""

    def take(self, text: str) -> str:
        for _, data in events(text):
            if isinstance(data, dict) and "v" in data:
                self.path = data.get("p", self.path)
                self.operation = data.get("o", self.operation)
                self.apply(data["v"], self.path, self.operation)
        return self.answer

    def apply(self, value: Json, path: str, operation: str) -> None:
        if isinstance(value, dict):
            fragments = value.get("response", {}).get("fragments", [])
            self.answer = "".join(fragment["content"] for fragment in fragments) if fragments else self.answer
        elif operation in ("patch", "BATCH"):
            for part in value:
                self.apply(part["v"], path + part["p"], part.get("o", "add"))
        elif path.endswith(("parts/0", "/content")):
            self.answer = self.answer + value if operation.lower() in ("append", "add") else value


def mistral_web(text: str) -> str:
    answer = ""
    for line in objects(text):
        for patch in line["json"].get("patches", []):
            value = patch["value"]
            if patch["op"] == "append":
                answer += value
            elif patch["op"] == "add":
                answer += value["text"]
    return answer


def perplexity(text: str) -> str:
    chunks: list[str] = []
    final = ""
    for _, data in events(text):
        for block in data.get("blocks", []):
            for patch in block.get("diff_block", {}).get("patches", []):
                if patch["op"] == "replace":
                    chunks = list(patch["value"]["chunks"])
                else:
                    chunks.insert(int(patch["path"].rpartition("/")[2]), patch["value"])
            if "markdown_block" in block:
                final = block["markdown_block"]["answer"]
                assert "".join(block["markdown_block"]["chunks"]) == final
    assert "".join(chunks) == final
    return final


def grok(text: str) -> str:
    answers = [line["result"].get("response", {}) for line in objects(text)]
    joined = "".join(answer.get("token", "") for answer in answers)
    assert [a["modelResponse"]["message"] for a in answers if "modelResponse" in a] == [joined]
    return joined


def huggingchat(text: str) -> str:
    lines = objects(text)
    joined = "".join(line["token"] for line in lines if line["type"] == "stream").replace("\0", "")
    assert [line["text"] for line in lines if line["type"] == "finalAnswer"] == [joined]
    return joined


def ollama(text: str) -> str:
    return "".join(line["message"]["content"] for line in objects(text))


def chatgpt_ndjson(text: str) -> str:
    answer = ""
    for line in objects(text):
        if line["type"] == "content":
            answer = line["markdown"] if line["mode"] == "replace" else answer + line["markdown"]
    return answer


def google_frames(text: str) -> str:
    """Reads by the lengths, as the page does, and takes the longest text of the last answer frame."""
    rest = text.encode("utf-16-le")[len(")]}'\n") * 2 :].lstrip(b"\n\0")
    answer = ""
    while rest:
        number = rest.decode("utf-16-le").split("\n", 1)[0]
        size = int(number) * 2
        frame = rest[len(number) * 2 : len(number) * 2 + size].decode("utf-16-le")
        rest = rest[len(number) * 2 + size :].lstrip(b"\n\0")
        for row in json.loads(frame):
            if row[0] == "wrb.fr":
                inner = json.loads(row[2])
                if len(inner) > 4 and inner[4]:
                    answer = inner[4][0][1][0]
                elif isinstance(inner[0], list) and len(inner[0]) == 3:
                    answer = inner[0][0]
    return answer


def html_frames(text: str) -> str:
    """Reads by the lengths and shows the final text."""
    answer = ""
    at = 0
    start = re.compile(r'<template data-web-mobile-dpu-frame="(\d+)">')
    units = text.encode("utf-16-le")
    while at < len(units) // 2:
        head = start.match(units[at * 2 :].decode("utf-16-le"))
        assert head is not None, "a frame must start where the last one ended"
        end = at + head.end() + int(head[1])
        content = units[(at + head.end()) * 2 : end * 2].decode("utf-16-le")
        assert units[end * 2 :].decode("utf-16-le").startswith("</template>")
        at = end + len("</template>")
        if "committed-tail" in content:
            answer = html.unescape(re.sub(r"<[^>]*>", "", content))
    return answer


def meta(text: str) -> str:
    last = [data["data"]["sendMessageStream"] for name, data in events(text) if name == "next"][-1]
    assert last["contentRenderer"]["text"] == last["content"]
    return str(last["content"])


def duck(text: str) -> str:
    return "".join(data["message"] for _, data in events(text) if isinstance(data, dict))


def github(text: str) -> str:
    found = [data for _, data in events(text)]
    joined = "".join(data["body"] for data in found if data["type"] == "content")
    assert found[-1]["content"] == joined
    return joined


def you(text: str) -> str:
    return "".join(data["youChatToken"] for name, data in events(text) if name == "youChatToken")


def one_document(*path: str | int) -> Callable[[str], str]:
    def read(text: str) -> str:
        node = json.loads(text)
        for step in path:
            node = node[step]
        return str(node)

    return read


def deepl(text: str) -> str:
    return "\n".join(item["text"] for item in json.loads(text)["translations"])


HTTP: dict[str, Callable[[str], str]] = {
    "anthropic-api/messages-stream": anthropic,
    "azure-openai/chat-deployment": openai_chat,
    "chatgpt-anonymous/backend-anon-send": patched,
    "chatgpt-anonymous/mweb-2-send": chatgpt_ndjson,
    "chatgpt-anonymous/mweb-3-html-frames": html_frames,
    "chatgpt-web/send-text": patched,
    "chatgpt-web/send-with-attachments": patched,
    "claude-web/completion": anthropic,
    "claude-web/completion-pasted": anthropic,
    "cohere-api/chat-v2-stream": cohere,
    "deepl-api/translate": deepl,
    "deepl-api/write-rephrase": one_document("improvements", 0, "text"),
    "deepl-web/jsonrpc-handle-texts": one_document("result", "texts", 0, "text"),
    "deepseek-web/completion": patched,
    "duck-ai/chat": duck,
    "gemini-api/generate-content": gemini,
    "gemini-api/stream-sse": gemini,
    "gemini-web/stream-generate": google_frames,
    "gemini-web/stream-generate-file": google_frames,
    "github-copilot/ide-chat": openai_chat,
    "github-copilot/ide-completions": openai_chat,
    "github-copilot/web-thread": github,
    "grok-web/new": grok,
    "huggingchat/send": huggingchat,
    "meta-ai/graphql-send": meta,
    "mistral-api/chat-completions": openai_chat,
    "mistral-lechat/api-chat-append": mistral_web,
    "notebooklm/ask": google_frames,
    "ollama/api-chat": ollama,
    "openai-api/chat-completions-stream": openai_chat,
    "openai-api/responses-stream": openai_responses,
    "openai-compatible/local-llm-form": one_document("out", "blocks", 0, "c", 0, "text"),
    "openai-compatible/openrouter": openai_chat,
    "perplexity-api/sonar-chat": one_document("choices", 0, "message", "content"),
    "perplexity/ask": perplexity,
    "you-com/get-query": you,
}
"""By sample id: how the answer in its HTTP response is read."""


def m365(messages: list[str]) -> str:
    """Snapshots, words at the cursor, and the final copy, which must be the same text."""
    answer = final = ""
    for record in (json.loads(record) for message in messages for record in message.split("\x1e") if record):
        if record.get("type") == 1:
            for argument in record["arguments"]:
                answer += argument.get("writeAtCursor", "")
                for entry in argument.get("messages", []):
                    answer = entry["text"]
                    assert entry["adaptiveCards"][0]["body"][0]["text"] == answer
        elif record.get("type") == 2:
            final = record["item"]["messages"][-1]["text"]
    assert answer == final
    return answer


def copilot(messages: list[str]) -> str:
    return "".join(json.loads(message).get("text", "") for message in messages)


def realtime(messages: list[str]) -> str:
    found = [json.loads(message) for message in messages]
    joined = "".join(event.get("delta", "") for event in found)
    assert found[-1]["response"]["output"][0]["content"][0]["text"] == joined
    return joined


def chatgpt_socket(messages: list[str]) -> str:
    client, answer = Patched(), ""
    for message in (entry for text in messages for entry in json.loads(text)):
        for item in [message, *message.get("reply", {}).get("catchups", [])]:
            encoded = item.get("payload", {}).get("payload", {}).get("encoded_item")
            answer = client.take(encoded) if encoded else answer
    return answer


WEBSOCKET: dict[str, Callable[[list[str]], str]] = {
    "chatgpt-web/ws-turn": chatgpt_socket,
    "copilot-consumer/ws-chat": copilot,
    "m365-copilot/chathub-send": m365,
    "m365-copilot/chathub-send-file-ref": m365,
    "openai-api/realtime-ws": realtime,
}
"""By sample id: how the server messages of its WebSocket are read."""
