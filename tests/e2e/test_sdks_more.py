"""The official SDKs of Mistral, Google and Cohere through the gateway: no value is sent, every value comes back."""

from collections.abc import Iterator

import cohere
import httpx
import pytest
from google import genai
from google.genai import types
from mistralai.client import Mistral

from tests.e2e.harness import Lab
from tests.e2e.services import ManyServices, screened

HOSTS = ("api.mistral.ai", "generativelanguage.googleapis.com", "api.cohere.com")
PROMPT = (
    "Mevrouw Fatima El Amrani (BSN 111222333), Dorpsstraat 12, 2511 AB Den Haag, tel. 06-12345678, "
    "IBAN NL91ABNA0417164300, vraagt hoe laat het loket open is."
)
VALUES = ("Amrani", "111222333", "Dorpsstraat", "2511 AB", "Den Haag", "06-12345678", "NL91ABNA0417164300")
ANSWER = f"Ontvangen: {PROMPT}"
TOKENS = ("[PERSOON-1]", "[BSN-1]")
SECRET = 'Zet dit in de config: api_key = "sk-proj-Zx8Kq2Lm9Pw4Rt7Yv1Bn3Cd6Fg5Hj0Ks"'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("sdks-more")
    overlay = screened(folder, "mistral-api", "gemini-api", "cohere")
    with Lab(folder, hosts=HOSTS, overlay=overlay, service=ManyServices()) as lab:
        yield lab


@pytest.fixture
def http(lab: Lab) -> Iterator[httpx.Client]:
    lab.upstream.forget()
    with lab.client() as client:
        client.follow_redirects = True
        yield client


@pytest.fixture
def mistral(http: httpx.Client) -> Mistral:
    return Mistral(api_key="lab", client=http)


@pytest.fixture
def gemini(http: httpx.Client) -> genai.Client:
    return genai.Client(api_key="lab", http_options=types.HttpOptions(httpx_client=http))


@pytest.fixture
def command(http: httpx.Client) -> cohere.ClientV2:
    return cohere.ClientV2(api_key="lab", httpx_client=http)


def assert_values_stayed(lab: Lab) -> None:
    assert lab.upstream.holds(*VALUES) == []
    assert lab.upstream.holds(*TOKENS) == list(TOKENS)


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_mistral_chat(lab: Lab, mistral: Mistral) -> None:
    answer = mistral.chat.complete(model="m", messages=asked(PROMPT))
    assert answer.choices[0].message.content == ANSWER
    assert_values_stayed(lab)


def test_mistral_chat_stream(lab: Lab, mistral: Mistral) -> None:
    with mistral.chat.stream(model="m", messages=asked(PROMPT)) as events:
        assert "".join(event.data.choices[0].delta.content or "" for event in events) == ANSWER
    assert_values_stayed(lab)


def test_gemini_content(lab: Lab, gemini: genai.Client) -> None:
    assert gemini.models.generate_content(model="m", contents=PROMPT).text == ANSWER
    assert_values_stayed(lab)


def test_gemini_content_stream(lab: Lab, gemini: genai.Client) -> None:
    chunks = gemini.models.generate_content_stream(model="m", contents=PROMPT)
    assert "".join(chunk.text or "" for chunk in chunks) == ANSWER
    assert_values_stayed(lab)


def test_cohere_chat(lab: Lab, command: cohere.ClientV2) -> None:
    answer = command.chat(model="m", messages=asked(PROMPT))
    assert answer.message.content[0].text == ANSWER
    assert_values_stayed(lab)


def test_cohere_chat_stream(lab: Lab, command: cohere.ClientV2) -> None:
    events = command.chat_stream(model="m", messages=asked(PROMPT))
    text = "".join(event.delta.message.content.text for event in events if event.type == "content-delta")
    assert text == ANSWER
    assert_values_stayed(lab)


@pytest.mark.parametrize("size", [1, 7, 50])
def test_an_answer_in_shreds(lab: Lab, command: cohere.ClientV2, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Engine fact: an empty chunk ends a chunked HTTP/1.1 answer, so half an event that waits must not be one."""
    monkeypatch.setattr(lab.upstream.service, "shred", size)
    events = command.chat_stream(model="m", messages=asked(PROMPT))
    text = "".join(event.delta.message.content.text for event in events if event.type == "content-delta")
    assert text == ANSWER


@pytest.mark.parametrize(("sdk", "tool"), [("mistral", "mistral-api"), ("gemini", "gemini-api"), ("command", "cohere")])
def test_a_refusal_is_an_error_that_says_why_and_is_not_retried(
    lab: Lab, sdk: str, tool: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(sdk)
    calls = {
        "mistral": lambda: client.chat.complete(model="m", messages=asked(SECRET)),
        "gemini": lambda: client.models.generate_content(model="m", contents=SECRET),
        "command": lambda: client.chat(model="m", messages=asked(SECRET)),
    }
    before = lab.metric("gateway_decisions_total", tool=tool, verdict="refuse")
    with pytest.raises(Exception, match=r"(?i)wachtwoord|sleutel"):
        calls[sdk]()
    assert lab.upstream.raw == b""
    assert lab.metric("gateway_decisions_total", tool=tool, verdict="refuse") == before + 1
