"""The objects of a PDF: every text string and every stream with words that no page shows."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pypdf
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.embedded import read_embedded
from gateway.model.inspection import GapKind

_MACHINE_KEYS = frozenset(
    f"/{key}"
    for key in """ID Lang CreationDate ModDate M LastModified DA Registry Ordering FontFamily FontName O U OE UE
    Perms CheckSum Cert CharSet OutputConditionIdentifier OutputCondition RegistryName Info Panose Name_ S Filter_
    SubFilter
    PTEX.Fullbanner Trapped FID GUID""".split()  # noqa: SIM905
)
"""Keys whose strings are about the program, times, fonts and keys of encryption."""
_WORD_STREAMS = frozenset({"/V", "/DV", "/JS", "/RC", "/Desc", "/Metadata"})
_SHOWS_TEXT = re.compile(rb"\bBT\b.*?\b(?:Tj|TJ)\b", re.DOTALL)
_MAX_OBJECTS = 200_000


@dataclass(slots=True)
class _Walk:
    """What was met while the objects went by."""

    texts: dict[str, None] = field(default_factory=dict)
    words: set[int] = field(default_factory=set)
    files: set[int] = field(default_factory=set)
    contents: set[int] = field(default_factory=set)


_FAULTS = (
    pypdf.errors.PyPdfError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    RecursionError,
    AssertionError,
    OSError,
    NotImplementedError,
    OverflowError,
    zlib.error,
    struct.error,
)
"""What pypdf raises on damaged and hostile files."""


@dataclass(frozen=True, slots=True)
class Objects:
    """A PDF taken apart: every object by its number, also those nothing refers to."""

    reader: pypdf.PdfReader
    by_number: dict[int, PdfObject]


def load(content: bytes) -> Objects:
    """Raises `UnreadError` for encrypted and damaged structures."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadError(GapKind.ENCRYPTED, "pdf")
        return Objects(reader, dict(_objects(reader)))
    except _FAULTS as error:
        raise UnreadError(GapKind.UNREADABLE, "pdf-structure") from error


def read_objects(objects: Objects, page_texts: list[str], into: Content, nested: Nested) -> None:
    """What no page shows; XFA forms are a gap. Raises `UnreadError` for damaged objects."""
    try:
        _read(objects.reader, objects.by_number, page_texts, into, nested)
    except _FAULTS as error:
        raise UnreadError(GapKind.UNREADABLE, "pdf-structure") from error


def _read(
    reader: pypdf.PdfReader, objects: dict[int, PdfObject], page_texts: list[str], into: Content, nested: Nested
) -> None:
    walk = _Walk()
    shown = _squeezed("".join(page_texts))
    pages = {page.indirect_reference.idnum for page in reader.pages if page.indirect_reference}
    for value in objects.values():
        _collect(value, "", walk, 0)
    _collect(cast(PdfObject, reader.trailer), "", walk, 0)
    into.add("hidden texts", "\n".join(walk.texts))
    for number, value in objects.items():
        if isinstance(value, StreamObject):
            _read_stream(number, value, walk, shown, into, nested)
        elif isinstance(value, DictionaryObject) and value.get("/Type") == "/Page" and number not in pages:
            _add_new("removed page", _text_of(reader, value), shown, into)
    if any(isinstance(value, DictionaryObject) and "/XFA" in value for value in objects.values()):
        into.miss(GapKind.UNREADABLE, "xfa-form")


