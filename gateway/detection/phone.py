"""Telephone numbers of people and small teams, as google's libphonenumber knows them.

Dutch numbers (ACM numbering plan) with or without country code, foreign ones with it, in any grouping. Numbers that
belong to no person are left out: 14 0xx of municipalities, 0800, 0900, 116xxx and 112.
"""

from collections.abc import Iterator, Mapping

import phonenumbers
import regex
from phonenumbers import PhoneNumberType

from gateway.detection.checksums import only_digits
from gateway.detection.context import ContextWords
from gateway.detection.reading import Hit, Look, Spans
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable
from gateway.rulebook.documents.detection import DetectionRule

_CANDIDATE = walkable(
    r"(?<!\w)(?<!\d[.,-])(?:(?<!\d/)|(?<=\d[\d ()-]{7,14}/))(?:(?:tel|mob|gsm|t|m)(?=[+(0]))?"
    r"(?!\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)"
    r"(?P<value>(?:\(?(?:\+|00)[\s-]?|\(?[0o])(?:[\s().\-/_]{0,5}\d){7,14})(?![\w]|[.,-]\d|[€%])",
    regex.IGNORECASE,
)
_GROUP_GAP = regex.compile(r"(?<=\d)[\s().\-/_]+(?=[+\d])")
_BARE_MOBILE = walkable(r"(?<![\w.,-])(?P<value>6[\s-]?(?:\d[\s-]?){7}\d)(?![\w]|[.,-]\d)")
_WITHOUT_PLUS = walkable(r"(?<![\w.,-])(?P<value>31[\s.-]?(?:\(0\)\s?)?6(?:[\s.-]?\d){8})(?![\w]|[.,-]\d)")
_ODD_SIGN = walkable(r"(?<![\w.,:-])(?P<value>06\s?[=~:]\s?[1-9](?:[\s-]?\d){7})(?![\w]|[.,:-]\d)")
"""`06=22184730`, as typed beside the dash. With a colon it may be a time, so it needs a word."""
_LABELLED = walkable(
    r"(?<![^\W_])(?:(?:contact|priv[eé]|werk|terugbel|thuis|vaste?|whatsapp)[- ]?nummer|tel(?:efoon|ef)?(?:nummer|nr)?|"
    r"mob(?:iele?)?[- ]?(?:nummer|nr)?|m(?=[.:]?\s?6[1-5]\d{7})|gsm|phone|"
    r"telefon\w{0,3}|tlf|nr tel|numer(?: telefonu| kontaktowy)?|cep(?: telefonum?)?|"
    r"mobile|cell(?:phone)?|(?:my|his|her|their|phone) number(?: is)?|call (?:me|her|him|us)(?: (?:at|on))?|"
    r"bel(?:t|len)? (?:ons|mij|haar|hem|naar|op)?)\.?\s{0,2}[:=]?\s{0,2}"
    r"(?P<value>(?!14\s?0|0[89]00|112\b)\(?\d(?:[ .()/-]{0,2}\d){5,10})(?![\w]|[.,-]\d|\s?(?:%|euro|uur))",
    regex.IGNORECASE,
)
_INTERNAL = walkable(
    r"(?<![^\W_])(?:toestel|tst|doorkies(?:nummer|nr)?|extensie)\.?\s{0,2}:?\s{0,2}(?P<value>\d{3,5})(?![\w]|[.,-]\d)",
    regex.IGNORECASE,
)
_FOREIGN_LOCAL = walkable(
    r"(?<![\w.,/+-])(?P<value>\(?[2-9]\d{2}\)?[-. ]\d{3}[-.]\d{4}|07\d{3} \d{6}|07\d{3} \d{3} \d{3})(?![\w]|[.,-]\d)"
)
_PATTERNS = (_CANDIDATE, _BARE_MOBILE, _INTERNAL, _LABELLED, _FOREIGN_LOCAL, _WITHOUT_PLUS, _ODD_SIGN)
_BEFORE = {_BARE_MOBILE: "0", _WITHOUT_PLUS: "+", _ODD_SIGN: ""}
"""What a mobile number lacks in notations that other numbers have too."""
_POLITE = regex.compile(r"\b(?:mevrouw|mevr|mw|meneer|dhr|heer|fam|familie|mrs?|ms)\b", regex.IGNORECASE)
_OF_A_THING = regex.compile(
    r"(?:artikel|art|order|bestel|onderdeel|part|type|serie|partij|factuur)[- ]?(?:nr|nummer|code)\.?\s?[:=]?\s?$",
    regex.IGNORECASE,
)
"""The label of a thing right before a number."""
_NEAR_DESK = 60
_LONGEST_EXTENSION = 5
_LONGEST = 100
_VALID, _STANDS = 0.85, 0.65
_NETHERLANDS = 31
_DUTCH_DIGITS = 9
_SERVICE_NUMBERS = ("800", "900", "906", "909", "84", "87", "66", "67")
_SHORT_NUMBERS = ("14", "18", "116")
"""14 0xx of municipalities, 18xx of directories and 116xxx of care: short, unlike 0182 of Gouda."""
_GROUPED = regex.compile(
    r"\(?[0o]\d{1,3}\)?[\s./_-]{1,3}[1-9][\d\s./-]{5,10}\d|(?:\+|00)\s?31.{8,16}", regex.IGNORECASE
)
_NOBODY = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


