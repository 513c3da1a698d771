"""Finding our tokens in answer text: whole ones to restore, and the start of one at the end of a piece."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Protocol


class Placeholders(Protocol):
    """What restoring needs of a conversation. `len` only changes when a token is added."""

    def __len__(self) -> int: ...

    def tokens(self) -> Iterator[str]: ...

    def value_of(self, token: str) -> str | None: ...


class NoPlaceholders:
    """Nothing to restore: for an answer out of which values are only taken."""

    def __len__(self) -> int:
        return 0

    def tokens(self) -> Iterator[str]:
        return iter(())

    def value_of(self, token: str) -> str | None:
        del token
        return None


_WHOLE = re.compile(r"\[[^\[\]\x00-\x1f]{1,62}\]")
_WHOLE_BYTES = re.compile(rb"\[[^\[\]\x00-\x1f\"\\]{1,62}\]")
_ESCAPED_BRACKET = re.compile(rb"\\u005[bB]")
_NEEDS_ESCAPE = re.compile(r"[\x00-\x1f\"\\\ud800-\udfff]")
_PADDING = "\0"
_NOTHING = re.compile(rb"(?!)")


class TokenSet:
    """The tokens of one conversation, ready for searching. A token starts with `[`, ends with `]`, holds no other."""

    must_open = False
    """Whether every event must be read; else only those in which `hint` matches."""

    hides = False
    """Whether values are taken out of the answer, so that nothing may pass that was not read."""

    shortest_snapshot = 2
    """Characters that a piece must begin with of the one before, to be taken for the same text once more."""

    def __init__(self, conversation: Placeholders) -> None:
        self._conversation = conversation
        self._size = -1
        self._sorted: list[str] = []
        self._longest = 0
        self.hint = _NOTHING
        """Matches in the bytes of any answer that could hold a token or the start of one, at any escaping level."""
        self.refresh()

    def refresh(self) -> None:
        """Take in tokens that were added to the conversation since."""
        if len(self._conversation) == self._size:
            return
        self._size = len(self._conversation)
        self._sorted = sorted(self._conversation.tokens())
        self._longest = max(map(len, self._sorted), default=0)
        seconds = re.escape("".join(sorted({token[1] for token in self._sorted})))
        self.hint = _hint(seconds) if self._sorted else _NOTHING

    def __bool__(self) -> bool:
        return bool(self._sorted)

    def restore(self, text: str, escape: Callable[[str], str]) -> str:
        """The text with every whole token of ours replaced by its value, escaped; all else as it is."""
        if "[" not in text:
            return text

        def value(match: re.Match[str]) -> str:
            found = self._conversation.value_of(match[0])
            return match[0] if found is None else escape(found)

        return _WHOLE.sub(value, text)

    def hidden(self, text: str) -> str:
        """The text without what the house rules take out of answers; here, the text."""
        return text

    def restore_everywhere(self, data: bytes) -> bytes | None:
        """The bytes of JSON text with every token replaced, without parsing it; None when that would not be exact.

        It is exact when each token stands whole and its value reads the same at every level of escaping.
        """
        if _ESCAPED_BRACKET.search(data):
            return None
        pieces, at = [], 0
        for hint in self.hint.finditer(data):
            whole = _WHOLE_BYTES.match(data, hint.start())
            if whole is None:
                return None
            value = self._conversation.value_of(whole[0].decode("utf-8", "replace"))
            if value is not None:
                if _NEEDS_ESCAPE.search(value):
                    return None
                pieces += [data[at : whole.start()], value.encode()]
                at = whole.end()
        return b"".join([*pieces, data[at:]])

    def split_prose(self, text: str) -> tuple[str, str, str]:
        """As `split_tail`, for text that people read: here the same."""
        return self.split_tail(text)

    def split_tail(self, text: str) -> tuple[str, str, str]:
        """(text, tail, padding): the longest end that may be the start of a token, before any U+0000 padding."""
        body = text.rstrip(_PADDING)
        at = body.rfind("[", max(0, len(body) - self._longest))
        if at < 0 or not self.may_start(body[at:]):
            return text, "", ""
        return body[:at], body[at:], text[len(body) :]

    def may_start(self, piece: str) -> bool:
        """Whether a token of ours starts with this piece and is longer than it."""
        at = bisect_left(self._sorted, piece)
        return any(token.startswith(piece) and token != piece for token in self._sorted[at : at + 2])

    def continues(self, tail: str, text: str) -> bool:
        """Whether a tail and the text beside it make a token, or may still."""
        return self.completes(tail, text) or bool(text and self.may_start(tail + text))

    def completes(self, tail: str, text: str) -> bool:
        """Whether a tail that was held becomes a whole token with the beginning of this text."""
        end = text.find("]", 0, self._longest)
        return end >= 0 and self._conversation.value_of(tail + text[: end + 1]) is not None


def _hint(second_letters: str) -> re.Pattern[bytes]:
    """A `[` before a token's letter, the end of a string, line or tag, or an escape; or an escaped `[`.

    JSON's own brackets are followed by something else, so most events of a stream are passed without parsing.
    """
    letters = second_letters.encode()
    at_end = rb"""\\*"(?:\s*[,}\]:]|[ \t]*(?:[\r\n]|\Z))"""
    return re.compile(rb"\[(?:[" + letters + rb"<\r\n]|" + at_end + rb"|\\+[ux]|&|\x00|\Z)|(?<!\\)\\++u005[bB]")
