"""The words of one XML part of an Office package: paragraphs as they are shown, then what stands in attributes."""

import re
from collections.abc import Iterator

from lxml import etree

from gateway.documents.content import Content
from gateway.documents.xml_tree import around, local_name, parse_xml

PARAGRAPHS = frozenset({"p", "h", "si", "comment", "c"})
"""Local names whose text belongs together: w:p, a:p, text:p, text:h, shared strings, comments, cells."""
_TEXTS = frozenset({"t", "delText", "instrText", "v", "f", "span", "a"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " ", "noBreakHyphen": "-"}
_SILENT = re.compile(
    r"(^|/)(theme\d*|styles|stylesWithEffects|fontTable|webSettings|tableStyles|calcChain|presProps|viewProps|"
    r"\[Content_Types\]|slideLayout\d+|slideMaster\d+|notesMaster\d+|handoutMaster\d+)\.xml$"
)
"""Parts that normally hold fixed texts of the program; read too, but word soup such as style names is left out."""
_TELLING = frozenset(
    """descr title name author lastModifiedBy displayName userId string-value tooltip alt string prompt promptTitle
    error
    errorTitle display comment description caption command connection connectionString sourceFile refreshedBy userName
    screenTip displayText instr string-value-if-true string-value-if-false condition formula label current-value
    help-message sql-statement statusBar help""".split()  # noqa: SIM905
)
"""Attributes people fill, by local name, in any part."""
_SILENT_TELLING = frozenset({"descr", "title", "tooltip", "alt", "screenTip"})
"""Those of them that are read in masters, layouts and styles too."""
_VALUES = {
    "val": frozenset(
        """alias tag docVar query connectString listEntry default statusText helpText filter customFilter item
        inputCells sheetName udl table name""".split()  # noqa: SIM905
    ),
    "value": frozenset(
        {"listItem", "option", "text", "textarea", "hidden", "formatted-text", "button", "combobox", "item"}
    ),
    "v": frozenset({"s", "n", "d", "e", "x"}),
    "text": frozenset({"cfRule"}),
    "href": frozenset({"a", "frame", "image", "object"}),
}
"""Attributes with a common name, and the elements on which people fill them."""
_FORMAT_WORDS = re.compile(r'"[^"]*[^\W\d_]{3,}[^"]*"')
"""Words in a number format stand between quotes (ECMA-376 part 1, 18.8.31)."""
_PROGRAM = ("{*}Application", "{*}AppVersion", "{*}Template", "{*}PresentationFormat", "{*}generator")
"""Properties that name the program, not a person; "Microsoft Macintosh Word" reads like one."""
_NUMBERED = re.compile(r"^(.*) \d+$")
_SHAPE_WORDS = frozenset(
    """placeholder connector box shape rectangle arrow object table chart diagram graphic group picture image title
    subtitle text slide number date footer header content media control line callout freeform oval comment frame
    button check drop list cell note smart art video audio google ink icon graph""".split()  # noqa: SIM905
)
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


def read_part_xml(name: str, data: bytes, into: Content) -> None:
    """One segment per part: a line per paragraph, then telling attributes, properties and loose texts.

    Cells were read row by row before; of a sheet only formulas, headers and rules are left, of the shared strings only
    those no cell shows.
    """
    if not data.strip():
        return
    root = parse_xml(data)
    etree.strip_elements(root, *_PROGRAM, with_tail=False)
    if name.startswith("xl/worksheets/") and (
        name in into.sheet_parts
        and sum(1 for cell in root.iter("{*}v", "{*}is") if cell.text or len(cell)) in into.sheet_cells
    ):
        etree.strip_elements(root, "{*}v", "{*}is", with_tail=False)
    if name.endswith(".rels"):
        lines = list(_outside_links(root))
    elif name == "xl/sharedStrings.xml":
        lines = [line for line in _paragraphs(root) if line not in into.cells]
    else:
        lines = lines_of(
            root, silent=bool(_SILENT.search(name)), every_attribute=name.lower().startswith("customxml/item")
        )
    into.add(name, "\n".join([*around(root), *lines]))


def lines_of(root: etree._Element, *, silent: bool = False, every_attribute: bool = False) -> list[str]:
    """Paragraphs and the attributes people fill; fewer of those in a `silent` part, which holds the program's words."""
    lines = [line for line in _paragraphs(root) if line not in _PROMPTS]
    for node in root.iter():
        if isinstance(node.tag, str):
            lines.extend(_attributes(node, silent=silent, every=every_attribute))
    return lines


def _paragraphs(root: etree._Element) -> Iterator[str]:
    """Texts in document order; those of one paragraph are glued together without a break, as they are shown."""
    line: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
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


def _attributes(node: etree._Element, *, silent: bool, every: bool) -> Iterator[str]:
    element = local_name(node)
    for key, value in node.attrib.items():
        local = str(key).rpartition("}")[2]
        text = str(value)
        if local == "formatCode":
            if _FORMAT_WORDS.search(text):
                yield text
        elif every or (
            local in (_SILENT_TELLING if silent else _TELLING) and not (local == "name" and _of_a_shape(text))
        ):
            if any(letter.isalnum() for letter in text):
                yield text
        elif not silent and element in _VALUES.get(local, ()) and (local != "href" or ":" in text):
            yield text


def _of_a_shape(name: str) -> bool:
    """Whether a program gave the name ("Tekstvak 5"): a number behind it, and no two capitals that make a person."""
    numbered = _NUMBERED.match(name)
    if numbered is None:
        return False
    words = numbered[1].split()
    capitals = sum(word[:1].isupper() for word in words)
    return capitals < 2 or any(word.lower() in _SHAPE_WORDS for word in words)
