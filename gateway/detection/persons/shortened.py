"""Names in short: log-in names, and initials that stand for a person."""

from collections.abc import Iterator

import regex

from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.reading import Reading
from nl_models import Lexicon

_LOGIN = regex.compile(
    r"(?<![\w.@/\\-])(?:[A-Z]{2,12}\\)?"
    r"(?P<value>(?P<given>\p{L}{1,20})\.(?:(?:van|de|den|der|vd)\.?){0,2}(?P<family>\p{L}{3,25}))(?![\w@]|[.-]\w)",
    regex.IGNORECASE,
)
_GLUED_PREFIX = regex.compile(r"^(?:vander|vanden|vande|van|den|der|de|ter|ten)(?=\p{L}{2})", regex.IGNORECASE)
"""In a log-in name: "j.dewit", "s.vanwijngaarden"."""
_LOGIN_LABEL = regex.compile(
    r"(?:log-?in|inlog|gebruikersnaam|username|user|account|ad-account|door|owner|behandelaar|naam)\W{1,3}$",
    regex.IGNORECASE,
)
_WITH_PREFIX = regex.compile(r"(?<![\w.-])(?P<value>[A-Z]{1,2}vd[A-Z]{1,2})(?![\w.-])")
_LETTERS = r"(?:IJ|Th|Ch|Ph|\p{Lu})"
_INITIALS = rf"{_LETTERS}(?:[. -]{{0,2}}{_LETTERS}){{0,6}}\.?"
_FIELD = regex.compile(
    rf"(?P<label>\p{{L}}{{3,30}})[\"']?\s?[:=>|;\t]\s?[\"']?(?P<value>{_INITIALS})(?![\p{{L}}\p{{N}}]|\.\p{{L}})"
)
_CELL = regex.compile(_INITIALS)
_CLOSED = regex.compile(
    r"(?i:(?<![^\W_])(?:gr|grt|grtz|groet(?:en|jes)?|mvg))[.,:!]{0,2}\s{1,3}"
    rf"(?P<value>{_LETTERS}\.(?:[ -]?{_LETTERS}\.){{0,3}}|\p{{Lu}}{{2,3}})[ ]*$",
    regex.MULTILINE,
)
"""Who ends a message with initials: "Gr R.J."."""

_SIGN = r"[\"']?\s?(?:[:=>|]|\t)\s?[\"']?"
_PART = r"\p{Lu}[\p{Ll}\p{M}'’]{1,30}"
_PREFIX = r"(?i:van(?: de[nr]?)?|de[nr]?|te[rn]?|'t|v\.?d\.?)"
_FAMILY_VALUE = rf"(?:{_PREFIX} ){{0,1}}{_PART}(?:-{_PART}){{0,2}}"
_NO_VALUE = r"(?!(?i:achternaam|voornaam|voorletters|naam|verplicht|onbekend|invullen|string|text))"
_FAMILY_LABEL = r"(?i:achternaam|geslachtsnaam|familienaam|meisjesnaam|last[_ -]?name|surname|family[_ -]?name)"
_PREFIX_LABEL = r"(?i:voorvoegsels?|tussenvoegsels?)\p{L}{0,16}"
_FAMILY = regex.compile(rf"{_FAMILY_LABEL}{_SIGN}(?P<value>{_NO_VALUE}{_FAMILY_VALUE})(?![\p{{L}}(:]|\s?[(:])")
"""A field that asks for a family name holds one, whatever word it is: Meer, Raad, Winkel."""
_PREFIX_FIELD = regex.compile(rf"{_PREFIX_LABEL}{_SIGN}(?P<value>{_PREFIX})(?![\p{{L}}'])")
_FAMILY_HEAD, _FAMILY_CELL = regex.compile(_FAMILY_LABEL), regex.compile(_NO_VALUE + _FAMILY_VALUE)
_PREFIX_HEAD = regex.compile(rf"{_PREFIX_LABEL}|(?i:tussenv|infix)")
_PREFIX_CELL = regex.compile(_PREFIX)
_LOGIN_SCORE = 0.75
_LABELLED_SCORE = 0.85
_PREFIX_SCORE = 0.62


def shortened(
    reading: Reading, vocabulary: NameVocabulary, lexicon: Lexicon | None
) -> Iterator[tuple[int, int, float]]:
    """Spans with their score; without a lexicon no log-in name is known."""
    text = reading.text
    if lexicon is not None and _has_dot_inside(text):
        yield from ((*span, _LOGIN_SCORE) for span in _logins(text, lexicon))
    for match in _WITH_PREFIX.finditer(text) if "vd" in text else ():
        if match["value"].lower() not in vocabulary.never:
            yield *match.span("value"), _PREFIX_SCORE
    if "naam" in reading.lower or "name" in reading.lower:
        yield from ((*span, _LABELLED_SCORE) for span in _in_columns(reading))
    for pattern, sign in ((_FAMILY, "na"), (_PREFIX_FIELD, "voegsel")):
        if sign in reading.lower:
            yield from ((*match.span("value"), _LABELLED_SCORE) for match in pattern.finditer(text))
    if "gr" in reading.lower:
        yield from ((*match.span("value"), _LABELLED_SCORE) for match in _CLOSED.finditer(text))
    if any(label in reading.lower for label in vocabulary.initials_labels):
        yield from ((*span, _LABELLED_SCORE) for span in _labelled(reading, vocabulary))


def _logins(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    for match in _LOGIN.finditer(text):
        given, family = match["given"], match["family"]
        single = len(given) == 1
        if single and _LOGIN_LABEL.search(text, max(0, match.start() - 20), match.start()):
            yield match.span("value")
            continue
        bare = _GLUED_PREFIX.sub("", family) if single else family
        glued = text[match.end("given") + 1 : match.end()] if single else family
        if lexicon.surname(bare) and lexicon.commonness(glued) < 2 and (single or lexicon.first_name(given)):
            if not single and (lexicon.commonness(given) > 1 or (given[0].isupper() and family[0].isupper())):
                continue
            yield match.span("value")


def _labelled(reading: Reading, vocabulary: NameVocabulary) -> Iterator[tuple[int, int]]:
    """Initials in a field or a column that says so: `<voorletters>R.K.</voorletters>`."""
    for match in _FIELD.finditer(reading.text):
        if match["label"].lower().endswith(vocabulary.initials_labels):
            yield match.span("value")
    for head, (start, end) in reading.tables.cells():
        label = reading.text[slice(*head)].strip(" \"'*_.").lower()
        if label.endswith(vocabulary.initials_labels) and _CELL.fullmatch(reading.text, start, end):
            yield start, end


def _in_columns(reading: Reading) -> Iterator[tuple[int, int]]:
    """Family names and prefixes in columns of their own, whatever word they are."""
    for head, cell in reading.tables.cells():
        label = reading.text[slice(*head)].strip(" \"'*_.")
        for heads, values in ((_FAMILY_HEAD, _FAMILY_CELL), (_PREFIX_HEAD, _PREFIX_CELL)):
            if heads.fullmatch(label) and values.fullmatch(reading.text, *cell):
                yield cell


def _has_dot_inside(text: str) -> bool:
    """Whether a dot stands between two letters, as in every log-in name and in few texts."""
    at = text.find(".")
    while at >= 0:
        if text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha():
            return True
        at = text.find(".", at + 1)
    return False
