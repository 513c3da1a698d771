"""Refusals: every shipped template parses as its service's own stream, is readable, and no SDK tries again."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.enforcement.refusals import GENERIC, Answer, plain_text, render, render_messages
from gateway.enforcement.request_facts import RequestFacts
from gateway.model.notice import Notice, RefusalTemplate
from gateway.model.traffic import Message
from gateway.rulebook.load import load
from tests.enforcement import clients

TEMPLATES = load(Path(__file__).parents[2] / "rules").refusals
HTTP = sorted(name for name, template in TEMPLATES.items() if template.transport == "http")
SOCKET = sorted(name for name, template in TEMPLATES.items() if template.transport == "websocket")


def headers(answer: Answer) -> dict[str, str]:
    return dict(answer.headers)


@pytest.fixture
def hostile(notice: Notice) -> Notice:
    """A notice whose words would break any shape that escapes them wrongly."""
    texts = (
        replace(notice.texts[0], lead='Zin met "aanhaling", \\ en </p><b>\n\ntwee regels 😀 {{m}}'),
        notice.texts[1],
    )
    return replace(notice, texts=texts)


@pytest.mark.parametrize("name", HTTP)
def test_status_and_headers(name: str, notice: Notice) -> None:
    """Nothing an SDK retries; never cached; readable by the page that asked."""
    answer = render(TEMPLATES[name], notice, RequestFacts(origin="https://app.example"))
    found = headers(answer)
    assert answer.status < 500
    assert answer.status not in (408, 409, 425, 429)
    assert found["content-length"] == str(len(answer.body))
    assert found["access-control-allow-origin"] == "https://app.example"
    assert found["access-control-allow-credentials"] == "true"
    assert found["cache-control"] == "no-store"
    assert found["content-language"] == "nl, en"
    assert "retry-after" not in found


@pytest.mark.parametrize("name", [*HTTP, *SOCKET])
def test_everything_is_filled_in(name: str, notice: Notice) -> None:
    template = TEMPLATES[name]
    request = RequestFacts()
    body = (
        render(template, notice, request).body if name in HTTP else b"".join(render_messages(template, notice, request))
    )
    assert b"{{" not in body
    assert b"ref-123" in body
    assert b"Niet verstuurd" in body
    assert b"Not sent" in body


STREAMS = {
    "chatgpt-web": clients.patched,
    "chatgpt-anonymous": clients.chatgpt_ndjson,
    "claude-web": clients.anthropic,
    "deepseek-web": clients.patched,
    "gemini-web": clients.google_frames,
    "github-copilot-web": clients.github,
    "grok-web": clients.grok,
    "huggingchat": clients.huggingchat,
}
FIELDS = {
    "openai-api": ("error", "message"),
    "azure-openai": ("error", "message"),
    "anthropic-api": ("error", "message"),
    "gemini-api": ("error", "message"),
    "microsoft-graph": ("error", "message"),
    "mistral-api": ("message",),
    "mistral-lechat": ("error", "message"),
    "cohere-api": ("message",),
    "deepl-api": ("message",),
    "ollama": ("error",),
    "open-webui": ("detail",),
    "duck-ai": ("message",),
    "perplexity": ("detail",),
    "chatgpt-web-files": ("detail", "message"),
    "chatgpt-web-prepare": ("detail", "message"),
    "github-copilot-ide": ("error", "message"),
    "generic-json": ("error", "message"),
}
"""Where an error object's reader looks for the message."""


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_streams_read_as_an_answer(name: str, hostile: Notice) -> None:
    """Read by the service's own rules, the answer is exactly our text, whatever signs are in it."""
    answer = render(TEMPLATES[name], hostile, RequestFacts())
    assert STREAMS[name](answer.body.decode()) == plain_text(hostile)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_errors_read_as_an_error(name: str, hostile: Notice) -> None:
    node = json.loads(render(TEMPLATES[name], hostile, RequestFacts()).body)
    for step in FIELDS[name]:
        node = node[step]
    assert node == plain_text(hostile)


def test_ai_studio_is_a_grpc_status(hostile: Notice) -> None:
    assert json.loads(render(TEMPLATES["ai-studio"], hostile, RequestFacts()).body) == [7, plain_text(hostile)]


def test_graphql_stream(hostile: Notice) -> None:
    first, second = clients.events(render(TEMPLATES["meta-ai"], hostile, RequestFacts()).body.decode())
    assert first == ("next", {"errors": [{"message": plain_text(hostile)}]})
    assert second == ("complete", "")


def test_storage_error_is_xml(hostile: Notice) -> None:
    from xml.etree import ElementTree

    tree = ElementTree.fromstring(render(TEMPLATES["presigned-storage"], hostile, RequestFacts()).body)
    assert tree.findtext("Message") == plain_text(hostile)


def test_html_frames_have_the_right_lengths(hostile: Notice) -> None:
    request = RequestFacts(
        accept="text/vnd.openai.web-mobile-partial+html", echoes={"operation_id": "op-1", "id1": "as-1"}
    )
    answer = render(TEMPLATES["chatgpt-anonymous"], hostile, request)
    assert headers(answer)["x-web-mobile-stream"] == "declarative-partial-updates"
    shown = clients.html_frames(answer.body.decode())
    assert shown == plain_text(hostile).replace("\n", "")
    assert b"assistant-pending-as-1-pending" in answer.body
    assert b'data-operation-id="op-1"' in answer.body


