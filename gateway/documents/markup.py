"""Text in text: plain and code, HTML, XML, RTF and JSON, with what a reader on screen does not see."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from lxml import etree
from striprtf.striprtf import rtf_to_text

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.model.inspection import GapKind

_BLOCK = frozenset(
    """address article aside blockquote br caption dd div dl dt figcaption footer form h1 h2 h3 h4 h5 h6 header hr li
    main nav ol option p pre section table tbody td textarea tfoot th thead title tr ul""".split()  # noqa: SIM905
)
_TELLING_ATTRIBUTES = frozenset(
    "alt title value content placeholder aria-label href src label summary".split()  # noqa: SIM905
)


def _plain(rtf: str) -> str:
    return str(rtf_to_text(rtf, errors="ignore"))  # type: ignore[no-untyped-call]


def text_of(content: bytes) -> str:
    """Decoded text; raises `UnreadError` for bytes that are no text."""
    text = decode(content)
    if text is None:
        raise UnreadError(GapKind.UNKNOWN_FORMAT, "not-text")
    return text


def read_text(content: bytes, into: Content, _nested: Nested) -> None:
    """Plain text, code, CSV and JSON are read as they stand: their layout carries meaning."""
    into.add("text", text_of(content))


def read_rtf(content: bytes, into: Content, _nested: Nested) -> None:
    """Raises `UnreadError` for embedded objects and pictures it cannot look into."""
    source = text_of(content)
    into.add("text", _plain(source))
    if "\\objdata" in source:
        into.miss(GapKind.UNREADABLE, "rtf-object")
    if "\\pict" in source:
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "rtf-picture")
    for group in ("\\info", "\\*\\annotation", "\\annotation", "\\*\\atnauthor", "\\footnote", "\\header", "\\footer"):
        for hidden in _groups(source, group):
            into.add("hidden", re.sub(r"\\\*?\\?[a-z]+-?\d* ?|[{}]", " ", hidden))


def _groups(rtf: str, opening: str) -> Iterator[str]:
    """The insides of every `{opening …}` group, which the plain text leaves out."""
    at = rtf.find("{" + opening)
    while at >= 0:
        depth, end = 0, at
        for end in range(at, len(rtf)):
            depth += (rtf[end] == "{") - (rtf[end] == "}")
            if depth == 0:
                break
        yield rtf[at + len(opening) + 1 : end]
        at = rtf.find("{" + opening, end)


class _Html(HTMLParser):
    """Collects visible text, comments, scripts and telling attributes; blocks end a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.visible: list[str] = []
        self.hidden: list[str] = []
        self.data_urls = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCK:
            self.visible.append("\t" if tag in ("td", "th") else "\n")
        for name, value in attrs:
            if not value:
                continue
            if value.startswith("data:"):
                self.data_urls = True
            elif name in _TELLING_ATTRIBUTES or name.startswith("data-"):
                self.hidden.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK:
            self.visible.append("\n")

    def handle_data(self, data: str) -> None:
        self.visible.append(data)

    def handle_comment(self, data: str) -> None:
        self.hidden.append(unescape(data))


def read_html(content: bytes, into: Content, _nested: Nested) -> None:
    """Text, comments, attributes and scripts; embedded data URLs are a gap."""
    page = _Html()
    page.feed(text_of(content))
    page.close()
    into.add("text", "".join(page.visible))
    into.add("hidden", "\n".join(page.hidden))
    if page.data_urls:
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "data-url")


def parse_xml(content: bytes) -> etree._Element:
    """Parses without entities, network or DTD; raises `UnreadError` for broken XML and for declared entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-xml") from error
    if root.getroottree().docinfo.internalDTD is not None and list(root.getroottree().docinfo.internalDTD.entities()):
        raise UnreadError(GapKind.UNREADABLE, "xml-entities")
    return root


def local_name(node: etree._Element) -> str:
    """The tag without its namespace; "" for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def read_xml(content: bytes, into: Content, _nested: Nested) -> None:
    """Every text, tail, comment and attribute value, one line per element."""
    lines: list[str] = []
    for node in parse_xml(content).iter():
        if isinstance(node.tag, str):
            lines.extend(str(value) for value in node.attrib.values())
        lines.extend(piece.strip() for piece in (node.text, node.tail) if piece and piece.strip())
    into.add("text", "\n".join(lines))
