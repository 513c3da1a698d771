"""Checks a rule may name in `validate_with`. Each takes the matched text with its separators."""

import ipaddress
from collections.abc import Callable, Mapping
from types import MappingProxyType

from stdnum import iban, luhn
from stdnum.nl import bsn

_DOCUMENTATION = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"))
)


def is_bsn(value: str) -> bool:
    """Eleven-proof of the citizen service number (RvIG); 8 digits have lost their leading zero."""
    digits = only_digits(value)
    return len(digits) in (8, 9) and len(set(digits)) > 1 and bool(bsn.is_valid(digits.zfill(9)))


def is_iban(value: str) -> bool:
    """ISO 13616: country, length, structure and mod-97. Banks that were renamed or merged still pass."""
    return bool(iban.is_valid("".join(filter(str.isalnum, value)), check_country=False))


def is_card_number(value: str) -> bool:
    """ISO/IEC 7812: 13 to 19 digits with a Luhn check digit, not one digit repeated."""
    digits = only_digits(value)
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and bool(luhn.is_valid(digits))


def is_rsin(value: str) -> bool:
    """The RSIN follows the eleven-proof of the BSN; a payroll tax number is an RSIN with `L` and two digits."""
    digits = only_digits(value.upper().partition("L")[0])
    return len(digits) == 9 and bool(bsn.is_valid(digits))


def is_imei(value: str) -> bool:
    """3GPP TS 23.003: 15 digits, the last one a Luhn check digit."""
    digits = only_digits(value)
    return len(digits) == 15 and len(set(digits)) > 1 and bool(luhn.is_valid(digits))


def is_host_address(value: str) -> bool:
    """An address of one device: not for documentation (RFC 5737, RFC 3849), loopback, multicast, mask or 'any'."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    if address.is_loopback or address.is_multicast or address.is_unspecified or value.startswith(("255.", "0.")):
        return False
    return not any(address in network for network in _DOCUMENTATION if network.version == address.version)


def only_digits(value: str) -> str:
    """The ASCII digits of a value, in order."""
    return "".join(char for char in value if char.isascii() and char.isdigit())


CHECKSUMS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "bsn": is_bsn,
        "iban": is_iban,
        "card": is_card_number,
        "rsin": is_rsin,
        "imei": is_imei,
        "host-address": is_host_address,
    }
)
