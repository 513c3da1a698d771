"""The words of a text as a name grammar sees them: how they are written, and what the lexicon knows of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import regex

from nl_models import Lexicon
from nl_models.lexicon import COMMONNESS_SHIFT, Flag

_TOKEN = regex.compile(
    r"(?P<initials>(?=\p{L}{1,3}\.)(?<![\p{L}.])(?:(?:IJ|Th|Ch|Chr|Ph|Tj|Sj|Joh|Jac|Gh|Fr|\p{Lu})\.-?){1,7}(?![\p{Ll}]{2,}\.\p{L}))"
    r"|(?P<abbreviated>(?=\p{Ll}\.)(?<![\p{L}.@])(?:\p{Ll}\.){1,6}(?!\p{L}{2,}@))"
    r"|(?P<word>[vV]/[dD](?!\p{L})|'[tsnTSN](?!\p{L})|[\p{L}\p{M}]+(?:'(?!s(?!\p{L}))[\p{L}\p{M}]+)*)"
    r"|(?P<number>\d[\d.,:/]*)"
    r"|(?P<line>\n)"
    r"|(?P<sign>[^\s\w])"
)
_FIRST_NAME, _SURNAME, _RANK, _PLACE = map(int, (Flag.FIRST_NAME, Flag.SURNAME, Flag.RANK, Flag.PLACE))
_TOP_SURNAME, _ANY_NAME = _SURNAME | _RANK, _FIRST_NAME | _SURNAME | _RANK
_COMMON, _ANY_COMMON = 2 << COMMONNESS_SHIFT, 3 << COMMONNESS_SHIFT
_OPENING = frozenset('.!?:;|"([{<>*•-=')
_FEW = 4
_SHOUTING = 0.7
_DUTCH = 0.5
_CACHED_WORDS = 16_384


class Kind(StrEnum):
    """What a token is. `abbreviated`: letters with dots in lower case, initials or an abbreviation."""

    INITIALS = "initials"
    ABBREVIATED = "abbreviated"
    WORD = "word"
    NUMBER = "number"
    LINE = "line"
    SIGN = "sign"


_KINDS = {kind.value: kind for kind in Kind}


@dataclass(slots=True)
class Token:
    """One token; `is_flat` says that its case means nothing (a text in capitals, or one in lower case)."""

    kind: Kind
    text: str
    start: int
    end: int
    lower: str = ""
    is_word: bool = False
    flags: int = 0
    is_flat: bool = False
    opens: bool = False
    """First word of a sentence, line or cell."""

    is_ordinary: bool = False
    """A word in lower case that no name begins with, whatever stands before it."""

    is_foreign: bool = False
    """In a line of words that are mostly not Dutch, where lower case gives no hint at all."""

    is_sloppy: bool = False
    """In a line that opens in lower case, where names do not get their capital."""

    is_glued: bool = False
    """Part of an identifier: an underscore stands against it."""

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_caseless(self) -> bool:
        """Written in a script without capitals (Arabic, Chinese, Hebrew)."""
        return not self.text[0].isupper() and not self.text[0].islower()

    @property
    def is_first_name(self) -> bool:
        return bool(self.flags & _FIRST_NAME)

    @property
    def is_surname(self) -> bool:
        return bool(self.flags & _SURNAME)

    @property
    def is_known(self) -> bool:
        """Listed as a given name, a family name, or a part of one."""
        return bool(self.flags & _ANY_NAME)

    @property
    def is_top_surname(self) -> bool:
        return self.flags & _TOP_SURNAME == _TOP_SURNAME

    @property
    def is_surname_part(self) -> bool:
        return self.flags & _TOP_SURNAME == _RANK

    @property
    def is_place(self) -> bool:
        return bool(self.flags & _PLACE)

    @property
    def commonness(self) -> int:
        """0 never seen in lower case, 1 rare, 2 ordinary, 3 among the most frequent words."""
        return self.flags >> COMMONNESS_SHIFT & 3


class Tokenizer:
    """Cuts texts into tokens; what the lexicon says of a word is remembered between texts."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        self._look_up: Callable[[str], int] = lexicon.flags if lexicon else lambda _: 0
        self._known = lru_cache(_CACHED_WORDS)(self._read)

    def _read(self, written: str) -> tuple[str, int, bool, bool]:
        """Of a word as it is written: in lower case, its flags, whether it is in lower case, whether it is ordinary."""
        lower = written.lower()
        flags, is_small = self._look_up(lower), written == lower
        return lower, flags, is_small, is_small and _is_ordinary(flags)

    def tokens(self, text: str) -> list[Token]:
        """All tokens of `text` in order."""
        tokens: list[Token] = []
        opens, line_start = True, 0
        known, underscores = self._known, "_" in text
        word = Kind.WORD
        for match in _TOKEN.finditer(text):
            kind = _KINDS[match.lastgroup]
            start, end = match.span()
            written = text[start:end]
            if kind is word:
                lower, flags, is_small, is_ordinary = known(written)
                token = Token(word, written, start, end, lower, True, flags, is_small, opens, is_ordinary)
                opens = False
                if underscores:
                    token.is_glued = "_" in (text[start - 1 : start], text[end : end + 1])
            else:
                token = Token(kind, written, start, end, written.lower())
                if kind is Kind.LINE:
                    _flatten(tokens, line_start)
                    opens, line_start = True, len(tokens) + 1
                elif kind is not Kind.SIGN:
                    token.opens, opens = opens, False
                elif written in _OPENING:
                    opens = opens or written != "-" or not tokens or tokens[-1].end < start
            tokens.append(token)
        _flatten(tokens, line_start)
        return tokens


def _is_ordinary(flags: int) -> bool:
    """Whether no name begins with such a word in lower case: common and no frequent surname, or seen and no name."""
    if flags & _COMMON:
        return flags & _TOP_SURNAME != _TOP_SURNAME
    return flags & _ANY_COMMON != 0 and not flags & _ANY_NAME


def _flatten(tokens: list[Token], start: int) -> None:
    """Mark the words of one line whose case says nothing (`is_flat` comes in as: written in lower case)."""
    words = [token for token in tokens[start:] if token.is_word and len(token.text) > 1]
    if not words:
        return
    small = [word for word in words if word.is_flat]
    if len(small) <= (1 - _SHOUTING) * len(words) and len(words) > 1:
        capitals = [word for word in words if word.text.isupper()]
        if len(capitals) >= _SHOUTING * len(words):
            for word in words:
                word.is_flat = word.text.isupper()
    if len(small) > _FEW and sum(word.flags & _ANY_COMMON != 0 for word in small) < _DUTCH * len(small):
        for word in words:
            word.is_foreign = True
    if words[0].text.islower():
        for word in words:
            word.is_sloppy = True
