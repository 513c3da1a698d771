"""A user and a password side by side, behind a word that says that somebody logs in with them."""

from collections.abc import Iterator

import regex

from gateway.detection.credentials.assigned import Find
from gateway.detection.credentials.values import is_placeholder, looks_secret, looks_strong, value_span
from gateway.detection.walk import walkable

_SIDE = r"(?P<by>[ ]?(?:/|\|)[ ]?|[ ](?:en|and)[ ]|[ ]?[,;][ ]|[ ][-–—][ ]|[ ])"
_VALUE = r"(?P<bare>[^\s\"'`<>,|;]{5,80})"
_USER_WORD = r"(?:(?:gebruiker(?:snaam)?|user(?:name)?|account|naam)[ :]{1,2})?"
LOGINS = (
    walkable(
        r"(?<![\w])(?:inlog(?:gegevens|naam)?|login(?:gegevens)?|log[ -]?in|credentials|account|gebruiker(?:snaam)?|user(?:name)?)"
        rf"[^\n]{{0,30}}?(?:[:=][ ]?|[ ]-[ ]|\r?\n){_USER_WORD}(?P<user>[\w.@\\-]{{2,40}}){_SIDE}{_VALUE}",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![\w])(?:inloggen|aanmelden|inlog|log(?:[ -]?in)?|login)(?:[ ][\p{L}0-9'-]{1,20}){0,6}?[ ](?:met|als|with|as)[ ]"
        rf"{_USER_WORD}(?P<user>[\w.@\\-]{{2,40}}){_SIDE}{_VALUE}",
        regex.IGNORECASE,
    ),
)
TRIGGERS = (r"(?i:(?:inlog|log[ -]?in|credentials|account|gebruiker|user|aanmelden)[^\n]{0,45}[:=\n -])",)
_NO_USER = regex.compile(
    r"(?:je|uw|jouw|eigen|een|de|het|zie|via|vraag|digid|eherkenning|eidas|sso|[2m]fa|edge|chrome|firefox|safari|"
    r"outlook|teams|office|windows|yubikey|e-?mail(?:adres)?|mailadres|tel|naam|bsn|gebruikersnaam|[\d-]{8,10})",
    regex.IGNORECASE,
)
_NO_VALUE = regex.compile(
    r"[a-z_]{2,20}[=:].{0,80}|[\w.+-]+@[\w.-]+\.\w+|\d{1,2}[:.]\d{2}u?|.{0,40}\.(?:docx?|xlsx?|pdf)", regex.IGNORECASE
)
_ACCOUNT = regex.compile(r"[a-z][a-z0-9._\\-]{2,40}|[\w.-]+@[\w.-]+\w")


def login(match: "regex.Match[str]") -> Iterator[Find]:
    """The password of a match of one of `LOGINS`; the less parts it from the user, the more it must look like one."""
    start, end = value_span(match)
    value, user, by = match.string[start:end], match["user"], match["by"].strip()
    if is_placeholder(value) or _NO_VALUE.fullmatch(value) or _NO_USER.fullmatch(user):
        return
    if by in {"/", "|"}:
        stands = looks_secret(value)
    else:
        stands = (
            looks_strong(value)
            and _ACCOUNT.fullmatch(user) is not None
            and (by not in {"", ",", ";"} or not value.isalnum())
        )
    if stands:
        yield start, end, 0.8
