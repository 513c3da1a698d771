"""Bank account numbers: any country of the IBAN registry, any spacing and case, over line ends and table cells.

The country says how long the number is (ISO 13616 registry, as kept by schwifty), so words behind it stay outside.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from string import ascii_uppercase

import regex
from schwifty import registry
from schwifty.exceptions import InvalidCountryCode

from gateway.detection.checksums import is_iban
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable

_START = walkable(r"(?<![^\W_])(?:iban:?)?(?P<value>[A-Z]{2})[\s.-]?\d[\s.-]?\d", regex.IGNORECASE)
_PUBLIC_BANK = "BNGH"
_OWN = re.compile(r"\W{1,4}(?:t\.?n\.?v\.?|(?:ten|op) name van|van)\s(?:de\s)?gemeente\b", re.IGNORECASE)
"""An account that is said to be the municipality's own."""
_OWN_BEFORE = regex.compile(
    r"(?<!\b(?:mijn|uw|je|jouw|haar|zijn|hun|diens|ons|onze)\s)(?<![^\W_])(?:iban(?:-?nummer)?|(?:bank)?rekening(?:nummer|nr)?)"
    r"\s(?:van\s)?(?:de\s)?gemeente(?:\s(?-i:\p{Lu})[\p{L}-]{1,30}){0,2}(?:\sis)?[\s:,=(]{1,3}$"
    r"|\bgemeente(?:\s(?-i:\p{Lu})[\p{L}-]{1,30}){1,2}\s\(kvk(?:-?nummer)?:?\s\d{8}[,;]\s(?:iban|(?:bank)?rekening(?:nummer)?):?\s$"
    r"|\bons\s(?:iban|(?:bank)?rekeningnummer)\svoor\s(?:uw\s)?betalingen(?:\saan\sde\sgemeente)?"
    r"\s(?:wijzigt\sniet|blijft\s(?:hetzelfde|gelijk|ongewijzigd)|verandert\sniet):?\s$",
    regex.IGNORECASE,
)
"""The same, said before the account; never by a name: a place is only read behind `gemeente`."""
_OF_SOMEBODY = regex.compile(
    r"[\s,(]{1,3}(?:t\.?n\.?v\.?|(?:ten|op)\snaam\svan|van|mevrouw|mevr|mw|dhr|de\sheer|(?-i:\p{Lu})\.)",
    regex.IGNORECASE,
)
_BEFORE = 120
_BETWEEN = frozenset(" \t\r\n.-_|;/*\u00a0")
_MOST_BETWEEN = 3


class IbanRecognizer(CodeRecognizer):
    """Every IBAN that passes the structure and check digits of its country; score 1, validated."""

    triggers: tuple[str, ...] = (r"(?i:(?:iban:?)?[A-Z]{2}[\s.-]?\d[\s.-]?\d(?:[\s.|;/*_-]{0,3}[0-9A-Z]){6})",)

    lead = 0

    def find(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        for match in Walk(_START, text, 40, 1 + len(text) / 200_000).over(look.windows):
            start = match.start("value")
            length = _LENGTHS.get(match["value"].upper())
            end = _end(text, start, length) if length else 0
            if (
                end
                and not _is_public(text, start)
                and not _is_own(text, start, end)
                and is_iban("".join(char for char in text[start:end] if char not in _BETWEEN))
            ):
                yield self.hit(start, end, 1.0, validated=True)


def _is_public(text: str, start: int) -> bool:
    """Whether the account is with the bank of the municipalities (BNG), where no person can hold one."""
    return "".join(filter(str.isalnum, text[start : start + 16])).upper()[4:8] == _PUBLIC_BANK


def _is_own(text: str, start: int, end: int) -> bool:
    """Whether the text says that the account is the municipality's."""
    if _OWN.match(text, end):
        return True
    return not _OF_SOMEBODY.match(text, end) and _OWN_BEFORE.search(text, max(0, start - _BEFORE), start) is not None


def _end(text: str, start: int, length: int) -> int:
    """Where the number ends that has `length` letters and digits from `start`; 0 when it does not stand alone."""
    seen = between = 0
    for at in range(start, min(len(text), start + 4 * length)):
        char = text[at]
        if char.isascii() and char.isalnum():
            seen, between = seen + 1, 0
            if seen == length:
                following = text[at + 1 : at + 2]
                return 0 if following.isalnum() else at + 1
        elif char not in _BETWEEN or (between := between + 1) > _MOST_BETWEEN:
            return 0
    return 0


def _lengths() -> dict[str, int]:
    lengths: dict[str, int] = {}
    for country in map("".join, product(ascii_uppercase, repeat=2)):
        with suppress(InvalidCountryCode):
            lengths[country] = registry.get_iban_spec(country).iban_length
    return lengths


_LENGTHS = _lengths()
