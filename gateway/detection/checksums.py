"""Checks a rule may name in `validate_with`. Each takes the matched text with its separators."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from stdnum import iban, luhn
from stdnum.nl import bsn


def is_bsn(value: str) -> bool:
    """Eleven-proof of the citizen service number (RvIG); 8 digits have lost their leading zero."""
    digits = only_digits(value)
    return len(digits) in (8, 9) and len(set(digits)) > 1 and bool(bsn.is_valid(digits.zfill(9)))


def is_iban(value: str) -> bool:
    """ISO 13616: country, length, national structure and mod-97."""
    return bool(iban.is_valid("".join(value.split()).replace("-", "").replace(".", "")))


def is_card_number(value: str) -> bool:
    """ISO/IEC 7812: 13 to 19 digits with a Luhn check digit, not one digit repeated."""
    digits = only_digits(value)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and bool(luhn.is_valid(digits))


def only_digits(value: str) -> str:
    """The ASCII digits of a value, in order."""
    return "".join(char for char in value if char.isascii() and char.isdigit())


CHECKSUMS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"bsn": is_bsn, "iban": is_iban, "card": is_card_number}
)
