"""Headless Chromium through the gateway, on the shipped rulebook: what a person sees, what the service gets."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import require_tool
from tests.e2e.harness import Lab

PROMPT = (
    "Mevrouw Fatima El Amrani (BSN 111222333), Dorpsstraat 12, 2511 AB Den Haag, tel. 06-12345678, "
    "IBAN NL91ABNA0417164300, heeft een bijstandsuitkering aangevraagd."
)
VALUES = ("Fatima", "El Amrani", "111222333", "Dorpsstraat", "2511 AB", "Den Haag", "06-12345678", "NL91ABNA0417164300")
CHAT = Path(__file__).parent / "web" / "chat.html"
OTHER = "localhost"
"""A host that no list names: it must pass unopened."""
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("browser")
    with Lab(folder, hosts=("chatgpt.com", "chat.deepseek.com"), others=(OTHER,), overlay=None) as lab:
        lab.upstream.service.page = CHAT.read_text(encoding="utf-8")
        yield lab


def trusting(authority: Path, home: Path) -> Path:
    """A home folder whose browser store trusts one authority and no other."""
    certutil = require_tool("certutil")
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    subprocess.run([certutil, "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    command = [certutil, "-A", "-d", f"sql:{store}", "-n", "lab", "-t", "C,,", "-i", str(authority)]
    subprocess.run(command, check=True)
    return home


@contextlib.contextmanager
def browsing(home: Path, *road: str) -> Iterator[Page]:
    """A page in a fresh browser that takes the given road to the network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=require_tool("chromium"),
            args=[*QUIET, *road],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
            chromium_sandbox=False,
        )
        try:
            yield browser.new_page(locale="nl-NL")
        finally:
            browser.close()


@pytest.fixture(scope="module")
def home(lab: Lab) -> Path:
    return trusting(lab.ca, lab.folder / "home")


@pytest.fixture
def page(lab: Lab, home: Path) -> Iterator[Page]:
    """A page in a browser that trusts the gateway's authority and follows its PAC file."""
    lab.upstream.forget()
    with browsing(home, f"--proxy-pac-url={lab.proxy}/proxy.pac") as page:
        yield page


def test_an_unscreened_tool_shows_a_dutch_notice(lab: Lab, page: Page) -> None:
    response = page.goto("https://chat.deepseek.com/")
    assert response is not None
    assert response.status == 403
    assert page.locator("html").get_attribute("lang") == "nl"
    assert "DeepSeek" in page.inner_text("main")
    assert lab.upstream.holds("deepseek") == []


def test_values_stay_in_and_come_back_on_the_screen(lab: Lab, page: Page) -> None:
    page.goto("https://chatgpt.com/")
    page.fill("#prompt", PROMPT)
    page.click("#send")
    page.wait_for_function("document.getElementById('state').textContent.startsWith('done')")
    assert lab.upstream.holds(*VALUES) == []
    assert lab.upstream.holds("[PERSOON-1]", "[BSN-1]") == ["[PERSOON-1]", "[BSN-1]"]
    assert PROMPT in page.inner_text("#answer")


def test_a_dossier_is_refused_in_the_chat_itself(lab: Lab, page: Page) -> None:
    page.goto("https://chatgpt.com/")
    lab.upstream.forget()
    page.fill(
        "#prompt", "Mevrouw Fatima El Amrani heeft een depressie, slikt antidepressiva en is verdachte van diefstal."
    )
    page.click("#send")
    page.wait_for_function("document.getElementById('state').textContent !== 'busy'")
    assert page.inner_text("#state") == "done 200"
    answer = page.inner_text("#answer")
    assert "dossier" in answer
    assert "Reference" in answer
    assert lab.upstream.holds("depressie", "Amrani", "diefstal") == []


def test_other_traffic_keeps_its_own_certificate(lab: Lab) -> None:
    """Everything is sent to the gateway; this browser trusts only the site's own authority, and the page loads."""
    lab.upstream.forget()
    home = trusting(lab.upstream.ca, lab.folder / "other-home")
    with browsing(home, f"--proxy-server={lab.proxy}", "--proxy-bypass-list=<-loopback>") as page:
        response = page.goto(f"https://{OTHER}:{lab.upstream.port}/")
        assert response is not None
        assert response.status == 200
    assert lab.upstream.connections
    assert lab.metric("gateway_exchanges_in_flight") == 0
