"""The grammar of a name: initials, given names, prefixes and family names, as they follow each other in a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.persons.wording import PREPOSITIONS, Position, Wording

_MOST_NAMES = 5
_MOST_INITIALS = 4


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `[first, last]` that read as a name. `names` are the indexes of its given and family names."""

    first: int
    last: int
    names: tuple[int, ...]
    initials: bool = False
    particles: int = 0
    """How many tokens of prefix it opens with."""


class NameGrammar:
    """Reads names at a position of a token list. `sure` says that something before it announced a person."""

    def __init__(self, vocabulary: NameVocabulary) -> None:
        self._vocabulary = vocabulary
        self._wording = Wording(vocabulary)

    def read(self, tokens: Sequence[Token], at: int, *, sure: bool = False) -> Name | None:
        """The longest name that starts at token `at`; None when none does."""
        start = Position.ANNOUNCED if sure else Position.FIRST
        names: list[int] = []
        initials, opening, last, index = False, 0, -1, at
        while len(names) < _MOST_NAMES and (index == at or self._wording.adjacent(tokens, index)):
            if index >= len(tokens):
                break
            position = Position.NEXT if names or initials or opening else start
            if self._wording.initials(tokens, index, position):
                if names and not self._is_middle(tokens, index):
                    break
                initials = initials or not names
                index += 1
            elif (step := self._wording.particles(tokens, index)) and self._may_follow(tokens, index, step, position):
                opening = opening or (step if index == at else 0)
                index += step
            elif names and not self._is_written_alike(tokens[names[0]], tokens[index]):
                break
            elif self._wording.is_name(tokens, index, position):
                names.append(index)
                last, index = index, index + 1
            elif jump := self._joint(tokens, index, last):
                index += jump
            else:
                break
        if not names:
            return None
        return Name(at, last + (sure and self._has_bare_initials(tokens, last)), tuple(names), initials, opening)

    def _has_bare_initials(self, tokens: Sequence[Token], last: int) -> bool:
        """Whether initials without dots follow a family name, as registers write: "VELDKAMP GJH", "Bakker KM,"."""
        if not self._wording.adjacent(tokens, last + 1, 1):
            return False
        token = tokens[last + 1]
        short = token.is_word and token.text.isupper() and len(token.text) <= _MOST_INITIALS
        if not short or token.is_known or token.lower in self._vocabulary.organisation_tails:
            return False
        if tokens[last].text.isupper():
            return not token.commonness
        behind = tokens[last + 2 : last + 3]
        return not behind or behind[0].kind is Kind.LINE or behind[0].text in ",;|)"

    def prefix(self, tokens: Sequence[Token], at: int) -> int:
        """How many tokens of prefix stand at `at`, with a token behind them; 0 for none."""
        count = self._wording.particles(tokens, at)
        return count if at + count < len(tokens) else 0

    def read_reversed(self, tokens: Sequence[Token], at: int) -> Name | None:
        """A name written family name first: "Linden, J.W. van der", "Erdem, Fatma" (also with a semicolon)."""
        index = at + (self._wording.particles(tokens, at) if tokens[at].is_capital or tokens[at].opens else 0)
        names: list[int] = []
        while index < len(tokens) and len(names) < 3 and (index == at or self._wording.adjacent(tokens, index)):
            frequent = tokens[index].is_top_surname and tokens[index].is_capital
            if frequent or self._wording.is_name(tokens, index, Position.NEXT):
                names.append(index)
            elif not (names and tokens[index].text == "-"):
                break
            index += 1
        if (
            not names
            or index >= len(tokens)
            or tokens[index].text not in ",;"
            or tokens[names[-1]].end != tokens[index].start
        ):
            return None
        index += 1
        if not self._wording.adjacent(tokens, index):
            return None
        last = self._given_names(tokens, index, names)
        if last is None or self._has_family_behind(tokens, last):
            return None
        initials = tokens[index].kind in (Kind.INITIALS, Kind.ABBREVIATED)
        return Name(at, last + self._prefix_behind(tokens, last), tuple(names), initials)

    def _given_names(self, tokens: Sequence[Token], index: int, names: list[int]) -> int | None:
        """The last token of the initials or given names at `index`; the latter are added to `names`."""
        if self._wording.initials(tokens, index, Position.NEXT):
            while self._wording.adjacent(tokens, index + 1) and tokens[index + 1].kind is Kind.INITIALS:
                index += 1
            return index
        if not self._wording.is_given(tokens, index):
            return None
        names.append(index)
        if self._wording.adjacent(tokens, index + 2, 0) and tokens[index + 1].text == "-":
            index += 2
        elif self._wording.adjacent(tokens, index + 1) and self._wording.is_given(tokens, index + 1):
            index += 1
            names.append(index)
        return index

    def _has_family_behind(self, tokens: Sequence[Token], last: int) -> bool:
        """Whether the given name at `last` has a family name of its own behind it: a row, "Van Heek, Jan Cremer"."""
        if not self._wording.adjacent(tokens, last + 1, 1):
            return False
        behind = tokens[last + 1]
        if tokens[last].kind is Kind.INITIALS:  # "Lanting, S. Bouchallikh"
            return behind.is_word and behind.is_capital and not behind.is_flat and behind.commonness == 0
        if not tokens[last].is_word or tokens[last].is_flat:
            return False
        return behind.is_word and behind.is_capital and behind.is_surname and not behind.is_first_name

    def _prefix_behind(self, tokens: Sequence[Token], last: int) -> int:
        """How many tokens of prefix stand behind the initials ("Linden, J.W. van der"), and belong to nothing else."""
        if not self._wording.adjacent(tokens, last + 1):
            return 0
        count = self._wording.particles(tokens, last + 1)
        following = last + count + 1
        taken = count and self._wording.adjacent(tokens, following) and tokens[following].is_word
        return 0 if taken and tokens[following].is_capital else count

    def _may_follow(self, tokens: Sequence[Token], at: int, step: int, position: Position) -> bool:
        """Whether the prefix at `at` has a family name behind it, and may stand in this position."""
        family = at + step
        if not self._wording.adjacent(tokens, family) or not self._wording.is_name(tokens, family, Position.NEXT):
            return False
        is_small = tokens[at].lower in PREPOSITIONS and not tokens[family].is_capital
        if position is Position.NEXT and is_small and not tokens[at - 1].is_first_name:
            return False  # "de heer de lange over de heg"
        if position is not Position.FIRST or tokens[at].is_capital:
            return True
        return tokens[family].is_surname and not tokens[family].is_first_name

    def _is_written_alike(self, head: Token, token: Token) -> bool:
        """A name that starts with a capital goes on with capitals, but for a frequent family name."""
        if token.is_word and (head.is_caseless or token.is_caseless):
            return head.is_caseless and token.is_caseless
        if not token.is_word or head.is_flat or token.is_capital or token.lower in self._vocabulary.particles:
            return True
        return token.is_top_surname and token.commonness < 2

    def _is_middle(self, tokens: Sequence[Token], at: int) -> bool:
        """Initials inside a name ("Jan P. de Boer") are followed by more of it."""
        following = at + 1
        if not self._wording.adjacent(tokens, following):
            return False
        following += self._wording.particles(tokens, following)
        return self._wording.is_name(tokens, following, Position.NEXT)

    def _joint(self, tokens: Sequence[Token], at: int, last: int) -> int:
        """How many tokens join the name before to a name behind: a hyphen, a nickname in brackets; 0 for none."""
        if last != at - 1 or at + 1 >= len(tokens):
            return 0
        token, following = tokens[at], at + 1
        if token.text == "-":
            spaced = token.start - tokens[last].end
            if spaced > 1 or tokens[following].start - token.end != spaced:
                return 0
            if len(tokens[following].text) == 1 and following + 1 < len(tokens) and tokens[following + 1].text == "-":
                return 3  # Chin-A-Pauw
            behind = following + self._wording.particles(tokens, following)
            known = behind < len(tokens) and (spaced == 0 or (tokens[behind].is_surname and tokens[last].is_surname))
            return 1 if known and self._wording.is_name(tokens, behind, Position.NEXT) else 0
        if token.text in "(\"'" and following + 2 < len(tokens) and tokens[following + 1].text in ")\"'":
            behind = following + 2
            behind += self._wording.particles(tokens, behind)
            inner = self._wording.is_name(tokens, following, Position.NEXT)
            if (
                inner
                and self._wording.is_name(tokens, behind, Position.NEXT)
                and self._wording.adjacent(tokens, following + 2)
            ):
                return 3
        return 0