def test_m365_records_echo_the_request(hostile: Notice) -> None:
    record = b'{"type":4,"target":"chat","invocationId":"7","arguments":[{"requestId":"r-9"}]}\x1e'
    facts = RequestFacts.of(Message("GET", "https://substrate.office.com/x", (), record))
    (message,) = render_messages(TEMPLATES["m365-copilot"], hostile, facts)
    records = message.decode().split("\x1e")
    assert records.pop() == ""
    first, final, done = map(json.loads, records)
    assert first["arguments"][0]["requestId"] == "r-9"
    assert first["arguments"][0]["messages"][0]["text"] == plain_text(hostile)
    assert final["invocationId"] == done["invocationId"] == "7"


def test_copilot_is_one_message_per_event(hostile: Notice) -> None:
    messages = [json.loads(m) for m in render_messages(TEMPLATES["copilot-consumer"], hostile, RequestFacts())]
    assert [m["event"] for m in messages] == ["startMessage", "appendText", "partCompleted", "done"]
    assert len({m["messageId"] for m in messages}) == 1
    assert messages[1]["text"] == plain_text(hostile)


def test_realtime_error_event(hostile: Notice) -> None:
    (message,) = render_messages(TEMPLATES["openai-realtime"], hostile, RequestFacts())
    assert json.loads(message)["error"]["message"] == plain_text(hostile)


def test_every_template_is_read_by_a_test() -> None:
    """A new refusal must say how its client reads it."""
    known = {*STREAMS, *FIELDS, "ai-studio", "meta-ai", "presigned-storage", "grok-web-responses"}
    assert set(HTTP) == known
    assert set(SOCKET) == {"m365-copilot", "copilot-consumer", "openai-realtime"}


def test_grok_follow_up_leaves_out_a_level(hostile: Notice) -> None:
    token, final = clients.objects(render(TEMPLATES["grok-web-responses"], hostile, RequestFacts()).body.decode())
    assert token["result"]["token"] == final["result"]["modelResponse"]["message"] == plain_text(hostile)


def test_navigation_gets_the_page(notice: Notice) -> None:
    answer = render(TEMPLATES["claude-web"], notice, RequestFacts(method="GET", is_navigation=True))
    assert answer.status == 403
    assert headers(answer)["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers(answer)["content-security-policy"]
    assert answer.body.startswith(b"<!DOCTYPE html>")


def test_preflight_is_answered(notice: Notice) -> None:
    request = RequestFacts(method="OPTIONS", origin="https://a.example", asks_method="POST", asks_headers="x-a, x-b")
    answer = render(GENERIC, notice, request)
    assert answer.status == 204
    assert headers(answer)["access-control-allow-headers"] == "x-a, x-b"
    assert headers(answer)["access-control-allow-methods"] == "POST"
    assert headers(answer)["access-control-allow-origin"] == "https://a.example"


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
def test_a_template_cannot_make_clients_retry(status: int, notice: Notice) -> None:
    assert render(replace(GENERIC, status=status), notice, RequestFacts()).status == 403


def test_a_websocket_template_on_http_falls_back(notice: Notice) -> None:
    assert json.loads(render(TEMPLATES["m365-copilot"], notice, RequestFacts()).body)["error"]


def test_without_origin_no_cors_headers(notice: Notice) -> None:
    """A template's own `{{origin}}` leaves no empty header behind."""
    template = RefusalTemplate("x", "http", "{}", headers={"access-control-allow-origin": "{{origin}}"})
    assert not [name for name in headers(render(template, notice, RequestFacts())) if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("op-123_x.y:z", True),
        ('"><script>', False),
        ("a" * 101, False),
        ("", False),
        ("op\r\nx: y", False),
    ],
)
def test_echoed_ids_are_checked(value: str, kept: bool) -> None:
    """What a request holds goes back only when it is plainly an id."""
    body = json.dumps({"operationId": value}).encode()
    facts = RequestFacts.of(Message("POST", "https://chatgpt.com/x", (), body))
    assert facts.echoes == ({"operation_id": value} if kept else {})


@pytest.mark.parametrize(
    ("url", "body", "expected"),
    [
        ("https://a/b?operationId=op-1", b"", {"operation_id": "op-1"}),
        ("https://a/b", b"assistantMessageId=m-1&x=y", {"id1": "m-1"}),
        ("https://a/b", b'{"a":[{"conversation_id":"c-1"}]}', {"conversation_id": "c-1"}),
        ("https://a/b", b"\xff\xfe{{{", {}),
    ],
)
def test_where_ids_are_found(url: str, body: bytes, expected: dict[str, str]) -> None:
    assert RequestFacts.of(Message("POST", url, (), body)).echoes == expected


@pytest.mark.parametrize(
    ("sent", "navigates"),
    [
        ((("sec-fetch-mode", "navigate"),), True),
        ((("sec-fetch-dest", "document"),), True),
        ((("accept", "text/html,*/*"),), True),
        ((("sec-fetch-mode", "cors"), ("accept", "text/html")), False),
        ((("accept", "application/json"),), False),
        ((("origin", "https://evil.example\r\nx: y"),), False),
    ],
)
def test_navigation_is_recognised(sent: tuple[tuple[str, str], ...], navigates: bool) -> None:
    facts = RequestFacts.of(Message("GET", "https://a/", sent, b""))
    assert facts.is_navigation is navigates
    assert "\n" not in facts.origin


def test_the_text_names_rule_steps_and_reference(notice: Notice) -> None:
    """Dutch first, English below, each with what, why, what to do, and the reference."""
    dutch, english = plain_text(notice).split("\n\n---\n\n")
    assert "Huisregel 4" in dutch
    assert "- Haal het weg." in dutch
    assert "Referentie: ref-123" in dutch
    assert "https://intranet.example.nl/ai" in dutch
    assert "What can you do now?" in english
    assert re.search(r"Reference: ref-123$", english)
