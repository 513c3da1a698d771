"""Google's length-prefixed frames: `)]}'`, then a length in UTF-16 units, a newline, JSON, a newline, and so on."""

import re

from gateway.model.inspection import GapKind
from gateway.wire.faults import CodecError, check_size
from gateway.wire.tree import Layer, Slot, Value, as_text

GUARD = ")]}'"
_GUARD = re.compile(r"\)\]\}'[,]?\s*")
_LENGTH = re.compile(r"\s*(\d{1,9})\n")
_SPACE = re.compile(r"\s*")


def utf16_length(text: str) -> int:
    """How many UTF-16 units the text takes; what JavaScript calls its length."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def utf16_end(text: str, start: int, units: int) -> int | None:
    """The position `units` UTF-16 units after `start`, or None when the text stops before or a pair would be cut."""
    position = start
    left = units
    while left > 0:
        piece = text[position : position + left]
        if not piece:
            return None
        taken = utf16_length(piece)
        if taken > left:
            if left == 1:
                return None
            piece = piece[: max(1, left // 2)]
            taken = utf16_length(piece)
        position += len(piece)
        left -= taken
    return position if left == 0 else None


def decode(text: str) -> Layer:
    """The layer of guarded frames: `[n]` per frame, or the one JSON value when there are no lengths.

    Raises `CodecError` when a length points outside the text or between two values.
    """
    guard = _GUARD.match(text)
    position = guard.end() if guard else 0
    slots: list[Slot] = []
    while position < len(text):
        length = _LENGTH.match(text, position)
        if length is None:
            break
        end = utf16_end(text, length.end(1), int(length[1]))
        if end is None:
            raise CodecError("google_frames", GapKind.INCOMPLETE)
        body = text[length.end() : end]
        stop = length.end() + len(body.rstrip("\n"))
        check_size(len(slots))
        slots.append(Slot((len(slots),), length.start(1), stop, text[length.end() : stop], tag=text[stop:end]))
        position = end
    rest = _SPACE.match(text, position)
    start = rest.end() if rest else position
    if start < len(text):
        if slots:
            raise CodecError("google_frames", GapKind.INCOMPLETE)
        slots.append(Slot((), start, len(text), text[start:], tag="bare"))
    return Layer("google_frames", text, tuple(slots), _write)


def _write(slot: Slot, new: Value, _source: Value) -> str:
    """The frame with its length counted again: from the newline after the number to the newline after the JSON."""
    body = as_text(new)
    return body if slot.tag == "bare" else f"{1 + utf16_length(body) + len(slot.tag)}\n{body}"
