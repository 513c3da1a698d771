"""The portal over its ASGI interface: pages in two languages, sound HTML, headers, the PAC file and the certificate."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gateway.pages import pac
from gateway.portal.app import LANGUAGES, PAGES, Facts, address, create
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import default_root, load
from gateway.settings import Settings

EVERY_PAGE = [(name, language) for name in PAGES for language in LANGUAGES]


class Outline(HTMLParser):
    """What a screen reader needs: tags with their attributes, and the text that is read."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.paragraphs: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag in {"p", "li", "dd"}:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self._open or "title" in self._open:
            return
        self.text.append(data)
        if {"p", "li", "dd"} & set(self._open) and "code" not in self._open and self.paragraphs:
            self.paragraphs[-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load(default_root())


@pytest.fixture
def facts(book: RuleBook, tmp_path: Path) -> Facts:
    certificate = tmp_path / "root.crt"
    certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return Facts(
        settings=Settings(),
        book=lambda: book,
        problems=dict,
        pac=lambda: pac.script(book.hosts(), "127.0.0.1", 8080),
        proxy=lambda: ("127.0.0.1", 8080),
        certificate=certificate,
        fingerprint=lambda: "AB:CD",
        today=lambda: date(2026, 11, 25),
    )


@pytest.fixture
def client(facts: Facts) -> TestClient:
    return TestClient(create(facts), base_url="http://portal.example:8081")


def outline(client: TestClient, name: str, language: str) -> Outline:
    answer = client.get(address(name, language))
    assert answer.status_code == 200
    parsed = Outline()
    parsed.feed(answer.text)
    return parsed


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_every_page_is_sound_html(client: TestClient, name: str, language: str) -> None:
    page = outline(client, name, language)
    assert page.named("html")[0]["lang"] == language
    assert len(page.named("h1")) == len(page.named("main")) == len(page.named("nav")) == 1
    assert len(page.named("title")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no level is skipped"
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for reference in (attributes.get("aria-labelledby") or "").split():
            assert reference in ids
    assert [link.get("aria-current") for link in page.named("a")].count("page") == 1
    assert page.named("a")[0]["href"] == "#inhoud", "the skip link comes first"
    for header in page.named("th"):
        assert header["scope"] in {"col", "row"}


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_no_page_loads_or_runs_anything(client: TestClient, name: str, language: str) -> None:
    answer = client.get(address(name, language))
    page = outline(client, name, language)
    assert not {"script", "link", "img", "iframe", "form", "object"} & {tag for tag, _ in page.tags}
    assert not [key for _, attributes in page.tags for key in attributes if key.startswith("on") or key == "style"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_every_internal_link_leads_somewhere(client: TestClient, name: str, language: str) -> None:
    for link in outline(client, name, language).named("a"):
        target = link["href"] or ""
        if target.startswith("/"):
            assert client.get(target).status_code == 200, target
        else:
            assert target.startswith(("#", "mailto:", "https://")), target


@pytest.mark.parametrize("name", PAGES)
def test_each_page_links_to_itself_in_the_other_language(client: TestClient, name: str) -> None:
    dutch, english = (outline(client, name, language) for language in LANGUAGES)
    assert address(name, "en") in [link["href"] for link in dutch.named("a") if link.get("hreflang") == "en"]
    assert address(name, "nl") in [link["href"] for link in english.named("a") if link.get("hreflang") == "nl"]
    assert [tag for tag, _ in dutch.tags] == [tag for tag, _ in english.tags], "the languages say the same"


@pytest.mark.parametrize("name", PAGES)
def test_dutch_is_plain(client: TestClient, name: str) -> None:
    """B1: no sentence on a page is longer than 25 words."""
    for paragraph in outline(client, name, "nl").paragraphs:
        for sentence in re.split(r"(?<=[.?!:])\s", " ".join(paragraph.split())):
            assert len(sentence.split()) <= 25, sentence


def test_the_tools_page_shows_standing_purpose_and_conditions(client: TestClient, book: RuleBook) -> None:
    text = " ".join(" ".join(outline(client, "tools", "nl").text).split())
    for tool in book.tools:
        assert tool.name in text
    assert "Getoetst en toegestaan, tot en met 26-05-2027" in text
    assert "Zonder persoonsgegevens en zonder vertrouwelijke informatie." in text


def test_standing_is_that_of_today(facts: Facts, book: RuleBook) -> None:
    later = replace(facts, today=lambda: date(2030, 1, 1))
    text = TestClient(create(later)).get("/tools").text
    assert "Toetsing verlopen: niet toegestaan" in text
    assert "Op dit moment is geen enkele toepassing toegestaan." in text


def test_a_problem_is_told_in_words_and_without_details(facts: Facts) -> None:
    troubled = replace(facts, problems=lambda: {"journal": "journal-unwritable"})
    text = TestClient(create(troubled)).get("/").text
    assert "neemt nu geen verzoeken aan" in text
    assert "Het logboek kan niet worden geschreven." in text


def test_the_setup_page_names_the_addresses_as_the_reader_reached_them(client: TestClient) -> None:
    text = client.get("/setup").text
    assert "http://portal.example:8081/proxy.pac" in text
    assert "AB:CD" in text
    for system in ("Firefox", "Windows", "macOS", "Linux", "certutil -d sql:", "ProxyPacUrl"):
        assert system in text


def test_the_pac_file_sends_ai_hosts_to_the_gateway_only(client: TestClient) -> None:
    answer = client.get("/proxy.pac")
    assert answer.headers["content-type"] == "application/x-ns-proxy-autoconfig"
    assert "chatgpt.com" in answer.text
    assert 'PROXY 127.0.0.1:8080"' in answer.text
    assert 'return "DIRECT"' in answer.text


def test_the_certificate_is_served_as_a_file(client: TestClient) -> None:
    answer = client.get("/ca.crt")
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert "ai-poort-ca.crt" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize(("path", "words"), [("/nope", "bestaat niet"), ("/en/nope", "does not exist")])
def test_a_page_that_does_not_exist_says_so_in_its_language(client: TestClient, path: str, words: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, words in answer.text) == (404, True)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent_to_the_portal(client: TestClient, method: str) -> None:
    assert client.request(method, "/").status_code == 405


def test_what_the_rulebook_holds_is_escaped(facts: Facts, book: RuleBook) -> None:
    evil = book.tools[0].model_copy(update={"name": "<script>alert(1)</script>"})
    changed = replace(book, tools=(evil,))
    poisoned = replace(facts, book=lambda: changed)
    assert "<script>" not in TestClient(create(poisoned)).get("/tools").text
