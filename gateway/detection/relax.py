"""From a rule's regular expression to a weaker one that RE2 can run: wherever the first matches, the second does.

Look-arounds, anchors and word borders are dropped (but for a look-behind of one character that opens the pattern),
long counted repeats become open ones, and the pattern ends at the first repeat without a bound, so that what is left
is short and its automaton small. Python's own parser does the reading; a pattern it cannot read has no weaker form,
and its rule then runs on every text.
"""

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser
from typing import Any

MAX_WIDTH = 240
"""Code points a relaxed pattern may need; chunks of the first layer overlap by more than this."""

_COUNTED_UP_TO = 10
_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_FIRST_PRIVATE = 0xE000

OTHER = "?"
"""What every character outside ASCII becomes before the first layer looks (`text.encode("ascii", "replace")`).

So its automata stay small; a class that may hold such a character holds the question mark."""

_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"0-9?",
    sre.CATEGORY_SPACE: r"\s\x0b\x1c-\x1f?",
    sre.CATEGORY_WORD: r"0-9A-Za-z_?",
}
_AT_LEAST = {
    sre.CATEGORY_DIGIT: r"0-9",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_WORD: r"0-9A-Za-z_",
}
"""The ASCII of the same classes, for what may not stand somewhere."""

_PROPERTIES = {"L": "A-Za-z?", "Lu": "A-Z?", "Ll": "a-z?", "M": "?", "N": "0-9?", "Nd": "0-9?"}
_FOLDS_BEYOND_ASCII = frozenset(map(ord, "ksiKSI"))
"""Letters that have a case partner outside ASCII (the Kelvin sign, the long s, the dotted i)."""

_NEGATED = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}


def relaxed(pattern: str, *, ignore_case: bool = True) -> str | None:
    """An RE2 pattern found wherever `pattern` is, once the text is ASCII (see `OTHER`); None when there is none."""
    properties = [found.group(1) for found in _PROPERTY.finditer(pattern)]
    numbers = iter(range(len(properties)))
    readable = _PROPERTY.sub(lambda _: chr(_FIRST_PRIVATE + next(numbers)), pattern)
    try:
        tree = sre_parser.parse(readable, re.IGNORECASE if ignore_case else 0)
    except (re.error, RecursionError):
        return None
    writer = _Writer(properties)
    text, _ = writer.sequence(tree)
    return (f"(?i:{text})" if ignore_case else f"(?:{text})") if writer.least else None


