"""Office-holders: a name directly behind an office, or before a party in brackets, is public in that role."""

import re
from collections.abc import Iterator, Sequence

from gateway.detection.persons.grammar import Name
from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary

_SIGNS_BETWEEN = 4
_POLITE = frozenset({"mevrouw", "mevr", "mw", "mej", "heer", "dhr", "meneer", "familie", "fam", "mrs", "ms"})
_YEAR = re.compile(r"1[0-8]\d\d|19[01]\d")
_NEAR_HISTORY = 3
_REACH = 10
"""Tokens before a name in which a word can say that it is famous."""


def is_public(text: str, tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    """Whether the name belongs to the history books, or is named here in a public office."""
    if _is_well_known(text, tokens, name, vocabulary) or holds_office(tokens, name, vocabulary):
        return True
    is_past = _is_famous(tokens, name, vocabulary) or _is_of_history(tokens, name, vocabulary)
    return is_past and not _is_private(tokens, name, vocabulary)


def _is_of_history(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    """Whether a word of history stands right before the name, and a year of more than a century ago in the sentence.

    The AVG is not about the dead (recital 27). Who lives in a house of 1905 is alive: the word must belong to the name.
    """
    before = [token.text.strip(".").lower() for token in tokens[max(0, name.first - _NEAR_HISTORY) : name.first]]
    if vocabulary.history.isdisjoint(before) or not _POLITE.isdisjoint(before):
        return False
    words = [tokens[at] for at in _sentence_around(tokens, name)]
    return any(word.kind is Kind.NUMBER and _YEAR.fullmatch(word.text.strip(".,:")) for word in words)


def _sentence_around(tokens: Sequence[Token], name: Name) -> Iterator[int]:
    """The tokens around a name, up to a line end or the end of its sentence on either side."""
    for step, start in ((-1, name.first - 1), (1, name.last + 1)):
        at = start
        while 0 <= at < len(tokens) and tokens[at].kind is not Kind.LINE and tokens[at].text not in ".!?":
            yield at
            at += step


def _is_well_known(text: str, tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    """Whether a list has the name, alone, with the title before it (*Dr. Oetker*), or each of a row of names.

    Who is spoken of as *mevrouw Anne Frank* is somebody who bears that name.
    """
    before = [token.lower for token in tokens[max(0, name.first - 2) : name.first] if token.text != "."]
    is_polite = bool(before) and before[-1] in _POLITE
    for first in range(max(0, name.first - 2), name.first + (not is_polite)):
        written = text[tokens[first].start : tokens[name.last].end].lower().replace(".", "")
        if all(" ".join(part.split()) in vocabulary.well_known for part in written.split(",")):
            return True
    return False


def holds_office(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    """Whether the text names this person in a public office, and says nothing private in the same sentence."""
    if not (_office_before(tokens, name.first, vocabulary) or _office_behind(tokens, name.last, vocabulary)):
        return False
    return not _is_private(tokens, name, vocabulary)


def _office_before(tokens: Sequence[Token], first: int, vocabulary: NameVocabulary) -> bool:
    before, steps = first - 1, 0
    while before >= 0 and steps < 12:
        token = tokens[before]
        if token.lower in vocabulary.offices:
            return True
        joins = (
            token.text in ",-" or token.lower in ("en", "of", "van", "de", "der", "den") or token.kind is Kind.INITIALS
        )
        titled = token.lower in vocabulary.titles or token.text == "."
        named = token.is_word and token.is_capital and not token.is_flat and token.commonness < 3
        if not (joins or titled or named):
            return False
        before, steps = before - 1, steps + 1
    return False


def _office_behind(tokens: Sequence[Token], last: int, vocabulary: NameVocabulary) -> bool:
    behind, between = last + 1, ""
    while (
        behind < len(tokens)
        and len(between) < _SIGNS_BETWEEN
        and (tokens[behind].text in ",(-" or _is_line(tokens[behind]))
    ):
        between += tokens[behind].text
        behind += 1
    if not between or behind >= len(tokens):
        return False
    word = tokens[behind].lower
    if behind + 1 < len(tokens) and tokens[behind + 1].start == tokens[behind].end:
        word += tokens[behind + 1].lower  # D66, 50PLUS
    party = tokens[behind].lower in vocabulary.parties or word in vocabulary.parties
    return (party and between.strip() != "") or tokens[behind].lower in vocabulary.offices


def _is_famous(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    at = name.first - 1
    for _ in range(_REACH):
        if at < 0 or tokens[at].kind is Kind.LINE or tokens[at].text in ".!?":
            return False
        if tokens[at].lower in vocabulary.fame:
            return True
        at -= 1
    return False


def _is_line(token: Token) -> bool:
    return token.kind is Kind.LINE


def _is_private(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    """Whether a word in the same sentence takes the person out of the public role."""
    return any(tokens[at].lower in vocabulary.private_matters for at in _sentence_around(tokens, name))