def _objects(reader: pypdf.PdfReader) -> Iterator[tuple[int, PdfObject]]:
    """Every object the cross-reference tables name, also those nothing refers to."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > _MAX_OBJECTS:
        raise UnreadError(GapKind.TOO_LARGE, "pdf-objects")
    for number, generation in sorted(numbers):
        value = IndirectObject(number, generation, reader).get_object()
        if value is not None and not isinstance(value, NullObject):
            yield number, value


def _collect(  # noqa: PLR0912 - one kind of object after the other
    value: object, key: str, walk: _Walk, depth: int
) -> None:
    """Text strings under any key but those of the program; references are noted, not followed."""
    if depth > 40:
        raise UnreadError(GapKind.TOO_DEEP, "pdf-objects")
    if isinstance(value, IndirectObject):
        if key in _WORD_STREAMS:
            walk.words.add(value.idnum)
        elif key == "/EF":
            walk.files.add(value.idnum)
        elif key == "/Contents":
            walk.contents.add(value.idnum)
    elif isinstance(value, TextStringObject):
        text = str(value)
        if key not in _MACHINE_KEYS and sum(letter.isalnum() for letter in text) > 1:
            walk.texts[text] = None
    elif isinstance(value, ArrayObject):
        if value and value[0] == "/Indexed":
            return
        for one in list.__iter__(value):
            _collect(one, key, walk, depth + 1)
    elif isinstance(value, DictionaryObject):
        if value.get("/Type") == "/Sig" or "/ByteRange" in value:
            value = DictionaryObject({name: one for name, one in value.items() if name not in ("/Contents", "/Cert")})
        for name, one in dict.items(value):
            _collect(one, key if key == "/EF" else str(name), walk, depth + 1)


def _read_stream(  # noqa: PLR0913, PLR0917 - one object and where its words go
    number: int, stream: StreamObject, walk: _Walk, shown: str, into: Content, nested: Nested
) -> None:
    kind, subtype = stream.get("/Type"), stream.get("/Subtype")
    if number in walk.files or kind == "/EmbeddedFile":
        data = stream.get_data()
        into.unpack(len(data))
        try:
            nested(data, into.inside("attachment"))
        except UnreadError as unread:
            into.miss(unread.kind, unread.detail)
    elif kind == "/Metadata" and subtype == "/XML":
        _read_xmp(stream.get_data(), into)
    elif number in walk.words:
        text = decode(stream.get_data()) or ""
        into.add("hidden texts", text)
        read_embedded(text, into, nested)
    elif subtype == "/Form":
        _add_new("drawing", _text_of(stream.indirect_reference.pdf, stream, stream), shown, into)  # type: ignore[union-attr]
    elif (
        kind is None
        and subtype is None
        and number not in walk.contents
        and set(stream) <= {"/Length", "/Filter", "/DecodeParms"}
    ):
        data = stream.get_data()
        if _SHOWS_TEXT.search(data) and b"begincmap" not in data:
            into.miss(GapKind.UNREADABLE, "pdf-unused-text")


def _read_xmp(data: bytes, into: Content) -> None:
    from gateway.documents.picture_notes import xmp_text  # noqa: PLC0415 - pictures load slowly

    into.add("xmp", xmp_text(data))


def _text_of(reader: object, resources_of: DictionaryObject, contents: StreamObject | None = None) -> str:
    """The text a page or a form would show, drawn as a page of its own."""
    page = pypdf.PageObject(cast(pypdf.PdfReader, reader))
    for key, value in resources_of.items():
        if key in ("/Resources", "/Contents", "/MediaBox", "/Parent"):
            page[NameObject(key)] = value
    if contents is not None:
        page[NameObject("/Contents")] = contents.indirect_reference or contents
    return page.extract_text()


def _add_new(where: str, text: str, shown: str, into: Content) -> None:
    if _squeezed(text) not in shown:
        into.add(where, text)


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def has_unreliable_fonts(objects: Objects) -> bool:
    """Whether a font has letters of which the file does not say which they are: no table, and names of its own."""
    try:
        return any(_is_unreliable(value) for value in objects.by_number.values() if isinstance(value, DictionaryObject))
    except _FAULTS:
        return True


def _is_unreliable(font: DictionaryObject) -> bool:
    if font.get("/Type") != "/Font" or "/ToUnicode" in font:
        return False
    subtype, encoding = font.get("/Subtype"), font.get("/Encoding")
    if subtype == "/Type0":
        descendants = font.get("/DescendantFonts")
        first = descendants.get_object()[0].get_object() if descendants else DictionaryObject()
        ordering = (first.get("/CIDSystemInfo") or DictionaryObject()).get("/Ordering", "Identity")
        return str(encoding) in ("/Identity-H", "/Identity-V") and str(ordering) in ("Identity", "UCS")
    if not isinstance(encoding, DictionaryObject):
        return subtype == "/Type3"
    names = [name for name in encoding.get("/Differences", ()) if isinstance(name, NameObject)]
    strange = sum(not _known_glyph(str(name)[1:]) for name in names)
    return bool(names) and strange > len(names) / 2


def _known_glyph(name: str) -> bool:
    from pypdf._codecs.adobe_glyphs import adobe_glyphs  # noqa: PLC0415

    return f"/{name}" in adobe_glyphs or bool(re.fullmatch(r"(?:uni|u)[0-9A-Fa-f]{4,6}|\.notdef|space|nbspace", name))
