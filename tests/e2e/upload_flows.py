"""Every way a file reaches a service: `FLOWS` is the table behind `deploy/handbook/upload-flows.md`."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import httpx

from gateway.cli.pretend import Received
from tests.e2e.upload_steps import (
    File,
    Place,
    anthropic_body,
    anthropic_mention,
    as_bytes,
    as_form,
    as_json,
    chat_body,
    chatgpt_announce,
    chatgpt_mention,
    chatgpt_send,
    claude_mention,
    deepseek_mention,
    form_data_url,
    form_part,
    gemini_body,
    gemini_mention,
    gemini_related,
    google_announce,
    google_send,
    graph_announce,
    graph_send,
    grok_body,
    grok_mention,
    huggingchat_send,
    m365_image,
    of_header,
    of_json,
    openai_announce,
    openai_mention,
    openai_part,
    packed,
    perplexity_announce,
    perplexity_mention,
    perplexity_send,
    related_part,
    responses_body,
    whole_body,
)


@dataclass(frozen=True, slots=True)
class Flow:
    """One way. `announce` tells the name first, `send` brings the bytes, `mention` speaks of the file afterwards;
    `arrived` takes the file out of what the service received. `handled` is for the handbook.

    `is_known_early`: an id of the file is known before its bytes were judged.
    """

    id: str
    title: str
    handled: str
    tool: str
    hosts: tuple[str, ...]
    samples: tuple[str, ...]
    send: Callable[[httpx.Client, Place, File], httpx.Response]
    arrived: Callable[[Received], bytes]
    announce: Callable[[httpx.Client, str], httpx.Response] | None = None
    place: Callable[[httpx.Response], Place] = lambda _answer: {}
    mention: Callable[[httpx.Client, Place, str], httpx.Response] | None = None
    is_known_early: bool = False


CLAUDE = "https://claude.ai/api/organizations/c568ca7b-8a7b-5875-b86d-c4238c757c66"
OPENAI, ANTHROPIC = ("api.openai.com",), ("api.anthropic.com",)
GOOGLE_API = "generativelanguage.googleapis.com"
HELD = "held until judged"
BY_ID = "the verdict holds for the id"

FLOWS = (
    Flow(
        "chatgpt", "ChatGPT: announce, PUT to storage, process", f"{HELD} at the PUT; {BY_ID} in all three hosts",
        "chatgpt", ("chatgpt.com", "sdmntprwesteurope.oaiusercontent.com"),
        ("chatgpt-web/upload-1-create", "chatgpt-web/upload-2-blob", "chatgpt-web/upload-3-process",
         "chatgpt-web/send-with-attachments"),
        chatgpt_send, whole_body, chatgpt_announce, of_json, chatgpt_mention, is_known_early=True,
    ),
    Flow(
        "claude-wiggle", "Claude: `wiggle/upload-file`", f"{HELD}; an id is given after that",
        "claude", ("claude.ai",), ("claude-web/upload-wiggle",),
        partial(as_form, "claude-web/upload-wiggle", {}), partial(form_part, "file"), mention=claude_mention,
    ),
    Flow(
        "claude-upload", "Claude: `upload`", f"{HELD}; an id is given after that", "claude", ("claude.ai",), (),
        partial(as_form, "claude-web/upload-wiggle", {}, url=f"{CLAUDE}/upload"), partial(form_part, "file"),
    ),
    Flow(
        "claude-convert", "Claude: `convert_document`", f"{HELD}; what the service reads in it is not inspected again",
        "claude", ("claude.ai",), (),
        partial(as_form, "claude-web/upload-wiggle", {}, url=f"{CLAUDE}/convert_document"),
        partial(form_part, "file"),
    ),
    Flow(
        "gemini", "Gemini: start, then bytes at once or in pieces", f"{HELD} at the last piece; {BY_ID} of the upload",
        "gemini", ("gemini.google.com", "content-push.googleapis.com"),
        ("gemini-web/upload-1-start", "gemini-web/upload-2-finalize", "gemini-web/stream-generate-file"),
        google_send, whole_body,
        partial(google_announce, "gemini-web/upload-1-start", lambda name: f"File name: {name}",
                "application/x-www-form-urlencoded;charset=UTF-8"),
        of_header, gemini_mention,
    ),
    Flow(
        "gemini-api-files", "Gemini API: start, then bytes at once or in pieces", f"{HELD} at the last piece",
        "gemini-api", (GOOGLE_API,), ("gemini-api/files-start",), google_send, whole_body,
        partial(google_announce, "gemini-api/files-start",
                lambda name: json.dumps({"file": {"display_name": name}}), "application/json"),
        of_header,
    ),
    Flow(
        "gemini-api-related", "Gemini API: multipart/related", HELD, "gemini-api", (GOOGLE_API,), (),
        gemini_related, related_part,
    ),
    Flow(
        "gemini-api-inline", "Gemini API: base64 in JSON", "part of the message", "gemini-api", (GOOGLE_API,), (),
        partial(as_json, f"https://{GOOGLE_API}/v1beta/models/m:generateContent", gemini_body),
        packed("contents", 0, "parts", 1, "inlineData", "data"),
    ),
    Flow(
        "notebooklm", "NotebookLM: start, then bytes at once or in pieces", f"{HELD} at the last piece",
        "notebooklm", ("notebooklm.google.com",), ("notebooklm/upload-start",), google_send, whole_body,
        partial(google_announce, "notebooklm/upload-start",
                lambda name: json.dumps({"PROJECT_ID": "p", "SOURCE_NAME": name, "SOURCE_ID": "s"}),
                "application/x-www-form-urlencoded;charset=UTF-8"),
        of_header,
    ),
    Flow(
        "m365-document", "Microsoft 365 Copilot: upload session, PUT at once or in ranges",
        f"{HELD} at the last range; {BY_ID} of the session", "m365-copilot",
        ("graph.microsoft.com", "westermeer-my.sharepoint.com"),
        ("m365-copilot/upload-doc-1-session", "m365-copilot/upload-doc-2-put"),
        graph_send, whole_body, graph_announce, of_json,
    ),
    Flow(
        "m365-image", "Microsoft 365 Copilot: data URL in a form", HELD, "m365-copilot", ("substrate.office.com",),
        ("m365-copilot/upload-image",), m365_image, partial(form_data_url, "FileBase64"),
    ),
    Flow(
        "copilot", "Copilot: bytes without a name", HELD, "microsoft-copilot", ("copilot.microsoft.com",),
        ("copilot-consumer/attachment",),
        partial(as_bytes, "copilot-consumer/attachment", ""), whole_body,
    ),
    Flow(
        "copilot-form", "Copilot: multipart", HELD, "microsoft-copilot", ("copilot.microsoft.com",), (),
        partial(as_form, "copilot-consumer/attachment", {}), partial(form_part, "file"),
    ),
    Flow(
        "openai-files", "OpenAI API: files", f"{HELD}; an id is given after that", "openai-api", OPENAI,
        ("openai-api/files-upload",), partial(as_form, "openai-api/files-upload", {"purpose": "user_data"}),
        partial(form_part, "file"), mention=openai_mention,
    ),
    Flow(
        "openai-parts", "OpenAI API: uploads in parts", "each part is a file of its own; a second part is a gap",
        "openai-api", OPENAI, (), openai_part, partial(form_part, "data"), openai_announce, of_json,
    ),
    Flow(
        "openai-input-file", "OpenAI API: data URL in a response's input", "part of the message", "openai-api", OPENAI,
        (), partial(as_json, "https://api.openai.com/v1/responses", responses_body),
        packed("input", 0, "content", 0, "file_data"),
    ),
    Flow(
        "openai-image-url", "OpenAI API: data URL in a chat message", "part of the message", "openai-api", OPENAI, (),
        partial(as_json, "https://api.openai.com/v1/chat/completions", chat_body),
        packed("messages", 0, "content", 1, "image_url", "url"),
    ),
    Flow(
        "anthropic-files", "Anthropic API: files", f"{HELD}; an id is given after that", "anthropic-api", ANTHROPIC,
        ("anthropic-api/files-upload",), partial(as_form, "anthropic-api/files-upload", {}),
        partial(form_part, "file"), mention=anthropic_mention,
    ),
    Flow(
        "anthropic-inline", "Anthropic API: base64 in JSON", "part of the message", "anthropic-api", ANTHROPIC, (),
        partial(as_json, "https://api.anthropic.com/v1/messages", anthropic_body),
        packed("messages", 0, "content", 0, "source", "data"),
    ),
    Flow(
        "perplexity", "Perplexity: announce, form to S3", f"{HELD} at the form; {BY_ID}, key and URL of the object",
        "perplexity", ("www.perplexity.ai", "ppl-ai-file-upload.s3.amazonaws.com"),
        ("perplexity/upload-1-url", "perplexity/upload-2-s3"),
        perplexity_send, partial(form_part, "file"), perplexity_announce, of_json, perplexity_mention,
        is_known_early=True,
    ),
    Flow(
        "grok", "Grok: base64 in JSON", f"{HELD}; an id is given after that", "grok", ("grok.com",),
        ("grok-web/upload-file",), partial(as_json, "https://grok.com/rest/app-chat/upload-file", grok_body),
        packed("content"), mention=grok_mention,
    ),
    Flow(
        "deepseek", "DeepSeek: multipart", f"{HELD}; an id is given after that", "deepseek", ("chat.deepseek.com",),
        ("deepseek-web/upload",), partial(as_form, "deepseek-web/upload", {}), partial(form_part, "file"),
        mention=deepseek_mention,
    ),
    Flow(
        "mistral-api", "Mistral API: files", HELD, "mistral-api", ("api.mistral.ai",), (),
        partial(as_form, "openai-api/files-upload", {"purpose": "ocr"}, url="https://api.mistral.ai/v1/files"),
        partial(form_part, "file"),
    ),
    Flow(
        "lechat", "Le Chat: multipart", HELD, "mistral-lechat", ("chat.mistral.ai",), (),
        partial(as_form, "mistral-lechat/api-chat-append", {}, url="https://chat.mistral.ai/api/upload"),
        partial(form_part, "file"),
    ),
    Flow(
        "huggingchat", "HuggingChat: base64 in a form, with the message", "part of the message", "huggingchat",
        ("huggingface.co",), (), huggingchat_send, lambda received: base64.b64decode(form_part("files", received)),
    ),
)  # fmt: skip


def hosts() -> tuple[str, ...]:
    """Every host of every flow, once."""
    return tuple(dict.fromkeys(host for flow in FLOWS for host in flow.hosts))


@dataclass(frozen=True, slots=True)
class Other:
    """An upload call of the samples that brings no file to read: sound, or a text in JSON."""

    title: str
    handled: str
    sample: str
    test: str


OTHERS = (
    Other("ChatGPT: dictation", "sound is a gap", "chatgpt-web/dictation", "test_sound_is_refused"),
    Other("OpenAI API: transcription", "sound is a gap", "openai-api/audio-transcription", "test_sound_is_refused"),
    Other(
        "Claude: a document of a project, as text", "inspected as a file's text", "claude-web/project-doc",
        "test_a_text_sent_as_a_source_is_inspected",
    ),
    Other(
        "NotebookLM: a pasted source", "inspected as a text", "notebooklm/add-text-source",
        "test_a_text_sent_as_a_source_is_inspected",
    ),
)  # fmt: skip


def page() -> str:
    """The handbook page: every flow, how it is handled, and the tests that prove it."""
    rows = [
        f"| {flow.title} | `{flow.tool}` | {flow.handled} | "
        f"{', '.join(f'`{sample}`' for sample in flow.samples) or 'official documentation'} | `{flow.id}` |"
        for flow in FLOWS
    ]
    rows += [f"| {one.title} | – | {one.handled} | `{one.sample}` | `{one.test}` |" for one in OTHERS]
    return "\n".join(rows)
