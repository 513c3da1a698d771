"""Restoring the server messages of one WebSocket: SignalR records, JSON events, arrays, event streams in strings."""

import re

from gateway.enforcement.framing import Frame, Framing, JsonFraming, SseFraming
from gateway.enforcement.hiding import Hide, tokens_of
from gateway.enforcement.restoration import FAULTS, MAX_UNIT
from gateway.enforcement.streams import TextStreams, always
from gateway.enforcement.tokens import Placeholders
from gateway.model.traffic import AnswerFormat
from gateway.wire.codecs.records import RECORD_END

_SSE_START = re.compile(rb"(?:event|data|id|retry):")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_JSON_START = re.compile(rb"\s*(?:\d{1,3}(?:/[^,\s]*,)?\d*)?[{\[]")


class SocketRestorer:
    """The state of one socket. Never raises; a message it cannot read passes, or is cut when values are hidden.

    `conversation` may gain tokens while the socket lives: every message is read with what is known then.
    """

    def __init__(self, answer: AnswerFormat, conversation: Placeholders, *, hide: Hide | None = None) -> None:
        self._tokens = tokens_of(conversation, hide)
        self._streams = TextStreams(self._tokens, answer)
        self._partial = b""
        self.unrestored = 0
        """How many messages passed unrestored, or were cut (`hides`), because of their size or a fault of ours."""

    @property
    def hides(self) -> bool:
        """Whether values are taken out, so that what could not be read is cut."""
        return self._tokens.hides

    def restore(self, message: bytes) -> tuple[bytes, ...]:
        """The messages to deliver instead: one as a rule; more when held text must be let go; none while a record
        that spans messages is incomplete.
        """
        self._tokens.refresh()
        is_busy = self._partial or self._streams.waiting or self._tokens.must_open
        if not is_busy and self._tokens.hint.search(message) is None:
            return (message,)
        whole = self._partial + message
        if len(whole) > MAX_UNIT:
            self._partial = b""
            return self._unread(whole)
        if not self._partial and not _JSON_START.match(whole) and not _SSE_START.match(whole):
            return self._words(whole)
        try:
            return self._restored(whole)
        except FAULTS:
            self._partial = b""
            return self._unread(whole)

    def _unread(self, message: bytes) -> tuple[bytes, ...]:
        """What becomes of a message in which nobody could look."""
        self.unrestored += 1
        return () if self._tokens.hides else (message,)

    def _words(self, message: bytes) -> tuple[bytes, ...]:
        """A message that is plain text; one that is no text stays as it is."""
        if _NO_TEXT.search(message) and not self._tokens.hides:
            return (message,)
        try:
            text = message.decode()
        except UnicodeDecodeError:
            return (message,)
        try:
            return (self._tokens.restore(self._tokens.hidden(text), str).encode(),)
        except FAULTS:
            return self._unread(message)

    def close(self) -> tuple[bytes, ...]:
        """What is still held when the socket closes."""
        rest, self._partial = self._partial, b""
        return tuple(piece for piece in (rest, *(unit.encode() for unit in self._streams.finish())) if piece)

    def _restored(self, whole: bytes) -> tuple[bytes, ...]:
        buffer = bytearray(whole)
        framing: Framing = SseFraming() if _SSE_START.match(whole) else JsonFraming()
        end = framing.cut(buffer, 0)
        if isinstance(framing, JsonFraming) and framing.is_open:
            self._partial = bytes(buffer[end:])
            buffer = buffer[:end]
        else:
            self._partial = b""
        first: list[str] = []
        out: list[str] = []
        for unit in framing.units(bytes(buffer)):
            text = unit.decode("utf-8", "surrogateescape")
            frame = framing.open(text)
            if frame is None:
                out.append(self._tokens.hidden(text))
                continue
            *before, restored = self._streams.restore(_alone(frame, text, whole), always)
            first += before
            out.append(restored)
        message = "".join(out)
        return tuple(text.encode("utf-8", "surrogateescape") for text in [*first, message] if text)


def _alone(frame: Frame, unit: str, message: bytes) -> Frame:
    """The frame, made so that what is sent again is a message of its own: an array, a closed record, or the value."""
    if RECORD_END.encode() in message:
        return Frame(frame.payload, frame.build, lambda payload: payload + RECORD_END, frame.name)
    if message.lstrip().startswith(b"[") and not frame.payload.startswith("["):
        return Frame(frame.payload, frame.build, lambda payload: f"[{payload}]", frame.name)
    if message.startswith((b"event:", b"data:", b"id:", b"retry:")):
        return frame
    prefix = unit[: unit.index(frame.payload[0])]
    return Frame(frame.payload, frame.build, lambda payload: prefix + payload, frame.name)
