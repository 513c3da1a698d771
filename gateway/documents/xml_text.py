"""XML: every text, attribute, comment and declaration; words with marks in the middle stay one line."""

import re

from lxml import etree

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.embedded import read_embedded
from gateway.documents.package_text import lines_of
from gateway.documents.xml_tree import around, local_name, parse_xml

_RUNS_ON = frozenset({"text", "p", "h", "t", "title", "desc", "Text"})
"""Elements whose children are pieces of one line: SVG and Visio texts, paragraphs."""
_MAX_PIECES = 2_000
_OFFICE_ROOTS = frozenset({"document", "wordDocument", "package", "document-content"})


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
