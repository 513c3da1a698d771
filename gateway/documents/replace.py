"""The same file with values replaced: text, CSV, JSON, HTML, XML, Word, Excel, PowerPoint and OpenDocument.

Formatting stays: within a paragraph only the characters of a value change, whatever runs they are spread over. Hidden
places are cleaned. The result is read again; when a value is still there the file is refused, never half cleaned.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from lxml import etree

from gateway.documents.charset import decode, encoding_of
from gateway.documents.content import Content, UnreadError
from gateway.documents.extract import extract
from gateway.documents.kinds import FileKind, kind_of
from gateway.documents.markup import JSON_STRING, unescaped_json
from gateway.documents.package import open_package
from gateway.documents.package_text import PARAGRAPHS
from gateway.documents.text_version import TEXT_VERSIONS, text_version
from gateway.documents.xml_tree import local_name, parse_xml
from gateway.errors import DocumentError
from gateway.wire.codecs.json_text import escape as escape_json

Replacements = Sequence[tuple[str, str]]
"""Pairs of a value and the token that takes its place; the longest value goes first."""

_TEXT_KINDS = frozenset({FileKind.TEXT, FileKind.JSON, FileKind.HTML, FileKind.XML})
_PACKAGES = frozenset({FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT, FileKind.ODS, FileKind.ODP})
REPLACEABLE = _TEXT_KINDS | _PACKAGES
"""The kinds `replace_values` can write; the others are refused, or sent as a text version by rule."""

_NAMING = frozenset({"creator", "lastModifiedBy", "initial-creator", "printed-by", "manager", "company", "keywords"})
"""Document properties that name people whatever detection found; emptied."""
_NAMING_ATTRIBUTES = frozenset({"author", "initials", "userId", "providerId", "lastModifiedBy"})
_EMPTY_JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300"
    + "01" * 64
    + "ffc0000b080001000101011100ffc4001400010000000000"
    "000000000000000000000affc40014100100000000000000000000000000000000ffda0008010100003f0037ffd9"
)
_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's serial dates, with its leap-year slip of 1900 (ECMA-376 part 1, 18.17.4.1)."""


def replace_values(content: bytes, replacements: Replacements, as_text: Collection[str] = ()) -> bytes:
    """`content` with every value replaced everywhere; raises `DocumentError` when that cannot be done completely.

    Of kinds named in `as_text` only the text goes on, in a file of the same kind (`text_version`).
    """
    ordered = sorted((pair for pair in replacements if pair[0]), key=lambda pair: -len(pair[0]))
    kind = kind_of(content)
    try:
        if kind in _TEXT_KINDS:
            changed = _replace_text(content, ordered)
        elif kind in _PACKAGES:
            changed = _replace_package(content, ordered)
        elif kind in TEXT_VERSIONS and kind.value in as_text:
            into = Content()
            extract(content, into)
            changed = text_version(kind, into, ordered, content)
        else:
            raise DocumentError(f"a file of kind {kind.value} cannot be rewritten")
    except UnreadError as unread:
        raise DocumentError(f"not rewritten: {unread}") from unread
    _prove_clean(changed, ordered)
    return changed


def _prove_clean(changed: bytes, replacements: Replacements) -> None:
    into = Content()
    extract(changed, into)
    text = "\n".join(segment.text for segment in into.segments)
    if any(value in text for value, _ in replacements):
        raise DocumentError("a value is still in the rewritten file")


def _replace_text(content: bytes, replacements: Replacements) -> bytes:
    text = decode(content)
    encoding = encoding_of(content)
    if text is None or encoding is None:
        raise DocumentError("not text")
    if "\\" in text and kind_of(content) is FileKind.JSON:
        text = JSON_STRING.sub(lambda literal: _replace_literal(literal[0], replacements), text)
    return _replaced(text, replacements).encode(encoding)


def _replaced(text: str, replacements: Replacements) -> str:
    for value, token in replacements:
        text = text.replace(value, token)
    return text


def _replace_literal(literal: str, replacements: Replacements) -> str:
    """A JSON string that says a value with escapes, written again in its own habits; others stay as they are."""
    said = unescaped_json(literal)
    changed = _replaced(said, replacements)
    return literal if changed == said else escape_json(changed, like=literal)


def _replace_package(content: bytes, replacements: Replacements) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for member, data in open_package(content, Content()):
            package.writestr(member, _replace_part(member.filename, data, replacements), member.compress_type)
    return written.getvalue()


def _replace_part(name: str, data: bytes, replacements: Replacements) -> bytes:
    lowered = name.lower()
    if "thumbnail" in lowered:
        return _EMPTY_JPEG
    if lowered.startswith("objectreplacements/"):
        return b""
    if lowered.endswith((".xml", ".rels", ".vml")) and data.strip():
        return _replace_xml(data, replacements)
    kind = kind_of(data)
    if kind in _PACKAGES:
        return _replace_package(data, replacements)
    if kind in _TEXT_KINDS and name != "mimetype":
        return _replace_text(data, replacements)
    return data


