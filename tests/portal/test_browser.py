"""Every portal page in headless Chromium: axe finds nothing against WCAG 2.2 AA, and 320 pixels are wide enough."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from gateway.observability.server import LocalServer
from gateway.pages import pac
from gateway.portal.app import LANGUAGES, PAGES, Facts, address, create
from gateway.rulebook.load import default_root, load
from gateway.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVERY_PAGE = [address(name, language) for language in LANGUAGES for name in PAGES]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server"]


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    """The portal on loopback, in a thread with a loop of its own."""
    book = load(default_root())
    facts = Facts(
        settings=Settings(),
        book=lambda: book,
        problems=dict,
        pac=lambda: pac.script(book.hosts(), "127.0.0.1", 8080),
        proxy=lambda: ("127.0.0.1", 8080),
        certificate=Path(__file__),
        fingerprint=lambda: ":".join(["AB"] * 32),
        today=lambda: date(2026, 11, 25),
    )
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> LocalServer:
        server = LocalServer(create(facts), "127.0.0.1", 0)
        await server.start()
        return server

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    yield f"http://127.0.0.1:{server.port}"
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from tests.conftest import require_tool

    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=require_tool("chromium"), args=FLAGS)
        yield started
        started.close()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_axe_finds_nothing(portal: str, browser: Browser, path: str) -> None:
    page = browser.new_page(bypass_csp=True)
    page.goto(portal + path)
    found = Axe().run(page, options=WCAG)
    page.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_narrow_screen_needs_no_sideways_scrolling(portal: str, browser: Browser, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(portal + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert width <= 320


def test_pages_work_without_scripts_and_load_nothing(portal: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(portal + "/")
    page.get_by_role("link", name="AI-toepassingen", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "AI-toepassingen en hun status vandaag"
    assert {url.removeprefix(portal) for url in asked} - {"/favicon.ico"} == {"/", "/tools"}
    context.close()


def test_the_keyboard_reaches_the_content_first(portal: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(portal + "/rules")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    page.close()
