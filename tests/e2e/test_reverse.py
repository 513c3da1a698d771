"""Reverse mode: an API client talks to the gateway as if it were the service."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.harness import CHAT, Lab

PROMPT = "Bel inwoner met BSN 111222333."


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes={"mode": (f"reverse:https://{CHAT}@127.0.0.1:0",)}) as lab:
        yield lab


@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_values_stay_in_and_come_back(lab: Lab, stream: bool) -> None:
    lab.upstream.forget()
    body = {"stream": stream, "messages": [{"role": "user", "content": PROMPT}]}
    answer = httpx.post(f"{lab.proxy}/v1/chat/completions", json=body, trust_env=False)
    assert answer.status_code == 200
    assert not lab.upstream.holds("111222333")
    (received,) = lab.upstream.service.received
    assert received.headers["host"] == CHAT
    if not stream:
        assert PROMPT in answer.json()["choices"][0]["message"]["content"]


def test_the_sentinel_still_watches_detection(lab: Lab) -> None:
    lab.thread.run(lab.program.sentinel.try_once())
    assert lab.program.sentinel.problem == ""
