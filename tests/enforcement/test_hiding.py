"""Identifiers the tool itself wrote are taken out, however they are cut; ours are restored beside them."""

import json
import re
from collections.abc import Sequence
from urllib.parse import quote

import pytest

from gateway.enforcement.hiding import Hide
from gateway.enforcement.restoration import Restorer
from gateway.enforcement.sockets import SocketRestorer
from gateway.model.inspection import Entity, Finding
from gateway.model.traffic import AnswerFormat
from tests.enforcement import shapes
from tests.enforcement.conftest import FixedConversation

VALUES = {"[EMAIL-1]": "eigen@example.nl"}
PATTERNS = (
    (Entity.EMAIL_ADDRESS, re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+\w")),
    (Entity.US_SSN, re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    (Entity.CREDIT_CARD, re.compile(r"\b(?:\d{4}[ -]){3}\d{4}\b")),
    (Entity.IBAN_CODE, re.compile(r"\bNL\d\d ?[A-Z]{4}(?: ?\d){10}\b")),
)


def find(text: str) -> Sequence[Finding]:
    return [Finding(entity, "", *match.span(), 1.0, "r") for entity, p in PATTERNS for match in p.finditer(text)]


HIDE = Hide(find, frozenset(entity for entity, _ in PATTERNS))
FOREIGN = ["jan.kok@example.org", "219-45-6789", "4242-4242-4242-4242", "4242 4242 4242 4242", "NL91 ABNA 0417 1643 00"]


def run(content_type: str, data: bytes, appends: tuple[str, ...] = (), cut: int = 0) -> str:
    restorer = Restorer(content_type, AnswerFormat(appends), FixedConversation(VALUES), hide=HIDE)
    size = cut or len(data)
    out = b"".join(restorer.feed(data[at : at + size]) for at in range(0, len(data), size)) + restorer.close()
    assert restorer.unrestored == 0
    return out.decode()


@pytest.mark.parametrize("shape", shapes.HTTP)
@pytest.mark.parametrize("value", FOREIGN)
def test_every_cut_of_a_value(shape: str, value: str) -> None:
    content_type, build, read, appends = shapes.HTTP[shape]
    for at in range(1, len(value)):
        for pieces in (
            ["Van [EMAIL-1] naar ", value[:at], value[at:], " toe."],
            ["Van [EMAIL-1] naar " + value[:at], value[at:]],
        ):
            seen = read(run(content_type, build(pieces).encode(), appends))
            assert value not in seen
            assert seen.startswith("Van eigen@example.nl naar [")
            assert "verborgen]" in seen


@pytest.mark.parametrize("shape", shapes.WEBSOCKET)
def test_sockets(shape: str) -> None:
    build, read, appends = shapes.WEBSOCKET[shape]
    restorer = SocketRestorer(AnswerFormat(appends), FixedConversation(VALUES), hide=HIDE)
    pieces = ["Van [EMAIL-1] naar jan.k", "ok@exam", "ple.org toe."]
    messages = [out.decode() for message in build(pieces) for out in restorer.restore(message.encode())]
    messages += [out.decode() for out in restorer.close()]
    assert read(messages) == "Van eigen@example.nl naar [EMAIL verborgen] toe."


@pytest.mark.parametrize("value", FOREIGN[:3])
def test_values_in_a_field_nobody_knows_and_percent_encoded(value: str) -> None:
    """A field beside the text, in pieces, in the encoding of URLs."""
    written = quote(value, safe="")
    for first in range(1, len(written) - 1):
        for second in range(first + 1, len(written)):
            pieces = [written[:first], written[first:second], written[second:]]
            rows = [{"choices": [{"delta": {"content": "Bijlage."}}]}]
            rows += [{"choices": [{"delta": {"content": "", "record_field": piece}}]} for piece in pieces]
            data = "".join(f"data: {json.dumps(row)}\n\n" for row in rows) + "data: [DONE]\n\n"
            out = run("text/event-stream", data.encode(), ("body.choices[*].delta.content",))
            found = [json.loads(line[6:]) for line in out.splitlines() if line.startswith("data: {")]
            field = "".join(row["choices"][0]["delta"].get("record_field", "") for row in found)
            assert "verborgen]" in field
            assert written not in field
            assert out.rstrip().endswith("[DONE]")


def test_ids_are_left_alone() -> None:
    """What names a message is no text, whatever it looks like."""
    data = b'data: {"id":"219-45-6789","choices":[{"index":0,"delta":{"content":"ja "}}]}\n\ndata: [DONE]\n\n'
    assert '"id":"219-45-6789"' in run("text/event-stream", data)


def test_an_endless_word_is_not_held() -> None:
    restorer = Restorer("text/event-stream", AnswerFormat(), FixedConversation({}), hide=HIDE)
    sent = b"".join(b'data: {"choices":[{"index":0,"delta":{"content":"' + b"a" * 50 + b'"}}]}\n\n' for _ in range(40))
    out = restorer.feed(sent)
    assert out.count(b"a") > 1500


def test_nothing_to_hide_is_the_usual_restorer() -> None:
    restorer = Restorer("application/json", AnswerFormat(), FixedConversation({}), hide=Hide(find, frozenset()))
    assert restorer.feed(b'{"a":"jan.kok@example.org') == b'{"a":"jan.kok@example.org'


@pytest.mark.parametrize("cut", [1, 2, 5, 9])
def test_plain_words_in_any_chunks(cut: int) -> None:
    data = b"Van [EMAIL-1] naar jan.kok@example.org, kaart 4242 4242 4242 4242 toe."
    assert run("text/plain", data, cut=cut) == run("text/plain", data)
    assert "example.org" not in run("text/plain", data, cut=cut)
