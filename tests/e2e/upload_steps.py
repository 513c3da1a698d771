"""What clients send to upload a file and to speak of it, after the traffic samples, and where the file arrives."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from gateway.cli.pretend import Received

SAMPLES = Path(__file__).parents[1] / "flows" / "samples"
PLUMBING = frozenset(("content-type", "content-length", "content-range", "host", "accept-encoding", "x-file-size"))


@dataclass(frozen=True, slots=True)
class File:
    """A file a person uploads."""

    name: str
    media_type: str
    content: bytes

    @property
    def data_url(self) -> str:
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


type Place = Mapping[str, str]
"""What an announcing call gave: where the bytes go, and the ids of the file."""


@cache
def recorded(sample: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Method, URL and headers of a sample; headers about the body are left out."""
    request = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))["request"]
    headers = tuple((name, value) for name, value in request["headers"] if name not in PLUMBING)
    return request["method"], request["url"], headers


def call(client: httpx.Client, sample: str, *, url: str = "", **body: Any) -> httpx.Response:  # noqa: ANN401
    """The request of a sample with another body, and perhaps another address."""
    method, own, headers = recorded(sample)
    more = body.pop("headers", {})
    return client.request(method, url or own, headers=dict(headers) | more, **body)


# --- where the file arrives ---------------------------------------------------------------------------------------


def whole_body(received: Received) -> bytes:
    return received.body


def form_part(field: str, received: Received) -> bytes:
    """One part of a multipart body."""
    head = f"content-type: {received.headers['content-type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + received.body, policy=policy.HTTP).iter_parts()
    found = next(part for part in parts if part.get_param("name", header="content-disposition") == field)
    content: bytes = found.get_payload(decode=True)
    return content


def related_part(received: Received) -> bytes:
    """The second part of multipart/related."""
    head = f"content-type: {received.headers['content-type']}\r\n\r\n".encode()
    content: bytes = [*message_from_bytes(head + received.body, policy=policy.HTTP).iter_parts()][1].get_payload(
        decode=True
    )
    return content


def packed(*steps: str | int) -> Callable[[Received], bytes]:
    """Base64, or a data URL, at a place in a JSON body."""

    def unpack(received: Received) -> bytes:
        value = json.loads(received.body)
        for step in steps:
            value = value[step]
        return base64.b64decode(value.partition("base64,")[2] or value)

    return unpack


def form_data_url(field: str, received: Received) -> bytes:
    return base64.b64decode(form_part(field, received).partition(b"base64,")[2])


# --- how it is sent -----------------------------------------------------------------------------------------------


def as_form(
    sample: str, fields: Mapping[str, str], client: httpx.Client, _place: Place, file: File, *, url: str = ""
) -> httpx.Response:
    return call(client, sample, url=url, data=fields, files={"file": (file.name, file.content, file.media_type)})


def as_bytes(sample: str, url: str, client: httpx.Client, _place: Place, file: File) -> httpx.Response:
    return call(client, sample, url=url, content=file.content, headers={"content-type": file.media_type})


def as_json(
    url: str, body: Callable[[File], object], client: httpx.Client, _place: Place, file: File
) -> httpx.Response:
    return client.post(url, json=body(file), headers={"authorization": "Bearer VOORBEELD"})


def of_json(answer: httpx.Response) -> Place:
    """The strings of a JSON answer by their key."""
    found: dict[str, str] = {}

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.update({key: inner for key, inner in value.items() if isinstance(inner, str)})
            for inner in value.values():
                walk(inner)

    walk(answer.json())
    return found


def of_header(answer: httpx.Response) -> Place:
    return {"url": answer.headers["x-goog-upload-url"]}


def chatgpt_announce(client: httpx.Client, name: str) -> httpx.Response:
    return call(client, "chatgpt-web/upload-1-create", json={"file_name": name, "file_size": 9, "use_case": "my_files"})


