"""What passes between the gateway and a worker: a length, then JSON. Never a pickle from the side that reads strangers'
text; a result carries numbers and names of our own only.
"""

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

from gateway.detection.inspector import PartInspection
from gateway.detection.subjects import Subjects
from gateway.model.inspection import Entity, Finding, Gap, GapKind

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


def dump(parts: Sequence[PartInspection]) -> list[dict[str, Any]]:
    """Part inspections as JSON."""
    return [
        {
            "findings": [[f.entity, f.start, f.end, f.score, f.rule_id, f.validated] for f in part.findings],
            "gaps": [[gap.kind, gap.detail] for gap in part.gaps],
            "subjects": part.subjects.dump(),
            "seconds": dict(part.seconds_by_layer),
        }
        for part in parts
    ]


def load(rows: Sequence[dict[str, Any]]) -> list[PartInspection]:
    """The part inspections that `dump` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return [
        PartInspection(
            findings=tuple(
                Finding(Entity(entity), "", int(start), int(end), float(score), str(rule), bool(validated))
                for entity, start, end, score, rule, validated in row["findings"]
            ),
            gaps=tuple(Gap(GapKind(kind), detail=str(detail)) for kind, detail in row["gaps"]),
            subjects=Subjects.load(row["subjects"]),
            seconds_by_layer={str(layer): float(spent) for layer, spent in row["seconds"].items()},
        )
        for row in rows
    ]
