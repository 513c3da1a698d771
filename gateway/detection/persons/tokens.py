"""The words of a text as a name grammar sees them: how they are written, and what the lexicon knows of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import regex

from nl_models import Lexicon
from nl_models.lexicon import COMMONNESS_SHIFT, Flag

_TOKEN = regex.compile(
    r"(?P<initials>(?<![\p{L}.])(?:(?:IJ|Th|Ch|Chr|Ph|Tj|Sj|Joh|Jac|Gh|Fr|\p{Lu})\.-?){1,7}(?![\p{Ll}]{2,}\.\p{L}))"
    r"|(?P<abbreviated>(?<![\p{L}.@])(?:\p{Ll}\.){1,6}(?!\p{L}{2,}@))"
    r"|(?P<word>'[tsnTSN](?!\p{L})|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*)"
    r"|(?P<number>\d[\d.,:/]*)"
    r"|(?P<line>\n)"
    r"|(?P<sign>[^\s\w])"
)
_FIRST_NAME, _SURNAME, _RANK, _PLACE = map(int, (Flag.FIRST_NAME, Flag.SURNAME, Flag.RANK, Flag.PLACE))
_TOP_SURNAME, _ANY_NAME = _SURNAME | _RANK, _FIRST_NAME | _SURNAME | _RANK
_COMMON = 2 << COMMONNESS_SHIFT
_SHOUTING = 0.7
_DUTCH = 0.5
_CACHED_WORDS = 65_536


class Kind(StrEnum):
    """What a token is. `abbreviated`: letters with dots in lower case, initials or an abbreviation."""

    INITIALS = "initials"
    ABBREVIATED = "abbreviated"
    WORD = "word"
    NUMBER = "number"
    LINE = "line"
    SIGN = "sign"


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

    is_foreign: bool = False
    """In a line of words that are mostly not Dutch, where lower case gives no hint at all."""

    is_sloppy: bool = False
    """In a line that opens in lower case, where names do not get their capital."""

    is_glued: bool = False
    """Part of an identifier: an underscore stands against it."""

    @property
    def is_ordinary(self) -> bool:
        """A word in lower case that no name begins with, whatever stands before it."""
        return self.is_word and self.flags & _COMMON != 0 and not self.is_capital and not self.is_top_surname

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
        look_up: Callable[[str], int] = lexicon.flags if lexicon else lambda _: 0
        self._flags = lru_cache(_CACHED_WORDS)(look_up)

    def tokens(self, text: str) -> list[Token]:
        """All tokens of `text` in order."""
        tokens: list[Token] = []
        opens, line_start = True, 0
        for match in _TOKEN.finditer(text):
            kind = Kind(match.lastgroup or "")
            written = match.group()
            token = Token(kind, written, match.start(), match.end(), written.lower(), kind is Kind.WORD)
            if kind is Kind.WORD:
                token.flags = self._flags(token.lower)
                token.opens, opens = opens, False
                token.is_glued = "_" in (text[token.start - 1 : token.start], text[token.end : token.end + 1])
            elif kind is Kind.INITIALS or kind is Kind.NUMBER:
                token.opens, opens = opens, False
            elif kind is Kind.LINE:
                _flatten(tokens, line_start)
                opens, line_start = True, len(tokens) + 1
            elif token.text in '.!?:;|"([{<>*•-=':
                opens = opens or token.text not in "-" or not tokens or tokens[-1].end < token.start
            tokens.append(token)
        _flatten(tokens, line_start)
        return tokens


def _flatten(tokens: list[Token], start: int) -> None:
    """Mark the words of one line whose case says nothing."""
    words = [token for token in tokens[start:] if token.kind is Kind.WORD and len(token.text) > 1]
    shouting = len(words) > 1 and sum(word.text.isupper() for word in words) >= _SHOUTING * len(words)
    small = [word for word in words if word.text.islower()]
    foreign = len(small) > 4 and sum(word.commonness > 0 for word in small) < _DUTCH * len(small)
    for word in words:
        word.is_flat = word.text.isupper() if shouting else word.text.islower()
        word.is_foreign = foreign
        word.is_sloppy = words[0].text.islower()
