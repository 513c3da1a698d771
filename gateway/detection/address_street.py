"""The name of a street: on the list of the BAG, or by its last word; and how far left it goes."""

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from nl_models import Lexicon

_WORD_BEFORE = regex.compile(r"(?:\d{1,2}e|'[stn]|[\p{L}][\p{L}\p{M}'./-]*)[ ]{1,2}", regex.REVERSE)
_SUFFIX = regex.compile(
    r"(?:straat|straatje|strjitte|laan|weg|wei|plein|singel|gracht|kade|dijk|hof|hofje|pad|steeg|steech|plantsoen|dreef|"
    r"markt|baan|ring|haven|wal|park|allee|boulevard|gang|leane|dyk|reed|poort|zijde|oord|veld|akker|kamp|stede|erf|"
    r"burgwal|tuin|weide|donk|horst|brink|es|hoek|bosch|bos|rade|schans|lei|steenweg|buorren|paad|hiem|straße|strasse|"
    r"(?<=\p{L}[dgkmnrst])ln|str\.?|ln\.|pln\.)$",
    regex.IGNORECASE,
)
_STRONG = regex.compile(
    r"(?:straat|straatje|strjitte|laan|singel|gracht|kade|dijk|steeg|plantsoen|dreef|plein|weg|hof|pad|allee|boulevard|"
    r"burgwal|straße|strasse|str\.|str)$",
    regex.IGNORECASE,
)
_ANNOUNCED = regex.compile(
    r"(?<!\p{L})(?:\p{L}{0,16}adres|woonachtig|woont|wonend|wonende|verhuisd|verhuist|gevestigd|inwonend|ingeschreven)"
    r"(?:[ ](?:nu|is|op|in|aan|naar|te|bij|de|het|wordt|gewijzigd|vanaf)){0,3}[ ]?:?[ ]{0,2}$",
    regex.IGNORECASE,
)
"""What says that a street comes: then a word that mostly means something else is one too, with its capital."""
_OF_THE = frozenset(["van", "der", "den", "de"])
_OPENING = _OF_THE | {"naar", "in"}
_MOST_WORDS = 6
_FURTHEST = 50

LISTED_ONLY = 0.5
"""How sure a word is a street that is on the list of streets and is mostly something else."""


@dataclass(frozen=True, slots=True)
class Street:
    """Where a street begins, and how sure it is one."""

    start: int
    score: float


class StreetNames:
    """Tells streets from other words; `lexicon` knows the streets there are."""

    def __init__(self, lexicon: Lexicon | None, lists: Mapping[str, tuple[str, ...]]) -> None:
        self._lexicon = lexicon
        self._lookalikes = frozenset(lists.get("street-lookalikes", ()))
        self._titles = frozenset(lists.get("street-titles", ()))
        self._lead_ins = frozenset(lists.get("address-lead-ins", ()))
        self._particles = frozenset(lists.get("street-particles", ()))
        self._between = self._particles - self._lead_ins | _OF_THE
        self._openers = frozenset(lists.get("street-openers", ()))
        self._counted = frozenset(lists.get("counted-things", ()))
        self._months = frozenset(lists.get("month-names", ()))

    def named(self, text: str, start: int, end: int, *, sure: bool) -> Street | None:
        """The street whose last word is `[start, end)`; words before it belong to it as streets have them."""
        starts = [start]
        for _ in range(_MOST_WORDS - 1):
            before = _WORD_BEFORE.search(text, max(0, starts[-1] - 40), starts[-1])
            if not before or before.end() != starts[-1]:
                break
            starts.append(before.start())
        last = text[start:end].rstrip(".").lower()
        if opened := self._opened(text, starts, last):
            return opened
        if self._lexicon:
            for count in range(len(starts) - 1, -1, -1):
                name = " ".join(text[starts[count] : end].split())
                if self._lexicon.street(name) and (" " in name or last not in self._lookalikes):
                    return Street(self._titled(text, starts[count:]), self._listed_score(name, last))
        score = self._unlisted_score(text[start:end], last, sure=sure)
        if not score and text[start].isupper() and last not in self._months and last not in self._counted:
            score = 0.62 if _ANNOUNCED.search(text, max(0, start - _FURTHEST), start) else 0
        return Street(self._extended(text, starts), score) if score else None

    def _opened(self, text: str, starts: list[int], last: str) -> Street | None:
        """A street that opens with what it is ("Laan van Nieuw Oost-Indië")."""
        if last in self._particles or last in self._lookalikes or not text[starts[0]].isupper():
            return None
        words = [text[at : text.index(" ", at)] for at in starts[1:]]
        for at, word in enumerate(words):
            if at and word in self._openers and words[at - 1] in _OPENING:
                return Street(starts[at + 1], 0.75)
            if not word[0].isupper() and word not in self._particles:
                return None
        return None

    def _unlisted_score(self, word: str, last: str, *, sure: bool) -> float:
        """How sure the last word of a name that no list knows is that of a street; 0 when it is not."""
        capital = word[0].isupper()
        if last in self._months or (sure and last in self._lead_ins):
            return 0
        if sure and capital:
            return 0.6
        if last in self._lookalikes or last in self._counted:
            return 0
        if _STRONG.search(word) and len(last) > 5:
            return 0.75 if capital or self._is_unusual(last) else 0.62
        if _SUFFIX.search(word) and capital and self._is_unusual(last):
            return 0.62 if len(last) > 6 else 0.5
        return 0.6 if sure and self._is_unusual(last) else 0

    def _listed_score(self, name: str, last: str) -> float:
        if _STRONG.search(last) and len(last) > 5:
            return 0.85
        if " " in name and name.removeprefix("'t ").removeprefix("'s ")[0].isupper():
            return 0.72
        if name[0].isupper() and not name.isupper():
            return 0.62 if self._is_unusual(last) else 0.45
        return 0.62 if self._is_unusual(last) and _SUFFIX.search(last) else 0.3

    def _is_unusual(self, word: str) -> bool:
        return self._lexicon is None or self._lexicon.commonness(word) < 2

    def _titled(self, text: str, starts: list[int]) -> int:
        """How far left a listed street goes beyond its list entry: over a title ("Burgemeester", "Burg. v.d.")."""
        begin, crossed = starts[0], False
        for at in starts[1:]:
            word = text[at : text.index(" ", at)]
            if word.lower() in self._between and word.lower() not in self._titles:
                crossed = True
                continue
            if word.lower() not in self._titles or (crossed and not word[0].isupper()):
                break
            begin, crossed = at, False
        return begin

    def _extended(self, text: str, starts: list[int]) -> int:
        """How far left a street goes that no list knows: capitalised words, and small words between those."""
        begin, crossed = starts[0], False
        for at in starts[1:]:
            word = text[at : text.index(" ", at)]
            plain = word.lower().strip(".")
            if plain in self._particles and not word[0].isdigit():
                crossed = True
                continue
            if crossed and word.lower() not in self._titles and begin != starts[0]:
                break
            is_name = word[:1].isupper() or word[0].isdigit()
            if not is_name or plain in self._lead_ins or (word.endswith(".") and len(word) > 5):
                break
            begin = at
        return begin
