"""The thin whole: a request walks from client to service and back through the real gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import BLOCKED, CHAT, Lab

PROMPT = (
    "Mevrouw Fatima El Amrani (BSN 111222333), Dorpsstraat 12, 2511 AB Den Haag, tel. 06-12345678, "
    "IBAN NL91ABNA0417164300, vraagt hoe laat het loket open is."
)
SECRETS = ("111222333", "06-12345678", "NL91ABNA0417164300")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(Path(tmp_path_factory.mktemp("lab"))) as lab:
        yield lab


@pytest.fixture(autouse=True)
def _forget(lab: Lab) -> None:
    lab.upstream.forget()


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("stream", [False, True], ids=["json", "sse"])
def test_values_stay_in_and_come_back(lab: Lab, http2: bool, stream: bool) -> None:
    answer = lab.ask(PROMPT, http2=http2, stream=stream)
    assert answer.status_code == 200
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert lab.upstream.holds(*SECRETS) == []
    assert lab.upstream.holds("[BSN-1]") == ["[BSN-1]"]
    if not stream:
        assert PROMPT in answer.json()["choices"][0]["message"]["content"]


def test_a_page_of_an_unscreened_tool_is_a_dutch_notice(lab: Lab) -> None:
    with lab.client() as client:
        answer = client.get(f"https://{BLOCKED}/", headers={"sec-fetch-mode": "navigate", "accept": "text/html"})
    assert answer.status_code == 403
    assert 'lang="nl"' in answer.text
    assert lab.upstream.connections == 0 or not lab.upstream.holds(BLOCKED)


def test_an_api_call_to_an_unscreened_tool_is_readable(lab: Lab) -> None:
    with lab.client() as client:
        answer = client.post(f"https://{BLOCKED}/v1/chat", json={"q": PROMPT}, headers={"origin": "https://x.example"})
    assert answer.status_code == 403
    assert answer.json()["error"]["message"]
    assert answer.headers["access-control-allow-origin"] == "https://x.example"
    assert not lab.upstream.holds(*SECRETS)


def test_a_clean_question_goes_through_unchanged(lab: Lab) -> None:
    answer = lab.ask("Hoe laat gaat het loket open?")
    assert answer.status_code == 200
    assert CHAT.encode() in lab.upstream.raw
    assert b"Hoe laat gaat het loket open?" in lab.upstream.raw
