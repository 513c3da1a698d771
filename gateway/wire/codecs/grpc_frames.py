"""gRPC, gRPC-web and Connect framing: a flag byte, a length of four bytes, a payload (perhaps gzip), and so on."""

from gateway.model.inspection import GapKind
from gateway.wire.codecs import compression
from gateway.wire.faults import CodecError, check_size
from gateway.wire.tree import Layer, Slot, Value, as_bytes

_HEAD = 5
_FLAGS = frozenset((0, 1, 2, 3, 0x80, 0x81))


def decode(data: bytes, encoding: str = "gzip", limit: int = 1 << 26) -> Layer:
    """The layer of framed messages: `[n]` per payload, unpacked when its flag says so; raises `CodecError`."""
    slots: list[Slot] = []
    position = 0
    while position < len(data):
        head = data[position : position + _HEAD]
        if len(head) < _HEAD:
            raise CodecError("grpc_frames", GapKind.INCOMPLETE)
        if head[0] not in _FLAGS:
            raise CodecError("grpc_frames")
        end = position + _HEAD + int.from_bytes(head[1:], "big")
        if end > len(data):
            raise CodecError("grpc_frames", GapKind.INCOMPLETE)
        payload = data[position + _HEAD : end]
        tag = ""
        if head[0] & 1 and payload:
            tag = encoding if encoding in compression.ENCODINGS else "gzip"
            payload = as_bytes(compression.decode(payload, tag, limit).slots[0].value)
            limit -= len(payload)
        slots.append(Slot((len(slots),), position, end, payload, tag=tag))
        check_size(len(slots))
        position = end
    return Layer("grpc_frames", data, tuple(slots), _write)


def looks_like_frames(data: bytes) -> bool:
    """Whether flags and lengths fit the bytes to the last one."""
    try:
        return bool(decode(data).slots)
    except CodecError:
        return False


def _write(slot: Slot, new: Value, source: Value) -> bytes:
    payload = as_bytes(new)
    if slot.tag:
        payload = compression.pack(payload, slot.tag)
    return as_bytes(source)[slot.start : slot.start + 1] + len(payload).to_bytes(4, "big") + payload
