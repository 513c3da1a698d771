"""JSON with positions: every string and whole number keeps its place, so one literal can change and nothing else does.

Duplicate keys, `1.0e5`, escapes, white space, a byte-order mark and lone surrogates survive because the source is
never written again, only spliced. Accepts what lenient servers accept: control characters in strings, NaN, Infinity.
"""

import json
import re
from dataclasses import replace

from gateway.model.inspection import GapKind
from gateway.wire.faults import CodecError, check_size
from gateway.wire.limits import DEFAULT_LIMITS, Limits
from gateway.wire.tree import Layer, Slot, SlotKind, Step, Value, as_text

_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    r'(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+")'
    r"|(?P<mark>[{}\[\],:])"
    r"|(?P<literal>-?[0-9][0-9.eE+-]*+|true|false|null|NaN|-?Infinity)"
    r")",
    re.DOTALL,
)
_SPACE = re.compile(r"[ \t\n\r]*+")
_UNUSUAL_KEY = re.compile(r"[\s@]|\d{6}|[^\x00-\x7f]")


def decode(text: str, limits: Limits = DEFAULT_LIMITS) -> Layer:
    """The layer of one JSON value that fills the whole text; raises `CodecError`."""
    start = 1 if text.startswith("\ufeff") else 0
    slots, end = scan(text, start, limits)
    if _SPACE.match(text, end).end() != len(text):  # type: ignore[union-attr]
        raise CodecError("json")
    return Layer("json", text, tuple(slots), write)


def decode_sequence(text: str, limits: Limits = DEFAULT_LIMITS) -> Layer:
    """The layer of several JSON values in a row (NDJSON, or nothing between them), `[n]` each; raises `CodecError`."""
    slots: list[Slot] = []
    position = 1 if text.startswith("\ufeff") else 0
    number = 0
    while position < len(text):
        found, position = scan(text, position, limits)
        slots.extend(replace(slot, steps=(number, *slot.steps)) for slot in found)
        number += 1
        position = _SPACE.match(text, position).end()  # type: ignore[union-attr]
    return Layer("json_lines", text, tuple(slots), write)


def scan(  # noqa: PLR0912 - one loop over tokens is the clearest state machine
    text: str, start: int = 0, limits: Limits = DEFAULT_LIMITS, *, literals: bool = False
) -> tuple[list[Slot], int]:
    """The slots of the JSON value at `start` and the position behind it; raises `CodecError`.

    `literals` gives every number, true, false and null a slot, not only whole numbers.
    """
    slots: list[Slot] = []
    closers: list[str] = []
    steps: list[Step] = []
    position = start
    wants = "value"
    match_token = _TOKEN.match
    while True:
        token = match_token(text, position)
        if token is None:
            raise CodecError("json")
        position = token.end()
        group = token.lastgroup
        piece = token[group or 0]
        if wants == "value" and group == "string":
            slots.append(Slot(tuple(steps), position - len(piece), position, unescape(piece)))
            wants = "next"
        elif wants == "value" and group == "literal":
            whole = piece.removesuffix(".0")  # as spreadsheets write whole numbers
            if literals or whole.isdigit():
                slots.append(Slot(tuple(steps), position - len(piece), position, whole, SlotKind.LITERAL))
            wants = "next"
        elif wants == "value" and group == "mark" and piece in "{[":
            if len(closers) >= limits.nesting:
                raise CodecError("json", GapKind.TOO_DEEP)
            closers.append("}" if piece == "{" else "]")
            steps.append("" if piece == "{" else 0)
            wants, position = _opened(text, position, piece)
        elif wants == "key" and group == "string":
            key = unescape(piece)
            steps[-1] = key
            if _UNUSUAL_KEY.search(key):
                slots.append(Slot((*steps, "@key"), position - len(piece), position, key, SlotKind.KEY))
            position = _expect(text, position, ":")
            wants = "value"
        elif wants == "next" and piece == "," and closers:
            wants = "key" if closers[-1] == "}" else "value"
            check_size(len(slots))
            last = steps[-1]
            if isinstance(last, int):
                steps[-1] = last + 1
        elif wants in ("next", "empty") and closers and piece == closers[-1]:
            closers.pop()
            steps.pop()
            wants = "next"
        else:
            raise CodecError("json")
        if wants == "next" and not closers:
            return slots, position


def _opened(text: str, position: int, piece: str) -> tuple[str, int]:
    """What may follow an opening bracket: its closer at once, or a first key or value."""
    ahead = _TOKEN.match(text, position)
    if ahead is not None and ahead["mark"] == ("}" if piece == "{" else "]"):
        return "empty", position
    return ("key" if piece == "{" else "value"), position


def _expect(text: str, position: int, mark: str) -> int:
    token = _TOKEN.match(text, position)
    if token is None or token["mark"] != mark:
        raise CodecError("json")
    return token.end()


def unescape(literal: str) -> str:
    """The text a JSON string literal (with its quotes) says; raises `CodecError` for a bad escape."""
    if "\\" not in literal:
        return literal[1:-1]
    try:
        value: str = json.loads(literal, strict=False)
    except ValueError as error:
        raise CodecError("json") from error
    return value


def escape(text: str, like: str = "") -> str:
    """The text as a JSON string literal, in the habits of the literal `like`: ASCII escapes, `\\/`."""
    ascii_only = like.isascii() and "\\u" in like
    literal = json.dumps(text, ensure_ascii=ascii_only)
    if not ascii_only and any("\ud800" <= sign <= "\udfff" for sign in text):
        literal = json.dumps(text, ensure_ascii=True)
    if "\\/" in like:
        literal = literal.replace("/", "\\/")
    return literal


def write(slot: Slot, new: Value, source: Value) -> str:
    """The new value as a string literal; a redacted number becomes a string, since a placeholder is one."""
    return escape(as_text(new), as_text(source[slot.start : slot.end]) if slot.kind != SlotKind.LITERAL else "")
