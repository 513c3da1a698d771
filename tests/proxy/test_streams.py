"""Answers in pieces: decompressed whatever the cuts, counted, and cut off when the reader is too slow."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InspectionError
from gateway.proxy.streams import MOST_EXPANDED, AnswerStream, Reader, decompressor

CODECS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


class Upper:
    """Stands for a restorer: changes the text and keeps one byte back."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        whole = self._held + chunk.upper()
        self._held = whole[-1:]
        return whole[:-1]

    def close(self) -> bytes:
        return self._held


def run(stream: AnswerStream, data: bytes, size: int) -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(stream(piece) for piece in [*pieces, b""])


@pytest.mark.parametrize("encoding", CODECS)
@given(data=st.binary(max_size=500), size=st.integers(1, 40))
def test_compressed_answers_are_restored_on_their_text(encoding: str, data: bytes, size: int) -> None:
    """Design §5: the callable gets compressed bytes."""
    heard: list[bytes] = []
    reader = Reader(lambda: 0, 1, lambda: pytest.fail("cut"))
    stream = AnswerStream(Upper(), decompressor(encoding), reader, [heard.append])
    assert run(stream, CODECS[encoding](data), size) == data.upper()
    assert stream.bytes_out == len(data)
    assert b"".join(heard) == data


@pytest.mark.parametrize("encoding", CODECS)
def test_a_bomb_is_not_unpacked_and_the_reader_is_cut_off(encoding: str) -> None:
    """Some KB became as many bytes as they liked, in the event loop."""
    bomb = CODECS[encoding](bytes(100_000_000))
    cuts: list[int] = []
    stream = AnswerStream(None, decompressor(encoding), Reader(lambda: 0, 1, lambda: cuts.append(1)))
    tracemalloc.start()
    try:
        with pytest.raises(InspectionError):
            stream(bomb)
        assert tracemalloc.get_traced_memory()[1] < 3 * MOST_EXPANDED
    finally:
        tracemalloc.stop()
    assert (stream.was_cut, cuts) == (True, [1])
    assert stream(b"more") == b""


@pytest.mark.parametrize("encoding", CODECS)
def test_what_comes_to_a_little_less_is_unpacked(encoding: str) -> None:
    found = decompressor(encoding)
    assert found is not None
    assert found.decompress(CODECS[encoding](bytes(MOST_EXPANDED))) == bytes(MOST_EXPANDED)


def test_raw_deflate_and_gzip_members_are_read() -> None:
    raw = zlib.compressobj(wbits=-15)
    data = raw.compress(b"abc") + raw.flush()
    found = decompressor("deflate")
    assert found is not None
    assert found.decompress(data) == b"abc"
    members = decompressor("gzip")
    assert members is not None
    assert members.decompress(gzip.compress(b"a") + gzip.compress(b"b")) == b"ab"
    frames = decompressor("zstd")
    assert frames is not None
    assert frames.decompress(CODECS["zstd"](b"a" * 500) + CODECS["zstd"](b"b")) == b"a" * 500 + b"b"


def test_there_is_no_decompressor_for_what_nobody_knows() -> None:
    assert decompressor("x-own") is None


def test_a_slow_reader_ends_the_answer() -> None:
    """Engine fact: HTTP/2 flow control is not passed on, so an unread answer fills the memory."""
    waiting, cuts = [0], []
    stream = AnswerStream(None, None, Reader(lambda: waiting[0], 10, lambda: cuts.append(1)))
    assert stream(b"one") == b"one"
    waiting[0] = 11
    assert stream(b"two") == b""
    waiting[0] = 0
    assert stream(b"three") == b""
    assert stream.was_cut
    assert cuts == [1]