class _Writer:
    """Writes one tree as RE2; `least` becomes true once something has to be there."""

    def __init__(self, properties: list[str]) -> None:
        self._properties = properties
        self._width = 0
        self.least = False
        self._bordered = False

    def sequence(self, tree: Any) -> tuple[str, bool]:  # noqa: ANN401 - sre's trees have no types
        """The text of a sequence, and whether it was cut short (then nothing may be written after it)."""
        pieces: list[str] = []
        for operation, argument in tree:
            piece, cut = self._item(operation, argument)
            pieces.append(piece)
            if cut or self._width > MAX_WIDTH:
                return "".join(pieces), True
        return "".join(pieces), False

    def _item(self, operation: Any, argument: Any) -> tuple[str, bool]:  # noqa: ANN401, PLR0911
        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            self._width += 1
            self.least = True
            return self._character(operation, argument), False
        if operation in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return self._border(operation, argument), False
        if operation is sre.SUBPATTERN:
            _, added, removed, tree = argument
            text, cut = self.sequence(tree)
            return f"({_flags(added, removed)}{text})", cut
        if operation is sre.ATOMIC_GROUP:
            text, cut = self.sequence(argument)
            return f"(?:{text})", cut
        if operation is sre.BRANCH:
            return self._branch(argument[1])
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self._repeat(*argument)
        return "", True

    def _border(self, operation: Any, argument: Any) -> str:  # noqa: ANN401
        """What may not stand before a pattern is kept, when it is one character; other look-arounds are dropped."""
        opens = operation is sre.ASSERT_NOT and argument[0] < 0 and not self._width and not self._bordered
        if not opens or len(argument[1]) != 1 or argument[1][0][0] is not sre.IN:
            return ""
        inside = self._no_more_than(argument[1][0][1])
        self._bordered = bool(inside)
        return f"(?:^|[^{inside}])" if inside else ""

    def _no_more_than(self, items: Any) -> str:  # noqa: ANN401
        """The inside of a character class that holds no more than these; "" when RE2 has no such class."""
        if [kind for kind, _ in items] == [sre.NEGATE, sre.CATEGORY, sre.LITERAL]:
            letters_and_digits = items[1][1] is sre.CATEGORY_NOT_WORD and items[2][1] == ord("_")
            return "0-9A-Za-z" if letters_and_digits else ""
        if any(kind is sre.NEGATE or (kind is sre.CATEGORY and value in _NEGATED) for kind, value in items):
            return ""
        inside = "".join(
            _AT_LEAST[value] if kind is sre.CATEGORY else self._ascii(kind, value) for kind, value in items
        )
        return inside.replace(OTHER, "")

    def _branch(self, trees: Any) -> tuple[str, bool]:  # noqa: ANN401
        before, least, widest = self._width, True, 0
        texts, cuts = [], []
        had = self.least
        for tree in trees:
            self._width, self.least = before, had
            text, cut = self.sequence(tree)
            texts.append(text)
            cuts.append(cut)
            least, widest = least and self.least, max(widest, self._width)
        self._width, self.least = widest, least
        return f"(?:{'|'.join(texts)})", any(cuts)

    def _repeat(self, minimum: int, maximum: int, tree: Any) -> tuple[str, bool]:  # noqa: ANN401
        before, had = self._width, self.least
        text, cut = self.sequence(tree)
        once = self._width - before
        if minimum == 0:
            self.least = had
        if cut:
            return f"(?:{text}){'?' if minimum == 0 else ''}", True
        if maximum is sre.MAXREPEAT or before + once * int(maximum) > MAX_WIDTH:
            self._width = before + once * minimum
            return (f"(?:{text}){{{min(minimum, _COUNTED_UP_TO)}}}" if minimum else ""), True
        self._width = before + once * int(maximum)
        if maximum <= _COUNTED_UP_TO:
            return f"(?:{text}){{{minimum},{maximum}}}", False
        return f"(?:{text}){{{min(minimum, _COUNTED_UP_TO)},}}", False

    def _character(self, operation: Any, argument: Any) -> str:  # noqa: ANN401
        if operation is sre.ANY:
            return r"(?s:.)"
        if operation is sre.LITERAL:
            return f"[{self._literal(argument)}]"
        if operation is sre.NOT_LITERAL:
            return f"[^\\x{{{argument:x}}}]" if argument < 128 and chr(argument) != OTHER else r"(?s:.)"
        return self._set(argument)

    def _set(self, items: Any) -> str:  # noqa: ANN401
        if items[0][0] is sre.NEGATE:
            excluded = "".join(self._excluded(kind, value) for kind, value in items[1:])
            return f"[^{excluded}]" if excluded else r"(?s:.)"
        parts = []
        for kind, value in items:
            if kind is sre.CATEGORY and value in _NEGATED:
                if len(items) > 1:
                    return r"(?s:.)"
                return f"[^{_AT_LEAST[_NEGATED[value]]}]"
            parts.append(_CATEGORIES[value] if kind is sre.CATEGORY else self._ascii(kind, value))
        return f"[{''.join(parts)}]"

    def _excluded(self, kind: Any, value: Any) -> str:  # noqa: ANN401
        """The ASCII that a part of a negated class takes out; what it takes out beyond is let in again."""
        if kind is sre.CATEGORY:
            return _AT_LEAST.get(value, "")
        return self._ascii(kind, value).replace(OTHER, "")

    def _ascii(self, kind: Any, value: Any) -> str:  # noqa: ANN401
        """One character or range as the inside of an ASCII class."""
        if kind is sre.LITERAL:
            return self._literal(value)
        low, high = value
        beyond = OTHER if high > 127 else ""
        return beyond if low > 127 else f"\\x{{{low:x}}}-\\x{{{min(high, 127):x}}}{beyond}"

    def _literal(self, code: int) -> str:
        at = code - _FIRST_PRIVATE
        if 0 <= at < len(self._properties):
            return _PROPERTIES.get(self._properties[at], "A-Za-z0-9?")
        if code > 127:
            return OTHER
        return f"\\x{{{code:x}}}{OTHER if code in _FOLDS_BEYOND_ASCII else ''}"


def _flags(added: int, removed: int) -> str:
    names = {re.IGNORECASE.value: "i", re.DOTALL.value: "s"}
    on = "".join(name for flag, name in names.items() if added & flag)
    off = "".join(name for flag, name in names.items() if removed & flag)
    return f"?{on}{'-' + off if off else ''}:" if on or off else "?:"
