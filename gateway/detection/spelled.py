"""Numbers written out in words ("nul zes twaalf vierendertig …"): a phone number or a citizen service number."""

from collections.abc import Iterator
from itertools import product

import regex

from gateway.detection.checksums import is_bsn
from gateway.detection.phone import is_personal_number
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable
from gateway.model.inspection import Entity

_UNITS = ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _words() -> dict[str, str]:
    words = {word: str(value) for value, word in enumerate(_UNITS)} | {"één": "1", "nulletje": "0", "oh": "0"}
    words |= {word: str(value) for value, word in enumerate(_ENGLISH)}
    words |= {word: str(value) for value, word in enumerate(_TEENS, 10)}
    words |= {word: str(10 * value) for value, word in enumerate(_TENS, 2)}
    for (unit, unit_word), (tens, tens_word) in product(enumerate(_UNITS[1:], 1), enumerate(_TENS, 2)):
        for joint in ("en", "ën"):
            words[f"{unit_word}{joint}{tens_word}"] = f"{tens}{unit}"
    return words


_DIGITS_OF = _words()
_WORD = "|".join(sorted(_DIGITS_OF, key=len, reverse=True))
_TIMES = r"(?:(?:dubbel(?:e)?|twee\s?(?:keer|maal)|2x|double|drie\s?(?:keer|maal)|3x|triple)\s)?"
_NUMBER = rf"{_TIMES}(?:{_WORD}|\d{{1,4}})(?![^\W_])"
_RUN = walkable(
    rf"(?<![^\W_]){_NUMBER}(?:[\s,.;/-]{{1,3}}(?:streepje\s|en\s(?:dan\s)?|dan\s)?{_NUMBER}){{2,14}}", regex.IGNORECASE
)
_TOKEN = regex.compile(
    rf"(?P<times>dubbele?|twee\s?(?:keer|maal)|2x|double|drie\s?(?:keer|maal)|3x|triple)|{_WORD}|\d+", regex.IGNORECASE
)
_SOUNDS = (
    r"(?:\b(?:nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|[a-z]{2,12}t(?:ien|ig)|zero|one|two|three|"
    r"four|five|six|seven|eight|nine)\b|één)"
)
_LETTER = regex.compile(r"[^\W\d_]")


class SpelledNumberRecognizer(CodeRecognizer):
    """A run of number words whose digits are a BSN that passes, or a valid phone number; the rule says which."""

    triggers: tuple[str, ...] = (
        rf"(?i:{_SOUNDS}[\s,.;/-]{{1,3}}{_SOUNDS})",
        rf"(?i:\b(?:dubbele?|keer|maal|double|triple|[23]x)\s{_SOUNDS})",
        rf"(?i:\d[\s,.;/-]{{1,3}}{_SOUNDS}[\s,.;/-]{{1,3}}\d)",
    )

    def find(self, look: Look) -> Iterator[Hit]:
        accepts = is_bsn if self.rule.entity is Entity.NL_BSN else is_personal_number
        length = (9, 9) if self.rule.entity is Entity.NL_BSN else (10, 13)
        text = look.reading.text
        for match in Walk(_RUN, text, 300, 1 + len(text) / 1e6).over(look.windows):
            digits = digits_of(match.group())
            if _LETTER.search(match.group()) and length[0] <= len(digits) <= length[1] and accepts(digits):
                yield self.hit(match.start(), match.end(), 0.9, validated=self.rule.entity is Entity.NL_BSN)


def digits_of(words: str) -> str:
    """The digits that a run of number words says: "nul zes dubbel vier" is 0644."""
    digits, times = "", 1
    for token in _TOKEN.finditer(words):
        if token["times"]:
            times = (
                3
                if token["times"].lower().startswith(("drie", "3", "t")) and "twee" not in token["times"].lower()
                else 2
            )
            continue
        word = token.group().lower()
        digits += _DIGITS_OF.get(word, word) * times
        times = 1
    return digits
