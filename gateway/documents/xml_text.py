"""XML: every text, attribute, comment and declaration; words with marks in the middle stay one line."""

import re

from lxml import etree

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.embedded import read_embedded
from gateway.model.inspection import GapKind

_RUNS_ON = frozenset({"text", "p", "h", "t", "title", "desc", "Text"})
"""Elements whose children are pieces of one line: SVG and Visio texts, paragraphs."""
_MAX_PIECES = 2_000
_OFFICE_ROOTS = frozenset({"document", "wordDocument", "package", "document-content"})


def parse_xml(content: bytes) -> etree._Element:
    """Parses without entities, network or DTD; raises `UnreadError` for broken XML and for declared entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-xml") from error
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and list(subset.entities()):
        raise UnreadError(GapKind.UNREADABLE, "xml-entities")
    return root


def local_name(node: etree._Element) -> str:
    """The tag without its namespace; "" for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def around(root: etree._Element) -> list[str]:
    """Comments and instructions before and after the root element."""
    beside = [*root.itersiblings(preceding=True), *root.itersiblings()]
    return [node.text.strip() for node in beside if node.text and node.text.strip()]


def read_xml(content: bytes, into: Content, nested: Nested) -> None:
    """Raises `UnreadError` for broken XML that says it is XML; other broken markup is read as a page."""
    try:
        root = parse_xml(content)
    except UnreadError as unread:
        if content.lstrip().startswith(b"<?xml") or unread.detail != "broken-xml" or b"\x00" in content[:100]:
            raise
        from gateway.documents.markup import read_html  # noqa: PLC0415 - the two read each other's files

        read_html(content, into, nested)
        return
    lines = around(root)
    if root.getroottree().docinfo.internalDTD is not None:
        prolog = re.split(r"<[A-Za-z_]", decode(content) or "", maxsplit=1)[0]
        lines.append(re.sub(r"[<>!\[\]]+", " ", prolog))
    if local_name(root) in _OFFICE_ROOTS and (
        "opendocument" in root.tag or "openxmlformats" in root.tag or "microsoft" in root.tag
    ):
        from gateway.documents.package_text import lines_of  # noqa: PLC0415 - reads XML itself

        lines.extend(lines_of(root))
    else:
        lines.extend(_lines(root))
    whole = "\n".join(lines)
    into.add("text", whole)
    read_embedded(whole, into, nested)


def _lines(root: etree._Element) -> list[str]:
    lines: list[str] = []
    joined: set[etree._Element] = set()
    for node in root.iter():
        if isinstance(node.tag, str):
            lines.extend(str(value) for value in node.attrib.values())
            if node not in joined and len(node) and _runs_on(node):
                pieces = list(node.iter())
                joined.update(pieces)
                lines.append("".join(str(piece) for piece in node.itertext()))
        if node in joined:
            if not isinstance(node.tag, str) and node.text:
                lines.append(node.text.strip())
            continue
        if node.text and node.text.strip():
            lines.append(node.text.strip())
    return lines


def _runs_on(node: etree._Element) -> bool:
    """Text and elements mixed, or an element known to hold pieces of one line; not too large."""
    mixed = any(child.tail and child.tail.strip() for child in node) or bool(node.text and node.text.strip())
    if not mixed and local_name(node) not in _RUNS_ON:
        return False
    return sum(1 for _, _ in zip(node.iter(), range(_MAX_PIECES), strict=False)) < _MAX_PIECES