class PhoneRecognizer(CodeRecognizer):
    """Valid numbers score 0.85; a mobile number without its leading zero or plus needs a context word.

    Option `desks`: the list of words that make a land line or an extension near them one of a desk.
    """

    triggers = tuple(f"(?i:{pattern.pattern})" for pattern in _PATTERNS)
    lead = 0

    def __init__(self, rule: DetectionRule, lists: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rule)
        self._desks = ContextWords.of(lists.get(rule.options.get("desks", ""), ()))

    def find(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        for hit in self._hits(look):
            if not self._is_of_a_desk(text, hit) and not _OF_A_THING.search(text, max(0, hit.start - 20), hit.start):
                yield hit

    def _is_of_a_desk(self, text: str, hit: Hit) -> bool:
        start, end = max(0, hit.start - _NEAR_DESK), min(len(text), hit.end + _NEAR_DESK // 2)
        if self._desks is None or next(self._desks.within(text, start, end), None) is None:
            return False
        return _is_on_a_desk(text[hit.start : hit.end]) and not _POLITE.search(text, start, end)

    def _hits(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        for number, pattern in enumerate(_PATTERNS):
            windows = look.by_trigger.get(number, ()) if look.by_trigger else look.windows
            walk = Walk(pattern, text, _LONGEST, 1 + len(text) / 200_000)
            if pattern is _CANDIDATE:
                for start, end, score in _numbers(walk, text, windows):
                    yield self._weighed(look, (start, end), score)
                continue
            for match in walk.over(windows):
                before = _BEFORE.get(pattern)
                if before is None:
                    yield self._weighed(look, match.span("value"), 0.7)
                elif is_personal_number(before + match["value"]):
                    is_clear = pattern is _ODD_SIGN and ":" not in match["value"]
                    yield self._weighed(look, match.span("value"), _STANDS if is_clear else 0.3)

    def _weighed(self, look: Look, span: tuple[int, int], score: float) -> Hit:
        """A hit with its context; a valid number in groups stands whatever label is near."""
        weighed = self.context_window.score(look.reading, *span, score)
        grouped = score == _VALID and _GROUP_GAP.search(look.reading.text, *span) is not None
        return self.hit(span[0], span[1], max(weighed, _STANDS) if grouped else weighed)


def _is_on_a_desk(value: str) -> bool:
    """Whether this is a Dutch land line, or the extension of one."""
    if len(only_digits(value)) <= _LONGEST_EXTENSION:
        return True
    parsed = _parsed(value)
    if parsed is None or parsed.country_code != _NETHERLANDS:
        return False
    return int(phonenumbers.number_type(parsed)) == PhoneNumberType.FIXED_LINE


def is_personal_number(value: str) -> bool:
    """Whether this is a valid number (Dutch unless it carries a country code) that can be a person's."""
    parsed = _parsed(value)
    kind = _kind_of(parsed) if parsed is not None else None
    return kind is not None and kind != PhoneNumberType.UNKNOWN


def _numbers(walk: Walk, text: str, windows: Spans) -> Iterator[tuple[int, int, float]]:
    """Spans and scores of the numbers that begin in a window. What stands behind a number may be digits too (a
    postcode on the next line, another number), so the longest run is tried first and shortened group by group."""
    at = 0
    for start, end in windows:
        at = max(at, start)
        while match := walk.next(at, end):
            begin, furthest = match.span("value")
            at = furthest
            gaps = reversed(list(_GROUP_GAP.finditer(match["value"])))
            for group in (furthest, *(begin + gap.start() for gap in gaps)):
                if score := _number_score(text[begin:group]):
                    yield begin, group, score
                    at = group
                    break


def _number_score(value: str) -> float:
    """How sure a candidate is a number: valid, or of a possible length (numbering plans grow), or not at all."""
    parsed = _parsed(value)
    kind = _kind_of(parsed) if parsed is not None else None
    if parsed is None or kind is None:
        return 0
    if kind != PhoneNumberType.UNKNOWN:
        return _VALID
    if not phonenumbers.is_possible_number(parsed):
        return 0
    if parsed.country_code != _NETHERLANDS:
        return 0.7
    if len(str(parsed.national_number)) != _DUTCH_DIGITS:
        return 0
    grouped = _GROUPED.fullmatch(value.strip()) is not None
    return 0.65 if grouped else 0.4


def _parsed(value: str) -> phonenumbers.PhoneNumber | None:
    plain = value.replace("(0)", "").replace("( 0 )", "")
    plain = "0" + plain[1:] if plain[0] in "oO" else plain
    digits = only_digits(plain)
    if len(set(digits)) < 3:
        return None
    try:
        return phonenumbers.parse(("+" if "+" in plain else "") + digits, "NL")
    except phonenumbers.NumberParseException:
        return None


def _kind_of(parsed: phonenumbers.PhoneNumber) -> int | None:
    """What libphonenumber takes the number for (UNKNOWN: it is not valid); None when it can be no person's."""
    national = str(parsed.national_number)
    if parsed.country_code == _NETHERLANDS:
        is_short = len(national) < _DUTCH_DIGITS and national.startswith(_SHORT_NUMBERS)
        if is_short or national.startswith(_SERVICE_NUMBERS):
            return None
    kind = int(phonenumbers.number_type(parsed))
    return None if kind in _NOBODY else kind
