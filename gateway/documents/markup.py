"""Text in text: plain and code, JSON and HTML, with what a reader on screen does not see."""

import quopri
import re
from html import unescape
from html.parser import HTMLParser

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.embedded import read_embedded
from gateway.model.inspection import GapKind
from gateway.wire.codecs.json_text import unescape as unescape_json
from gateway.wire.faults import CodecError

_BLOCK = frozenset(
    """address article aside blockquote br caption dd div dl dt figcaption footer form h1 h2 h3 h4 h5 h6 header hr li
    main nav ol option p pre section table tbody td textarea tfoot th thead title tr ul""".split()  # noqa: SIM905
)
_MACHINE_WORDS = frozenset(
    """class style type rel lang dir charset http-equiv width height border cellpadding cellspacing align valign bgcolor
    color face size colspan rowspan tabindex role target media method enctype loading fetchpriority integrity
    crossorigin
    viewbox d fill stroke xmlns""".split()  # noqa: SIM905
)
"""Attributes that hold words of the language, not of a person."""
_QUOTED = re.compile(r"[\"'][^\"']*\w")
_CSS_URL = re.compile(r"url\([\"']?(data:[^)\"']+)")


def text_of(content: bytes) -> str:
    """Decoded text; raises `UnreadError` for bytes that are no text."""
    text = decode(content)
    if text is None:
        raise UnreadError(GapKind.UNKNOWN_FORMAT, "not-text")
    return text


def read_text(content: bytes, into: Content, nested: Nested) -> None:
    """Plain text, code and CSV as they stand, as layout carries meaning; cards and calendars are unfolded."""
    text = text_of(content)
    into.add("text", text)
    if text[:20].lstrip("\ufeff").upper().startswith(("BEGIN:VC", "BEGIN:VE")):
        text = re.sub(r"\r?\n[ \t]", "", text)
        into.add("unfolded", text)
        coded = "\n".join(line for line in text.splitlines() if "QUOTED-PRINTABLE" in line.upper())
        into.add("decoded", decode(quopri.decodestring(coded.encode())) or "")
    read_embedded(text, into, nested)


JSON_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def read_json(content: bytes, into: Content, nested: Nested) -> None:
    """JSON as it stands, with the escapes of its strings taken away; also when it is broken."""
    text = text_of(content)
    if "\\" in text:
        text = JSON_STRING.sub(lambda literal: f'"{unescaped_json(literal[0])}"', text)
    into.add("text", text)
    read_embedded(text, into, nested)


def unescaped_json(literal: str) -> str:
    """What a JSON string says; as it stands between its quotes when its escapes are wrong."""
    try:
        return unescape_json(literal)
    except CodecError:
        return literal[1:-1]


class _Html(HTMLParser):
    """Collects visible text, comments, scripts and telling attributes; blocks end a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.visible: list[str] = []
        self.hidden: list[str] = []
        self.coded: list[str] = []
        self.pages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCK:
            self.visible.append("\t" if tag in ("td", "th") else "\n")
        for name, value in attrs:
            if not value:
                continue
            if "data:" in value:
                self.coded.append(value)
            if name == "srcdoc":
                self.pages.append(value)
            elif _is_telling(name, value):
                self.hidden.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK:
            self.visible.append("\n")

    def handle_data(self, data: str) -> None:
        self.visible.append(data)

    def handle_comment(self, data: str) -> None:
        self.hidden.append(unescape(data))

    def handle_pi(self, data: str) -> None:
        self.hidden.append(data)

    def unknown_decl(self, data: str) -> None:
        self.visible.append(data)

    def handle_decl(self, decl: str) -> None:
        if not decl.lower().startswith("doctype"):
            self.hidden.append(decl)


def _is_telling(name: str, value: str) -> bool:
    if name == "style":
        return bool(_QUOTED.search(value))
    return name not in _MACHINE_WORDS and not value.startswith("data:")


def read_html(content: bytes, into: Content, nested: Nested) -> None:
    """Text, comments, attributes and scripts; data URLs and framed pages are read as files of their own."""
    page = _Html()
    source = text_of(content)
    page.feed(source)
    unfinished = page.rawdata
    page.close()
    into.add("text", "".join(page.visible))
    into.add("hidden", "\n".join([*page.hidden, unfinished]))
    read_embedded("\n".join([*page.coded, *_CSS_URL.findall("".join(page.visible)), *page.hidden]), into, nested)
    for framed in page.pages:
        try:
            read_html(framed.encode(), into.inside("frame"), nested)
        except UnreadError as unread:
            into.miss(unread.kind, unread.detail)
