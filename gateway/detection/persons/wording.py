"""Word by word: can this token be a given name, a family name, an initial or a prefix, the way it is written here?"""

import re
from collections.abc import Sequence
from enum import IntEnum

from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary

_FOREIGN_PREFIX = re.compile(r"(?:Mc|Mac|De|La|Le|Van|Ver|IJ|\w{1,2}')")
_WIDEST_GAP = 2
_MOST_UNDOTTED = 3
"""Initials without dots, as banks write them: "tnv HJ Vermeer"."""
_ARTICLES = frozenset(["de", "den", "der", "het", "'t", "ten", "ter"])
_DER = frozenset(["der", "den", "'t", "ter", "ten"])
_TER = frozenset(["ten", "ter"])
PREPOSITIONS = frozenset(["in", "op", "uit", "uijt", "aan", "bij", "onder", "over", "voor"])


class Position(IntEnum):
    """Where in a name a word stands. `ANNOUNCED`: first, after something that says a person follows."""

    FIRST = 0
    ANNOUNCED = 1
    NEXT = 2


class Wording:
    """The questions about single tokens, and about how they follow each other."""

    def __init__(self, vocabulary: NameVocabulary) -> None:
        self._vocabulary = vocabulary

    def is_name(self, tokens: Sequence[Token], at: int, position: Position) -> bool:
        """Whether the word at `at` can be a given or family name in this position."""
        if at >= len(tokens) or not tokens[at].is_word:
            return False
        token, is_next = tokens[at], position is Position.NEXT
        is_barred = self._is_barred(token, position) and not self._is_mei_in_a_name(tokens, at)
        if is_barred or self._is_label(tokens, at) or (is_next and self._is_next_column(tokens, at)):
            return False
        if position is Position.NEXT and self._follows_der(tokens, at):
            return True
        if token.is_caseless:
            return position is not Position.FIRST
        if not token.is_capital:
            return self._is_lower_name(token, position)
        return (self._is_name_in_flat_capitals if token.is_flat else self._is_capital_name)(token, position)

    def _follows_der(self, tokens: Sequence[Token], at: int) -> bool:
        """Behind "van der", and with a capital behind "ter", the most ordinary word is a family name: Meer, Haar."""
        token = tokens[at]
        if at < 1 or tokens[at - 1].lower not in _DER or not token.is_top_surname:
            return False
        if at > 1 and tokens[at - 2].lower in self._vocabulary.particles:
            return True
        return tokens[at - 1].lower in _TER and token.is_capital and not token.is_flat

    def _is_label(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether the word is the label of the next field: "Achternaam: Koning Voorletters: K."."""
        return at + 1 < len(tokens) and tokens[at + 1].text == ":" and tokens[at].lower in self._vocabulary.labels

    def _is_next_column(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a street begins behind the space of a column: "Bilal  Talingstraat 3"."""
        token = tokens[at]
        return token.start - tokens[at - 1].end >= _WIDEST_GAP and token.lower.endswith(self._vocabulary.street_ends)

    def _is_mei_in_a_name(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether "Mei" is no month: a short name that is nothing else stands against it ("Chen Mei Ling")."""
        if tokens[at].text != "Mei":
            return False
        return any(
            self.adjacent(tokens, behind, 1) and other.is_capital and other.is_first_name and not other.commonness
            for behind, other in ((at, tokens[at - 1]), (at + 1, tokens[min(at + 1, len(tokens) - 1)]))
        )

    def _is_lower_name(self, token: Token, position: Position) -> bool:
        if not token.is_flat or (token.is_foreign and position is not Position.ANNOUNCED):
            return False
        if position is Position.FIRST:
            return token.is_first_name and token.commonness < 2
        if token.commonness >= 2:
            return token.is_top_surname and token.commonness == 2
        return token.is_known or (position is Position.ANNOUNCED and token.commonness == 0 and len(token.text) > 3)

    def _is_name_in_flat_capitals(self, token: Token, position: Position) -> bool:
        return token.commonness < 2 or (token.is_known and position is not Position.FIRST and token.commonness < 3)

    def _is_barred(self, token: Token, position: Position) -> bool:
        word = token.lower
        if word in self._vocabulary.never or word.startswith("'") or len(word) < 2 or is_camel(token.text):
            return True
        if word in self._vocabulary.titles or (token.opens and word in self._vocabulary.greetings):
            return True
        return word in self._vocabulary.offices and position is Position.FIRST

    def _is_capital_name(self, token: Token, position: Position) -> bool:
        if token.text.isupper() and len(token.text) > 1:
            announced = position is Position.ANNOUNCED and token.commonness == 0
            return position is not Position.FIRST and len(token.text) > 3 and (token.is_known or announced)
        if position is not Position.FIRST:
            return token.commonness < 3 or token.is_top_surname or (token.is_surname and len(token.text) == 2)
        return token.commonness == 0 or (token.is_known and token.commonness < 3)

    def is_given(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether the word behind a comma is a given name: a listed one, or one that closes its cell."""
        if at >= len(tokens) or not tokens[at].is_word or is_camel(tokens[at].text) or self._goes_on(tokens, at):
            return False
        token = tokens[at]
        if token.is_first_name:
            return token.is_capital or token.commonness == 0
        capital = token.is_capital and not token.text.isupper() and len(token.text) > 2
        closes = at + 1 == len(tokens) or tokens[at + 1].kind is Kind.LINE or tokens[at + 1].text in "\"';|)"
        return capital and closes and token.commonness == 0 and not token.is_place

    def _goes_on(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a log-in name or an address begins with this word: "emre.celik@..."."""
        ends = [token.end for token in tokens[at : at + 2]]
        starts = [token.start for token in tokens[at + 1 : at + 3]]
        return ends == starts and tokens[at + 1].text in ".@_"

    def adjacent(self, tokens: Sequence[Token], at: int, widest: int = _WIDEST_GAP) -> bool:
        """Whether token `at` follows the one before it on the same line with at most `widest` signs between."""
        return at < len(tokens) and tokens[at].start - tokens[at - 1].end <= widest and tokens[at].kind is not Kind.LINE

    def initials(self, tokens: Sequence[Token], at: int, position: Position) -> bool:
        """Whether token `at` is initials: "J.W.", "j.w." before a family name, or one letter before one."""
        token = tokens[at]
        if token.kind is Kind.INITIALS:
            return token.text not in self._vocabulary.abbreviations
        undotted = token.is_word and token.text.isupper() and 1 < len(token.text) <= _MOST_UNDOTTED
        if undotted and position is Position.ANNOUNCED and not token.is_known:
            family = self._family_behind(tokens, at)
            return family is not None and family.is_surname and family.is_capital
        single = token.is_word and len(token.text) == 1 and (token.is_capital or position is Position.ANNOUNCED)
        dotted = token.kind is Kind.ABBREVIATED and token.text not in self._vocabulary.abbreviations
        if not single and not (dotted and (len(token.text) > 2 or position is not Position.FIRST)):
            return False
        family = self._family_behind(tokens, at)
        if family is None:
            return False
        if single and position is Position.FIRST:
            return family.is_surname and family.is_capital and family.commonness == 0 and not token.opens
        return family.is_surname or (position is Position.ANNOUNCED and family.commonness == 0)

    def _family_behind(self, tokens: Sequence[Token], at: int) -> Token | None:
        """The word behind the initials at `at` and a prefix, on the same line."""
        if not self.adjacent(tokens, at + 1):
            return None
        family = at + 1 + self.particles(tokens, at + 1)
        if family >= len(tokens) or not tokens[family].is_word or len(tokens[family].text) < 3:
            return None
        return tokens[family]

    def particles(self, tokens: Sequence[Token], at: int) -> int:
        """How many tokens of prefix ("van", "van der", "in 't") stand at `at`; a preposition needs its article."""
        count = 0
        while at + count < len(tokens) and count < 4 and tokens[at + count].lower in self._vocabulary.particles:
            if count and not self.adjacent(tokens, at + count):
                break
            word, following = tokens[at + count].lower, at + count + 1
            if word in PREPOSITIONS and (following >= len(tokens) or tokens[following].lower not in _ARTICLES):
                break
            count += 1
            if following < len(tokens) and tokens[following].text in "-/." and count < 3:
                count += tokens[following].start == tokens[following - 1].end
        return count


def is_camel(text: str) -> bool:
    """Capitals inside a word ("KvK", "GitHub"); names have them only behind Mc, Mac, De, La and an apostrophe."""
    inner = text[1:]
    return inner != inner.lower() and not inner.isupper() and not _FOREIGN_PREFIX.match(text)
