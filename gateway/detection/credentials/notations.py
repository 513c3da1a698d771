"""Passwords in the notations of settings, messages and command lines: a name here, its value there."""

from collections.abc import Iterator

import regex

from gateway.detection.credentials.assigned import LONG_VALUE, Find
from gateway.detection.credentials.keys import KEY, is_any_key, is_no_key, is_weak
from gateway.detection.credentials.values import Words, has_digit, is_placeholder, looks_secret, value_span
from gateway.detection.walk import walkable

_ATTRIBUTES = r"(?:\s{1,40}[\w:.-]{1,30}\s?=\s?[\"'][^\"'<>\n]{0,120}[\"']){0,4}?"
_QUOTED = r"[\"'](?P<quoted>[^\"'<>\n]{3,120})[\"']"
_TEXT = r"(?:<!\[CDATA\[)?(?P<bare>[^\s<>\]]{3,120})\s{0,40}(?:\]\]>)?</"
_SETTING = r"(?:value|val|waarde)"

NAMED = (
    walkable(
        rf"(?<![\w])(?P<key>{KEY})[\"']{_ATTRIBUTES}\s{{1,40}}{_SETTING}\s?=\s?{_QUOTED}",
        regex.IGNORECASE,
    ),
    walkable(
        rf"(?<![\w])(?P<key>{KEY})[\"']{_ATTRIBUTES}\s?>\s{{0,40}}(?:<{_SETTING}>\s{{0,40}})?{_TEXT}",
        regex.IGNORECASE,
    ),
    walkable(
        rf"<(?:[\w-]{{1,20}}:)?(?P<key>{KEY}){_ATTRIBUTES}\s?>\s{{0,40}}{_TEXT}",
        regex.IGNORECASE,
    ),
    walkable(
        rf"(?<![\w])(?P<key>{KEY})[\"']\s{{0,40}}[,;]\s{{0,80}}"
        r"(?:[\"']\w{1,30}[\"']\s?:\s?(?:[\"'][^\"'\n]{0,80}[\"']|\w{1,10})\s{0,40}[,;]\s{0,80}){0,3}?"
        rf"[\"']{_SETTING}[\"']\s?:\s?{_QUOTED}",
        regex.IGNORECASE,
    ),
    walkable(
        rf"(?<![\w])(?P<key>{KEY})[\"']?[ \t]{{0,8}}\r?\n(?:[ \t]{{1,40}}\w{{1,30}}:[^\n]{{0,60}}\n){{0,2}}?"
        rf"[ \t]{{1,40}}{_SETTING}:[ ]{{1,4}}(?:{_QUOTED}|(?P<bare>[^\s\"'{{}}\[\]<>#]{{3,120}}))",
        regex.IGNORECASE,
    ),
)
"""Attributes, elements inside elements, elements, JSON and YAML."""
TURNED = walkable(
    rf"(?<![\w]){_SETTING}\s?=\s?{_QUOTED}\s{{1,40}}(?:key|name|naam|id)\s?=\s?[\"'][\w.-]{{0,40}}?(?<![\p{{L}}])(?P<key>{KEY})[\"']",
    regex.IGNORECASE,
)
"""Attributes with the value before the name."""
OPTIONS = (
    walkable(
        r"(?:--?(?:password|passwd|pass|pwd)(?:[ =])|\bsshpass -p ?|\bmysql\b[^\n]{0,60} -p|"
        r"\bcurl\b[^\n]{0,120} -u ?[\"']?[\w.@-]{1,40}:|"
        r"ConvertTo-SecureString (?:-String )?|\bIDENTIFIED BY |\bnet use\b[^\n]{0,60}/user:\S+ )"
        r"(?:[\"'](?P<quoted>[^\"'\n]{3,80})[\"']|(?P<bare>[^\s\"'`<>,|;]{4,80}))",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![\w])(?:sqlplus|sqlldr|(?:exp|imp)(?:dp)?|rman)[ ][^\n/]{0,40}?(?<![\w$.])[\w$.]{1,30}/"
        r"(?P<bare>[^\s\"'@/<>]{3,60})(?=@)",
        regex.IGNORECASE,
    ),
)
OPTION_TRIGGERS = (
    r"(?i:sshpass|mysql|curl|securestring|identified by|net use|--?(?:pass|pwd))",
    r"(?i:(?:sqlplus|sqlldr|(?:exp|imp)(?:dp)?|rman)[ ])",
)
TURNED_TRIGGERS = (r"(?i:(?:value|val|waarde)\s?=\s?[\"'])",)


def named(match: "regex.Match[str]", words: Words) -> Iterator[Find]:
    """The value of a match of `TURNED` or one of `NAMED`."""
    start, end = value_span(match)
    value, key = match.string[start:end], match["key"].lower()
    if is_no_key(key) or not words.is_set(value):
        return
    if is_any_key(key) and len(value) < LONG_VALUE:
        return
    if has_digit(value) or not (is_any_key(key) or is_weak(key)):
        yield start, end, 0.9


def option(match: "regex.Match[str]") -> Iterator[Find]:
    """The value of a match of one of `OPTIONS`."""
    start, end = value_span(match)
    value = match.string[start:end]
    if looks_secret(value) and not is_placeholder(value):
        yield start, end, 0.8
