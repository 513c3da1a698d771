"""Connect and gRPC(-web) answers: a flag byte, a length of four bytes, a payload of JSON or protobuf, and so on.

A protobuf message is shown to the engine as a JSON object of its strings by field number, and written back from it
with every length around a changed string made again. A compressed payload that changes is sent uncompressed.
"""

import json
from collections.abc import Callable, Iterator

from gateway.enforcement.framing import Frame
from gateway.wire.codecs import compression, protobuf
from gateway.wire.faults import CodecError
from gateway.wire.tree import Value, as_bytes, as_text

_HEAD = 5
_COMPRESSED = 1
_CONNECT_END = 2
_TRAILERS = 0x80
_MAX_PAYLOAD = 1 << 24


class ConnectFraming:
    """Cuts by the lengths. A frame that cannot be read has no payload to open, and passes."""

    is_readable = False

    def cut(self, buffer: bytearray, start: int) -> int:
        """Where the last complete frame ends; 0 when there is none."""
        del start
        end = 0
        while (size := _size(buffer, end)) and end + size <= len(buffer):
            end += size
        return end

    def units(self, data: bytes) -> Iterator[bytes]:
        """The frames of `data`."""
        at = 0
        while at < len(data):
            end = at + (_size(data, at) or len(data))
            yield data[at:end]
            at = end

    def forget(self, size: int) -> None:
        """Nothing to keep; after a frame that was too large its length is lost, so the rest passes in one piece."""

    def open(self, unit: str) -> Frame | None:
        """The strings of a frame as JSON; the frame that ends a stream closes every text."""
        raw = unit.encode("utf-8", "surrogateescape")
        if len(raw) < _HEAD or raw[0] & _TRAILERS:
            return None
        body = raw[_HEAD:]
        try:
            plain = as_bytes(compression.decode(body, "gzip", _MAX_PAYLOAD).slots[0].value) if raw[0] & 1 else body
            payload, write = _json(plain) if plain[:1] in (b"{", b"[") else _protobuf(plain)
        except (CodecError, UnicodeDecodeError):
            return None
        flag = raw[0] & ~_COMPRESSED

        def build(new: str) -> str:
            return unit if new == payload else _framed(flag, write(new))

        return Frame(payload, build, lambda new: _framed(flag, write(new)), "end" if flag == _CONNECT_END else "")


def _size(data: bytes | bytearray, at: int) -> int:
    """Bytes of the frame at `at`, head included; 0 while its length is not there."""
    head = data[at : at + _HEAD]
    return _HEAD + int.from_bytes(head[1:], "big") if len(head) == _HEAD else 0


def _framed(flag: int, payload: bytes) -> str:
    return (bytes([flag]) + len(payload).to_bytes(4, "big") + payload).decode("utf-8", "surrogateescape")


def _json(plain: bytes) -> tuple[str, Callable[[str], bytes]]:
    return plain.decode(), str.encode


def _protobuf(plain: bytes) -> tuple[str, Callable[[str], bytes]]:
    texts = _texts(plain)

    def write(new: str) -> bytes:
        wanted = json.loads(new)
        return _rebuilt(plain, {path: wanted[path] for path, text in texts.items() if wanted[path] != text})

    return json.dumps(texts, ensure_ascii=False), write


def _texts(message: bytes, prefix: str = "") -> dict[str, str]:
    """The strings of a message by field numbers, `#n` for the n-th of a repeated field."""
    found: dict[str, str] = {}
    for path, value in _fields(message, prefix):
        if isinstance(value, str):
            found[path] = value
        elif value:
            found |= _texts(value, f"{path}.")
    return found


def _rebuilt(message: bytes, edits: dict[str, str], prefix: str = "") -> bytes:
    layer = protobuf.decode(message)
    changed: dict[int, Value] = {}
    for index, (path, value) in enumerate(_fields(message, prefix)):
        if path in edits:
            changed[index] = edits[path]
        elif isinstance(value, bytes) and any(edit.startswith(f"{path}.") for edit in edits):
            changed[index] = _rebuilt(value, edits, f"{path}.")
    return as_bytes(layer.rebuild(changed))


def _fields(message: bytes, prefix: str) -> Iterator[tuple[str, str | bytes]]:
    """Every length-delimited field: its path, and its text, its nested message, or nothing when it is opaque."""
    seen: dict[str, int] = {}
    for slot in protobuf.decode(message).slots:
        name = prefix + str(slot.steps[-1])
        seen[name] = seen.get(name, 0) + 1
        path = name if seen[name] == 1 else f"{name}#{seen[name]}"
        if isinstance(slot.value, str):
            yield path, as_text(slot.value)
        else:
            yield path, as_bytes(slot.value) if slot.tag == "message" else b""
