"""Texts that arrive in pieces: what is held back of one, which later piece continues it, and when it is let go.

Only the end of a piece that may be the start of a token is held. It goes in front of the piece that continues the
same text. If none comes, the event it was taken from is sent once more with only that end in it (a snapshot: with all
of its text), before the event that closes the text or at the end of the answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gateway.enforcement.events import Event, Piece, Skeleton
from gateway.enforcement.framing import Frame, SseFraming
from gateway.enforcement.json_text import Leaf, escape
from gateway.enforcement.selection import matcher
from gateway.enforcement.tokens import TokenSet
from gateway.model.traffic import AnswerFormat
from gateway.wire.tree import Path

MAX_AGE = 400
"""Events a held end waits for its continuation."""

MAX_HELD = 64
MAX_TEMPLATE = 256 * 1024
"""Ends held at the same time, and characters of an event that may be sent again; beyond these nothing is held."""


def always(_path: Path, _grows: bool) -> bool:
    """For answers in which any text may go on in the next event."""
    return True


@dataclass(slots=True, eq=False)
class _Held:
    """The end of one text, the piece it was cut from, and the event, to be sent again if need be."""

    tail: str
    whole: str
    piece: Piece
    frame: Frame
    age: int = 0


class TextStreams:
    """Restores the events of one answer, one after another."""

    def __init__(self, tokens: TokenSet, answer: AnswerFormat, *, snapshots: bool = False) -> None:
        """`snapshots`: in this framing every event holds its text from the beginning."""
        self._tokens = tokens
        self._snapshots = snapshots
        self._answer = answer
        self._appends = matcher(answer.appends)
        self._held: list[_Held] = []
        self._growing: set[Path] = set()
        self._prose: set[Path] = set()
        self._skeleton: Skeleton | None = None
        self._inner: TextStreams | None = None
        self._inner_frame: Frame | None = None

    @property
    def waiting(self) -> bool:
        """Whether something is held, so that the next event must be looked at."""
        return bool(self._held) or (self._inner is not None and self._inner.waiting)

    def restore(self, frame: Frame, carries: Callable[[Path, bool], bool]) -> list[str]:
        """The units to send: the event with values for tokens, and before it what had to be let go.

        `carries(path, grows)` says whether the text at a path may be continued in a later event.
        """
        event = self._read(frame)
        for leaf in event.nested_streams:
            leaf.new = self._restore_nested(leaf, frame)
        texts = self._join(event)
        copies = [piece for piece in event.pieces if any(_copies(piece, held) for held in self._held)]
        before = self._let_go(event, copies)
        for piece, text in zip(event.pieces, texts, strict=True):
            is_prose = self._is_prose(piece, text)
            body, tail, padding = self._tokens.split_prose(text) if is_prose else self._tokens.split_tail(text)
            if tail and self._may_go_on(piece, event, carries) and piece not in copies:
                piece.leaf.new = self._restored(piece, body) + padding
                self._held.append(_Held(tail, text, piece, frame))
            else:
                piece.leaf.new = self._restored(piece, text)
        return [*before, frame.build(event.render())]

    def finish(self) -> list[str]:
        """What is still held, in events of its own."""
        held, self._held = self._held, []
        units = self._again(held)
        if self._inner is not None and self._inner_frame is not None and (rest := self._inner.finish()):
            event = self._read(self._inner_frame)
            for leaf in event.nested_streams[:1]:
                leaf.new = "".join(rest)
                units.append(self._inner_frame.again(event.render()))
        return units

    def _is_prose(self, piece: Piece, text: str) -> bool:
        """Whether people read this: it grows, it holds a space, or one like it did. The rest are codes, sent whole."""
        if piece.grows is True or piece.leaf.path in self._prose:
            return True
        if " " in text and len(self._prose) < MAX_HELD:
            self._prose.add(piece.leaf.path)
        return " " in text

    def _may_go_on(self, piece: Piece, event: Event, carries: Callable[[Path, bool], bool]) -> bool:
        """Whether what ends this piece may be the start of a token that a later event ends."""
        if piece.is_label or len(self._held) >= MAX_HELD or len(event.frame.payload) > MAX_TEMPLATE:
            return False
        return carries(piece.leaf.path, piece.grows is True) and not event.closes(piece.identity)

    def _read(self, frame: Frame, *, holding: bool = False) -> Event:
        if self._skeleton is not None and (event := Event.filled(self._skeleton, frame)) is not None:
            return event
        declared = self._snapshots or bool(self._answer.appends)
        everything = holding or bool(self._held) or self._tokens.must_open
        event = Event(frame, self._appends, declared=declared, holding=everything)
        reusable = len(frame.payload) <= MAX_TEMPLATE and not self._tokens.must_open
        self._skeleton = event.skeleton() if reusable else None
        return event

    def _restored(self, piece: Piece, text: str) -> str:
        text = text if piece.is_label else self._tokens.hidden(text)
        return self._tokens.restore(text, escape if piece.is_code else str)

    def _join(self, event: Event) -> list[str]:
        """The text of every piece, with what was held put in front of the piece that continues it."""
        texts: list[str] = []
        for number, piece in enumerate(event.pieces):
            text = self._continue(piece) + piece.text
            if number and (previous := event.pieces[number - 1]) and piece.is_beside(previous):
                body, tail, padding = self._tokens.split_prose(texts[-1])
                if tail and self._tokens.continues(tail, text):
                    texts[-1] = body + padding
                    text = tail + text
            texts.append(text)
        return texts

    def _continue(self, piece: Piece) -> str:
        """The held end that this piece continues, no longer held; "" when there is none."""
        for held in self._held:
            if piece.is_label or not piece.text or not piece.agrees(held.piece.identity):
                continue
            if _same_text(held.piece, piece):
                if self._is_new_snapshot(held, piece):
                    self._drop_twins(held)
                    return ""
                self._held.remove(held)
                self._growing.add(piece.leaf.path)
                return held.tail
            if self._continues_elsewhere(held, piece):
                self._drop_twins(held)
                return held.tail
        return ""

    def _continues_elsewhere(self, held: _Held, piece: Piece) -> bool:
        """A text can go on at another path: a first snapshot in pieces, the next item of an array, a patch."""
        if piece.grows is not True and (piece.grows is False or held.piece.grows is not None):
            return False
        if self._tokens.completes(held.tail, piece.text):
            return True
        if piece.grows and held.piece.grows is not True:
            return True
        return piece.pointer is not None and self._tokens.may_start(held.tail + piece.text)

    def _is_new_snapshot(self, held: _Held, piece: Piece) -> bool:
        """The same text once more from its beginning, longer, instead of what follows it."""
        if piece.grows is None and piece.leaf.path not in self._growing:
            return len(held.whole) >= self._tokens.shortest_snapshot and piece.text.startswith(held.whole)
        return piece.grows is False

    def _drop_twins(self, held: _Held) -> None:
        """An event can carry the same text twice (text and card); what ended both is dealt with once."""
        self._held = [other for other in self._held if other.frame is not held.frame or other.tail != held.tail]

    def _let_go(self, event: Event, copies: list[Piece]) -> list[str]:
        """Held ends whose text is closed or copied by this event, goes on at another place, or waited too long."""
        ready = []
        for held in self._held:
            held.age += 1
            goes_on = any(_overtakes(piece, held.piece) for piece in event.pieces)
            copied = any(_copies(piece, held) for piece in copies)
            if goes_on or copied or held.age > MAX_AGE or event.closes(held.piece.identity):
                ready.append(held)
        self._held = [held for held in self._held if held not in ready]
        return self._again(ready)

    def _again(self, ready: Iterable[_Held]) -> list[str]:
        """The events of these ends once more: an added text with only its end, a snapshot with all of its text."""
        units = []
        frames = {id(held.frame): held.frame for held in ready}
        for frame in frames.values():
            tails = {held.piece.leaf.path: held.tail for held in ready if held.frame is frame}
            added = {held.piece.leaf.path[:-1] for held in ready if held.frame is frame and held.piece.adds_item}
            event = self._read(frame, holding=True)
            for piece in event.pieces:
                if piece.is_label:
                    piece.leaf.new = _next_item(piece) if piece.leaf.path[:-1] in added else None
                elif piece.leaf.path in tails and piece.grows is not False:
                    piece.leaf.new = self._restored(piece, tails[piece.leaf.path])
                elif piece.grows is True:
                    piece.leaf.new = ""
                else:
                    piece.leaf.new = self._restored(piece, piece.text)
            units.append(frame.again(event.render()))
        return units

    def _restore_nested(self, leaf: Leaf, frame: Frame) -> str:
        """A string that holds server-sent events is an answer stream of its own."""
        if self._inner is None:
            self._inner = TextStreams(self._tokens, self._answer)
        framing = SseFraming()
        units: list[str] = []
        for unit in framing.units(leaf.text.encode("utf-8", "surrogatepass")):
            text = unit.decode("utf-8", "surrogatepass")
            inner = framing.open(text)
            units += [text] if inner is None else self._inner.restore(inner, always)
        self._inner_frame = frame
        return "".join(units)


def _same_text(held: Piece, piece: Piece) -> bool:
    if held.pointer is not None and piece.pointer is not None:
        same = held.pointer == piece.pointer or not held.pointer or not piece.pointer
        return piece.grows is True and (same or _list_of(held.pointer) == _list_of(piece.pointer) != "")
    return held.leaf.path == piece.leaf.path and held.kind == piece.kind and held.identity == piece.identity


def _next_item(label: Piece) -> str | None:
    """Where the end of an added list item goes: behind it. None for a label that is no pointer of one."""
    parent, _, last = label.text.rpartition("/")
    return f"{parent}/{int(last) + 1}" if label.leaf.path[-1] in ("p", "path") and last.isdigit() else None


def _list_of(pointer: str) -> str:
    """The list that a pointer names an item of; "" when it names none."""
    parent, _, last = pointer.rpartition("/")
    return parent if last.isdigit() else ""


def _copies(piece: Piece, held: _Held) -> bool:
    """Whether this is a whole text with the same end: the final copy of what arrived in pieces elsewhere."""
    if piece.grows is True or piece.is_label or piece.leaf.path == held.piece.leaf.path:
        return False
    return piece.text.rstrip("\0").endswith(held.tail)


def _overtakes(piece: Piece, held: Piece) -> bool:
    """Whether text of the same kind goes on elsewhere: the next part, the next operation of a patch."""
    alike = piece.leaf.path[-1:] == held.leaf.path[-1:]
    return piece.grows is True and bool(piece.text) and alike and piece.agrees(held.identity)
