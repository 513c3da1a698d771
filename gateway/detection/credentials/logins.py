"""A user and a password side by side, behind a word that says that somebody logs in with them."""

from collections.abc import Iterator

import regex

from gateway.detection.credentials.assigned import Find
from gateway.detection.credentials.values import is_placeholder, looks_secret, looks_strong, value_span
from gateway.detection.walk import walkable

_FIRM = r"(?P<by>[ ]?(?:/|\|)[ ]?|[ ]?\b(?:en|and)\b[ ]?)"
_LOOSE = r"(?P<by>[ ]?[,;][ ]|[ ][-–—][ ]|[ ])"
_VALUE = r"(?P<bare>[^\s\"'`<>,|;]{5,80})"
_USER_WORD = r"(?:(?:gebruiker(?:snaam)?|user(?:name)?|account|naam)[ :]{1,2})?"
_WORD = (
    r"(?<![\w])(?:inlog(?:gegevens|naam)?|login(?:gegevens)?|log[ -]?in|credentials|account|"
    r"gebruiker(?:snaam)?|user(?:name)?)[^\n]{0,30}?(?:[:=][ ]?|[ ]-[ ]|\r?\n)"
)
_WITH = (
    r"(?<![\w])(?:inloggen|aanmelden|inlog|log(?:[ -]?in)?|login)(?:[ ][\p{L}0-9'-]{1,20}){0,6}?[ ]"
    r"(?:met|als|with|as)[ ]"
)
_USER = _USER_WORD + r"(?P<user>[\w.@\\-]{2,40})"
FIRM = (
    walkable(_WORD + _USER + _FIRM + _VALUE, regex.IGNORECASE),
    walkable(_WITH + _USER + r"(?P<by>[ ]?(?:/|\|)[ ]?)" + _VALUE, regex.IGNORECASE),
)
"""User and password, told apart by a slash or "en"."""
LOOSE = (
    walkable(_WORD + _USER + _LOOSE + _VALUE, regex.IGNORECASE),
    walkable(_WITH + _USER + r"(?P<by>[ ](?:en|and)[ ]|[ ]?[,;][ ]|[ ][-–—][ ]|[ ])" + _VALUE, regex.IGNORECASE),
)
"""What parts other things just as well."""
TRIGGERS = (
    r"(?i:\b(?:inlog|log[ -]?in|credentials|account|gebruiker|user)[^\n]{0,45}(?:[:=]|[ ]-[ ]|\n))",
    r"(?i:\b(?:inlog|log[ -]?in|aanmelden)[^\n.;!?:]{0,130}[ ](?:met|als|with|as)[ ])",
)
_NO_USER = regex.compile(
    r"(?:je|uw|jouw|eigen|een|de|het|zie|via|vraag|digid|eherkenning|eidas|sso|[2m]fa|edge|chrome|firefox|safari|"
    r"outlook|teams|office|windows|yubikey|e-?mail(?:adres)?|mailadres|tel|naam|bsn|gebruikersnaam|[\d-]{8,10})",
    regex.IGNORECASE,
)
_NO_VALUE = regex.compile(
    r"[a-z_]{2,20}[=:].{0,80}|[\w.+-]+@[\w.-]+\.\w+|\d{1,2}[:.]\d{2}u?|.{0,40}\.(?:docx?|xlsx?|pdf)", regex.IGNORECASE
)
_ACCOUNT = regex.compile(r"[a-z][a-z0-9._\\-]{2,40}|[\w.-]+@[\w.-]+\w")


def login(match: "regex.Match[str]", *, is_firm: bool) -> Iterator[Find]:
    """The password of a match of `FIRM` or `LOOSE`; the less parts it from the user, the more it must look like one."""
    start, end = value_span(match)
    value, user = match.string[start:end], match["user"]
    if is_placeholder(value) or _NO_VALUE.fullmatch(value) or _NO_USER.fullmatch(user):
        return
    if looks_secret(value) if is_firm else _is_loose(value, user, match["by"].strip()):
        yield start, end, 0.8


def _is_loose(value: str, user: str, by: str) -> bool:
    has_sign = not value.isalnum()
    return looks_strong(value) and _ACCOUNT.fullmatch(user) is not None and (has_sign or by not in {"", ",", ";"})
