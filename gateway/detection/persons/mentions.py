"""Later mentions: once somebody is named in full, the family name or the given name alone means the same person."""

from collections.abc import Iterable, Iterator, Sequence, Set

from gateway.detection.persons.grammar import Name
from gateway.detection.persons.tokens import Token

_SHORTEST = 3


def words_of(tokens: Sequence[Token], names: Iterable[Name]) -> frozenset[str]:
    """The given and family names of these people, in lower case; ordinary words in lower case are left out."""
    return frozenset(
        tokens[index].lower
        for name in names
        for index in name.names
        if len(tokens[index].text) >= _SHORTEST and (tokens[index].commonness < 2 or tokens[index].is_capital)
    )


def mentions(tokens: Sequence[Token], words: Set[str]) -> Iterator[int]:
    """Indexes of the tokens that are one of `words`, written as a name (an ordinary word needs its capital)."""
    for index, token in enumerate(tokens):
        if token.is_word and token.lower in words and _is_written_as_name(token):
            yield index


def _is_written_as_name(token: Token) -> bool:
    if token.is_capital and not token.is_flat:
        return not (token.opens and token.commonness >= 2)
    return token.commonness == 0 and token.is_sloppy
