"""How many different people a text is about: one person under several mentions counts once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

import regex

from gateway.detection.phrases.words import fold
from gateway.model.inspection import Entity

ONE_EACH = frozenset(
    {
        Entity.NL_BSN,
        Entity.US_SSN,
        Entity.DATE_OF_BIRTH,
        Entity.EMAIL_ADDRESS,
        Entity.PHONE_NUMBER,
        Entity.IBAN_CODE,
        Entity.NL_LICENSE_PLATE,
        Entity.NL_ID_DOCUMENT,
        Entity.NL_V_NUMBER,
        Entity.NL_A_NUMBER,
        Entity.NL_CASE_NUMBER,
        Entity.LOCATION,
    }
)
"""Entities of which a person has one: as many different values, as many people."""

_NAME_WORD = regex.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PARTICLES = frozenset(
    {"van", "de", "der", "den", "het", "ten", "ter", "te", "in", "t", "s", "op", "aan", "von", "du", "la", "le", "el",
     "al", "bin", "ibn", "da", "dos", "di", "y", "en", "und", "zu", "vd", "vander", "vande", "vanden"}
)  # fmt: skip
_TITLES = frozenset(
    {"mevrouw", "mevr", "mw", "dhr", "heer", "meneer", "mr", "mrs", "ms", "drs", "dr", "ing", "ir", "prof", "fam",
     "familie", "weduwe", "wed", "jr", "sr"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One way a person was named, as numbers: the words of the name, the first letter of the first name (0: none)."""

    words: frozenset[int]
    initial: int = 0


def mention(name: str) -> Mention | None:
    """The mention behind a written name, None when no name is in it.

    `Linden, J.W. van der` is `J.W. van der Linden`; titles and particles do not tell people apart.
    """
    family, comma, given = name.partition(",")
    pieces = map(fold, _NAME_WORD.findall(f"{given} {family}" if comma else name))
    words = [piece for piece in pieces if piece not in _PARTICLES and piece not in _TITLES]
    if not words:
        return None
    full = [word for word in words if len(word) > 1] or ["".join(words)]
    return Mention(frozenset(crc32(word.encode()) for word in full), ord(words[0][0]) if len(words) > 1 else 0)


def count(mentions: Iterable[Mention]) -> int:
    """The number of different people behind the mentions. A surname or first name alone joins who carries it."""
    people: list[tuple[frozenset[int], int]] = []
    by_word: defaultdict[int, list[int]] = defaultdict(list)
    for one in sorted(
        set(mentions), key=lambda one: (-len(one.words), not one.initial, sorted(one.words), one.initial)
    ):
        if any(_is_same(one, people[at]) for word in one.words for at in by_word[word]):
            continue
        for word in one.words:
            by_word[word].append(len(people))
        people.append((one.words, one.initial))
    return len(people)


def _is_same(one: Mention, person: tuple[frozenset[int], int]) -> bool:
    words, initial = person
    return one.words <= words and (not one.initial or not initial or one.initial == initial)
