"""One web app of every family of streams, driven in headless Chromium: what the service gets, what the person reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Page

from tests.e2e.harness import Lab
from tests.e2e.services import ManyServices, screened
from tests.e2e.test_browser import browsing, trusting

PROMPT = (
    "👋 Mevrouw Fatima El Amrani (BSN 111222333), Dorpsstraat 12, 2511 AB Den Haag, tel. 06-12345678, "
    'IBAN NL91ABNA0417164300, vraagt "hoe laat" het loket open is.'
)
VALUES = ("Amrani", "111222333", "Dorpsstraat", "2511 AB", "Den Haag", "06-12345678", "NL91ABNA0417164300")
TOKENS = ("[PERSOON-1]", "[BSN-1]")
ANSWER = f"Ontvangen: {PROMPT}"
PAGE = Path(__file__).parent / "web" / "streams.html"
HTTP1 = "--disable-http2"


@dataclass(frozen=True)
class App:
    """A web app: where its page is, and whether the service ends with a whole copy of its answer."""

    name: str
    url: str
    repeats: bool = False
    is_socket: bool = False


APPS = (
    App("server-sent events", "https://claude.ai/new"),
    App("cumulative frames", "https://gemini.google.com/app"),
    App("NDJSON", "https://grok.com/", repeats=True),
    App("NDJSON, multipart, padded", "https://huggingface.co/chat/", repeats=True),
    App("WebSocket", "https://copilot.microsoft.com/", is_socket=True),
    App("SignalR", "https://m365.cloud.microsoft/chat/", repeats=True, is_socket=True),
)
HOSTS = (*(app.url.split("/")[2] for app in APPS), "substrate.office.com")

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("web-apps")
    overlay = screened(folder, "claude", "gemini", "grok", "huggingchat", "microsoft-copilot", "m365-copilot")
    service = ManyServices(page=PAGE.read_text(encoding="utf-8"))
    with Lab(folder, hosts=HOSTS, overlay=overlay, service=service) as lab:
        trusting(lab.ca, folder / "home")
        yield lab


@pytest.fixture(scope="module", params=[(), (HTTP1,)], ids=["http2", "http1"])
def page(lab: Lab, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browsing(lab.folder / "home", f"--proxy-pac-url={lab.proxy}/proxy.pac", *request.param) as page:
        yield page


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_values_stay_in_and_come_back_on_the_screen(lab: Lab, page: Page, app: App) -> None:
    page.goto(app.url)
    lab.upstream.forget()
    page.fill("#prompt", PROMPT)
    page.click("#send")
    page.wait_for_function("/^(done|failed)/.test(document.getElementById('state').textContent)")
    assert page.text_content("#state") == ("done socket" if app.is_socket else "done 200")
    assert page.text_content("#answer") == ANSWER
    assert page.text_content("#final") == (ANSWER if app.repeats else "")
    sent = unquote_plus(lab.upstream.service.all_bytes().decode())
    assert [token for token in TOKENS if token not in sent] == []
    assert [value for value in VALUES if value in sent] == []
    assert lab.upstream.holds(*VALUES) == []


def test_each_protocol_was_spoken_upstream(lab: Lab, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto("https://claude.ai/new")
    lab.upstream.forget()
    page.fill("#prompt", "Hoe laat gaat het loket open?")
    page.click("#send")
    page.wait_for_function("document.getElementById('state').textContent === 'done 200'")
    is_old = "http1" in request.node.name
    assert (b" HTTP/1.1\r\n" in lab.upstream.raw) is is_old
    assert (b":method: POST" in lab.upstream.raw) is not is_old
