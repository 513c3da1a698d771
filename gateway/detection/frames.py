"""What passes between the gateway and a worker: a length, then JSON. Never a pickle from the side that reads strangers'
text; a result carries numbers and names of our own only.
"""

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from gateway.detection.inspector import PartInspection

HEADER = struct.Struct("!I")


def encode(payload: Any) -> bytes:  # noqa: ANN401 - any JSON
    """One frame. Lone surrogates in texts survive, as JSON escapes."""
    body = json.dumps(payload, separators=(",", ":")).encode("ascii")
    return HEADER.pack(len(body)) + body


def receive(connection: socket.socket) -> Any:  # noqa: ANN401 - any JSON
    """The next frame of a blocking socket; None when the other side has closed it."""
    header = _exactly(connection, HEADER.size)
    body = header and _exactly(connection, HEADER.unpack(header)[0])
    return json.loads(body) if body else None


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = connection.recv(min(size - len(data), 1 << 20))
        if not chunk:
            return b""
        data += chunk
    return bytes(data)


_PARTS = TypeAdapter(list[PartInspection])


def dump(parts: Sequence[PartInspection]) -> list[dict[str, Any]]:
    """Part inspections as JSON."""
    rows: list[dict[str, Any]] = _PARTS.dump_python(list(parts), mode="json")
    return rows


def load(rows: Sequence[dict[str, Any]]) -> list[PartInspection]:
    """The part inspections that `dump` wrote. Raises ValueError for anything else."""
    return _PARTS.validate_python(rows)
