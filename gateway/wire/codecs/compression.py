"""Content encodings: gzip, deflate, Brotli, Zstandard; bounded while expanding, and packed again the same way."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import zstandard

from gateway.model.inspection import GapKind
from gateway.wire.faults import CodecError
from gateway.wire.tree import Layer, Slot, Value, as_bytes

ENCODINGS = ("gzip", "x-gzip", "deflate", "br", "zstd")
_GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def sniff(data: bytes) -> str:
    """The encoding the bytes show by their first bytes, "" when none."""
    if data.startswith(_GZIP_MAGIC):
        return "gzip"
    return "zstd" if data.startswith(_ZSTD_MAGIC) else ""


def decode(data: bytes, encoding: str, limit: int) -> Layer:
    """The layer of one content encoding, its expanded bytes at most `limit`; raises `CodecError`."""
    expanded = _EXPAND[encoding](data, limit)
    return Layer(encoding, data, (Slot((), 0, len(data), expanded, tag=encoding),), _write)


def pack(data: bytes, encoding: str) -> bytes:
    """The bytes in this encoding; the same bytes always give the same result."""
    return _PACK[encoding](data)


def _write(slot: Slot, new: Value, _source: Value) -> bytes:
    return pack(as_bytes(new), slot.tag)


def _inflate(data: bytes, limit: int, window: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    rest = data
    while rest:
        stream = zlib.decompressobj(window)
        try:
            piece = stream.decompress(rest, limit - size + 1)
        except zlib.error as error:
            raise CodecError("compression") from error
        size += len(piece)
        if size > limit:
            raise CodecError("compression", GapKind.TOO_LARGE)
        if not stream.eof:
            raise CodecError("compression", GapKind.INCOMPLETE)
        pieces.append(piece)
        rest = stream.unused_data
    return b"".join(pieces)


def _gunzip(data: bytes, limit: int) -> bytes:
    return _inflate(data, limit, zlib.MAX_WBITS | 16)


def _undeflate(data: bytes, limit: int) -> bytes:
    """Both readings of `deflate` that servers accept: with the zlib header, and raw."""
    try:
        return _inflate(data, limit, zlib.MAX_WBITS)
    except CodecError as error:
        if error.kind != GapKind.UNREADABLE:
            raise
        return _inflate(data, limit, -zlib.MAX_WBITS)


def _unbrotli(data: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    pieces: list[bytes] = []
    size = 0
    feed = data
    try:
        while not stream.is_finished():
            piece = stream.process(feed, output_buffer_limit=min(limit - size + 1, 1 << 20))
            feed = b""
            size += len(piece)
            if size > limit:
                raise CodecError("compression", GapKind.TOO_LARGE)
            if not piece and not stream.is_finished() and stream.can_accept_more_data():
                raise CodecError("compression", GapKind.INCOMPLETE)
            pieces.append(piece)
    except brotli.error as error:
        raise CodecError("compression") from error
    return b"".join(pieces)


def _unzstd(data: bytes, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(data, read_across_frames=True)
        while piece := reader.read(1 << 18):
            size += len(piece)
            if size > limit:
                raise CodecError("compression", GapKind.TOO_LARGE)
            pieces.append(piece)
    except zstandard.ZstdError as error:
        raise CodecError("compression") from error
    expanded = b"".join(pieces)
    if not _zstd_is_whole(data, expanded):
        raise CodecError("compression", GapKind.INCOMPLETE)
    return expanded


def _zstd_is_whole(data: bytes, expanded: bytes) -> bool:
    """A stream reader ends silently on a cut frame, so the frames are walked again for their end marks."""
    rest = data
    size = 0
    while rest:
        stream = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
        size += len(stream.decompress(rest))
        if not stream.eof:
            return False
        rest = stream.unused_data
    return size == len(expanded)


_EXPAND: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
_PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "x-gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": lambda data: bytes(brotli.compress(data, quality=5)),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}
