"""Addresses: a street with a house number, with the postcode and place that follow it.

A street is a name from the BAG list, or a word that ends as streets do; what stands before the number decides, so the
cost is one look per number in the text. Public buildings are left out by the rule's context words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable
from gateway.rulebook.documents.detection import DetectionRule
from nl_models import Lexicon

_GAP = r"(?:[ \t]{1,3}|[ \t]{0,3}[|;\t,][ \t]{0,3}|[ \t]{0,2}\n[ \t]{0,2}(?=\d))"
_ADDITION = (
    r"(?:[ ]?-[ ]?(?:bis|hs|huis|rd|zw|[a-z]\d{0,2}|[ivx]{1,4}|\d{1,4})\b[ ]?(?:hoog|bis)?"
    r"|[ ]?(?:bis|hs|rd|zw|hoog|zwart|rood|huis)\b(?:[ ]?[a-z]\b)?"
    r"|[ ]\d{1,2}[ ]?-?hoog\b|[ ]?[a-z]\d{0,2}(?![\w@]|'\w)(?:[ ]?-?[ ]?\d{1,3}(?!\w))?|[ ](?:III?|IV|VI{0,3})(?!\w)"
    r"|/\d{1,4}(?!\w)|(?:[ ]?(?:t/m|tot en met|-)[ ]?\d{1,4})(?!\w))"
)
_BUILDING = walkable(
    rf"(?<![\p{{L}}\p{{M}}\d])(?P<last>[\p{{L}}][\p{{L}}\p{{M}}'.-]{{0,40}})"
    rf"(?:{_GAP}|[ ]?,?[ ]?\(?(?:nr\.?|nummer|huisnummer|no\.)[ ]?:?[ ]?)"
    rf"(?P<number>[1-9]\d{{0,4}}(?:{_ADDITION})?)(?![\w]|[.,:]\d|[ ]?[%€°]|[ ]?/[ ]?\d{{1,5}}[ ]?/)",
    regex.IGNORECASE,
)
_CELL = r"(?:[ \t]*[,|;\t][ \t]*|[ \t]+|[ \t]*,?[ \t]*\r?\n[ \t]*|[ ]?\(|[ ]-[ ])"
_POSTCODE = regex.compile(rf"(?:{_CELL})(?P<value>[1-9]\d{{3}}[ ]?(?!S[ADS]\b)[A-Z]{{2}})(?!\w)", regex.IGNORECASE)
_PLACE = regex.compile(
    rf"(?:{_CELL})(?P<value>(?:'[stn][ -])?[\p{{L}}][\p{{L}}\p{{M}}'-]*\.?"
    r"(?:[ ](?:\(\p{L}+\)|[\p{L}][\p{L}'/-]+)){0,4})",
    regex.IGNORECASE,
)
_UNLISTED = regex.compile(r"(?:,[ ]|[ ](?:te|in|yn)[ ])(?P<value>\p{Lu}[\p{L}\p{M}'-]{3,40})")
_WORD_BEFORE = regex.compile(r"(?:[\p{L}][\p{L}\p{M}'.-]*|\d{1,2}e|'[stn])[ ]{1,2}", regex.REVERSE)
_SUFFIX = regex.compile(
    r"(?:straat|straatje|strjitte|laan|weg|wei|plein|singel|gracht|kade|dijk|hof|hofje|pad|steeg|steech|plantsoen|dreef|"
    r"markt|baan|ring|haven|wal|park|allee|boulevard|gang|leane|dyk|reed|poort|zijde|oord|veld|akker|kamp|stede|erf|"
    r"burgwal|tuin|weide|donk|horst|brink|es|hoek|bosch|bos|rade|schans|lei|steenweg|straße|strasse|str\.?|ln\.|pln\.)$",
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
_CELL_BORDER = regex.compile(r"[|;\t]")
_DIGIT = regex.compile(r"\d")
_NUMBER_HEAD = regex.compile(
    r"(?<!\p{L})(?:h(?:uis)?|straat)?[- _]?(?:nr|nummer|no|number)\.?(?!\p{L})|adres", regex.IGNORECASE
)
_YEAR = regex.compile(r"(?:1[5-9]|20)\d\d$")
_MOST_WORDS = 6
_FURTHEST = 50
_LONGEST = 100
"""Code points of the last word of a street, its number and what follows."""


@dataclass(frozen=True, slots=True)
class _Street:
    start: int
    score: float


class AddressRecognizer(CodeRecognizer):
    """Street and number, over neighbouring cells or lines, in any case; with a postcode more certain."""

    triggers: tuple[str, ...] = (f"(?i:{_BUILDING.pattern})",)
    lead = 0

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None, lists: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rule)
        self._lexicon = lexicon
        self._lookalikes = frozenset(lists.get("street-lookalikes", ()))
        self._titles = frozenset(lists.get("street-titles", ()))
        self._lead_ins = frozenset(lists.get("address-lead-ins", ()))
        self._particles = frozenset(lists.get("street-particles", ()))
        self._counted = frozenset(lists.get("counted-things", ()))
        self._months = frozenset(lists.get("month-names", ()))
        self._short_words = frozenset(lists.get("two-letter-words", ()))

    def find(self, look: Look) -> Iterator[Hit]:
        text, done = look.reading.text, 0
        for match in Walk(_BUILDING, text, _LONGEST, 1 + len(text) / 200_000).over(look.windows):
            if match.start() < done:
                continue
            hit = self._address(look, match)
            if hit:
                done = hit.end
                yield hit

    def _address(self, look: Look, match: "regex.Match[str]") -> Hit | None:
        text = look.reading.text
        postcode = _POSTCODE.match(text, match.end())
        if postcode and postcode["value"][-2:] in self._short_words:
            postcode = None
        if not postcode and (_YEAR.match(match["number"]) or _next_word(text, match.end()) in self._counted):
            return None
        if not postcode and self._is_count(look, match):
            return None
        street = self._street(text, match.start("last"), match.end("last"), sure=postcode is not None)
        if street is None:
            return None
        end, score = match.end(), street.score
        if postcode:
            end, score = postcode.end(), max(score, 0.8) + 0.1
        place = self._place(text, end, sure=postcode is not None)
        if place:
            end, score = place, score + 0.15
        score = self.context_window.score(look.reading, street.start, end, min(1.0, score))
        return self.hit(street.start, end, score)

    def _is_count(self, look: Look, match: "regex.Match[str]") -> bool:
        """Whether the number stands in a cell of its own under a head that is not that of house numbers."""
        if not _CELL_BORDER.search(look.reading.text, match.end("last"), match.start("number")):
            return False
        head = look.reading.tables.head_of(match.start("number"))
        written = look.reading.text[slice(*head)].strip() if head else ""
        return bool(written) and not _DIGIT.search(written) and not _NUMBER_HEAD.search(written)

    def _street(self, text: str, start: int, end: int, *, sure: bool) -> _Street | None:
        """The street whose last word is `[start, end)`; words before it belong to it as streets have them."""
        starts = [start]
        for _ in range(_MOST_WORDS - 1):
            before = _WORD_BEFORE.search(text, max(0, starts[-1] - 40), starts[-1])
            if not before or before.end() != starts[-1]:
                break
            starts.append(before.start())
        last = text[start:end].rstrip(".").lower()
        if self._lexicon:
            for count in range(len(starts) - 1, -1, -1):
                name = text[starts[count] : end]
                if self._lexicon.street(name) and (" " in name or last not in self._lookalikes):
                    return _Street(self._titled(text, starts[count:]), self._listed_score(name, last))
        score = self._unlisted_score(text[start:end], last, sure=sure)
        if not score and text[start].isupper() and last not in self._months and last not in self._counted:
            score = 0.62 if _ANNOUNCED.search(text, max(0, start - _FURTHEST), start) else 0
        return _Street(self._extended(text, starts), score) if score else None

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
        if " " in name and name[0].isupper():
            return 0.72
        if name[0].isupper() and not name.isupper():
            return 0.62 if self._is_unusual(last) else 0.45
        return 0.62 if self._is_unusual(last) and _SUFFIX.search(last) else 0.3

    def _is_unusual(self, word: str) -> bool:
        return self._lexicon is None or self._lexicon.commonness(word) < 2

    def _place(self, text: str, end: int, *, sure: bool) -> int:
        """Where a place that follows directly ends; 0 when none does. After a postcode any capitalised word is one."""
        match = _PLACE.match(text, end)
        if not match:
            return 0
        words = match["value"].split(" ")
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).rstrip(".")
            known = self._lexicon is not None and self._lexicon.place(name)
            ordinary = self._lexicon is not None and self._lexicon.commonness(name) > 1
            if known and (sure or name[:1].isupper() or not ordinary) and not (ordinary and name.islower()):
                return int(match.start("value")) + len(name)
        if unlisted := self._unlisted_place(text, end):
            return unlisted
        first = words[0].rstrip(".")
        if sure and first[:1].isupper() and len(first) > 2 and "\n" not in text[end : match.start("value")]:
            return int(match.start("value")) + len(first)
        return 0

    def _unlisted_place(self, text: str, end: int) -> int:
        """Where a place on no list ends: a word that is no other, behind a comma or *te* ("Hoflaan 22, Rijnbeke")."""
        match = _UNLISTED.match(text, end)
        if match is None or self._lexicon is None:
            return 0
        word = match["value"]
        is_other = self._lexicon.commonness(word) > 0 or self._lexicon.first_name(word)
        return 0 if is_other else int(match.end("value"))

    def _titled(self, text: str, starts: list[int]) -> int:
        """How far left a listed street goes beyond its list entry: over a title ("Burgemeester")."""
        begin = starts[0]
        for at in starts[1:]:
            if text[at : text.index(" ", at)].lower() not in self._titles:
                break
            begin = at
        return begin

    def _extended(self, text: str, starts: list[int]) -> int:
        """How far left a street goes that no list knows: capitalised words, and small words between those."""
        begin, crossed = starts[0], False
        for at in starts[1:]:
            word = text[at : text.index(" ", at)]
            plain = word.lower().strip(".")
            if plain in self._particles:
                crossed = True
                continue
            if crossed and word.lower() not in self._titles and begin != starts[0]:
                break
            if not word[:1].isupper() or plain in self._lead_ins or (word.endswith(".") and len(word) > 5):
                break
            begin = at
        return begin


def _next_word(text: str, end: int) -> str:
    match = regex.compile(r"[ ]{0,2}([\p{L}\d']+)").match(text, end)
    return match[1].lower() if match else ""
