"""The words of an answer as the tool sent them, so that personal data the tool produced itself can be counted.

Our own values are not in it: it reads the answer before restoration, where they still are placeholders.
"""

from collections.abc import Iterable

from gateway.enforcement.choosing import Unframed, choose
from gateway.enforcement.events import Event, Piece, Skeleton
from gateway.enforcement.framing import Framing, JsonFraming, SseFraming
from gateway.enforcement.html_frames import HtmlFrames
from gateway.enforcement.restoration import FAULTS
from gateway.enforcement.selection import matcher
from gateway.model.traffic import AnswerFormat
from gateway.wire.tree import Path

MAX_BYTES = 512 * 1024
"""Bytes of one answer that are kept to be read; what comes after is not inspected."""

type _Key = tuple[Path, tuple[str, ...], tuple[tuple[str, str], ...]]


class AnswerText:
    """Keeps the beginning of one answer; `texts` takes it apart when the answer has ended (CPU work: use a thread)."""

    def __init__(self, content_type: str, answer: AnswerFormat) -> None:
        self._type = content_type
        self._appends = matcher(answer.appends)
        self._declares = bool(answer.appends)
        self._messages: list[bytes] = []
        self._size = 0
        self.is_complete = True
        """False when the answer was longer than what is kept."""

    def feed(self, data: bytes) -> None:
        """A chunk of an HTTP answer, or one message of a WebSocket, as it came from the service."""
        room = MAX_BYTES - self._size
        self.is_complete = self.is_complete and len(data) <= room
        if room > 0 and data:
            self._messages.append(bytes(data[:room]))
            self._size += min(len(data), room)

    def texts(self) -> tuple[str, ...]:
        """The texts of the answer: pieces put together, of snapshots the last one, no copies. Empty when unreadable."""
        whole = b"".join(self._messages)
        choice = choose(self._type, whole[:512], final=True)
        if isinstance(choice, Unframed) or choice is None:
            return (whole.decode("utf-8", "replace"),) if choice is Unframed.WORDS else ()
        if isinstance(choice, HtmlFrames):
            return HtmlFrames.words(whole.decode("utf-8", "replace"))
        joined = _Joined()
        snapshots = isinstance(choice, JsonFraming) and choice.is_counted
        self._read(choice, whole, joined, declared=snapshots or self._declares)
        return joined.texts()

    def _read(self, framing: Framing, data: bytes, joined: "_Joined", *, declared: bool) -> None:
        framing.cut(bytearray(data), 0)
        skeleton: Skeleton | None = None
        for unit in framing.units(data):
            frame = framing.open(unit.decode("utf-8", "replace"))
            if frame is None:
                continue
            try:
                event = Event.filled(skeleton, frame) if skeleton else None
                if event is None:
                    event = Event(frame, self._appends, declared=declared, holding=True)
                    skeleton = event.skeleton() if _repeats(event.pieces) else None
            except FAULTS:
                self.is_complete = False
                continue
            for leaf in event.nested_streams:
                self._read(SseFraming(), leaf.text.encode("utf-8", "replace"), joined, declared=declared)
            for piece in event.pieces:
                joined.add(piece)


def _repeats(pieces: Iterable[Piece]) -> bool:
    """Whether all texts but the growing one may come again, unread, without a difference to what is joined."""
    return all(piece.is_label or piece.grows or (piece.grows is False and " " not in piece.text) for piece in pieces)


class _Joined:
    """Texts under construction, each with what tells it from the others; a patch goes on with what an object began."""

    def __init__(self) -> None:
        self._texts: dict[_Key, str] = {}
        self._begun = ""

    def add(self, piece: Piece) -> None:
        if piece.is_label or not piece.text:
            return
        path = (piece.pointer if piece.grows is False else "",) if piece.pointer is not None else piece.leaf.path
        key = (path, piece.kind, tuple(sorted(piece.identity.items())))
        before = self._texts.get(key, "")
        if piece.grows and piece.pointer is not None and not before:
            before, self._begun = self._begun, ""
        elif piece.grows is False and piece.pointer is None and " " in piece.text:
            self._begun = piece.text
        replaces = piece.grows is False or (piece.grows is None and piece.text.startswith(before))
        self._texts[key] = piece.text if replaces else before + piece.text

    def texts(self) -> tuple[str, ...]:
        found = dict.fromkeys(text.replace("\0", "") for text in self._texts.values() if " " in text or len(text) > 8)
        return tuple(text for text in found if not any(text != other and text in other for other in found))
