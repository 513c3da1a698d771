"""One event of an answer, taken apart: its pieces of text, what tells each from its neighbours, whether it closes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.enforcement.framing import Frame
from gateway.enforcement.json_text import Document, Leaf, splice
from gateway.wire.codecs import json_text
from gateway.wire.tree import Path

_IDENTITY = frozenset(
    {
        "index", "output_index", "content_index", "choice_index", "block_index", "summary_index", "item_id",
        "message_id", "messageId", "part_id", "partId", "responseId", "channel", "thought", "isThinking",
    }
)  # fmt: skip
"""Scalars beside or above a text that tell it from another text at the same path."""

_LABELS = _IDENTITY | {
    "type",
    "event",
    "mode",
    "op",
    "o",
    "p",
    "path",
    "role",
    "status",
    "id",
    "model",
    "object",
    "name",
}
"""Names of fields that say something about a text and are none, as long as a single word stands in them."""

_KIND = ("type", "event")
_MODE = ("mode", "op")
_MODES = {"append": True, "replace": False, "set": False}
_POINTER = ("p", "path")
_OPERATION = ("o", "op")
_PATCHED = frozenset({"v", "value"})
_REPLACING = frozenset({"replace", "set", "truncate", "remove", "batch", "patch", "test"})
_GROWING = frozenset({"delta", "token", "writeAtCursor", "partial_json", "appendText", "chunk", "youChatToken"})
_CODE = frozenset({"partial_json", "arguments", "input_json"})

_CLOSING = frozenset({"done", "stop", "end", "ended", "complete", "completed", "finish", "finished", "close", "closed"})
_CLOSING_KEYS = frozenset({"finish_reason", "finishReason", "stop_reason", "done", "done_reason", "final_sse_message"})
_TEXT_NAMES = (("text",), ("content",))
_OFF = frozenset({"null", "false", ""})
_CODE_WORD = re.compile(r"[A-Za-z][A-Za-z_.\-]{1,39}")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_ARGUMENT_WORD = re.compile(r"arguments|input_json")
_LONGEST_TOKEN = 64
_PLAIN: Path = ("#",)
_DONE = "[DONE]"
_RAW_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+')
_NESTED_SSE = re.compile(r"(?:event|data|id|retry|):[^\n]*\n")


@dataclass(slots=True, eq=False)
class Piece:
    """A text of an event. `identity` holds what tells it from its neighbours, `kind` what sort of event it is in.

    `grows`: True adds to earlier pieces, False replaces them, None is not known. `pointer` is the patched path ("" when
    inherited from an earlier event, None when this is not a patch); `adds_item` says that it names a new list item.
    `is_code`: a fragment of JSON in a string, so a value goes in escaped once more. `is_label`: it can hold a token,
    but no part of one.
    """

    leaf: Leaf
    identity: dict[str, str]
    kind: tuple[str, ...]
    grows: bool | None
    pointer: str | None
    adds_item: bool
    is_code: bool
    is_label: bool

    @property
    def text(self) -> str:
        return self.leaf.text

    def is_beside(self, other: "Piece") -> bool:
        """Whether this is the next string of the same array, or another operation of the same patch."""
        mine, its = self.leaf.path, other.leaf.path
        if self.pointer is not None and other.pointer is not None:
            return self.grows is other.grows is True
        last = its[-1] if its else None
        return isinstance(last, int) and mine == (*its[:-1], last + 1)

    def agrees(self, identity: dict[str, str]) -> bool:
        """Whether nothing says that the two belong to different texts."""
        return all(self.identity.get(name, value) == value for name, value in identity.items())


@dataclass(frozen=True, slots=True)
class Skeleton:
    """An event without its one growing text. The next event of a stream is mostly the same around another text."""

    name: str
    before: str
    after: str
    piece: Piece
    scalars: dict[Path, str]


class Event:
    """A frame read. `pieces` are its texts; give each leaf its `new` text, then `render`."""

    def __init__(self, frame: Frame, appends: Callable[[Path], bool], *, declared: bool, holding: bool) -> None:
        """`appends` says which paths the tool file declares as growing, `declared` that it declares any at all.

        Unless `holding` (an earlier event left the start of a token), strings without a bracket are no pieces: they
        can be neither changed nor continued.
        """
        self.frame = frame
        self._appends = appends
        self._declared = declared
        self._document = Document.parse(frame.payload)
        self._plain = Leaf(_PLAIN, 0, len(frame.payload), frame.payload) if self._document is None else None
        self._filled: Skeleton | None = None
        self._scalars = {} if self._document is None else self._document.deep_scalars()
        self.nested_streams: list[Leaf] = []
        self.pieces: list[Piece] = []
        leaves = [self._plain] if self._plain is not None else self._leaves()
        before = False
        for leaf in leaves:
            has_bracket = "[" in leaf.text
            if leaf.path == _PLAIN and leaf.text.strip() == _DONE:
                continue
            if leaf.path != _PLAIN and _NESTED_SSE.match(leaf.text):
                self.nested_streams.append(leaf)
            elif holding or has_bracket or before:
                self.pieces.append(self._piece(leaf))
            before = has_bracket or (before and len(leaf.text) < _LONGEST_TOKEN)

    @classmethod
    def filled(cls, skeleton: Skeleton, frame: Frame) -> "Event | None":
        """The frame read as the skeleton with another text in it; None when it is something else."""
        payload = frame.payload
        start, end = len(skeleton.before), len(payload) - len(skeleton.after)
        if start > end or frame.name != skeleton.name or not payload.startswith(skeleton.before):
            return None
        raw = payload[start:end]
        if not payload.endswith(skeleton.after) or _RAW_STRING.fullmatch(raw) is None:
            return None
        event = cls.__new__(cls)
        event.frame = frame
        event._document = event._plain = None
        event._filled = skeleton
        event._scalars = skeleton.scalars
        event.nested_streams = []
        leaf = Leaf(skeleton.piece.leaf.path, start, end, json_text.unescape(f'"{raw}"'))
        event.pieces = [replace(skeleton.piece, leaf=leaf)]
        return event

    def skeleton(self) -> Skeleton | None:
        """What the next event probably has in common with this one; None when it has not one growing text."""
        growing = [piece for piece in self.pieces if piece.grows and not piece.is_label]
        if self._document is None or len(growing) != 1:
            return None
        leaf = growing[0].leaf
        if not any(leaf is own for own in self._document.leaves):
            return None
        if self.nested_streams or any("[" in other.text for other in self._leaves() if other is not leaf):
            return None
        payload = self.frame.payload
        return Skeleton(self.frame.name, payload[: leaf.start], payload[leaf.end :], growing[0], self._scalars)

    def render(self) -> str:
        """The payload with every changed piece in place."""
        if self._filled is not None:
            leaf = self.pieces[0].leaf
            raw = self.frame.payload[leaf.start : leaf.end]
            new = raw if leaf.new is None else splice(raw, leaf.text, leaf.new)
            return self._filled.before + new + self._filled.after
        if self._plain is not None:
            return self._plain.text if self._plain.new is None else self._plain.new
        return self.frame.payload if self._document is None else self._document.render()

    def closes(self, identity: dict[str, str]) -> bool:
        """Whether the event ends a text with this identity: a stop reason, a closing word, the end mark of a stream."""
        if self._plain is not None:
            return self.frame.payload.strip() == _DONE or _closing_word(self.frame.name)
        for name, value in identity.items():
            here = {found for path, found in self._scalars.items() if path[-1:] == (name,)}
            if here and value not in here:
                return False
        if _closing_word(self.frame.name):
            return True
        texts = {piece.leaf.path for piece in self.pieces if piece.grows or piece.leaf.path[-1:] in _TEXT_NAMES}
        return any(_closes(path, value) for path, value in self._scalars.items() if path not in texts)

    def _leaves(self) -> list[Leaf]:
        return [] if self._document is None else list(self._document.deep_leaves())

    def _piece(self, leaf: Leaf) -> Piece:
        identity: dict[str, str] = {}
        kind = [self.frame.name]
        mode = ""
        for depth in range(len(leaf.path)):
            above = leaf.path[:depth]
            identity |= {name: self._scalars[(*above, name)] for name in _IDENTITY if (*above, name) in self._scalars}
            kind += [self._scalars[(*above, name)] for name in _KIND if (*above, name) in self._scalars]
            mode = self._first(above, _MODE) or mode
        pointer, operation = self._patch(leaf.path)
        grows = self._grows(leaf.path, kind, pointer, operation)
        if pointer is None and mode.lower() in _MODES:
            grows = _MODES[mode.lower()]
        is_label = leaf.path[-1:] and leaf.path[-1] in _LABELS and leaf.text.isprintable() and " " not in leaf.text
        adds_item = operation == "add" and grows is True
        return Piece(leaf, identity, tuple(kind), grows, pointer, adds_item, _is_code(leaf, kind), bool(is_label))

    def _patch(self, path: Path) -> tuple[str | None, str]:
        if not path or path[-1] not in _PATCHED:
            return None, ""
        beside = path[:-1]
        pointer = self._first(beside, _POINTER)
        operation = self._first(beside, _OPERATION)
        if not pointer and not operation and path != ("v",):
            return None, ""
        return pointer, operation.lower()

    def _first(self, beside: Path, names: tuple[str, ...]) -> str:
        return next((self._scalars[(*beside, name)] for name in names if (*beside, name) in self._scalars), "")

    def _grows(self, path: Path, kind: list[str], pointer: str | None, operation: str) -> bool | None:
        if pointer is not None:
            if operation == "add":
                return pointer.rpartition("/")[2].lstrip("-").isdigit() or pointer.endswith("/-")
            return operation not in _REPLACING
        if self._declared and self._appends(path):
            return True
        if any(step in _PATCHED for step in path[:-1]):
            return False
        named = bool(path) and (path[-1] in _GROWING or "delta" in path[:-1])
        if named or any("delta" in word or "append" in word for word in kind):
            return True
        return False if self._declared else None


def _closes(path: Path, value: str) -> bool:
    if path[-1:] == ("hasNext",):
        return value == "false"
    return value not in _OFF if path and path[-1] in _CLOSING_KEYS else _closing_word(value)


def _closing_word(value: str) -> bool:
    return _CODE_WORD.fullmatch(value) is not None and not _CLOSING.isdisjoint(
        word.lower() for word in _WORD.findall(value)
    )


def _is_code(leaf: Leaf, kind: list[str]) -> bool:
    if leaf.path == _PLAIN:
        return leaf.text.lstrip()[:2] in ('{"', "[{", '["')
    return (bool(leaf.path) and leaf.path[-1] in _CODE) or any(_ARGUMENT_WORD.search(word) for word in kind)
