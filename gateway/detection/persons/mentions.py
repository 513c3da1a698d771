"""Later mentions: once somebody is named in full, the family name or the given name alone means the same person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

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


def prefixes_of(tokens: Sequence[Token], names: Iterable[Name]) -> dict[str, tuple[str, ...]]:
    """By family name, in lower case, the prefix it has in these names: `berg` has `van den`."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        first = name.first if name.particles else name.names[0] + 1
        inner = first if len(name.names) < 2 else name.names[-2] + 1
        prefix = tuple(token.lower for token in tokens[max(first, inner) : name.names[-1]] if token.is_word)
        if prefix:
            found[tokens[name.names[-1]].lower] = prefix
    return found


def mentions(
    tokens: Sequence[Token], words: Set[str], prefixes: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, int]]:
    """First and last tokens of what is one of `words`, with the prefix that belongs to it.

    It must be written as a name; behind its own prefix the most ordinary word is one ("de lange belde").
    """
    for index, token in enumerate(tokens):
        if not token.is_word or token.lower not in words:
            continue
        prefix = prefixes.get(token.lower, ())
        before = tuple(one.lower for one in tokens[max(0, index - len(prefix)) : index])
        if prefix and before == prefix:
            yield index - len(prefix), index
        elif _is_written_as_name(token):
            yield index, index


def _is_written_as_name(token: Token) -> bool:
    if token.is_capital and not token.is_flat:
        return not (token.opens and token.commonness >= 2 and not token.is_top_surname)
    return token.commonness == 0 and token.is_sloppy