def _replace_xml(data: bytes, replacements: Replacements) -> bytes:
    root = parse_xml(data)
    changed = False
    for cell in list(root.iter("{*}c")):
        changed |= _replace_excel_number(cell, replacements)
    for paragraph in _paragraphs(root):
        changed |= _replace_slots(_slots(paragraph), replacements)
    for node in root.iter():
        if not isinstance(node.tag, str):
            changed |= _replace_slots([(node, "text")], replacements)
            continue
        changed |= _replace_slots([(node, "text"), (node, "tail")], replacements)
        changed |= _replace_attributes(node, replacements)
        if local_name(node) == "table-cell":
            changed |= _retype_open_document_cell(node, replacements)
        if local_name(node) in _NAMING and node.text:
            node.text, changed = "", True
    if not changed:
        return data
    declaration = data.lstrip()[:5] == b"<?xml"
    standalone = root.getroottree().docinfo.standalone
    return bytes(
        etree.tostring(root.getroottree(), xml_declaration=declaration, encoding="UTF-8", standalone=standalone)
    )


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    for node in root.iter():
        if local_name(node) in PARAGRAPHS:
            yield node


Slot = tuple[etree._Element, str]


def _slots(paragraph: etree._Element) -> list[Slot]:
    """The places of text inside a paragraph, in reading order; nested paragraphs keep their own."""
    slots: list[Slot] = []

    def visit(node: etree._Element) -> None:
        if isinstance(node.tag, str):
            slots.append((node, "text"))
            for child in node:
                if local_name(child) not in PARAGRAPHS:
                    visit(child)
                slots.append((child, "tail"))

    visit(paragraph)
    return [(node, place) for node, place in slots if getattr(node, place)]


def _replace_slots(slots: list[Slot], replacements: Replacements) -> bool:
    """Replaces values that may run over several slots: the token goes where the value began."""
    pieces = [getattr(node, place) or "" for node, place in slots]
    whole = "".join(pieces)
    hits: list[tuple[int, int, str]] = []
    taken = bytearray(len(whole))
    for value, token in replacements:
        at = whole.find(value)
        while at >= 0:
            end = at + len(value)
            if not any(taken[at:end]):
                taken[at:end] = b"\x01" * len(value)
                hits.append((at, end, token))
            at = whole.find(value, end)
    if not hits:
        return False
    hits.sort()
    start = 0
    for (node, place), piece in zip(slots, pieces, strict=True):
        setattr(node, place, _cut(piece, start, hits))
        start += len(piece)
    return True


def _cut(piece: str, start: int, hits: list[tuple[int, int, str]]) -> str:
    """`piece`, which begins at `start` of the whole, without the hits; a token stands where its hit began."""
    kept: list[str] = []
    at = start
    end = start + len(piece)
    for first, last, token in hits:
        if last <= start or first >= end:
            continue
        kept.append(piece[at - start : max(first, at) - start])
        if first >= start:
            kept.append(token)
        at = min(last, end)
    kept.append(piece[at - start :])
    return "".join(kept)


def _replace_attributes(node: etree._Element, replacements: Replacements) -> bool:
    changed = False
    for key, value in node.attrib.items():
        local = str(key).rpartition("}")[2]
        new = "" if local in _NAMING_ATTRIBUTES and value else str(value)
        for old, token in replacements:
            if len(old) > 3 or not old.isdigit():
                new = new.replace(old, token)
        if new != value:
            node.set(key, new)
            changed = True
    return changed


def _replace_excel_number(cell: etree._Element, replacements: Replacements) -> bool:
    """A cell that holds a number or a date is shown otherwise than it is stored; it becomes text."""
    stored = next((child for child in cell if local_name(child) == "v"), None)
    if stored is None or not stored.text or cell.get("t") not in (None, "n", "d"):
        return False
    shown = _shown_forms(stored.text)
    for value, token in replacements:
        if value in shown:
            namespace = etree.QName(cell).namespace
            for child in list(cell):
                cell.remove(child)
            cell.set("t", "inlineStr")
            inline = etree.SubElement(cell, f"{{{namespace}}}is")
            etree.SubElement(inline, f"{{{namespace}}}t").text = token
            return True
    return False


def _shown_forms(stored: str) -> set[str]:
    try:
        number = float(stored)
    except ValueError:
        return {stored}
    forms = {stored}
    if number.is_integer() and abs(number) < 1e15:
        forms.add(str(int(number)))
    if 1 <= number < 2_958_466:
        forms.add((_EXCEL_EPOCH + timedelta(days=int(number))).strftime("%d-%m-%Y"))
    return forms


_TYPED = re.compile(r"\}(value|date-value|time-value|string-value|boolean-value|currency)$")


def _retype_open_document_cell(cell: etree._Element, replacements: Replacements) -> bool:
    text = "".join(str(piece) for piece in cell.itertext())
    if not any(token in text for _, token in replacements):
        return False
    changed = False
    for key in list(cell.attrib):
        if _TYPED.search(str(key)):
            del cell.attrib[key]
            changed = True
        elif str(key).endswith("}value-type") and cell.get(key) != "string":
            cell.set(key, "string")
            changed = True
    return changed
