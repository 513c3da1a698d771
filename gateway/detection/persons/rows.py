"""Rows of people: what stands beside names in an enumeration, or right before somebody's number, is a name too."""

from collections.abc import Sequence

import regex

from gateway.detection.persons.grammar import Name
from gateway.detection.persons.tokens import Kind, Token

_SIGNS = frozenset(",;/&+|•-")
_OPENING = _SIGNS | {":", "(", ")", ".", "–"}
_WORDS = frozenset(["en", "and", "und", "alsmede"])
_LONGEST_ASIDE = 4
_MOST_SIGNS = 3
_COLUMN_GAP = 2
"""Spaces between columns that no sign parts."""
_UNHEARD_OF = 4
"""Letters of a word on no list that is a name before a mobile number."""

_NUMBER = regex.compile(
    r"\s{0,4}(?:[:;,/|(–=-]\s{0,2}){0,2}(?:tel\.?|m\.?|t\.?|bsn)?[ :]{0,2}"
    r"(?:(?P<mobile>(?:\+31|0031|0)[ -]?(?:\(0\))?6(?:[ -]?\d){8})"
    r"|\(?(?:\+|00)\d{2}[\d ()-]{8,}|\(?0\d{1,3}\)?[ -]?\d[\d -]{5,}|\d{4}[. ]?\d{2}[. ]?\d{3}(?!\d)"
    r"|(?P<date>(?<=[;,/|–-]\s{0,2})\d{1,2}(?:[-/]\d|\s(?:jan|feb|maa|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)))"
    r"|(?P<street>(?<=[,;|\t]\s{0,3}|\s{2})(?:\p{Lu}[\p{L}.'-]{1,25} ){0,3}\p{Lu}[\p{L}.'-]{3,25}"
    r" \d{1,4}(?!\d|[.,:]\d))"
    r"|[A-Z]{2}\d{2} ?[A-Z]{4}|[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3}(?!\w)|[\w.+-]{2,40}@\w)"
)
"""What looks like the number, account, car or address of somebody, or in a list the day an action is due."""


def next_item(tokens: Sequence[Token], last: int) -> int:
    """Where the next item of an enumeration begins if token `last` ends one, else -1: "Pronk (vz), |Bakker en |Wit"."""
    at = _behind_an_aside(tokens, last + 1)
    signs = at
    while at < len(tokens) and at - signs < _MOST_SIGNS and (tokens[at].text in _SIGNS or tokens[at].lower in _WORDS):
        at += 1
    return at if signs < at < len(tokens) and tokens[at].kind is not Kind.LINE else -1


def is_item(tokens: Sequence[Token], name: Name, *, sure: bool) -> bool:
    """Whether the name fills its place in an enumeration, and each word of it is on a list of names.

    Unless we are `sure` that the enumeration is one of people, no word may be an ordinary one.
    """
    words = [tokens[index] for index in name.names]
    if not all(_may_be_listed(word) for word in words) or (len(words) == 1 and words[0].is_place):
        return False
    if not sure and any(word.commonness or not word.is_capital for word in words):
        return False
    at = _behind_an_aside(tokens, name.last + 1)
    ends = at >= len(tokens) or tokens[at].kind is Kind.LINE
    return ends or tokens[at].text in ",;/&+|.)(" or tokens[at].lower in _WORDS


def is_before_a_number(text: str, tokens: Sequence[Token], name: Name) -> bool:
    """Whether an item or a line is a name and, right behind it, what looks like a number of that person."""
    before = name.first - 1
    opens = before < 0 or tokens[before].kind is Kind.LINE or tokens[before].text[-1] in _OPENING
    opens = opens or tokens[name.first].start - tokens[before].end >= _COLUMN_GAP
    words = [tokens[index] for index in name.names]
    if not opens or not all(word.is_capital for word in words) or words[-1].text.isupper():
        return False
    number = _NUMBER.match(text, tokens[name.last].end)
    if number is None:
        return False
    is_vague = number["date"] or number["street"]
    if is_vague and not name.particles and (words[0].is_place or words[0].commonness):
        return False
    return all(_may_be_listed(word) or (number["mobile"] and _is_unheard_of(word)) for word in words)


def _may_be_listed(word: Token) -> bool:
    if not word.is_known or (word.is_flat and not word.is_capital and word.commonness > 0):
        return False
    return word.commonness < 2 or word.is_top_surname


def _is_unheard_of(word: Token) -> bool:
    return word.commonness == 0 and not word.is_place and len(word.text) >= _UNHEARD_OF


def _behind_an_aside(tokens: Sequence[Token], at: int) -> int:
    """Behind a few words in brackets, when `at` opens them: "(vz)", "(Jeugd)"."""
    if at < len(tokens) and tokens[at].text == "(":
        for end in range(at + 1, min(at + 2 + _LONGEST_ASIDE, len(tokens))):
            if tokens[end].text == ")":
                return end + 1
    return at
