"""Taking out of answers what the tool itself wrote: identifiers that were never in the prompt, found while they stream.

Used only where the house rules say so (`answers: hide:`). A value can arrive in any number of pieces, so the last word,
or the row of digit groups that it ends, is held until the next one has come; the reader is one word behind.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from gateway.enforcement.placeholders import LABELS
from gateway.enforcement.tokens import Placeholders, TokenSet
from gateway.model.inspection import Entity, Finding

type Find = Callable[[str], Sequence[Finding]]
"""Findings in one text; fast, since it runs in the event loop for every piece of an answer."""

_WINDOW = 240
_LONGEST = 120
_GROWING_VALUE = re.compile(r"(?:[(+]?[A-Z]{0,4}\d[\w().+/\-]*[ \u00a0]|[A-Z]{4}[ \u00a0]){0,6}\S*\Z")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+|[^%]|%", re.DOTALL)
_WORTH_LOOKING = re.compile(r"[\d@]|%40")


@dataclass(frozen=True, slots=True)
class Hide:
    """What to take out of answers: these entities, where `find` finds them. `find` raises when it could not look.

    `whole`: an answer in no shape we know is cut, unless it is a picture or a sound; else it passes.
    """

    find: Find
    entities: frozenset[Entity]
    whole: bool = False


def tokens_of(conversation: Placeholders, hide: Hide | None) -> TokenSet:
    """The tokens of a conversation, with hiding where there is something to hide."""
    return HidingTokens(conversation, hide) if hide and hide.entities else TokenSet(conversation)


class HidingTokens(TokenSet):
    """Tokens of a conversation, and besides them every value that `find` finds in the answer."""

    must_open = True
    hides = True
    shortest_snapshot = 12

    def __init__(self, conversation: Placeholders, hide: Hide) -> None:
        super().__init__(conversation)
        self._find = hide.find
        self._entities = hide.entities

    def __bool__(self) -> bool:
        return True

    def split_prose(self, text: str) -> tuple[str, str, str]:
        """The start of a token, or what may be the start of a value, whichever is longer."""
        body, tail, padding = self.split_tail(text)
        end = text[: len(text) - len(padding)] if tail else text.rstrip("\0")
        window = max(0, len(end) - _WINDOW)
        found = _GROWING_VALUE.search(end, window)
        start = found.start() if found else len(end)
        if start == window and window:
            start = len(end) - _LONGEST
        start = min(start, len(body)) if tail else start
        return (end[:start], end[start:], text[len(end) :]) if start < len(end) else (text, "", "")

    def continues(self, tail: str, text: str) -> bool:
        """What stands beside a text may end a value that the text began."""
        return bool(tail and text)

    def hidden(self, text: str) -> str:
        """The text with every found value replaced by what it was; our own tokens stay."""
        if not _WORTH_LOOKING.search(text):
            return text
        plain, places = _decoded(text)
        pieces, at = [], 0
        for finding in sorted(self._find(plain), key=lambda finding: (finding.start, -finding.end)):
            start, end = places[finding.start], places[finding.end]
            if finding.entity in self._entities and start >= at and self._is_theirs(text[max(0, start - 1) : end + 1]):
                pieces += [text[at:start], f"[{LABELS[finding.entity]} verborgen]"]
                at = end
        return "".join([*pieces, text[at:]])

    def restore_everywhere(self, data: bytes) -> bytes | None:
        """Never: values must be looked for in the decoded strings."""
        del data
        return None

    def _is_theirs(self, around: str) -> bool:
        return self.restore(around, str) == around


def _decoded(text: str) -> tuple[str, Sequence[int]]:
    """The text without percent-encoding, and for each of its offsets the one in the text as it was."""
    if "%" not in text:
        return text, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    for match in _PERCENT.finditer(text):
        plain = unquote(match[0], errors="replace") if len(match[0]) > 1 else match[0]
        pieces.append(plain)
        places += [match.start()] * len(plain)
    return "".join(pieces), [*places, len(text)]
