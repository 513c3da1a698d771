"""Texts that arrive in pieces: what is held back of one, which later piece continues it, and when it is let go.

Only the end of a piece that may be the start of a token is held. It goes in front of the piece that continues the
same text. If none comes, the event it was taken from is sent once more with only that end in it (a snapshot: with all
of its text), before the event that closes the text or at the end of the answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gateway.enforcement.events import Event, Piece
from gateway.enforcement.framing import Frame, SseFraming
from gateway.enforcement.json_text import Leaf, escape
from gateway.enforcement.tokens import TokenSet
from gateway.model.traffic import AnswerFormat
from gateway.wire.locators import compile_selector, spell
from gateway.wire.tree import Path

MAX_AGE = 400
"""Events a held end waits for its continuation."""


def always(_path: Path, _grows: bool) -> bool:
    """For answers in which any text may go on in the next event."""
    return True


@dataclass(slots=True)
class _Held:
    """The end of one text, the piece it was cut from, and the event, to be sent again if need be."""

    tail: str
    piece: Piece
    frame: Frame
    age: int = 0


class TextStreams:
    """Restores the events of one answer, one after another."""

    def __init__(self, tokens: TokenSet, answer: AnswerFormat) -> None:
        self._tokens = tokens
        self._answer = answer
        self._appends = _matcher(answer.appends)
        self._held: list[_Held] = []
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
        before = self._let_go(event)
        for piece, text in zip(event.pieces, texts, strict=True):
            body, tail, padding = self._tokens.split_tail(text)
            if tail and carries(piece.leaf.path, piece.grows is True) and not event.closes(piece.identity):
                piece.leaf.new = self._restored(piece, body) + padding
                self._held.append(_Held(tail, piece, frame))
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

    def _read(self, frame: Frame) -> Event:
        return Event(frame, self._appends, declared=bool(self._answer.appends))

    def _restored(self, piece: Piece, text: str) -> str:
        return self._tokens.restore(text, escape if piece.is_code else str)

    def _join(self, event: Event) -> list[str]:
        """The text of every piece, with what was held put in front of the piece that continues it."""
        texts: list[str] = []
        for number, piece in enumerate(event.pieces):
            text = self._continue(piece) + piece.text
            if number and (previous := event.pieces[number - 1]) and piece.is_beside(previous):
                body, tail, padding = self._tokens.split_tail(texts[-1])
                if tail and (self._tokens.completes(tail, text) or (text and self._tokens.may_start(tail + text))):
                    texts[-1] = body + padding
                    text = tail + text
            texts.append(text)
        return texts

    def _continue(self, piece: Piece) -> str:
        """The held end that this piece continues, no longer held; "" when there is none."""
        for held in self._held:
            if not piece.agrees(held.piece.identity) or not piece.text:
                continue
            if _same_text(held.piece, piece):
                if _is_new_snapshot(held, piece):
                    self._drop_twins(held)
                    return ""
                self._held.remove(held)
                return held.tail
            if self._continues_elsewhere(held, piece):
                self._drop_twins(held)
                return held.tail
        return ""

    def _continues_elsewhere(self, held: _Held, piece: Piece) -> bool:
        """A text can go on at another path: a first snapshot in pieces, the next item of an array, a patch."""
        if self._tokens.completes(held.tail, piece.text):
            return True
        if piece.grows and held.piece.grows is not True:
            return True
        return piece.pointer is not None and self._tokens.may_start(held.tail + piece.text)

    def _drop_twins(self, held: _Held) -> None:
        """An event can carry the same text twice (text and card); what ended both is dealt with once."""
        self._held = [other for other in self._held if other.frame is not held.frame or other.tail != held.tail]

    def _let_go(self, event: Event) -> list[str]:
        """Held ends whose text is closed by this event, goes on at another place in it, or waited too long."""
        ready = []
        for held in self._held:
            held.age += 1
            overtaken = any(piece.grows and piece.text and piece.agrees(held.piece.identity) for piece in event.pieces)
            if overtaken or held.age > MAX_AGE or event.closes(held.piece.identity):
                ready.append(held)
        self._held = [held for held in self._held if held not in ready]
        return self._again(ready)

    def _again(self, ready: Iterable[_Held]) -> list[str]:
        """The events of these ends once more: an added text with only its end, a snapshot with all of its text."""
        units = []
        frames = {id(held.frame): held.frame for held in ready}
        for frame in frames.values():
            tails = {held.piece.leaf.path: held.tail for held in ready if held.frame is frame}
            names = {path[-1:] for path in tails}
            event = self._read(frame)
            for piece in event.pieces:
                if piece.leaf.path in tails and piece.grows is not False:
                    piece.leaf.new = tails[piece.leaf.path]
                elif piece.leaf.path[-1:] in names and piece.grows is True:
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
        return piece.grows is True and (held.pointer == piece.pointer or not held.pointer or not piece.pointer)
    return held.leaf.path == piece.leaf.path and held.kind == piece.kind and held.identity == piece.identity


def _is_new_snapshot(held: _Held, piece: Piece) -> bool:
    """The same text once more from its beginning, longer, instead of what follows it."""
    if piece.grows is None:
        whole = held.piece.text
        return len(piece.text) > len(whole) and piece.text.startswith(whole)
    return not piece.grows


def _matcher(selectors: tuple[str, ...]) -> Callable[[Path], bool]:
    """Whether a path within an event is named by one of the selectors, which start at `body`."""
    patterns = [compile_selector(selector) for selector in selectors]

    def matches(path: Path) -> bool:
        written = spell(("body", *(step for step in path if step != "$")))
        return any(pattern.fullmatch(written) for pattern in patterns)

    return matches
