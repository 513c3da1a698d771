"""The function an answer flows through: decompressed if need be, placeholders restored, counted, and cut off when a
reader is too slow. Synchronous; runs in the event loop for every chunk."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import brotli
import zstandard

from gateway.errors import InspectionError
from gateway.model.policy import ReasonCode

IDENTITY = ("", "identity")


MOST_EXPANDED = 16_000_000
"""What one chunk of an answer may come to, decompressed: a chunk of some KB can hold gigabytes."""
_BITE = 128
"""Bytes given at a time to a decompressor that cannot be told when to stop; of zstd they come to 6 MB at most."""


class Decompressing(Protocol):
    """`decompress` raises InspectionError when a chunk comes to more than `MOST_EXPANDED`."""

    def decompress(self, chunk: bytes) -> bytes: ...


class Restoring(Protocol):
    """`gateway.enforcement.restoration.Restorer`."""

    def feed(self, chunk: bytes) -> bytes: ...
    def close(self) -> bytes: ...
    @property
    def hides(self) -> bool: ...
    @property
    def unrestored(self) -> int: ...


class _Gzip:
    """gzip and deflate, members one after another; raw deflate is what some servers mean by it."""

    def __init__(self, *, raw_allowed: bool) -> None:
        self._raw_allowed = raw_allowed
        self._inflate = zlib.decompressobj(47)

    def decompress(self, chunk: bytes) -> bytes:
        out = bytearray()
        while chunk:
            try:
                out += self._inflate.decompress(chunk, MOST_EXPANDED - len(out) + 1)
            except zlib.error:
                if not self._raw_allowed:
                    raise
                self._raw_allowed = False
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                continue
            _check(len(out))
            self._raw_allowed = False
            chunk = self._inflate.unused_data
            if chunk:
                self._inflate = zlib.decompressobj(47)
        return bytes(out)


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def decompress(self, chunk: bytes) -> bytes:
        out: bytes = self._decompressor.process(chunk, output_buffer_limit=MOST_EXPANDED + 1)
        _check(len(out))
        return out


class _Zstd:
    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor().decompressobj(read_across_frames=True)

    def decompress(self, chunk: bytes) -> bytes:
        out = bytearray()
        for at in range(0, len(chunk), _BITE):
            out += self._decompressor.decompress(chunk[at : at + _BITE])
            _check(len(out))
        return bytes(out)


def _check(size: int) -> None:
    if size > MOST_EXPANDED:
        raise InspectionError(ReasonCode.TOO_LARGE)


def decompressor(encoding: str) -> Decompressing | None:
    """An incremental decompressor for a content-encoding; None when there is none for it."""
    match encoding.strip().lower():
        case "gzip" | "x-gzip":
            return _Gzip(raw_allowed=False)
        case "deflate":
            return _Gzip(raw_allowed=True)
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """The client's end of an answer: how many bytes wait for it, how many may, and how to be rid of it."""

    waiting: Callable[[], int]
    max_waiting: int
    cut: Callable[[], None]


class AnswerStream:
    """Give it to mitmproxy as `response.stream`. `listeners` hear the answer as the service sent it, decompressed.

    When more than allowed waits for the reader, or a chunk comes to too much, the answer stops and the reader is cut
    off, once: nobody may take what came for the whole.
    """

    def __init__(
        self,
        restorer: Restoring | None,
        decompress: Decompressing | None,
        reader: Reader,
        listeners: Sequence[Callable[[bytes], None]] = (),
    ) -> None:
        self._restorer = restorer
        self._decompress = decompress
        self._reader = reader
        self._listeners = listeners
        self.was_cut = False
        self.bytes_out = 0

    @property
    def restorer(self) -> Restoring | None:
        """What restores this answer."""
        return self._restorer

    def __call__(self, chunk: bytes) -> bytes:
        """The bytes to send on now; an empty chunk ends the answer."""
        if self.was_cut:
            return b""
        if self._reader.waiting() > self._reader.max_waiting:
            self._cut()
            return b""
        out = self._decompressed(chunk)
        for listen in self._listeners:
            listen(out)
        if self._restorer is not None:
            out = self._restorer.feed(out) if chunk else self._restorer.close()
        self.bytes_out += len(out)
        return out

    def _decompressed(self, chunk: bytes) -> bytes:
        if self._decompress is None or not chunk:
            return chunk
        try:
            return self._decompress.decompress(chunk)
        except InspectionError:
            self._cut()
            raise

    def _cut(self) -> None:
        self.was_cut = True
        self._reader.cut()
