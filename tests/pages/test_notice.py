"""The notice page: valid structure, two languages, nothing loaded, contrast that meets WCAG 2.2 AA."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from gateway.model.notice import Notice, NoticeText
from gateway.pages.layout import safe_link, security_headers, style
from gateway.pages.notice import page


class Outline(HTMLParser):
    """Tags with their attributes, and whether every element was closed in order."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def notice() -> Notice:
    texts = (
        NoticeText(
            "nl", "Dienst niet goedgekeurd", "Niets verstuurd <script>alert(1)</script>", "Huisregel 1", ("Stap",)
        ),
        NoticeText("en", "Service not approved", "Nothing was sent", "House rule 1", ("Step",)),
    )
    return Notice(
        "m", "ref-42", texts, "Voorbeeld & Co", (("Aanvragen", "https://a.example"), ("Fout", "javascript:x"))
    )


@pytest.fixture
def outline(notice: Notice) -> Outline:
    parsed = Outline()
    parsed.feed(page(notice))
    assert parsed.open == []
    return parsed


def found(outline: Outline, tag: str) -> list[dict[str, str | None]]:
    return [attributes for name, attributes in outline.tags if name == tag]


def test_landmarks_and_headings(outline: Outline) -> None:
    """One h1, headings without a jump, header, main and footer, a link to skip to the content."""
    assert [len(found(outline, tag)) for tag in ("header", "main", "footer", "h1", "title")] == [1] * 5
    levels = [int(name[1]) for name, _ in outline.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    skip = found(outline, "a")[0]
    assert skip["href"] == f"#{found(outline, 'main')[0]['id']}"


def test_languages_are_marked(outline: Outline) -> None:
    assert found(outline, "html")[0]["lang"] == "nl"
    assert [section["lang"] for section in found(outline, "section")] == ["nl", "en"]


def test_nothing_is_loaded_and_nothing_runs(outline: Outline, notice: Notice) -> None:
    assert not [tag for tag in ("script", "img", "link", "iframe", "object", "form") if found(outline, tag)]
    assert not [attributes for _, attributes in outline.tags for name in attributes if name.startswith("on")]
    assert "url(" not in style()
    assert "@import" not in style()
    assert "&lt;script&gt;" in page(notice)


def test_zoom_is_not_hindered(outline: Outline) -> None:
    viewport = next(meta for meta in found(outline, "meta") if meta.get("name") == "viewport")
    assert "user-scalable" not in str(viewport["content"])
    assert not re.search(r"font(?:-size)?:[^;}]*\dpx", style())


def test_reference_tool_and_links(outline: Outline, notice: Notice) -> None:
    html = page(notice)
    assert html.count("ref-42") == 2
    assert "Voorbeeld &amp; Co" in html
    assert [a["href"] for a in found(outline, "a")[1:]] == ["https://a.example", "#"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " javascript:x", "vbscript:x"])
def test_unsafe_links_go_nowhere(address: str) -> None:
    assert safe_link(address) == "#"


def test_policy_allows_only_our_style() -> None:
    policy = security_headers()["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "form-action 'none'" in policy
    assert "form-action 'self'" in security_headers(forms=True)["content-security-policy"]


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(sign * 2 for sign in colour[1:])
    channels = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground", "ratio"),
    [
        ("--ink", "--paper", 7.0),
        ("--ink", "--ground", 7.0),
        ("--ink", "--alert", 7.0),
        ("--ink", "--focus", 7.0),
        ("--soft", "--paper", 4.5),
        ("--brand", "--paper", 4.5),
        ("--link", "--paper", 4.5),
        ("--alert-line", "--alert", 3.0),
        ("--ink", "--ground", 3.0),
    ],
)
def test_contrast(ink: str, ground: str, ratio: float) -> None:
    """WCAG 2.2: 1.4.3 (4.5 for text), 1.4.6 for running text (7), 1.4.11 (3 for signs and focus)."""
    colours = dict(re.findall(r"(--[a-z-]+):(#[0-9a-f]{3,6})", style()))
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= ratio
