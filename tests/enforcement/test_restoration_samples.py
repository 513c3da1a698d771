"""Every recorded answer is restored: as it came, byte by byte, and whole, with the same bytes each time.

Each runs twice: with what the shipped tool file says about the answer, and without, as for a service nobody described.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from gateway.enforcement.restoration import Restorer
from gateway.enforcement.sockets import SocketRestorer
from gateway.enforcement.tokens import Placeholders
from gateway.model.traffic import AnswerFormat, Transport
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import default_root, load
from tests.enforcement import clients

SAMPLES = Path(__file__).parents[1] / "flows" / "samples"
type Fixed = Callable[[Mapping[str, str]], Placeholders]


@cache
def book() -> RuleBook:
    return load(default_root())


def payload(body: Mapping[str, str]) -> bytes:
    return body["data"].encode() if body["encoding"] == "utf-8" else base64.b64decode(body["data"])


def chunked(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size


def read(name: str) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return sample


def declared(sample: Mapping[str, Any], transport: Transport) -> AnswerFormat:
    """The answer format of the endpoint that this exchange belongs to."""
    url = urlsplit(sample["request"]["url"])
    match = book().match(
        host=url.hostname or "",
        method=sample["request"]["method"],
        path=url.path,
        media_type=dict(sample["request"]["headers"]).get("content-type", ""),
        transport=transport,
        today=date(2026, 11, 25),
    )
    return match.endpoint.answer if match else AnswerFormat()


@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "unknown"])
@pytest.mark.parametrize("name", clients.HTTP)
def test_http_answers(name: str, is_declared: bool, fixed: Fixed) -> None:
    sample = read(name)
    answer = declared(sample, Transport.HTTP) if is_declared else AnswerFormat()
    body = payload(sample["response"]["body"])
    content_type = dict(sample["response"]["headers"])["content-type"]
    results = []
    for sizes in (
        sample["response"].get("chunk_sizes") or [7] * (len(body) // 7 + 1),
        [1] * len(body),
        [len(body)],
    ):
        restorer = Restorer(content_type, answer, fixed(sample["placeholders"]))
        results.append(b"".join(map(restorer.feed, chunked(body, sizes))) + restorer.close())
        assert restorer.unrestored == 0
    assert results[0] == results[1] == results[2]
    assert clients.HTTP[name](results[0].decode()) == sample["response_text_restored"]
    assert not any(token.encode() in results[0] for token in sample["placeholders"])


@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "unknown"])
@pytest.mark.parametrize("name", clients.WEBSOCKET)
def test_websocket_answers(name: str, is_declared: bool, fixed: Fixed) -> None:
    sample = read(name)
    answer = declared(sample, Transport.WEBSOCKET) if is_declared else AnswerFormat()
    restorer = SocketRestorer(answer, fixed(sample["placeholders"]))
    messages = [payload(m) for m in sample["websocket"]["messages"] if m["dir"] == "server" and m["opcode"] == "text"]
    restored = [piece for message in messages for piece in restorer.restore(message)]
    assert restorer.close() == ()
    assert len(restored) == len(messages)
    texts = [message.decode() for message in restored]
    assert clients.WEBSOCKET[name](texts) == sample["response_text_restored"]
    assert not any(token in text for text in texts for token in sample["placeholders"])


def test_every_sample_with_an_answer_is_in_a_table() -> None:
    """A new recording must say how its client reads it."""
    answered = (path for path in SAMPLES.rglob("*.json") if "response_text_restored" in path.read_text())
    ids = {str(path.relative_to(SAMPLES).with_suffix("")) for path in answered}
    assert ids == set(clients.HTTP) | set(clients.WEBSOCKET)
