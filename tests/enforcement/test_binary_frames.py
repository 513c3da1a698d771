"""Connect and gRPC-web answers: JSON and protobuf payloads, gzip, lengths right after restoring."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enforcement.restoration import Restorer
from gateway.model.traffic import AnswerFormat
from gateway.wire.codecs.protobuf import read_varint, write_varint
from tests.enforcement.conftest import FixedConversation

VALUES = {"[PERSOON-1]": "Fatima El Amrani, wonend aan de Kade" * 6, "[BSN-1]": "111222333"}


def frame(payload: bytes, flag: int = 0) -> bytes:
    body = gzip.compress(payload, mtime=0) if flag & 1 else payload
    return bytes([flag]) + len(body).to_bytes(4, "big") + body


def frames(data: bytes) -> list[tuple[int, bytes]]:
    out = []
    while data:
        end = 5 + int.from_bytes(data[1:5], "big")
        body = data[5:end]
        out.append((data[0], gzip.decompress(body) if data[0] & 1 else body))
        data = data[end:]
    return out


def field(number: int, content: bytes) -> bytes:
    return write_varint(number << 3 | 2) + write_varint(len(content)) + content


def message(text: str) -> bytes:
    """As Cursor answers: field 2 holds a message whose field 1 is the text; a number stands beside it."""
    return write_varint(7 << 3) + write_varint(300) + field(2, field(1, text.encode()) + field(3, b"\x08\x01"))


def text_of(payload: bytes) -> str:
    """The text back out: field 1 of field 2, and what follows it untouched."""
    inner, _ = length_delimited(payload[payload.index(b"\x12") + 1 :])
    text, rest = length_delimited(inner[1:])
    assert rest == field(3, b"\x08\x01")
    return text.decode()


def length_delimited(data: bytes) -> tuple[bytes, bytes]:
    size, at = read_varint(data, 0)
    return data[at : at + size], data[at + size :]


def run(content_type: str, data: bytes, cut: int = 0, appends: tuple[str, ...] = ()) -> bytes:
    restorer = Restorer(content_type, AnswerFormat(appends), FixedConversation(VALUES))
    size = cut or len(data)
    out = b"".join(restorer.feed(data[at : at + size]) for at in range(0, len(data), size)) + restorer.close()
    assert restorer.unrestored == 0
    return out


@pytest.mark.parametrize("flag", [0, 1], ids=["plain", "gzip"])
@pytest.mark.parametrize("content_type", ["application/connect+proto", "application/grpc-web+proto"])
def test_protobuf(content_type: str, flag: int) -> None:
    pieces = ["Beste ", "[PERS", "OON-1]", ", uw BSN is [BSN-1]", "."]
    data = b"".join(frame(message(piece), flag) for piece in pieces) + frame(b"grpc-status: 0\r\n", 0x80)
    out = run(content_type, data)
    assert run(content_type, data, 1) == out
    *answer, end = frames(out)
    assert "".join(text_of(payload) for _, payload in answer) == f"Beste {VALUES['[PERSOON-1]']}, uw BSN is 111222333."
    assert end == (0x80, b"grpc-status: 0\r\n")


def test_connect_json() -> None:
    pieces = ["Aan ", "[BS", "N-1]", " en [PERS"]
    rows = [{"op": "append", "mask": "block.text.content", "block": {"text": {"content": p}}} for p in pieces]
    data = b"".join(frame(json.dumps(row).encode()) for row in rows) + frame(b"{}", 2)
    out = frames(run("application/connect+json", data, 3, ("body.block.text.content",)))
    assert out[-1] == (2, b"{}")
    joined = "".join(json.loads(payload)["block"]["text"]["content"] for _, payload in out[:-1])
    assert joined == "Aan 111222333 en [PERS"


@given(st.binary(max_size=200), st.integers(1, 40))
@pytest.mark.parametrize("content_type", ["application/connect+proto", "application/connect+json"])
def test_any_bytes_pass(content_type: str, data: bytes, cut: int) -> None:
    assert run(content_type, data, cut) == data
