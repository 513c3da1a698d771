"""How a street and its number are written together: the gap between them, additions, more numbers, the number first."""

import regex

from gateway.detection.walk import walkable

_GAP = r"(?:[ \t]{1,3}|[ \t]{0,3}[|;\t,][ \t]{0,3}|[ \t]{0,2}\n[ \t]{0,2}(?=\d))"
_WORD = r"(?:(?:huis[ -]?)?(?:nrs?\.?|nummers?)|no\.|perceel|pand)"
_BESIDE = (
    r"(?:t/o|tgo\.?|t\.o\.(?:v\.)?|tov|tegenover|t\.?h\.?v\.?|ter[ ]hoogte[ ]van|naast|hoek)"
    rf"[ ]{{1,2}}(?:het[ ]|huis[ ]|pand[ ])?(?:{_WORD}[ ]?)?"
)
_ADDITION = (
    r"(?:[ ]?(?:t/m|tot en met)[ ]?\d{1,4}(?!\w)"
    r"|[ ]?-[ ]?(?:bis|hs|huis|rd|zw|[a-z]\d{0,2}|[ivx]{1,4}|\d{1,4})\b[ ]?(?:hoog|bis)?"
    r"|[ ]?(?:bis|hs|rd|zw|hoog|zwart|rood|huis)\b(?:[ ]?[a-z]\b)?"
    r"|[ ](?:boven|bov|beneden|ben|souterrain)\b\.?"
    r"|,?[ ](?:[1-9]e|eerste|tweede|derde|vierde|vijfde)[ ](?:etage|verdieping)\b"
    r"|[ ]\d{1,2}[ ]?-?hoog\b|[ ]?[a-z]\d{0,2}(?![\w@]|'\w)(?:[ ]?-?[ ]?\d{1,3}(?!\w))?|[ ](?:III?|IV|VI{0,3})(?!\w)"
    r"|/\d{1,4}(?!\w)|[ ]?-[ ]?\d{1,4}(?!\w))"
)
_NAMED_FOR_A_YEAR = (
    r"(?:plein|laan|boulevard|plantsoen|straat|park|hof|weg)[ ]{1,2}(?:1[5-9]\d\d(?:-1[5-9]\d\d)?|'?\d\d-'?\d\d)"
)
BUILDING = walkable(
    rf"(?<![\p{{L}}\p{{M}}\d])(?P<last>(?P<dated>{_NAMED_FOR_A_YEAR})|[\p{{L}}][\p{{L}}\p{{M}}'.-]{{0,40}})"
    rf"(?:(?P<beside>(?:,[ ]|[ ]{{1,2}}){_BESIDE})|[ ]?,?[ ]?(?:\(|(?:bij|op|voor|achter)[ ])?{_WORD}[ ]?:?[ ]?"
    rf"|(?P<bracket>[ ]\((?=\d{{1,4}}[ ]?[a-wyz]?\)))|{_GAP})"
    rf"(?P<number>[1-9]\d{{0,4}}(?:{_ADDITION})?)(?![\w]|[.,:]\d|[ ]?[%€°]|[ ]?/[ ]?\d{{1,5}}[ ]?/)",
    regex.IGNORECASE,
)
"""A word that may end a street, and a number. `dated`: the street is named for a year, which is not its number."""

_HOUSE = r"[1-9]\d{0,3}(?:[ ]?-?[ ]?[a-z](?!\w)|-\d{1,4})?"
NUMBER_FIRST = walkable(
    r"(?:(?<![^\n])|(?<=[.!?:,;(][ ])|(?<=\b(?:op|van|bij|de|het|woont|wonen|wonend|wonende|woonachtig|bewoners?|buren|"
    r"buurman|buurvrouw|huis|pand|woning|adres|melder|inwoner|overlast|tegenover|naast|voor|achter|aan|familie)[ ]))"
    rf"(?P<worded>(?:huis[ -]?)?(?:nr\.?|nummer)[ ]?{_HOUSE}"
    r"(?:,[ ]|[ ](?:op|aan|in|van|langs)[ ](?:(?:de|het)[ ])?))"
    r"|(?<!\w)(?:at|lives[ ]in|(?:flat|apartment)[ ]\d{1,4}[a-z]?,|huis|address:|address[ ]is|woont|woont[ ]op)[ ]"
    rf"(?P<bare>{_HOUSE}[ ])"
    rf"|(?<![^\n])(?<!(?:^|\n)\d{{1,4}},[^\n]{{1,60}}\n)(?P<alone>{_HOUSE},[ ])(?=[^\n]{{3,60}}$(?!\n\d{{1,4}},))",
    regex.IGNORECASE | regex.MULTILINE,
)
"""A number, and what may stand between it and the street that follows it."""

STREET_AHEAD = regex.compile(
    r"(?:(?:\p{Lu}[\p{L}\p{M}'.-]{0,30}|(?i:van|de|den|der|het|ten|ter|in)|'[st]|\d{1,2}e)[ ]){0,4}"
    r"(?P<last>[\p{L}][\p{L}\p{M}'-]{2,40})(?![\w'])"
)
MORE = regex.compile(
    r"(?:(?:,[ ]?|[ ]?/[ ]?|[ ](?:t/m|en|and|&|\+)[ ])[1-9]\d{0,3}[a-z]?(?![\w-]|[.,:]\d|[ ]?[%€])){1,12}",
    regex.IGNORECASE,
)
"""The other numbers of a list: "4, 6 en 8"."""

BRACKETED = regex.compile(r"\(\d{1,5}[a-z]?\)")
