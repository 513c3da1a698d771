"""Codes of doors, alarms, safes, telephones and accounts."""

from collections.abc import Iterator

import regex

from gateway.detection.credentials.assigned import Find
from gateway.detection.walk import walkable

_NAMED = (
    r"(?:pin(?:code)?(?:'?s)?|puk(?:[- ]?code)?|(?:alarm|deur|voordeur|poort|toegangs|kluis|sleutelkluis|hek|"
    r"slagboom|entree|ontgrendel|verificatie|sms-?|inlog|beveiligings|authenticatie|[2m]fa-?|herstel|nood|tag|uitschakel|master|"
    r"voicemail|activerings|koppel|cijferslot|unlock[- ]?|toestel|schakel)code)"
)
"""A word that means a code that opens something."""
_LOCK = (
    r"(?:(?:sleutel)?kluis(?:je)?|sleutelkast(?:je)?|sleutelbox|key-?safe|cijferslot|codeslot|hangslot|slot|"
    r"(?:voor|achter|zij|buiten)?deur|poort|hek|slagboom|(?:inbraak)?alarm|safe)"
)
"""What a code opens."""
_ROOM = r"(?:hok|berging|schuur|garage|loods|meterkast|lift|stalling|rolluik|ruimte|toilet|wc|kast)"
_CODE_WORD = (
    r"(?:pin(?:code)?|puk(?:[- ]?code)?|alarm(?:code)?|deurcode|poortcode|toegangscode|kluiscode|"
    r"sleutelkluis|sleutelkluisje|kluis|cijferslot|codeslot|slot|hangslot|keysafe|hekcode|"
    r"entreecode|ontgrendelcode|verificatiecode|sms-?code|inlogcode|"
    r"beveiligingscode|authenticatiecode|2fa-?code|mfa-?code|herstelcode|noodcode|tagcode|uitschakelcode|mastercode|"
    r"voicemail(?:code)?|pincode'?s|deur|poort(?=[^\n\d]{0,45}(?:code|pin|cijfer))|hek|inbraakalarm|safe)"
)
_DIGITS = r"(?:\d{2,4}[#*]\d{1,4}[#*]?|(?:\d[ -]?){3,7}\d[#*]?|[#*]\d{3,8}[#*]?|[A-Z]\d{3,6}[#*]?)"
_MIXED = (
    r"(?-i:(?![A-Z]{2,5}(?:19|20)\d\d(?!\w))(?=[A-Z-]{0,20}\d)(?=[\d-]{0,20}[A-Z])"
    r"[A-Z0-9]{4,16}(?:-[A-Z0-9]{3,8}){0,5})"
)
_END = (
    r"(?![\w]|[.,:/-]\d|(?-i:[ ][A-Z]{2}(?![\w]))|[ ]?(?:%|euro|km|mm|cm|uur|jaar|stuks|keer|woningen|meldingen|"
    r"inwoners|personen|mensen|cijfers|tekens|meter|"
    r"medewerkers|gebruikers|bezoekers|(?:breed|hoog|lang)(?![\p{L}])|x[ ]?\d))"
)
_SAYS = (
    r"(?:[ ]?[:=]|[ ](?:is|was|wordt|werd|blijft|luidt|staat op|geworden))(?:[ ](?:nu|weer|nog|steeds|dan)){0,2}"
    r"[ ]{0,2}:?[ ]{0,2}[\"'(]?"
)
_NO_DEED = r"(?!\p{L}{0,10}ge\p{L}{2,16}[dtn](?!\p{L}))"
_PLACES = rf"(?:[ ]{_NO_DEED}[\p{{L}}'./-]{{1,20}}){{0,6}}?"

