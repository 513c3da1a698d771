"""The official SDKs through the gateway, streaming and not: no value is sent, every value comes back."""

import json
from collections.abc import Iterator

import anthropic
import openai
import pytest

from tests.e2e.harness import Lab

OPENAI, ANTHROPIC = "api.openai.com", "api.anthropic.com"
PROMPT = (
    "Mevrouw Fatima El Amrani (BSN 111222333), Dorpsstraat 12, 2511 AB Den Haag, tel. 06-12345678, "
    "IBAN NL91ABNA0417164300, vraagt hoe laat het loket open is."
)
VALUES = ("Amrani", "111222333", "Dorpsstraat", "2511 AB", "Den Haag", "06-12345678", "NL91ABNA0417164300")
SECRET = 'Zet dit in de config: api_key = "sk-proj-Zx8Kq2Lm9Pw4Rt7Yv1Bn3Cd6Fg5Hj0Ks"'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("sdks"), hosts=(OPENAI, ANTHROPIC), overlay=None) as lab:
        yield lab


@pytest.fixture
def gpt(lab: Lab) -> Iterator[openai.OpenAI]:
    lab.upstream.forget()
    with openai.DefaultHttpxClient(proxy=lab.proxy, verify=lab.trust(), trust_env=False) as http:
        yield openai.OpenAI(api_key="lab", http_client=http)


@pytest.fixture
def claude(lab: Lab) -> Iterator[anthropic.Anthropic]:
    lab.upstream.forget()
    with anthropic.DefaultHttpxClient(proxy=lab.proxy, verify=lab.trust(), trust_env=False) as http:
        yield anthropic.Anthropic(api_key="lab", http_client=http)


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_openai_chat(lab: Lab, gpt: openai.OpenAI) -> None:
    answer = gpt.chat.completions.create(model="m", messages=asked(PROMPT))
    assert answer.choices[0].message.content == f"Ontvangen: {PROMPT}"
    assert lab.upstream.holds(*VALUES) == []


def test_openai_chat_stream(lab: Lab, gpt: openai.OpenAI) -> None:
    stream = gpt.chat.completions.create(model="m", messages=asked(PROMPT), stream=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    assert text == f"Ontvangen: {PROMPT}"
    assert lab.upstream.holds(*VALUES) == []


def test_openai_responses(lab: Lab, gpt: openai.OpenAI) -> None:
    assert gpt.responses.create(model="m", input=PROMPT).output_text == f"Ontvangen: {PROMPT}"
    assert lab.upstream.holds(*VALUES) == []


def test_openai_responses_stream(lab: Lab, gpt: openai.OpenAI) -> None:
    events = list(gpt.responses.create(model="m", input=PROMPT, stream=True))
    pieces = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    [done] = [event.text for event in events if event.type == "response.output_text.done"]
    assert pieces == done == f"Ontvangen: {PROMPT}"
    assert lab.upstream.holds(*VALUES) == []


def test_anthropic_messages(lab: Lab, claude: anthropic.Anthropic) -> None:
    answer = claude.messages.create(model="m", max_tokens=100, messages=asked(PROMPT))
    assert answer.content[0].text == f"Ontvangen: {PROMPT}"
    assert lab.upstream.holds(*VALUES) == []


def test_anthropic_messages_stream(lab: Lab, claude: anthropic.Anthropic) -> None:
    with claude.messages.stream(model="m", max_tokens=100, messages=asked(PROMPT)) as stream:
        assert "".join(stream.text_stream) == f"Ontvangen: {PROMPT}"
    assert lab.upstream.holds(*VALUES) == []


def test_a_refusal_is_an_error_an_sdk_shows_and_does_not_retry(lab: Lab, gpt: openai.OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        gpt.chat.completions.create(model="m", messages=asked(SECRET))
    assert "wachtwoord" in str(caught.value).lower() or "sleutel" in str(caught.value).lower()
    assert lab.upstream.raw == b""
    assert len([row for row in journal(lab) if row["verdict"] == "refuse"]) == 1


def test_the_same_for_anthropic(lab: Lab, claude: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.PermissionDeniedError):
        claude.messages.create(model="m", max_tokens=9, messages=asked(SECRET))
    assert lab.upstream.raw == b""


def journal(lab: Lab) -> list[dict[str, str]]:
    """The usage events of this lab so far, as `audit query --json` gives them."""
    from typer.testing import CliRunner

    from gateway.cli.main import app

    shown = CliRunner().invoke(app, ["audit", "query", "--json", "--data", str(lab.settings.data)])
    assert shown.exit_code == 0, shown.output
    return [row for row in map(json.loads, shown.stdout.splitlines()) if "verdict" in row]
