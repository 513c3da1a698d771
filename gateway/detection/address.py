"""Addresses: a street with a house number, with the postcode and place that follow it.

A street is a name from the BAG list, or a word that ends as streets do; what stands before the number decides, so the
cost is one look per number in the text. Public buildings are left out by the rule's context words.
"""

from collections.abc import Callable, Iterator, Mapping

import regex

from gateway.detection.address_notation import BRACKETED, BUILDING, MORE, NUMBER_FIRST, STREET_AHEAD
from gateway.detection.address_place import POSTCODE, Places
from gateway.detection.address_street import LISTED_ONLY, Street, StreetNames
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk
from gateway.rulebook.documents.detection import DetectionRule
from nl_models import Lexicon

_CELL_BORDER = regex.compile(r"[|;\t]")
_HEAD = regex.compile(r"\D*$|\p{L}{3}|(?:19|20)\d\d$")
"""What is written above a column: words, perhaps with a year, or a year; the first row of a table may be data."""
_NUMBER_HEAD = regex.compile(
    r"(?<!\p{L})(?:h(?:uis)?|straat)?[- _]?(?:nr|nummer|no|number)\.?(?!\p{L})|adres", regex.IGNORECASE
)
_YEAR = regex.compile(r"(?:1[5-9]|20)\d\d$")
_PLURAL = regex.compile(r"\p{L}{2,}(?:en|s)")
_PLURAL_NUMBERS = regex.compile(r"nrs|nummers", regex.IGNORECASE)
_LAST_OF_LIST = regex.compile(r"(?:en|and|&|t/m)[ ]\d+[a-z]?$", regex.IGNORECASE)
_NUMBERED = regex.compile(r"(?:^|\n)[ \t]*\d{1,3}[.,)]?[ ](?:[\p{L}.']+[ ]){0,3}$")
_MANY_SUCH = regex.compile(r"[ ]\p{L}{2,20}e[ ]\p{L}{2,20}(?:en|s)(?!\w)")
_OTHER_NUMBER = regex.compile(r"(?:[ ]|,[ ]?|;)\d")
_NEXT_WORD = regex.compile(r"[ ]{0,2}([\p{L}\d']+)")
_LISTED, _RATHER_SURE = 0.6, 0.7
"""How sure a street must be behind a number: with a word for that number, and without."""

_FURTHEST = 50
_LONGEST = 100
"""Code points of the last word of a street, its number and what follows."""


class AddressRecognizer(CodeRecognizer):
    """Street and number, over neighbouring cells or lines, in any case; with a postcode more certain."""

    triggers: tuple[str, ...] = (f"(?i:{BUILDING.pattern})", f"(?i:{NUMBER_FIRST.pattern})")
    lead = 0

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None, lists: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rule)
        self._names = StreetNames(lexicon, lists)
        self._places = Places(lexicon)
        self._alone = frozenset(lists.get("street-alone", ()))
        self._counted = frozenset(lists.get("counted-things", ()))
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
        postcode = POSTCODE.match(text, match.end())
        if postcode and postcode["value"][-2:] in self._short_words:
            postcode = None
        if not postcode and (_YEAR.match(match["number"]) or self._is_count(look, match)):
            return None
        end = postcode.end() if postcode else self._more(text, match)
        street = self._street(text, match, sure=postcode is not None)
        is_alone = street is None and match["last"] in self._alone and text.startswith(",", end)
        if street is None and not is_alone:
            return None
        place = self._places.end_of(text, end, sure=postcode is not None)
        street = street or (Street(match.start("last"), _LISTED) if place else None)
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
        postcode = POSTCODE.match(text, street_end)
        if not postcode and _OTHER_NUMBER.match(text, street_end):
            return None
        end = postcode.end() if postcode else street_end
        if place := self._places.end_of(text, end, sure=postcode is not None):
            end, score = place, score + 0.15
        return self.hit(start, end, self.context_window.score(look.reading, start, end, min(1.0, score)))

    def _street_ahead(self, text: str, start: int) -> tuple[int, float]:
        """Where the longest street that begins at `start` ends, and how sure it is one."""
        ahead = STREET_AHEAD.match(text, start)
        words = ahead[0].split(" ") if ahead else []
        for count in range(len(words), 0, -1):
            end = start + len(" ".join(words[:count]))
            street = self._names.named(text, end - len(words[count - 1]), end, sure=False)
            if street and street.score > LISTED_ONLY:
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

    def _street(self, text: str, match: "regex.Match[str]", *, sure: bool) -> Street | None:
        start, end = match.span("last")
        if match["dated"]:
            return Street(start, 0.75) if text[start].isupper() or match["dated"].startswith("plein") else None
        street = self._names.named(text, start, end, sure=sure)
        is_guess = street is not None and street.score <= LISTED_ONLY
        return None if is_guess and (match["beside"] or match["bracket"]) else street


def _next_word(text: str, end: int) -> str:
    match = _NEXT_WORD.match(text, end)
    return match[1].lower() if match else ""