CODES = (
    walkable(
        rf"(?<![^\W_])(?:{_CODE_WORD})(?![^\W_])"
        r"(?:[^\n\d]{0,45}?(?<![^\W_])(?<!RAL-)(?:code|pin|pincode|nummer|cijfers|combinatie))?"
        r"(?:[ ](?:van|voor|is|was|wordt|blijft|nu|de|het|op|in|bij|met|nog|steeds|hoofdingang|balie|archief|kelder|"
        r"gebouw|achterdeur|zijdeur|depot|kantoor|serverruimte|:)){0,6}[ ]{0,2}[:=(\"']{0,2}[ ]{0,2}"
        rf"(?P<code>{_DIGITS}){_END}",
        regex.IGNORECASE,
    ),
    walkable(
        rf"(?<![^\W_])(?:{_NAMED}s?|codes?[ ](?:van|voor|of|for|to)[ ](?:(?:het|de|the)[ ])?"
        r"(?:\p{L}{0,12}(?:alarm|deur|poort|slot|kluis|kast|hek)|door|gate|lock|safe))(?![^\W_])"
        rf"[^\n\d.;?!]{{0,70}}?(?:[ ](?:is|was|wordt|blijft|luidt)(?:[ ]nu)?|:)[ ](?P<code>\d{{4,8}}[#*]?){_END}",
        regex.IGNORECASE,
    ),
    walkable(
        rf"(?<![^\W_])(?:pin(?:code)?|puk-?code)[ ](?:van|voor|of|for)[ ](?:[\p{{L}}'-]{{1,20}}[ ]){{1,7}}?"
        rf"(?P<code>\d{{4,6}}){_END}",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![^\W_])(?:(?:inbraak)?alarm|kluis|(?:achter|zij)?deur|poort|slot|hek|sleutelkast)(?![^\W_])"
        r"[^\n\d.;?!]{0,60}?[ ](?:eraf|af|uit|open|los|uitzetten|openen|ontgrendelen)[ ](?:[\p{L}]{2,10}[ ]){0,2}?"
        rf"(?:met|via|door|op|is|code|pin)[ ](?:code[ ]|pin[ ])?(?P<code>\d{{4,8}}){_END}",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![^\W_])(?:sleutelkluis(?:je)?|sleutelkast(?:je)?|sleutelbox|key-?safe|kluis(?:je)?)(?![^\W_])"
        r"(?![^\n:=]{0,40}(?:kosten|budget|contract|factuur|nummer|aantal|aanvra))[^\n:=;?!]{0,40}[ ]?[:=][ ]{0,2}"
        rf"(?P<code>{_DIGITS}){_END}(?=[ ]{{0,2}}(?:$|[.,;(\n]))",
        regex.IGNORECASE | regex.MULTILINE,
    ),
    walkable(
        r"(?<![^\W_])(?:cijfer|code|hang)?slot(?![^\W_])[^\n\d.;?!]{0,40}?[ ]staat[ ](?:nu[ ])?op[ ]"
        rf"(?P<code>\d{{3,6}}){_END}",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![^\W_])(?:pin(?:code)?|(?:poort|toegangs|deur|alarm|kluis|hek)code)"
        rf"(?:[ ](?!(?:op|in|sinds|vanaf|per|voor|tot|na|van)[ ]){_NO_DEED}"
        rf"[\p{{L}}'-]{{3,20}}){{1,3}}[ ](?P<code>{_DIGITS}){_END}",
        regex.IGNORECASE,
    ),
)
"""What a code opens and the code, in the orders that people tell them. A year is none."""
CERTAIN_CODES = (
    walkable(
        rf"(?<![^\W_]){_NAMED}(?![^\W_]){_PLACES}{_SAYS}(?P<code>{_DIGITS}){_END}(?![ ]\p{{L}}{{4}})", regex.IGNORECASE
    ),
    walkable(
        rf"(?<![^\W_]){_LOCK}(?![^\W_])[^\n;?!]{{0,60}}?(?<![\w-])(?:(?:cijfer)?code|pin|combinatie)(?:{_SAYS}|[ ])"
        rf"(?P<code>{_DIGITS}){_END}(?![ ]\p{{L}}{{4}})",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![\w-])codes?(?:[ ](?:van|voor|of|for|to))?(?:[ ](?:het|de|the|onze|mijn))?[ ]"
        rf"\p{{L}}{{0,12}}(?:{_LOCK}|{_ROOM})(?![^\W_])"
        rf"[^\n;?!]{{0,60}}?{_SAYS}(?P<code>{_DIGITS}){_END}(?![ ]\p{{L}}{{4}})",
        regex.IGNORECASE,
    ),
    walkable(
        rf"(?<![^\W_]){_NAMED}(?![^\W_]){_PLACES}[ \t]{{0,3}}[:=]\*{{0,2}}[ \t]{{0,3}}\r?\n"
        r"(?:[>|\t ]{0,8}\r?\n){0,2}[>|\t ]{0,8}"
        rf"[\"'*]{{0,2}}(?P<code>{_DIGITS}|{_MIXED})[\"'*]{{0,2}}[ \t]{{0,4}}$",
        regex.IGNORECASE | regex.MULTILINE,
    ),
    walkable(
        r"(?<![^\W_])(?:(?:herstel|nood|back-?up|recovery|activerings|ontgrendel|koppel|verificatie|inlog|toegangs|"
        rf"unlock|pairing|authenticatie|beveiligings)[- ]?codes?)(?![^\W_]){_PLACES}{_SAYS}(?P<code>{_MIXED})(?![\w-])",
        regex.IGNORECASE,
    ),
    walkable(
        r"(?<![^\W_])(?:(?:herstel|nood|back-?up|recovery|scratch|reserve)[- ]?codes?)(?![^\W_])[^\n:]{0,40}:"
        r"(?:[ \t\r\n,;|>*]{1,6}(?:\d{1,2}[.)][ ])?"
        r"(?P<code>(?=[a-z-]{0,24}\d)(?:[a-z\d]{4,8}-[a-z\d]{4,8}(?:-[a-z\d]{4,8}){0,2}"
        r"|(?=\d{0,8}[a-z])[a-z\d]{6,12}|\d{6,10}|\d{4}[ ]\d{4}))(?![\w-])){1,20}",
        regex.IGNORECASE,
    ),
)
"""The word for the code, or the lock with the word, and right behind it the code: that may look like a year."""
TRIGGERS = (r"(?i:(?:pin|puk|alarm|deur|poort|kluis|slot|safe|hek|code|voicemail|sleutelkast|sleutelbox|slagboom))",)
_YEAR = regex.compile(r"(?:19|20)\d\d")
_DATE = regex.compile(r"\d{1,2}[- ]\d{1,2}[- ](?:19|20)\d\d|(?:19|20)\d\d[- ](?:\d{1,2}[- ]\d{1,2}|(?:19|20)\d\d)")


def codes(match: "regex.Match[str]", *, is_certain: bool) -> Iterator[Find]:
    """The codes of a match of one of `CODES` or `CERTAIN_CODES`; of a list of codes each of them."""
    for start, end in match.spans("code"):
        code = match.string[start:end].rstrip(" -")
        if not _DATE.fullmatch(code) and (is_certain or not _YEAR.fullmatch(code)):
            yield start, start + len(code), 0.72