def chatgpt_send(client: httpx.Client, place: Place, file: File) -> httpx.Response:
    headers = {"content-type": file.media_type}
    answer = call(client, "chatgpt-web/upload-2-blob", url=place["upload_url"], content=file.content, headers=headers)
    if answer.is_success:
        process = {"file_id": place["file_id"], "file_name": file.name, "use_case": "my_files"}
        assert call(client, "chatgpt-web/upload-3-process", json=process).is_success
    return answer


def chatgpt_mention(client: httpx.Client, place: Place, name: str) -> httpx.Response:
    message = {
        "author": {"role": "user"},
        "content": {"content_type": "text", "parts": ["Vat dit bestand samen."]},
        "metadata": {"attachments": [{"id": place["file_id"], "name": name}]},
    }
    return call(client, "chatgpt-web/send-with-attachments", json={"action": "next", "messages": [message]})


def graph_announce(client: httpx.Client, name: str) -> httpx.Response:
    where = f"https://graph.microsoft.com/v1.0/me/drive/special/copilotuploads:/{name}:/createUploadSession"
    return call(client, "m365-copilot/upload-doc-1-session", url=where, json={"item": {}})


def graph_send(client: httpx.Client, place: Place, file: File) -> httpx.Response:
    size = len(file.content)
    own = {"content-range": f"bytes 0-{size - 1}/{size}"}
    return call(client, "m365-copilot/upload-doc-2-put", url=place["uploadUrl"], content=file.content, headers=own)


def in_ranges(client: httpx.Client, place: Place, file: File, size: int) -> httpx.Response:
    """The same upload session, in ranges of `size` bytes; the answer to the last."""
    total = len(file.content)
    for start in range(0, total, size):
        piece = file.content[start : start + size]
        own = {"content-range": f"bytes {start}-{start + len(piece) - 1}/{total}"}
        answer = client.put(place["uploadUrl"], content=piece, headers=own)
    return answer


def google_announce(
    sample: str, body: Callable[[str], str], kind: str, client: httpx.Client, name: str
) -> httpx.Response:
    return call(client, sample, content=body(name), headers={"content-type": kind})


def google_send(client: httpx.Client, place: Place, file: File) -> httpx.Response:
    own = {
        "x-goog-upload-command": "upload, finalize",
        "x-goog-upload-offset": "0",
        "content-type": "application/x-www-form-urlencoded;charset=utf-8",
    }
    return client.post(place["url"], content=file.content, headers=own)


def gemini_mention(client: httpx.Client, place: Place, name: str) -> httpx.Response:
    reference = place.get("contrib", "/contrib_service/ttl_1d/VOORBEELD")
    inner = [["Vat dit samen.", 0, None, [[[reference, 1], name]]], ["nl"], ["", "", ""]]
    body = urlencode({"f.req": json.dumps([None, json.dumps(inner)]), "at": "AVOORBEELD:1"})
    kind = "application/x-www-form-urlencoded;charset=UTF-8"
    return call(client, "gemini-web/stream-generate-file", content=body, headers={"content-type": kind})


def gemini_related(client: httpx.Client, _place: Place, file: File) -> httpx.Response:
    """multipart/related: metadata as JSON, then the bytes."""
    parts = (
        f"--rand\r\ncontent-type: application/json\r\n\r\n{json.dumps({'file': {'display_name': file.name}})}\r\n"
        f"--rand\r\ncontent-type: {file.media_type}\r\n\r\n"
    ).encode()
    return client.post(
        "https://generativelanguage.googleapis.com/upload/v1beta/files?uploadType=multipart",
        content=parts + file.content + b"\r\n--rand--\r\n",
        headers={"content-type": "multipart/related; boundary=rand"},
    )


def m365_image(client: httpx.Client, _place: Place, file: File) -> httpx.Response:
    fields = {"scenario": "UploadImage", "FileBase64": file.data_url, "FileName": file.name}
    return call(client, "m365-copilot/upload-image", files={name: (None, value) for name, value in fields.items()})


def perplexity_announce(client: httpx.Client, name: str) -> httpx.Response:
    body = {"content_type": "application/pdf", "file_size": 9, "filename": name, "source": "default"}
    return call(client, "perplexity/upload-1-url", json=body)


