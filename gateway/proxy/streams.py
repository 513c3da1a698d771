"""The function an answer flows through: decompressed if need be, placeholders restored, counted, and cut off when a
reader is too slow. Synchronous; runs in the event loop for every chunk."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import brotli
import zstandard

IDENTITY = ("", "identity")


class Decompressing(Protocol):
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
        out = b""
        while chunk:
            try:
                out += self._inflate.decompress(chunk)
            except zlib.error:
                if not self._raw_allowed:
                    raise
                self._raw_allowed = False
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                continue
            self._raw_allowed = False
            chunk = self._inflate.unused_data
            if chunk:
                self._inflate = zlib.decompressobj(47)
        return out


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def decompress(self, chunk: bytes) -> bytes:
        out: bytes = self._decompressor.process(chunk)
        return out


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
            return zstandard.ZstdDecompressor().decompressobj()
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """The client's end of an answer: how many bytes wait for it, how many may, and how to be rid of it."""

    waiting: Callable[[], int]
    max_waiting: int
    cut: Callable[[], None]


class AnswerStream:
    """Give it to mitmproxy as `response.stream`. `listeners` hear the answer as the service sent it, decompressed.

    When more than allowed waits for the reader, the answer stops and the reader is cut off, once.
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
            self.was_cut = True
            self._reader.cut()
            return b""
        out = self._decompress.decompress(chunk) if self._decompress and chunk else chunk
        for listen in self._listeners:
            listen(out)
        if self._restorer is not None:
            out = self._restorer.feed(out) if chunk else self._restorer.close()
        self.bytes_out += len(out)
        return out
