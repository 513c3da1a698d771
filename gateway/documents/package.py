"""Office packages (OOXML, OpenDocument): every part is read, not only the ones a screen shows.

A library that offers "the paragraphs" skips headers, comments, tracked changes, notes, alternative texts, properties
and custom XML. Here each part of the ZIP is visited; a part nobody can read is a gap.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from lxml import etree

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.markup import local_name, parse_xml
from gateway.model.inspection import GapKind

PARAGRAPHS = frozenset({"p", "h", "si", "comment", "c"})
"""Local names whose text belongs together: w:p, a:p, text:p, text:h, shared strings, comments, cells."""
_TEXTS = frozenset({"t", "delText", "instrText", "v", "f", "span", "a"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " ", "noBreakHyphen": "-"}
_SILENT = re.compile(
    r"(^|/)(theme\d*|styles|stylesWithEffects|fontTable|webSettings|tableStyles|calcChain|presProps|viewProps|"
    r"\[Content_Types\]|slideLayout\d+|slideMaster\d+|notesMaster\d+|handoutMaster\d+)\.xml$"
)
"""Parts that normally hold fixed texts of the program; read too, but word soup such as style names is left out."""
_TELLING = frozenset({"descr", "title", "name", "author", "lastModifiedBy", "displayName", "userId", "string-value"})
_PROGRAM = ("{*}Application", "{*}AppVersion", "{*}Template", "{*}PresentationFormat", "{*}generator")
"""Properties that name the program, not a person; "Microsoft Macintosh Word" reads like one."""
_NUMBERED = re.compile(r" \d+$")
"""The name a program gives a shape: "Content Placeholder 2", "Tekstvak 5"."""
_PROMPTS = frozenset(
    [
        "Click to edit Master title style",
        "Click to edit Master subtitle style",
        "Click to edit Master text styles",
        "Click icon to add picture",
        "Second level",
        "Third level",
        "Fourth level",
        "Fifth level",
        "Klik om stijl te bewerken",
        "Klik om stijl te bewerken.",
        "Klikken om de ondertitelstijl van het model te bewerken",
        "Klikken om de tekststijl van het model te bewerken",
        "Klik om de modelstijlen te bewerken",
        "Tweede niveau",
        "Derde niveau",
        "Vierde niveau",
        "Vijfde niveau",
    ]
)
"""What PowerPoint itself writes in masters and layouts, in English and Dutch."""
_IMAGES = frozenset([".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"])
_DRAWINGS = frozenset([".emf", ".wmf", ".svm"])
_FONTS = frozenset([".odttf", ".ttf", ".otf", ".fntdata"])
_MAX_RATIO = 200
"""A member that unpacks to more than this many times its size is treated as a bomb when it is also large."""
_BOMB_BYTES = 50_000_000


def open_package(content: bytes, into: Content) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Yields the members of a ZIP within the limits; raises `UnreadError` for encrypted, damaged or exploding ones."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if package.comment:
                into.add("zip comment", package.comment.decode("utf-8", "replace"))
            for member in package.infolist():
                if member.is_dir():
                    continue
                if member.flag_bits & 0x1:
                    raise UnreadError(GapKind.ENCRYPTED, "zip-member")
                if member.file_size > _BOMB_BYTES and member.file_size > _MAX_RATIO * max(1, member.compress_size):
                    raise UnreadError(GapKind.TOO_LARGE, "compression-bomb")
                into.unpack(member.file_size)
                if member.comment:
                    into.add("member comment", member.comment.decode("utf-8", "replace"))
                with package.open(member) as stream:
                    data = stream.read(member.file_size + 1)
                if len(data) != member.file_size:
                    raise UnreadError(GapKind.UNREADABLE, "zip-size")
                yield member, data
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-zip") from error


def read_package(content: bytes, into: Content, nested: Nested) -> None:
    """Reads each part; pictures and embedded files go to `nested`, macros and unknown parts become gaps."""
    for member, data in open_package(content, into):
        _read_part(member.filename, data, into, nested)


def _read_part(name: str, data: bytes, into: Content, nested: Nested) -> None:
    lowered = name.lower()
    suffix = f".{lowered.rpartition('.')[2]}"
    if lowered.endswith("vbaproject.bin") or lowered.startswith(("basic/", "scripts/")):
        into.miss(GapKind.MACRO, "macro")
    elif suffix in (".xml", ".rels", ".vml") or name == "mimetype":
        if name != "mimetype" and not name.startswith("xl/calcChain"):
            read_part_xml(name, data, into)
    elif (
        suffix in _IMAGES
        or "/embeddings/" in lowered
        or suffix in (".docx", ".xlsx", ".pptx", ".html", ".htm", ".txt", ".rtf")
    ):
        try:
            nested(data, into.inside(PurePosixPath(name).name))
        except UnreadError as unread:
            into.miss(unread.kind, unread.detail)
    elif suffix in _DRAWINGS:
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "vector-drawing")
    elif (
        suffix in _FONTS
        or suffix == ".rdf"
        or lowered.endswith(("layout-cache", "printersettings1.bin"))
        or "printersettings" in lowered
    ):
        return
    elif data:
        into.miss(GapKind.UNREADABLE, "unknown-part")


def read_part_xml(name: str, data: bytes, into: Content) -> None:
    """One segment per part: a line per paragraph, then telling attributes, properties and loose texts.

    Cells were read row by row before; of a sheet only formulas, headers and rules are left, of the shared strings only
    those no cell shows.
    """
    if not data.strip():
        return
    root = parse_xml(data)
    etree.strip_elements(root, *_PROGRAM, with_tail=False)
    if name.startswith("xl/worksheets/"):
        etree.strip_elements(root, "{*}v", "{*}is", with_tail=False)
    if name.endswith(".rels"):
        lines = list(_outside_links(root))
    elif name == "xl/sharedStrings.xml":
        lines = [line for line in _paragraphs(root) if line not in into.cells]
    else:
        lines = [line for line in _paragraphs(root) if line not in _PROMPTS]
        if not _SILENT.search(name):
            lines.extend(_attributes(root))
    into.add(name, "\n".join(lines))


def _paragraphs(root: etree._Element) -> Iterator[str]:
    """Texts in document order; those of one paragraph are glued together without a break, as they are shown."""
    line: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "comment":
            if node.text and node.text.strip():
                yield node.text.strip()
            continue
        local = local_name(node)
        if event == "start":
            if local in PARAGRAPHS and line:
                yield "".join(line)
                line = []
            if local in _BREAKS and not (local == "s" and node.text):
                line.append(_BREAKS[local])
            if node.text and (node.text.strip() or local in _TEXTS):
                line.append(node.text)
            continue
        if local in PARAGRAPHS or (
            local not in _TEXTS and local not in _BREAKS and len(node) == 0 and line and not _in_paragraph(node)
        ):
            if line:
                yield "".join(line)
            line = []
        if node.tail and node.tail.strip():
            line.append(node.tail)
    if line:
        yield "".join(line)


def _in_paragraph(node: etree._Element) -> bool:
    return any(local_name(above) in PARAGRAPHS for above in node.iterancestors())


def _outside_links(root: etree._Element) -> Iterator[str]:
    """Hyperlinks and mail addresses; links between the parts of the package are the program's own."""
    for node in root.iter():
        if isinstance(node.tag, str) and node.get("TargetMode") == "External":
            yield node.get("Target", "")


def _attributes(root: etree._Element) -> Iterator[str]:
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        for key, value in node.attrib.items():
            local = str(key).rpartition("}")[2]
            if local == "name" and _NUMBERED.search(str(value)):
                continue
            if local in _TELLING and any(letter.isalnum() for letter in str(value)):
                yield str(value)
