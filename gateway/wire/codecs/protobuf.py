"""Protobuf without a schema: strings in length-delimited fields, by field number; lengths around an edit are rebuilt.

Whether bytes are text, a message or opaque cannot be known without the schema; `_reading` says how it is guessed.
"""

from gateway.model.inspection import GapKind
from gateway.wire.faults import CodecError, check_size
from gateway.wire.limits import DEFAULT_LIMITS, Limits
from gateway.wire.tree import Layer, Slot, Value, as_bytes

_MAX_FIELD = 100_000
_MAX_DEPTH = 32
_PRINTABLE_CONTROLS = "\t\n\r"


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS, depth: int = 0) -> Layer:
    """The layer of one message: a slot per length-delimited field, `steps` its number; raises `CodecError`.

    A slot holds text, or bytes that are a nested message (tag `message`) or opaque.
    """
    if depth > min(limits.nesting, _MAX_DEPTH):
        raise CodecError("protobuf", GapKind.TOO_DEEP)
    slots: list[Slot] = []
    position = 0
    while position < len(data):
        start = position
        key, position = read_varint(data, position)
        field, wire = key >> 3, key & 7
        if not 0 < field <= _MAX_FIELD:
            raise CodecError("protobuf")
        if wire == 0:
            _, position = read_varint(data, position)
        elif wire in (1, 5):
            position += 8 if wire == 1 else 4
        elif wire == 2:
            length_at = position
            size, position = read_varint(data, position)
            content = data[position : position + size]
            position += size
            check_size(len(slots))
            value, tag = _reading(content, limits, depth)
            slots.append(Slot((str(field),), length_at, position, value, tag=tag))
        else:
            raise CodecError("protobuf")
        if position > len(data) or position == start:
            raise CodecError("protobuf", GapKind.INCOMPLETE)
    return Layer("protobuf", data, tuple(slots), _write)


def looks_like_protobuf(data: bytes) -> bool:
    """Whether the bytes read as a message to the last byte and hold at least one string of some length."""
    try:
        layer = decode(data)
    except CodecError:
        return False
    return _longest_text(layer) >= 3


def _longest_text(layer: Layer) -> int:
    longest = 0
    for slot in layer.slots:
        if isinstance(slot.value, str):
            longest = max(longest, len(slot.value))
        elif slot.tag == "message":
            longest = max(longest, _longest_text(decode(slot.value)))
    return longest


def _reading(content: bytes, limits: Limits, depth: int) -> tuple[Value, str]:
    """Text when it is printable UTF-8, unless it opens with a control sign and reads as a message; else bytes."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    printable = text is not None and all(sign >= " " or sign in _PRINTABLE_CONTROLS for sign in text)
    if content and (not printable or content[0] < 0x20):
        try:
            inner = decode(content, limits, depth + 1)
        except CodecError as error:
            if error.kind == GapKind.TOO_DEEP:
                raise
        else:
            if not printable or sum(slot.end - slot.start for slot in inner.slots) * 2 >= len(content):
                return content, "message"
    if printable and text is not None:
        return text, ""
    return content, ""


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    """The varint at `position` and the position behind it; raises `CodecError`."""
    result = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise CodecError("protobuf", GapKind.INCOMPLETE)
        byte = data[position]
        position += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, position
    raise CodecError("protobuf")


def write_varint(number: int) -> bytes:
    """The number as a varint of the fewest bytes."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _write(_edited: Slot, new: Value, _source: Value) -> bytes:
    content = as_bytes(new)
    return write_varint(len(content)) + content
