"""What the shipped rules of Voorbeeldgemeente promise, by name."""

from datetime import date

import pytest

from gateway.model.inspection import DataClass
from gateway.model.traffic import Standing, Transport
from gateway.rulebook.load import check, default_root, load
from gateway.rulebook.standing import ABOUT_PEOPLE, standing_of

TODAY = date(2026, 11, 25)
BOOK = load(default_root(), today=TODAY)
STANDINGS = {tool.id: standing_of(tool, TODAY) for tool in BOOK.tools}


def test_nothing_is_wrong_with_the_shipped_rules() -> None:
    _, problems = check(default_root(), today=TODAY)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("tool_id", "standing"),
    [
        ("chatgpt", Standing.SCREENED),
        ("openai-api", Standing.SCREENED),
        ("anthropic-api", Standing.SCREENED),
        ("m365-copilot", Standing.SCREENED),
        ("own-language-model", Standing.SCREENED),
        ("mistral-lechat", Standing.SCREENED),
        ("claude", Standing.PENDING),
        ("gemini", Standing.PENDING),
        ("azure-openai", Standing.PENDING),
        ("deepseek", Standing.REJECTED),
        ("perplexity", Standing.WITHDRAWN),
    ],
)
def test_where_the_known_tools_stand(tool_id: str, standing: Standing) -> None:
    assert STANDINGS[tool_id] is standing


def test_a_screening_ends() -> None:
    """Every screening is over on the first day after its last one, without anybody doing anything."""
    for tool in BOOK.tools:
        if tool.screening.valid_until is not None and STANDINGS[tool.id] is Standing.SCREENED:
            after = tool.screening.valid_until.replace(year=tool.screening.valid_until.year + 1)
            assert standing_of(tool, after) is Standing.EXPIRED


def test_peoples_data_only_where_dpia_and_iama_are_done() -> None:
    for tool in BOOK.tools:
        passed = {one.type for one in tool.screening.assessments if one.outcome != "no_go"}
        if ABOUT_PEOPLE.intersection(tool.use.data_classes):
            assert passed >= {"dpia", "iama"}, tool.id


def test_no_tool_may_have_secrets() -> None:
    assert [tool.id for tool in BOOK.tools if DataClass.SECRET in tool.use.data_classes] == []


@pytest.mark.parametrize(
    "host",
    [
        "www.google.com", "www.rijksoverheid.nl", "github.com", "outlook.office.com", "teams.microsoft.com",
        "mijn.overheid.nl", "www.ing.nl", "nl.wikipedia.org", "s3.amazonaws.com", "storage.googleapis.com",
    ],
)  # fmt: skip
def test_ordinary_traffic_is_never_opened(host: str) -> None:
    """The gateway watches AI use, not web use."""
    assert not BOOK.is_intercepted(host)
    assert BOOK.match(host=host, method="GET", path="/", media_type="", transport=Transport.HTTP, today=TODAY) is None


@pytest.mark.parametrize(
    "host",
    [
        "chatgpt.com", "api.openai.com", "claude.ai", "api.anthropic.com", "chat.mistral.ai", "gemini.google.com",
        "www.perplexity.ai", "chat.deepseek.com", "suno.com", "www.midjourney.com", "app.fireflies.ai",
        "europe-west4-aiplatform.googleapis.com", "bedrock-runtime.eu-west-1.amazonaws.com",
    ],
)  # fmt: skip
def test_ai_services_are_opened(host: str) -> None:
    assert BOOK.is_intercepted(host)


def test_the_share_alike_list_stays_a_file_of_its_own() -> None:
    text = (default_root() / "lists/ai-hosts-ut1.yaml").read_text(encoding="utf-8")
    assert "licence: CC-BY-SA-4.0" in text
    assert "CC BY-SA" in (default_root() / "lists/NOTICE.md").read_text(encoding="utf-8")
    assert BOOK.is_intercepted("ordalie.com"), "only the UT1 list has this name"


def test_every_verdict_occurs_in_the_shipped_rules() -> None:
    verdicts = {rule.then.verdict for rule in BOOK.usage} | {hole.then.verdict for hole in BOOK.exceptions}
    assert {verdict.value for verdict in verdicts} == {"warn", "coach", "redact", "refuse"}
