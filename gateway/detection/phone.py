"""Telephone numbers of people and small teams, as google's libphonenumber knows them.

Dutch numbers (ACM numbering plan) with or without country code, foreign ones with it, in any grouping. Numbers that
belong to no person are left out: 14 0xx of municipalities, 0800, 0900, 116xxx and 112.
"""

from collections.abc import Iterator

import phonenumbers
import regex
from phonenumbers import PhoneNumberType

from gateway.detection.checksums import only_digits
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer

_CANDIDATE = regex.compile(
    r"(?<![\w.,/=-])(?!\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)(?P<value>(?:\(?(?:\+|00)[\s-]?|\(?0)(?:[\s().\-/]{0,3}\d){7,14})(?![\w]|[.,-]\d|[€%])"
    r"|(?<=[=:/])(?P<value>(?:\+|00|0[1-9])(?:[\s().\-/]{0,2}\d){7,13})(?![\w]|[.,-]\d)"
)
_BARE_MOBILE = regex.compile(r"(?<![\w.,-])(?P<value>6[\s-]?(?:\d[\s-]?){7}\d)(?![\w]|[.,-]\d)")
_INTERNAL = regex.compile(
    r"(?<![^\W_])(?:toestel|tst|doorkies(?:nummer|nr)?|extensie)\.?\s{0,2}:?\s{0,2}(?P<value>\d{3,5})(?![\w]|[.,-]\d)",
    regex.IGNORECASE,
)
_NOBODY = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


class PhoneRecognizer(CodeRecognizer):
    """Valid numbers score 0.85; a mobile number without its leading zero needs a context word of the rule."""

    triggers: tuple[str, ...] = (
        r"(?:\+|0)[\s().\-/]{0,3}\d(?:[\s().\-/]{0,3}\d){6}",
        r"6[\s-]?(?:\d[\s-]?){7}\d",
        r"(?i:(?:toestel|tst|doorkies|extensie)[a-z.:\s]{0,12}\d)",
    )

    def find(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        for start, end in look.windows:
            stop = min(len(text), end + 40)
            for match in _CANDIDATE.finditer(text, start, stop):
                if match.start() < end and is_personal_number(match["value"]):
                    yield self._weighed(look, match.span("value"), 0.85)
            for match in _BARE_MOBILE.finditer(text, start, stop):
                if match.start() < end and is_personal_number("0" + match["value"]):
                    yield self._weighed(look, match.span("value"), 0.3)
            for match in _INTERNAL.finditer(text, start, stop):
                if match.start() < end:
                    yield self._weighed(look, match.span("value"), 0.7)

    def _weighed(self, look: Look, span: tuple[int, int], score: float) -> Hit:
        return self.hit(span[0], span[1], self.context_window.score(look.reading, *span, score))


def is_personal_number(value: str) -> bool:
    """Whether this is a valid number (Dutch unless it carries a country code) that can be a person's."""
    plain = value.replace("(0)", "").replace("( 0 )", "")
    digits = only_digits(plain)
    if len(set(digits)) < 3:
        return False
    number = ("+" if "+" in plain else "") + digits
    try:
        parsed = phonenumbers.parse(number, "NL")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) not in _NOBODY
