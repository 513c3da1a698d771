"""Birth dates: any notation of a date, but only where something says that somebody was born then.

That is a word (geboren, geb., dob), the head of a column, a star, a name (and a sex) directly before a date long ago, a
citizen service number beside it, or talk of birth dates that differ. The date itself is checked by the calendar.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

import regex

from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable
from gateway.model.inspection import Entity

_MONTHS = (
    r"jan(?:uari|uary)?|feb(?:ruari|ruary)?|m(?:aart|rt|arch|ar)|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|"
    r"aug(?:ustus|ust)?|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
_MONTH_STARTS = ("jan", "feb", "m", "apr", "mei", "jun", "jul", "aug", "sep", "o", "nov", "de")
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN = {numeral: at for at, numeral in enumerate(_NUMERALS, 1)}
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_DATE = walkable(
    r"(?<![^\W_]|[,/-]|(?<!geb|dat|dtm)\.)(?:"
    r"(?P<day>\d{1,2})(?P<sep>\s?[-/.]\s?|\s)(?P<month>\d{1,2})(?P=sep)'?(?P<year>(?:19|20)?\d\d)"
    r"|(?P<year>(?:19|20)\d\d)(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"|(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"|(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>(?:19|20)\d\d)"
    r"|(?P<day>\d{1,2})(?P<sep>[-/. ])(?P<roman>I{1,3}|I?V|VI{1,3}|I?X|XI{1,2})(?P=sep)(?P<year>(?:19|20)?\d\d)"
    r"|(?P<short>(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>\d\d)|(?P<year>\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d))"
    rf"|(?P<day>\d{{1,2}})(?:e|de|ste|st|nd|rd|th|\.)?[\s-]+(?:of\s)?(?P<name>{_MONTHS})\.?,?[\s-]+'?(?P<year>(?:19|20)?\d\d)"
    rf"|(?P<name>{_MONTHS})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)"
    rf"|(?P<words>[a-zéë]{{3,18}}\s+(?:{_MONTHS})\s+(?:negentien(?:honderd)?|tweeduizend)(?:\s?(?:en\s?)?[a-zéë]{{2,18}})?)"
    r")(?=T\d\d:|te\s|(?![^\W_]|[./-]\d))",
    regex.IGNORECASE,
)
_DIRECTLY = regex.compile(
    r"(?:\bbday(?:;[\w=,-]{1,20}){0,3}|\bgeb(?:oren?|ren|rn|roen|orne|oortedatum|oorte|datum|dat)?\.?|\bborn|\bdob|\bd\.o\.b\.?|\bbirth\s?(?:date|day)?|[*✶⁎])"
    r"(?:\W{1,8}dat(?:um)?\b){0,2}(?:\s?\((?:dd|jj|yy)[\w-]{2,8}\))?[\s:.=(]{0,3}"
    r"(?:(?:op|on|d\.?d\.?|te|in)\s(?:[\p{L}'-]+[ ,]{1,2}){0,3})?[\s:\"'>|;,=(_*]{0,4}$",
    regex.IGNORECASE,
)
_NAME_AND_SEX = regex.compile(
    r"(?<![^\W_])\p{Lu}(?:[\p{L}'-]{1,30}|\.)\.?\s?[,;|\t(]\s?(?i:m|v|f|x|man|vrouw|male|female)\)?\s?[,;|\t]\s?$"
)
_BIRTH_WORD = regex.compile(r"geboorte(?:datum|data|dag)|(?:dates?|day) of birth|birth\s?dates?", regex.IGNORECASE)
_DIFFER = regex.compile(
    r"verschil|klopt|onjuist|verkeerd|\bfout|afwijk|wijk(?:t|en)\b|overeen|anders|corrig|correct|"
    r"wijzig|\bdiffer|\bwrong|mismatch|\bmatch",
    regex.IGNORECASE,
)
_SAID = regex.compile(
    r"\b(?:st(?:aat|ond|aan)|zegt|vermeldt?|noemt|luidt|moet(?:\szijn)?|says|shows|states|should\sbe|"
    r"(?:volgens|in|op)\s(?:\p{L}{1,12}\s){0,2}(?:\p{L}{0,20}(?:akte|bewijs|kaart|paspoort|brp|document|passport|register))"
    r"(?:\sis)?(?:\shet)?)[\s:,\"']{1,3}$",
    regex.IGNORECASE,
)
_ADJACENT = 4
_TALK = 300
"""How far on a text that found birth dates to differ still tells of them."""
_NEAR_NUMBER = 20


class DateOfBirthRecognizer(CodeRecognizer):
    """A date with a birth context. Stage 2: names and citizen service numbers of stage 1 are context too."""

    stage = 2
    triggers: tuple[str, ...] = (
        r"\d(?:\s?[-/.]\s?|\s)\d{1,2}(?:\s?[-/.]\s?|\s)'?\d",
        r"(?:19|20)\d{6}|\d{4}(?:19|20)\d\d",
        r"(?i:(?:geb|bday|birth|born|dob|d\.o\.b)\D{0,40}\d{6}(?!\d))",
        r"(?i:\d[-/. ][IVX]{1,4}[-/. ]\d\d)",
        rf"(?i:(?:{_MONTHS})\.?,?(?:[\s-]{{1,40}}(?:'?\d|negentien|tweeduizend)|[\s-]{{40}}))",
    )

    def find(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        names = sorted(hit.end for hit in look.earlier if hit.entity is Entity.PERSON)
        numbers = sorted(at for hit in look.earlier if hit.entity is Entity.NL_BSN for at in (hit.start, hit.end))
        for match in Walk(_DATE, text, 100, 1 + len(text) / 200_000).over(look.windows):
            year = _year_of(match)
            if year is None:
                continue
            if not match["short"]:
                yield self.hit(match.start(), match.end(), self._score(look, match.span(), year, names, numbers))
            elif _follows(_DIRECTLY, look.reading.text, match.start()):
                yield self.hit(match.start(), match.end(), 0.9)

    def _score(self, look: Look, span: tuple[int, int], year: int, names: list[int], numbers: list[int]) -> float:
        start, end = span
        text = look.reading.text
        if _follows(_DIRECTLY, text, start):
            return 0.95
        if year <= _NEWEST_FOR_A_NAME and (_follows(_NAME_AND_SEX, text, start) or _is_told(text, start)):
            return 0.8
        if year <= _NEWEST_FOR_A_NAME and _within(names, start - 2, start) and text[start - 1] == "(":
            return 0.8
        score = self.context_window.score(look.reading, start, end, 0.2)
        if year <= _NEWEST_FOR_A_NAME and _within(names, start - _ADJACENT, start + 1) and score >= 0.2:
            score += 0.5
        if year <= _NEWEST_FOR_A_NAME and _within(numbers, start - _NEAR_NUMBER, end + _NEAR_NUMBER) and score >= 0.2:
            score += 0.5
        return min(1.0, score)


_NEWEST_FOR_A_NAME = 2018
"""Without a word for it, a date behind a name is a birth date only when it is this long ago."""


def _follows(pattern: "regex.Pattern[str]", text: str, start: int) -> bool:
    """Whether what stands right before `start` is as `pattern` says."""
    return pattern.search(text, max(0, start - 60), start) is not None


def _is_told(text: str, start: int) -> bool:
    """Whether a paper or a register is said to give this date, in a text that found birth dates to differ."""
    if not _follows(_SAID, text, start):
        return False
    talk = max(0, start - _TALK)
    return all(pattern.search(text, talk, start) is not None for pattern in (_BIRTH_WORD, _DIFFER))


def _within(positions: list[int], start: int, end: int) -> bool:
    at = bisect_left(positions, start)
    return at < len(positions) and positions[at] <= end


def _year_of(match: "regex.Match[str]") -> int | None:
    """The year of a date that the calendar knows; None for any other. Two digits mean 1927 to 2026."""
    if match["words"]:
        return 1999 if "negentien" in match["words"].lower() else 2005
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year > 26 else 2000
    month = int(match["month"] or 0) or _ROMAN.get((match["roman"] or "").upper(), 0) or _month_of(match["name"] or "")
    day = int(match["day"])
    if month > 12 >= day:
        month, day = day, month
    try:
        date(year, month, day)
    except ValueError:
        return None
    return year if year >= 1900 else None


def _month_of(name: str) -> int:
    lower = name.lower().replace("may", "mei")
    for number, start in enumerate(_MONTH_STARTS, 1):
        if lower.startswith(start) and not (start == "m" and lower.startswith("mei")):
            return number
    return 0
