"""The encoder is cut out of a file of the package's own format."""

import struct

import numpy as np
import pytest

from nl_models.training.encoder_source import cut, four_bits, parse

WIDTH, INNER, LAYERS = 32, 64, 6
PIECES = ["<s>", "▁van", "▁de"]


def block(value: int) -> bytes:
    """32 weights of `value` (-8 … 7) with scale 0.5."""
    nibble = value + 8
    return np.float16(0.5).tobytes() + bytes([nibble << 4 | nibble]) * 16


def archive() -> bytes:
    """A file with three word pieces and six tiny layers."""
    blob = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = (
        b"E5S1"
        + struct.pack("<I", 1)
        + struct.pack("<7i", WIDTH, LAYERS, 1, INNER, 3, 2, 1)
        + struct.pack("<fi", 1e-12, 32)
    )
    head += struct.pack("<i", 3) + struct.pack("<4i", 0, 2, 1, 3) + struct.pack("<Q", len(blob))
    head += offsets.tobytes() + np.zeros(3, "<f4").tobytes() + blob + struct.pack("<iI", 0, 0)
    quantised = {"emb.word": block(1) + block(2) + block(-3)}
    quantised |= {f"l{layer}.q.w": block(layer) * WIDTH for layer in range(LAYERS)}
    floats = {"emb.pos": 2 * WIDTH, "emb.type": WIDTH, "emb.ln.w": WIDTH, "emb.ln.b": WIDTH}
    tensors = [(name, 1, raw) for name, raw in quantised.items()]
    tensors += [(name, 0, np.ones(size, "<f4").tobytes()) for name, size in floats.items()]
    directory_size = 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, _, _ in tensors)
    offset = len(head) + directory_size
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, kind, raw in tensors:
        directory += (
            struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, len(raw) // 4, offset, len(raw))
        )
        offset += len(raw)
        body += raw
    return head + directory + body


def test_low_nibbles_come_first() -> None:
    raw = np.frombuffer(np.float16(2.0).tobytes() + bytes([0x9A]) + bytes([0x88]) * 15, np.uint8)
    values = four_bits(raw)[0]
    assert values[0] == 4
    assert values[16] == 2
    assert not values[1:16].any()


def test_pieces_and_layers_are_cut_out() -> None:
    pieces, tensors = parse(archive())
    assert pieces == PIECES
    arrays = cut(pieces, tensors, ["▁de", "<s>"])
    assert arrays["emb.word"][:, 0].tolist() == [-1.5, 0.5]
    assert arrays["emb.pos"].shape == (2, WIDTH)
    assert [float(arrays[f"l{layer}.q.w"][0, 0]) for layer in range(LAYERS)] == [0, 0.5, 1, 1.5, 2, 2.5]


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no E5S1 file"):
        parse(b"PK\x03\x04")
