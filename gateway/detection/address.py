"""Addresses: a street with a house number, with the postcode and place that follow it.

A street is a name from the BAG list, or a word that ends as streets do; what stands before the number decides, so the
cost is one look per number in the text. Public buildings are left out by the rule's context words.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import regex

from gateway.detection.address_notation import BRACKETED, BUILDING, MORE, NUMBER_FIRST, STREET_AHEAD
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk
from gateway.rulebook.documents.detection import DetectionRule
from nl_models import Lexicon

_CELL = r"(?:[ \t]*[,|;\t][ \t]*|[ \t]+|[ \t]*,?[ \t]*\r?\n[ \t]*|[ ]?\(|[ ]-[ ])"
_POSTCODE = regex.compile(rf"(?:{_CELL})(?P<value>[1-9]\d{{3}}[ ]?(?!S[ADS]\b)[A-Z]{{2}})(?!\w)", regex.IGNORECASE)
_PLACE = regex.compile(
    rf"(?:{_CELL})(?P<value>(?:'[stn][ -])?[\p{{L}}][\p{{L}}\p{{M}}'-]*\.?"
    r"(?:[ ](?:\(\p{L}+\)|[\p{L}][\p{L}'/-]+)){0,4})",
    regex.IGNORECASE,
)
_UNLISTED = regex.compile(r"(?:,[ ]|[ ](?:te|in|yn)[ ])(?P<value>\p{Lu}[\p{L}\p{M}'-]{3,40})")
_WORD_BEFORE = regex.compile(r"(?:\d{1,2}e|'[stn]|[\p{L}][\p{L}\p{M}'./-]*)[ ]{1,2}", regex.REVERSE)
_SUFFIX = regex.compile(
    r"(?:straat|straatje|strjitte|laan|weg|wei|plein|singel|gracht|kade|dijk|hof|hofje|pad|steeg|steech|plantsoen|dreef|"
    r"markt|baan|ring|haven|wal|park|allee|boulevard|gang|leane|dyk|reed|poort|zijde|oord|veld|akker|kamp|stede|erf|"
    r"burgwal|tuin|weide|donk|horst|brink|es|hoek|bosch|bos|rade|schans|lei|steenweg|buorren|paad|hiem|straße|strasse|(?<=\p{L}[dgkmnrst])ln|str\.?|ln\.|pln\.)$",
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
_HEAD = regex.compile(r"\D*$|\p{L}{3}|(?:19|20)\d\d$")
"""What is written above a column: words, perhaps with a year, or a year; the first row of a table may be data."""
_NUMBER_HEAD = regex.compile(
    r"(?<!\p{L})(?:h(?:uis)?|straat)?[- _]?(?:nr|nummer|no|number)\.?(?!\p{L})|adres", regex.IGNORECASE
)
_YEAR = regex.compile(r"(?:1[5-9]|20)\d\d$")
_OF_THE = frozenset(["van", "der", "den", "de"])
_PLURAL = regex.compile(r"\p{L}{2,}(?:en|s)")
_PLURAL_NUMBERS = regex.compile(r"nrs|nummers", regex.IGNORECASE)
_LAST_OF_LIST = regex.compile(r"(?:en|and|&|t/m)[ ]\d+[a-z]?$", regex.IGNORECASE)
_NUMBERED = regex.compile(r"(?:^|\n)[ \t]*\d{1,3}[ ](?:[\p{L}.']+[ ]){0,3}$")
_MANY_SUCH = regex.compile(r"[ ]\p{L}{2,20}e[ ]\p{L}{2,20}(?:en|s)(?!\w)")
_OTHER_NUMBER = regex.compile(r"(?:[ ]|,[ ]?|;)\d")
_LISTED, _RATHER_SURE = 0.6, 0.7
_LISTED_ONLY = 0.5
"""How sure a word is a street that is on the list of streets and is mostly something else."""

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

    triggers: tuple[str, ...] = (f"(?i:{BUILDING.pattern})", f"(?i:{NUMBER_FIRST.pattern})")
    lead = 0

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None, lists: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rule)
        self._lexicon = lexicon
        self._lookalikes = frozenset(lists.get("street-lookalikes", ()))
        self._titles = frozenset(lists.get("street-titles", ()))
        self._lead_ins = frozenset(lists.get("address-lead-ins", ()))
        self._particles = frozenset(lists.get("street-particles", ()))
        self._between = self._particles - self._lead_ins | _OF_THE
        self._openers = frozenset(lists.get("street-openers", ()))
        self._alone = frozenset(lists.get("street-alone", ()))
        self._counted = frozenset(lists.get("counted-things", ()))
        self._months = frozenset(lists.get("month-names", ()))
        self._short_words = frozenset(lists.get("two-letter-words", ()))

    def find(self, look: Look) -> Iterator[Hit]:
        yield from self._found(look, 0, BUILDING, self._address)
        yield from self._found(look, 1, NUMBER_FIRST, self._number_first)

    def _found(
        self,
        look: Look,
        trigger: int,
        pattern: "regex.Pattern[str]",
        read: Callable[[Look, "regex.Match[str]"], Hit | None],
    ) -> Iterator[Hit]:
        text, done = look.reading.text, 0
        windows = look.by_trigger.get(trigger, ()) if look.by_trigger else look.windows
        for match in Walk(pattern, text, _LONGEST, 1 + len(text) / 200_000).over(windows):
            if match.start() < done:
                continue
            hit = read(look, match)
            if hit:
                done = hit.end
                yield hit

    def _address(self, look: Look, match: "regex.Match[str]") -> Hit | None:
        text = look.reading.text
        postcode = _POSTCODE.match(text, match.end())
        if postcode and postcode["value"][-2:] in self._short_words:
            postcode = None
        if not postcode and (_YEAR.match(match["number"]) or self._is_count(look, match)):
            return None
        end = postcode.end() if postcode else self._more(text, match)
        place = self._place(text, end, sure=postcode is not None)
        street = self._street(text, match, sure=postcode is not None)
        if street is None and place and match["last"] in self._alone and text[end : end + 1] == ",":
            street = _Street(match.start("last"), 0.6)
        if street is None:
            return None
        score = max(street.score, 0.8) + 0.1 if postcode else street.score
        if place:
            end, score = place, score + 0.15
        score = self.context_window.score(look.reading, street.start, end, min(1.0, score))
        return self.hit(street.start, end, score)

    def _number_first(self, look: Look, match: "regex.Match[str]") -> Hit | None:
        """A number with its street behind it ("nr 14 op de Wilgenhof", "lives at 14 Parkstraat")."""
        text, lead = look.reading.text, match.lastgroup or ""
        start = match.start(lead)
        if _YEAR.search(match[lead].rstrip(" ,")):
            return None
        street_end, score = self._street_ahead(text, match.end())
        if score < (_LISTED if lead == "worded" else _RATHER_SURE):
            return None
        postcode = _POSTCODE.match(text, street_end)
        if not postcode and _OTHER_NUMBER.match(text, street_end):
            return None
        end = postcode.end() if postcode else street_end
        if place := self._place(text, end, sure=postcode is not None):
            end, score = place, score + 0.15
        return self.hit(start, end, self.context_window.score(look.reading, start, end, min(1.0, score)))

    def _street_ahead(self, text: str, start: int) -> tuple[int, float]:
        """Where the longest street that begins at `start` ends, and how sure it is one."""
        ahead = STREET_AHEAD.match(text, start)
        words = ahead[0].split(" ") if ahead else []
        for count in range(len(words), 0, -1):
            end = start + len(" ".join(words[:count]))
            street = self._named(text, end - len(words[count - 1]), end, sure=False)
            if street and street.score > _LISTED_ONLY:
                return end, street.score
        return start, 0

    def _more(self, text: str, match: "regex.Match[str]") -> int:
        """Where the numbers end: a list goes on ("4, 6 en 8") when it is called one, or has a last one."""
        end = int(match.end())
        if match["bracket"]:
            return end + text.startswith(")", end)
        more = MORE.match(text, end)
        if more is None:
            return end
        is_list = _PLURAL_NUMBERS.search(text, match.end("last"), match.start("number")) or (
            _LAST_OF_LIST.search(more[0]) and not self._counts(_next_word(text, more.end()))
        )
        return int(more.end()) if is_list else end

    def _counts(self, word: str) -> bool:
        return word in self._counted or _PLURAL.fullmatch(word) is not None

    def _is_count(self, look: Look, match: "regex.Match[str]") -> bool:
        """Whether the number counts what follows it, or what the head of its column or its brackets say."""
        text, start, end = look.reading.text, match.start("number"), match.end()
        word = _next_word(text, end)
        if word in self._counted:
            return True
        if match["beside"] and (self._counts(word) or _MANY_SUCH.match(text, end)):
            return True
        if match["bracket"]:
            return any(
                one.end() <= start or one.start() >= end
                for one in BRACKETED.finditer(text, max(0, start - 60), end + 60)
            )
        if "\n" in text[match.end("last") : start]:
            return _NUMBERED.search(text, max(0, match.start() - _FURTHEST), match.start()) is not None
        return self._is_in_a_column(look, match)

    def _is_in_a_column(self, look: Look, match: "regex.Match[str]") -> bool:
        """Whether the number stands in a cell of its own under a head that is not that of house numbers."""
        if not _CELL_BORDER.search(look.reading.text, match.end("last"), match.start("number")):
            return False
        head = look.reading.tables.head_of(match.start("number"))
        written = look.reading.text[slice(*head)].strip() if head else ""
        return bool(written) and _HEAD.match(written) is not None and not _NUMBER_HEAD.search(written)

    def _street(self, text: str, match: "regex.Match[str]", *, sure: bool) -> _Street | None:
        start, end = match.span("last")
        if match["dated"]:
            return _Street(start, 0.75) if text[start].isupper() or match["dated"].startswith("plein") else None
        street = self._named(text, start, end, sure=sure)
        is_guess = street is not None and street.score <= _LISTED_ONLY
        return None if is_guess and (match["beside"] or match["bracket"]) else street

    def _named(self, text: str, start: int, end: int, *, sure: bool) -> _Street | None:
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
                    return _Street(self._titled(text, starts[count:]), self._listed_score(name, last))
        score = self._unlisted_score(text[start:end], last, sure=sure)
        if not score and text[start].isupper() and last not in self._months and last not in self._counted:
            score = 0.62 if _ANNOUNCED.search(text, max(0, start - _FURTHEST), start) else 0
        return _Street(self._extended(text, starts), score) if score else None

    def _opened(self, text: str, starts: list[int], last: str) -> _Street | None:
        """A street that opens with what it is ("Laan van Nieuw Oost-Indië")."""
        if last in self._particles or last in self._lookalikes or not text[starts[0]].isupper():
            return None
        words = [text[at : text.index(" ", at)] for at in starts[1:]]
        for at in range(len(words) - 1, 0, -1):
            inside = words[:at]
            if words[at] in self._openers and inside[-1] in self._particles:
                return _Street(starts[at + 1], 0.75)
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


def _next_word(text: str, end: int) -> str:
    match = regex.compile(r"[ ]{0,2}([\p{L}\d']+)").match(text, end)
    return match[1].lower() if match else ""
