"""The shape of a message without its content: keys, types and lengths, to see how a format drifted.

Values are replaced by their type and a rounded length. A key that could be data (no plain program name, or one
capitalised word such as a surname) becomes `*`.
"""

import re
from collections.abc import Iterator

from gateway.model.traffic import Message
from gateway.wire.headers import applied_encodings, header
from gateway.wire.limits import DEFAULT_LIMITS, Limits
from gateway.wire.reading import Reader
from gateway.wire.tree import Node, Path, SlotKind

_PROGRAM_NAME = re.compile(r"@?(?![A-Z][a-z]+$)[A-Za-z_$][A-Za-z_$-]{0,31}|\d{1,3}|f\.req|f\.sid")
_MOST_LINES = 400


def outline(message: Message, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """One line per different place, sorted: `body.messages[].content: text 100-999`; at most 400 lines.

    Path segments and header values are left out; of the query only the names.
    """
    reader = Reader(limits)
    roots = [reader.read_url(message.url)]
    if message.body:
        roots.append(reader.read_body(message.body, header(message, "content-type"), applied_encodings(message), False))
    lines = {line for root in roots for line in _lines(root)}
    lines.update(f"gap: {gap.kind.value} {gap.detail}".rstrip() for _, gap in reader.gaps)
    return tuple(sorted(lines)[:_MOST_LINES])


def _lines(root: Node) -> Iterator[str]:
    for node in root.walk():
        if node.children or node.path[:1] == ("path",) or node.kind == SlotKind.KEY:
            continue
        if node.path:
            yield f"{_place(node.path)}: {_type(node)}"


def _place(path: Path) -> str:
    place = ""
    for step in path:
        if isinstance(step, int):
            place += "[]"
        else:
            place += f".{step if _PROGRAM_NAME.fullmatch(step) else '*'}"
    return place.lstrip(".")


def _type(node: Node) -> str:
    if node.kind == SlotKind.LITERAL:
        literal = str(node.value)
        return literal if literal in ("true", "false", "null") else "number"
    size = len(node.value)
    band = "0" if size == 0 else f"{10 ** (len(str(size)) - 1)}-{10 ** len(str(size)) - 1}"
    return f"{'bytes' if isinstance(node.value, bytes) else node.kind.value} {band}"
