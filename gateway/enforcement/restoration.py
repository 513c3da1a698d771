"""Restoring an answer while it streams: bytes in, bytes out, whatever the shape and however it was cut."""

from functools import partial

from gateway.enforcement.choosing import Unframed, choose
from gateway.enforcement.framing import Frame, Framing, JsonFraming
from gateway.enforcement.hiding import Hide, tokens_of
from gateway.enforcement.html_frames import HtmlFrames
from gateway.enforcement.json_text import Document
from gateway.enforcement.streams import TextStreams
from gateway.enforcement.tokens import Placeholders
from gateway.errors import GatewayError
from gateway.model.traffic import AnswerFormat
from gateway.wire.tree import Path

MAX_UNIT = 8 * 1024 * 1024
"""Bytes of one event, line or JSON value that are kept to be restored; a longer one passes as it is, or is cut."""

LARGE = 64 * 1024
"""Bytes of a JSON document from which restoring without parsing is tried first."""

FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, GatewayError)
"""What a fault of ours in one unit can raise. That unit then passes with its placeholders, which are safe; where
values are hidden it is cut.
"""

_MEDIA = ("image/", "audio/", "video/", "font/")

_OVERLAP = 4


class Restorer:
    """Restores one answer. Synchronous, bounded, and it never raises: on trouble a unit passes unrestored, or is cut
    when values are hidden, since nobody looked for them in it.

    Holds: an event without a token keeps its bytes; the output does not depend on how the answer was cut into
    chunks; nothing is held but the unit that is still arriving and the start of a token at the end of a text.
    """

    def __init__(
        self, content_type: str, answer: AnswerFormat, conversation: Placeholders, *, hide: Hide | None = None
    ) -> None:
        """`hide` also takes out what the tool itself wrote; see `gateway.enforcement.hiding`."""
        self._type = content_type
        self._tokens = tokens_of(conversation, hide)
        self._answer = answer
        self._streams = TextStreams(self._tokens, answer)
        self._framing: Framing | HtmlFrames | None = None
        self._cuts_unknown = bool(hide and hide.whole) and not content_type.lower().startswith(_MEDIA)
        self._passing = not self._tokens
        self._cutting = False
        self._plain = False
        self._buffer = bytearray()
        self._clean = 0
        self._units = 0
        self._skipping = False
        self._closing = False
        self.unrestored = 0
        """How many units passed unrestored, or were cut (`hides`), because of their size, shape or a fault of ours."""

    @property
    def hides(self) -> bool:
        """Whether values are taken out, so that what could not be read is cut."""
        return self._tokens.hides

    def feed(self, chunk: bytes) -> bytes:
        """What can be sent on now."""
        if self._cutting:
            return b""
        if self._passing:
            return chunk
        self._buffer += chunk
        if self._framing is None and not self._plain and not self._choose(final=False):
            return b""
        return self._ready(final=False)

    def close(self) -> bytes:
        """What is left when the answer has ended."""
        if self._passing:
            return b""
        if self._framing is None and not self._plain:
            self._choose(final=True)
        self._closing = True
        held = self._held_back()
        rest = self._ready(final=True)
        rest = held + rest + self._held_back()
        self._passing = True
        return rest

    def _held_back(self) -> bytes:
        """What is held, as units of their own: before what only closes the answer, after a last unit that is open."""
        if self._passing or self._framing is None or self._opens(bytes(self._buffer)):
            return b""
        try:
            return _bytes("".join(self._streams.finish()))
        except FAULTS:
            self.unrestored += 1
            return b""

    def _opens(self, rest: bytes) -> bool:
        """Whether the end of the answer is a unit with a text in it."""
        if not rest.strip() or self._framing is None or isinstance(self._framing, HtmlFrames):
            return False
        frame = self._framing.open(rest.decode("utf-8", "surrogateescape"))
        return frame is not None and Document.parse(frame.payload) is not None

    def _choose(self, *, final: bool) -> bool:
        """Settle how the answer is cut; False when more of it is needed for that."""
        choice = choose(self._type, bytes(memoryview(self._buffer)[:512]), final=final)
        if choice is None:
            return False
        self._plain = choice is Unframed.WORDS
        self._passing = choice is Unframed.OPAQUE
        self._cutting = self._passing and self._tokens.hides and self._cuts_unknown
        self.unrestored += self._cutting
        self._framing = None if isinstance(choice, Unframed) else choice
        if isinstance(choice, JsonFraming) and choice.is_counted:
            self._streams = TextStreams(self._tokens, self._answer, snapshots=True)
        return True

    def _ready(self, *, final: bool) -> bytes:
        self._tokens.refresh()
        if self._framing is None:
            return self._plain_text(final=final)
        end = self._framing.cut(self._buffer, self._clean)
        if final:
            end = len(self._buffer)
        data = bytes(memoryview(self._buffer)[:end])
        del self._buffer[:end]
        self._clean = len(self._buffer)
        passed = b""
        if len(self._buffer) > MAX_UNIT:
            size = len(self._buffer) - _OVERLAP
            passed = bytes(memoryview(self._buffer)[:size])
            del self._buffer[:size]
            self._framing.forget(size)
            self._clean = 0
            self.unrestored += not self._skipping
        done = self._restored(data)
        self._skipping = self._skipping or bool(passed)
        return done if self._tokens.hides else done + passed

    def _plain_text(self, *, final: bool) -> bytes:
        text = self._buffer.decode("utf-8", "surrogateescape")
        self._buffer.clear()
        if self._passing:
            return b"" if self._cutting else _bytes(text)
        try:
            body, tail, padding = ("", "", "") if final else self._tokens.split_prose(text)
            if tail and not padding:
                self._buffer += _bytes(tail)
                text = body
            return _bytes(self._tokens.restore(self._tokens.hidden(text), str))
        except FAULTS:
            return self._unread(_bytes(text))

    def _unread(self, unit: bytes) -> bytes:
        """What becomes of a unit in which nobody could look."""
        self.unrestored += 1
        return b"" if self._tokens.hides else unit

    def _restored(self, data: bytes) -> bytes:
        framing = self._framing
        if not data or framing is None:
            return data
        must_open = self._tokens.must_open or not framing.is_readable
        if not (self._skipping or must_open or self._streams.waiting) and self._tokens.hint.search(data) is None:
            self._units += 1
            return data
        out: list[bytes] = []
        for unit in framing.units(data):
            if self._skipping or len(unit) > MAX_UNIT:
                self.unrestored += not self._skipping
                self._skipping = False
                out.append(b"" if self._tokens.hides else unit)
            elif not (must_open or self._streams.waiting) and self._tokens.hint.search(unit) is None:
                out.append(unit)
            else:
                out.append(self._unit(framing, unit))
            self._units += 1
        return b"".join(out)

    def _unit(self, framing: Framing | HtmlFrames, unit: bytes) -> bytes:
        text = unit.decode("utf-8", "surrogateescape")
        try:
            if isinstance(framing, HtmlFrames):
                return _bytes(framing.restore(text, self._tokens))
            is_document = self._units == 0 and len(unit) > LARGE and text.startswith("{")
            if is_document and (whole := self._tokens.restore_everywhere(unit)) is not None:
                return whole
            frame = framing.open(text)
            if frame is None:
                return unit if self._tokens.hidden(text) == text else self._unread(unit)
            return _bytes("".join(self._streams.restore(frame, partial(self._carries, frame))))
        except FAULTS:
            return self._unread(unit)

    def _carries(self, frame: Frame, path: Path, grows: bool) -> bool:
        """Whether a text may go on in a later unit. A JSON document stands alone, unless its strings say they grow."""
        if self._closing:
            return False
        if not isinstance(self._framing, JsonFraming) or self._framing.is_series:
            return True
        if grows or ("candidates" in path and "parts" in path):
            return True
        return self._units > 0 and not frame.is_item


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
