"""How much a name says by itself, without anything that announces it: from its parts and how ordinary they are."""

import re
from collections.abc import Sequence

from gateway.detection.persons.grammar import Name
from gateway.detection.persons.tokens import Kind, Token

PAIR = 0.8
ALONE = 0.62
UNSURE = 0.5
_LOCATED = 0.7
_VERY_COMMON = 3
_SHORT = 4
"""Letters of a word in lower case that is a given name before a family name with its capital ("sanne Hoekstra")."""

_AGE = re.compile(r"1?\d{1,2}|(?:19|20)\d\d")
_YEARS = ("jaar", "jr", "years")
_STREETS = ("straat", "laan", "weg", "plein", "singel", "gracht", "kade", "dijk", "dreef", "hof", "pad", "plantsoen")
_TOWARDS = frozenset(["bij", "met", "door", "aan", "van", "voor", "namens", "tegen", "volgens"])
"""Prepositions before somebody: "trof bij Van Kesteren"."""
_NAME_ONLY = frozenset(["der", "den", "ter", "ten", "vd", "vander", "vanden", "van't", "op't", "'t"])
"""Prefixes that ordinary Dutch no longer uses before a noun."""


def own_score(tokens: Sequence[Token], name: Name) -> float:
    """The score of a name that nothing announces; 0 when it says nothing."""
    words = [tokens[index] for index in name.names]
    if name.initials:
        return _initials_score(tokens[name.first], name, words[-1])
    opens_with_der = any(token.lower in _NAME_ONLY for token in tokens[name.first : name.first + name.particles])
    if opens_with_der and words[-1].is_surname and words[-1].commonness < 2:
        return 0.7 if words[-1].is_capital or words[-1].is_top_surname else 0
    if len(words) == 1:
        return _single_score(tokens, name, words[0])
    hyphens = any(token.text == "-" for token in tokens[name.first : name.last])
    places = words[0].is_place + words[-1].is_place
    return 0 if places > 1 or (hyphens and places) else _pair_score(name, words)


def _initials_score(first: Token, name: Name, family: Token) -> float:
    ordinary = family.commonness > 1 and not family.is_top_surname
    if first.kind is Kind.ABBREVIATED:
        return PAIR if family.is_surname and not ordinary else 0
    if family.is_surname and (not ordinary or first.text.count(".") > 1 or name.particles):
        return PAIR + 0.05
    return PAIR - 0.05 if family.commonness == 0 and family.is_capital else 0


def _pair_score(name: Name, words: Sequence[Token]) -> float:
    head, family = words[0], words[-1]
    if family.is_capital and not head.is_capital and len(head.text) < _SHORT:
        return 0
    if head.is_first_name and (family.is_surname or family.is_surname_part or family.commonness == 0):
        if head.commonness >= 2 and (family.commonness >= 2 or (head.opens and not family.is_surname)):
            return ALONE if name.particles and not head.opens else 0
        listed = family.is_top_surname or (family.is_first_name and family.is_capital and not family.is_flat)
        return 0 if family.commonness >= 2 and not listed and not name.particles else PAIR
    if any(word.commonness or word.is_place for word in words):
        return 0
    known = sum(word.is_known for word in words)
    if known >= 2:
        return 0.7
    return ALONE if known and len(words) <= 3 and head.is_capital else 0


def _single_score(tokens: Sequence[Token], name: Name, word: Token) -> float:
    """One word alone: a given name no ordinary word looks like, or a frequent family name, in running text."""
    if not word.is_capital or word.is_flat or len(word.text) < 3:
        return 0
    if name.particles:
        return _prefixed_score(tokens, name, word)
    if _is_told_of(tokens, name, word):
        return _LOCATED
    if word.is_first_name and not word.is_place and not word.commonness:
        return UNSURE if word.opens else ALONE + 0.03
    article = not word.commonness and name.first > 0 and tokens[name.first - 1].text in ("Het", "De")
    is_family = word.is_top_surname and not word.opens and not word.is_place and word.commonness < _VERY_COMMON
    return ALONE if is_family and not article else 0


def _prefixed_score(tokens: Sequence[Token], name: Name, word: Token) -> float:
    """A family name with its prefix and nothing before it: "trof bij Van Kesteren"."""
    prefix, before = tokens[name.first], tokens[name.first - 1]
    if prefix.text == "Van" and before.lower in _TOWARDS and word.is_surname and not word.commonness:
        return _LOCATED
    if word.commonness:
        return ALONE if word.is_top_surname and word.commonness < 3 and not word.opens else 0
    return ALONE if word.is_top_surname and not prefix.is_capital and not word.is_place else 0


def _is_told_of(tokens: Sequence[Token], name: Name, word: Token) -> bool:
    """Whether an age follows a given name; an address or an initial a family name."""
    if word.is_first_name:
        return _has_age_behind(tokens, name.last)
    if word.is_place or word.commonness:
        return False
    in_a_sentence = not word.opens and _has_street_behind(tokens, name.last)
    return word.is_surname and (in_a_sentence or _has_initial_behind(tokens, name))


def _has_street_behind(tokens: Sequence[Token], last: int) -> bool:
    """Whether what follows is an address: "bij Boutahar, Tulpstraat 31"."""
    behind = tokens[last + 1 : last + 4]
    if len(behind) < 3 or behind[0].text != "," or not behind[1].is_capital or behind[2].kind is not Kind.NUMBER:
        return False
    return behind[1].lower.endswith(_STREETS)


def _has_age_behind(tokens: Sequence[Token], last: int) -> bool:
    """Whether an age or a year of birth follows: "Youssef (9)", "(Youssef, 9)", "Youssef, 9 jaar", "Wil (1958)"."""
    behind = tokens[last + 1 : last + 4]
    if len(behind) > 1 and _AGE.fullmatch(behind[0].text):
        return behind[1].lower in _YEARS
    if len(behind) < 3 or behind[0].text not in ("(", ",") or not _AGE.fullmatch(behind[1].text):
        return False
    return behind[2].text == ")" or behind[2].lower in _YEARS


def _has_initial_behind(tokens: Sequence[Token], name: Name) -> bool:
    """Whether an initial follows: "Patel R. staat op de lijst"."""
    behind = tokens[name.last + 1 : name.last + 2]
    return bool(behind) and behind[0].kind is Kind.INITIALS and behind[0].start - tokens[name.last].end == 1


def is_plausible(names: Sequence[Token], *, initials: bool) -> bool:
    """Whether words that a model calls a person can be one: written alike, listed, and not ordinary."""
    head, capital = names[0], names[0].is_capital and not names[0].is_flat
    if any(token.is_capital != head.is_capital for token in names):
        return False
    if any(token.text.isupper() and len(token.text) < 4 and not token.is_flat for token in names):
        return False
    if len(names) > 1 or initials:
        if capital:
            return any(token.is_known for token in names) and all(token.commonness < 3 for token in names)
        given = initials or (head.is_first_name and head.is_sloppy)
        return names[-1].is_known and given and all(token.commonness < 2 for token in names)
    if (head.text.isupper() and not head.is_flat) or head.is_place or head.commonness or len(head.text) < 3:
        return False
    return (head.is_known and capital) or _is_small_name(head)


def _is_small_name(word: Token) -> bool:
    """A name no ordinary word looks like, in lower case, in a line typed without capitals and in Dutch."""
    is_small = word.is_sloppy and word.is_flat and not word.is_capital and not word.is_foreign
    return is_small and word.commonness == 0 and len(word.text) >= _SHORT and (word.is_first_name or word.is_surname)