def perplexity_send(client: httpx.Client, place: Place, file: File) -> httpx.Response:
    fields = {"acl": "private", "Content-Type": file.media_type, "key": place["key"], "policy": "VOORBEELD"}
    return as_form("perplexity/upload-2-s3", fields, client, place, file)


def perplexity_mention(client: httpx.Client, place: Place, _name: str) -> httpx.Response:
    question = "Vat dit bestand samen."
    params = {"attachments": [place["s3_object_url"]], "dsl_query": question}
    return call(client, "perplexity/ask", json={"params": params, "query_str": question})


def openai_part(client: httpx.Client, place: Place, file: File) -> httpx.Response:
    """An upload in parts; the part is the whole file."""
    files = {"data": (file.name, file.content, "application/octet-stream")}
    return client.post(f"https://api.openai.com/v1/uploads/{place['id']}/parts", files=files)


def openai_announce(client: httpx.Client, name: str) -> httpx.Response:
    body = {"filename": name, "bytes": 9, "purpose": "user_data", "mime_type": "text/csv"}
    return client.post("https://api.openai.com/v1/uploads", json=body)


def huggingchat_send(client: httpx.Client, _place: Place, file: File) -> httpx.Response:
    """Base64 in a part whose file name begins with `base64;`."""
    files = {
        "data": (None, json.dumps({"inputs": "Vat dit samen.", "id": "1"})),
        "files": (f"base64;{file.name}", base64.b64encode(file.content), file.media_type),
    }
    return call(client, "huggingchat/send", files=files)


def claude_mention(client: httpx.Client, place: Place, _name: str) -> httpx.Response:
    return call(client, "claude-web/completion", json={"prompt": "Vat dit samen.", "files": [place["file_uuid"]]})


def grok_mention(client: httpx.Client, place: Place, _name: str) -> httpx.Response:
    body = {"message": "Vat dit samen.", "fileAttachments": [place["fileMetadataId"]]}
    return call(client, "grok-web/new", json=body)


def deepseek_mention(client: httpx.Client, place: Place, _name: str) -> httpx.Response:
    body = {"chat_session_id": "8f1eb781", "prompt": "Vat dit samen.", "ref_file_ids": [place["id"]]}
    return call(client, "deepseek-web/completion", json=body)


def openai_mention(client: httpx.Client, place: Place, _name: str) -> httpx.Response:
    parts = [{"type": "input_file", "file_id": place["id"]}, {"type": "input_text", "text": "Vat dit samen."}]
    body = {"model": "m", "input": [{"type": "message", "role": "user", "content": parts}]}
    return client.post("https://api.openai.com/v1/responses", json=body)


def anthropic_mention(client: httpx.Client, place: Place, _name: str) -> httpx.Response:
    parts = [
        {"type": "document", "source": {"type": "file", "file_id": place["id"]}},
        {"type": "text", "text": "Vat dit samen."},
    ]
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": parts}]}
    return client.post("https://api.anthropic.com/v1/messages", json=body)


def responses_body(file: File) -> object:
    part = {"type": "input_file", "filename": file.name, "file_data": file.data_url}
    return {"model": "m", "input": [{"type": "message", "role": "user", "content": [part]}]}


def chat_body(file: File) -> object:
    part = {"type": "image_url", "image_url": {"url": file.data_url}}
    return {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "Vat samen."}, part]}]}


def anthropic_body(file: File) -> object:
    source = {"type": "base64", "media_type": file.media_type, "data": base64.b64encode(file.content).decode()}
    part = {"type": "document", "title": file.name, "source": source}
    return {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [part]}]}


def gemini_body(file: File) -> object:
    data = {"mimeType": file.media_type, "data": base64.b64encode(file.content).decode(), "displayName": file.name}
    return {"contents": [{"role": "user", "parts": [{"text": "Vat samen."}, {"inlineData": data}]}]}


def grok_body(file: File) -> object:
    content = base64.b64encode(file.content).decode()
    return {"fileName": file.name, "fileMimeType": file.media_type, "content": content, "fileSource": "SELF_UPLOAD"}
