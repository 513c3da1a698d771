"""One event of an answer, taken apart: its pieces of text, what tells each from its neighbours, whether it closes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from gateway.enforcement.framing import Frame
from gateway.enforcement.json_text import Document, Leaf
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
_NESTED_SSE = re.compile(r"(?:event|data|id|retry|):[^\n]*\n")


@dataclass(slots=True)
class Piece:
    """A text of an event. `identity` holds what tells it from its neighbours, `kind` what sort of event it is in.

    `grows`: True adds to earlier pieces, False replaces them, None is not known. `pointer` is the patched path ("" when
    inherited from an earlier event, None when this is not a patch), `adds_item` says that it names a new list item. `is_code`: the text is a fragment of JSON in a
    string, so a value goes in escaped once more. `is_label`: it can hold a token, but no part of one.
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
            return True
        last = its[-1] if its else None
        return isinstance(last, int) and mine == (*its[:-1], last + 1)

    def agrees(self, identity: dict[str, str]) -> bool:
        """Whether nothing says that the two belong to different texts."""
        return all(self.identity.get(name, value) == value for name, value in identity.items())


class Event:
    """A frame read. `pieces` are its texts; give each leaf its `new` text, then `render`."""

    def __init__(self, frame: Frame, appends: Callable[[Path], bool], *, declared: bool) -> None:
        """`appends` says which paths the tool file declares as growing; `declared` that it declares any at all."""
        self.frame = frame
        self._appends = appends
        self._declared = declared
        self._document = Document.parse(frame.payload)
        plain = Leaf((), 0, len(frame.payload), frame.payload)
        self._plain = plain if self._document is None else None
        self._scalars = {} if self._document is None else self._document.deep_scalars()
        leaves = [plain] if self._document is None else list(self._document.deep_leaves())
        self.nested_streams = [leaf for leaf in leaves if leaf.path and _NESTED_SSE.match(leaf.text)]
        self.pieces = [self._piece(leaf) for leaf in leaves if leaf not in self.nested_streams]

    def render(self) -> str:
        """The payload with every changed piece in place."""
        if self._plain is not None:
            return self._plain.text if self._plain.new is None else self._plain.new
        return self.frame.payload if self._document is None else self._document.render()

    def closes(self, identity: dict[str, str]) -> bool:
        """Whether the event ends a text with this identity: a stop reason, a closing word, the end mark of a stream."""
        if self._document is None:
            return self.frame.payload.strip() == "[DONE]" or _closing_word(self.frame.name)
        for name, value in identity.items():
            here = {found for path, found in self._scalars.items() if path[-1:] == (name,)}
            if here and value not in here:
                return False
        if _closing_word(self.frame.name):
            return True
        texts = {piece.leaf.path for piece in self.pieces if piece.grows or piece.leaf.path[-1:] in _TEXT_NAMES}
        return any(_closes(path, value) for path, value in self._scalars.items() if path not in texts)

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
    return value not in _OFF if path and path[-1] in _CLOSING_KEYS else _closing_word(value)


def _closing_word(value: str) -> bool:
    return _CODE_WORD.fullmatch(value) is not None and not _CLOSING.isdisjoint(
        word.lower() for word in _WORD.findall(value)
    )


def _is_code(leaf: Leaf, kind: list[str]) -> bool:
    if not leaf.path:
        return leaf.text.lstrip()[:2] in ('{"', "[{", '["')
    return leaf.path[-1] in _CODE or any(_ARGUMENT_WORD.search(word) for word in kind)
