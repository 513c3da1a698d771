"""Every recorded answer is restored: as it came, byte by byte, and whole, with the same bytes each time."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.enforcement.restoration import Restorer
from gateway.enforcement.sockets import SocketRestorer
from gateway.enforcement.tokens import Placeholders
from gateway.model.traffic import AnswerFormat
from tests.enforcement import clients

FOLDERS = (
    Path(__file__).parents[1] / "flows" / "samples",
    Path(__file__).parents[3] / "shared" / "traffic" / "samples",
)
SAMPLES = next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[0])


def samples(table: Mapping[str, object]) -> list[Any]:
    return [pytest.param(SAMPLES / f"{name}.json", name, id=name) for name in table]


def payload(body: Mapping[str, str]) -> bytes:
    return body["data"].encode() if body["encoding"] == "utf-8" else base64.b64decode(body["data"])


def chunked(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size


def read(path: Path) -> dict[str, Any]:
    if not path.exists():
        pytest.skip("the recorded samples are not here")
    sample: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return sample


@pytest.mark.parametrize(("path", "name"), samples(clients.HTTP))
def test_http_answers(path: Path, name: str, fixed: Callable[[Mapping[str, str]], Placeholders]) -> None:
    sample = read(path)
    body = payload(sample["response"]["body"])
    content_type = dict(sample["response"]["headers"])["content-type"]
    results = []
    for sizes in (sample["response"].get("chunk_sizes") or [7] * (len(body) // 7 + 1), [1] * len(body), [len(body)]):
        restorer = Restorer(content_type, AnswerFormat(), fixed(sample["placeholders"]))
        results.append(b"".join(map(restorer.feed, chunked(body, sizes))) + restorer.close())
        assert restorer.unrestored == 0
    assert results[0] == results[1] == results[2]
    assert clients.HTTP[name](results[0].decode()) == sample["response_text_restored"]
    assert not any(token.encode() in results[0] for token in sample["placeholders"])


@pytest.mark.parametrize(("path", "name"), samples(clients.WEBSOCKET))
def test_websocket_answers(path: Path, name: str, fixed: Callable[[Mapping[str, str]], Placeholders]) -> None:
    sample = read(path)
    restorer = SocketRestorer(AnswerFormat(), fixed(sample["placeholders"]))
    messages = [payload(m) for m in sample["websocket"]["messages"] if m["dir"] == "server" and m["opcode"] == "text"]
    restored = [piece for message in messages for piece in restorer.restore(message)]
    assert restorer.close() == ()
    assert len(restored) == len(messages)
    texts = [message.decode() for message in restored]
    assert clients.WEBSOCKET[name](texts) == sample["response_text_restored"]
    assert not any(token in text for text in texts for token in sample["placeholders"])


def test_every_sample_with_an_answer_is_in_a_table() -> None:
    """A new recording must say how its client reads it."""
    if not SAMPLES.is_dir():
        pytest.skip("the recorded samples are not here")
    ids = {
        str(path.relative_to(SAMPLES).with_suffix(""))
        for path in SAMPLES.rglob("*.json")
        if "response_text_restored" in path.read_text()
    }
    assert ids == set(clients.HTTP) | set(clients.WEBSOCKET)
