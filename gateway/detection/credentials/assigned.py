"""A word that announces a password, and the value behind it or on the next line."""

from collections.abc import Iterator

import regex

from gateway.detection.credentials.keys import KEY, is_any_key, is_no_key, is_told, is_weak
from gateway.detection.credentials.values import Words, has_digit, is_placeholder, looks_secret, value_span
from gateway.detection.walk import walkable

_VALUE = r"(?:N?[\"'`“](?P<quoted>[^\"'`“”\n]{3,120})[\"'`”]|(?P<bare>(?:(?!;\s?[\w ]{1,30}=)[^\s\"'`<>,|]){3,120}))"
ASSIGNED = walkable(
    rf"(?<![\w])(?P<key>{KEY})[\"'`)\]]{{0,2}}"
    r"(?P<link>[ \t]{0,3}(?:=>|:=|={1,3}|:|->|→|\||>)[ \t]{0,3}|\n[ \t]{0,3}|"
    r"[ ](?:[\p{L}0-9'/-]{1,20}[ ]){0,7}?(?:is|was|wordt|werd|luidt|blijft|geworden|=|:|->|→|=>|"
    r"isn't|naar|to|in|itself|zelf)(?:[ ]?:[ ]?|[ ](?:nu |dan |nog |weer |gewoon |altijd |nog steeds |"
    r"now |still |geworden:? |de naam van (?:[\p{L}']{1,12} ){1,4})?:?[ ]?)|"
    r"[ ]|</?\w{0,20}>)" + _VALUE,
    regex.IGNORECASE,
)
HEADED = walkable(
    rf"(?<![\w])(?P<key>{KEY})(?P<link>[ ](?:[\p{{L}}0-9'/-]{{1,20}}[ ]){{0,6}}?[\p{{L}}0-9'/-]{{1,20}}:[ ])" + _VALUE,
    regex.IGNORECASE,
)
"""A clause with the word in it, a colon, the value: "ik stuur je het wachtwoord apart: …"."""
BELOW = walkable(
    rf"(?<![\w])(?P<key>{KEY})[\"'`)\]*]{{0,2}}(?:[ ][\p{{L}}0-9'/-]{{1,20}}){{0,6}}?"
    r"[ \t]{0,3}(?P<colon>[:=]?)\*{0,2}[ \t]{0,3}\r?\n(?:[>|\t ]{0,8}\r?\n){0,2}[>|\t ]{0,8}"
    r"[\"'`*“]{0,2}(?P<bare>[^\s\"'`“”<>|;]{4,80})[\"'`*”]{0,2}"
    r"[ \t]{0,4}(?:$|[(,.|])",
    regex.IGNORECASE | regex.MULTILINE,
)
"""The value alone on its line, below the word."""
PHRASE = walkable(
    r"(?<!\been )(?<![\w])(?:wachtwoordzin|wachtzin|paszin|pass-?phrase)(?:[ ][\p{L}0-9'-]{1,20}){0,5}?"
    r"(?:[ ]?(?:[:=]|->)[ ]?|[ ](?:luidt|is)[ ]?:?[ ](?=[\"'“])|[ ]luidt[ ])"
    r"(?:[\"'“](?P<quoted>[^\"'“”\n]{3,120})[\"'”]|"
    r"(?P<bare>\p{L}[\p{L}0-9'-]{0,24}(?:[ ][\p{L}0-9'-]{1,24}){2,11})(?=[.!]?\s{0,4}$))",
    regex.IGNORECASE | regex.MULTILINE,
)
"""A pass phrase is all of its words."""
_ABOUT_PHRASES = regex.compile(
    r"(?<!\p{L})(?:minimaal|minstens|maximaal|gebruik|kies|verzin|bedenk|woorden|tekens|words|characters|zie|wordt|moet|"
    r"makkelijk\p{L}{0,2}|onthouden|bestaat|verplicht|use|choose|at least|must)(?!\p{L})",
    regex.IGNORECASE,
)
_BAD_EXAMPLE = regex.compile(
    r"(?:voorbeeld(?:en)? van een )?(?:slecht|zwak|fout|onveilig|weak|bad)(?:e)? $", regex.IGNORECASE
)
"""What a policy says before a password that nobody should choose."""
_ANY_ONE = regex.compile(r"(?<!\p{L})(?:een|elk|ieder|welk|geen) $", regex.IGNORECASE)
_CLAUSE_END = regex.compile(r"[\"'”)]?(?:[.,;!)]|\s{0,3}$|[ ](?:en|maar|of|dus|want)[ ]|[ ]\()", regex.MULTILINE)
_NAME_GOES_ON = regex.compile(r"[ ]\p{Lu}\p{Ll}")
_WORD_GOES_ON = regex.compile(r"[ ](?!(?:en|of|maar|dus|and|or)[ ])\p{L}")
_MAIL_OR_DATE = regex.compile(r"[\w.+-]+@[\w.-]+\.\w+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_LABEL = regex.compile(r".*(?:wachtwoord|inlog|login|gebruiker|mail).*", regex.IGNORECASE)
_EXPLICIT = ("=", ":", "=>", "->", "→", "|")
_SAYS = frozenset(["is", "was", "wordt", "luidt", "blijft", "geworden", "nu", "steeds"])
LONG_VALUE = 16
"""Of a value behind a name that may be any key."""
Find = tuple[int, int, float]
"""Start, end and score."""


def assigned(match: "regex.Match[str]", words: Words) -> Iterator[Find]:
    """The value of a match of `ASSIGNED` or `HEADED`: after a sign nearly any, in prose what looks like no word."""
    start, end = value_span(match)
    text, value, key = match.string, match.string[start:end], match["key"].lower()
    if is_placeholder(value) or len(value) < 3 or is_no_key(key) or _is_attribute(match, end):
        return
    if "\n" in match["link"] and (";" in value or is_weak(key) or text[end : end + 1] == ":"):
        return  # a row of a table, or the next label
    if _BAD_EXAMPLE.search(text, max(0, match.start() - 30), match.start()):
        return
    if is_any_key(key):
        if _is_explicit(match) and len(value) >= LONG_VALUE and looks_secret(value) and has_digit(value):
            yield start, end, 0.9
    elif _is_explicit(match) and not is_weak(key):
        if match["quoted"] or looks_secret(value) or (words.is_thing(value) and not _NAME_GOES_ON.match(text, end)):
            yield start, end, 0.9
    elif _is_in_prose(match, key, value):
        yield start, end, 0.8 if match["link"].strip() else 0.7
    elif is_told(key) and _is_told_word(match, value, words):
        yield start, end, 0.75


def below(match: "regex.Match[str]", words: Words) -> Iterator[Find]:
    """The value of a match of `BELOW`."""
    start, end = value_span(match)
    value, key = match.string[start:end], match["key"].lower()
    if (
        match["bare"].endswith(":")
        or is_placeholder(value)
        or _MAIL_OR_DATE.fullmatch(value)
        or _LABEL.fullmatch(value)
    ):
        return
    if is_any_key(key) or is_no_key(key) or (is_weak(key) and not match["colon"]):
        return
    if looks_secret(value) or (match["colon"] and not is_weak(key) and words.is_thing(value)):
        yield start, end, 0.85


def phrase(match: "regex.Match[str]") -> Iterator[Find]:
    """The words of a match of `PHRASE`, unless they tell how to make one."""
    start, end = match.span("quoted" if match["quoted"] else "bare")
    if not _ABOUT_PHRASES.search(match.string, start, end):
        yield start, end, 0.9


def _is_explicit(match: "regex.Match[str]") -> bool:
    """Whether a sign of assignment stands right behind the word, or behind the verb of the sentence."""
    last = (match["link"].split() or [""])[-1]
    if last.endswith(":") and last != ":":
        return last.rstrip(":") in {*_SAYS, ""}
    return last in {*_EXPLICIT, ":=", "==", "==="}


def _is_in_prose(match: "regex.Match[str]", key: str, value: str) -> bool:
    if not looks_secret(value) or (is_weak(key) and (not has_digit(value) or _MAIL_OR_DATE.fullmatch(value))):
        return False
    link = match["link"].strip()
    heads_a_clause = link.endswith(":") and not _is_explicit(match)
    return not heads_a_clause or _WORD_GOES_ON.match(match.string, match.end()) is None


def _is_told_word(match: "regex.Match[str]", value: str, words: Words) -> bool:
    """A word of everyday life at the end of "het wachtwoord is …"."""
    link = match["link"].split()
    says = link[-1] in _SAYS if link else False
    if match["key"].lower() == "codewoord":
        says = says or not link or link[-1].endswith(":")
    if not says or _ANY_ONE.search(match.string, max(0, match.start() - 8), match.start()):
        return False
    ends = match["quoted"] is not None or _CLAUSE_END.match(match.string, match.end("bare")) is not None
    return (ends or value != match["bare"]) and words.is_thing(value)


def _is_attribute(match: "regex.Match[str]", end: int) -> bool:
    """Whether the value is the name of an attribute or a variable: `name="wachtwoord" value="…"`."""
    return match["quoted"] is None and regex.match(r"(?<==)[\"']", match.string, pos=end) is not None
