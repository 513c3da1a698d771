"""Addresses in fields: a street and a house number that each have a label, a tag or the head of a column of their own.

A number says where somebody lives only beside its street or its postcode, and a street only beside its number, so a
field alone gives nothing; that keeps forms, schemas and tables of counts out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import regex

from gateway.detection.known_values import KnownValues
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable
from gateway.rulebook.documents.detection import DetectionRule

_STREET = (
    r"(?:woon|post|adres)?[-_ ]?straat(?:[-_ ]?naam)?|street(?:[-_ ]?name)?|openbare[-_ ]?ruimte(?:[-_ ]?naam)?"
    r"|naam[-_ ]?openbare[-_ ]?ruimte"
)
_ADDRESS = r"(?:woon|post|huis|bezoek)?[-_ ]?adres|address"
_NUMBER = (
    r"huis[-_ ]?(?:nummer|nr\.?|no\.?)|hnr\.?|house[-_ ]?(?:number|no\.?|nr)"
    r"|(?:straat|street)[-_ ]?(?:nummer|number|nr)"
)
_LOOSE_NUMBER = r"nr\.?|nummer|no\.?|number"
_ADDITION = (
    r"huis[-_ ]?letter|(?:huis[-_ ]?(?:nummer|nr)[-_ ]?)?toev(?:oeging)?\.?"
    r"|(?:house[-_ ]?)?(?:number[-_ ]?)?(?:addition|suffix)|house[-_ ]?letter"
)
_LABELS = rf"(?:{_ADDITION}|{_NUMBER}|{_STREET}|{_ADDRESS}|{_LOOSE_NUMBER}|postcode|pc|(?:woon)?plaats|city|gemeente)"
_SIGN = (
    r"(?:\\?[\"']|\*{1,2}|[ ]?\.{2,30})?(?:[ \t]{0,4}(?:=>|->|[:=|;\t])(?:\*{1,2})?"
    r"[ \t]{0,4}(?:\r?\n[ \t]{0,4})?(?:\\?[\"'])?"
    r"|(?:[ ][^<>\n]{1,60})?>[ ]?|[ ](?:is[ ])?[ ]{0,3}|[ \t]{0,3}\r?\n[ \t]{0,4})"
)
_STREET_VALUE = (
    rf"(?!{_LABELS}(?!\p{{L}}))(?P<name>['\p{{L}}\d][\p{{L}}\p{{M}}\d'./-]{{1,40}}"
    rf"(?:[ ](?!{_LABELS}(?!\p{{L}})|\d\d\.\d\d[ ])[\p{{L}}\p{{M}}\d'./(-]{{1,40}}){{0,6}})"
)
_HOUSE = r"[1-9]\d{0,4}(?:[ ]?[-/]?[ ]?[a-z]\d{0,2}(?![\w.'])|-\d{1,4}|bis|hs)?"
_NUMBER_VALUE = rf"(?P<house>{_HOUSE})(?![\w]|[.,:]\d|[ ]?[%€]|[ ](?:t/m|tot)[ ])"
_ADDITION_VALUE = r"(?P<more>[\p{L}\d]{1,4}(?:-[\p{L}\d]{1,4})?)(?!\w)"
_FIELD = walkable(
    rf"(?<![\p{{L}}\d])(?:(?:(?P<street>{_STREET})|(?P<address>{_ADDRESS})){_SIGN}{_STREET_VALUE}"
    rf"|(?:(?P<number>{_NUMBER})|(?P<loose>{_LOOSE_NUMBER})){_SIGN}{_NUMBER_VALUE}"
    rf"|(?P<addition>{_ADDITION}){_SIGN}{_ADDITION_VALUE})",
    regex.IGNORECASE,
)
_HEAD = regex.compile(
    rf"[\"']?(?:\p{{L}}+[._])?(?:(?P<street>{_STREET}|{_ADDRESS})|(?P<number>{_NUMBER})|(?P<loose>{_LOOSE_NUMBER})"
    rf"|(?P<addition>{_ADDITION})|(?P<postcode>postcode|pc|zip))[\"']?",
    regex.IGNORECASE,
)
_CELL = regex.compile(
    rf"\s{{0,3}}[\"']?(?P<value>(?P<house>{_HOUSE})"
    r"|(?P<name>['\p{L}\d][\p{L}\p{M}\d'./ -]{1,60}?|\p{L}))[\"']?",
    regex.IGNORECASE,
)
_POSTCODE = regex.compile(r"(?<!\w)[1-9]\d{3}(?:[ ]?(?!S[ADS])[A-Z]{2}|[a-z]{2})(?!\w)")
_EXAMPLES = frozenset({"1234ab", "9999xx", "9999zz"})
_LONGEST = 300
"""Code points of a field: its label, attributes of its tag, its value."""

_REACH = 200
"""Code points between a street and the number of the same house, over the fields of one record."""

_FIELDS = 6
"""Fields of an address on either side of its number."""

_NEXT = 30
"""The same where the label says no more than *nr* or *adres*: what an end tag and a start tag take."""

_SCORE = 0.8


class _Kind(Enum):
    STREET = "street"
    ADDRESS = "address"
    NUMBER = "number"
    LOOSE = "loose"
    ADDITION = "addition"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class _Field:
    kind: _Kind
    label: int
    start: int
    end: int

    def gap(self, other: "_Field") -> int:
        """Code points between two fields, labels left out of neither."""
        return max(other.label - self.end, self.label - other.end, 0)


class AddressFieldsRecognizer(CodeRecognizer):
    """Street, house number and addition, each a hit of its own, in any order, wherever their labels stand."""

    triggers: tuple[str, ...] = (
        f"(?i:{_FIELD.pattern})",
        rf"(?i:(?<![\p{{L}}\d])(?:{_NUMBER}|{_LOOSE_NUMBER})[\"']?[ ]?[|;\t,\n])",
    )
    lead = 0

    def __init__(self, rule: DetectionRule, lists: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(rule)
        self._placeholders = frozenset(lists.get("address-placeholders", ()))
        self._own = KnownValues.of(rule, lists)

    def find(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        walk = Walk(_FIELD, text, _LONGEST, 1 + len(text) / 200_000)
        fields = [field for match in walk.over(look.windows) if (field := self._field(text, match))]
        yield from self._houses(look, fields)
        for row in self._rows(look):
            yield from self._house_in(look, row)

    def _field(self, text: str, match: "regex.Match[str]") -> _Field | None:
        """The field that was matched, unless its value is that of a form or a schema."""
        kind = next(kind for kind in _Kind if kind is not _Kind.POSTCODE and match[kind.value])
        group = next(name for name in ("name", "house", "more") if match[name])
        start = match.start(group)
        sign = text[match.end(kind.value) : start]
        value = match[group].rstrip("' .-/(")
        is_weak = kind is _Kind.ADDRESS or not sign.strip(" ")
        if is_weak and group == "name" and not _is_name(value):
            return None
        if "\n" in sign and not sign.strip() and match.start() and text[match.start() - 1] != "\n":
            return None
        if not self._is_value(value):
            return None
        return _Field(kind, match.start(), start, start + len(value))

    def _is_value(self, value: str) -> bool:
        return bool(value) and value.lower().rstrip(".") not in self._placeholders

    def _houses(self, look: Look, fields: list[_Field]) -> Iterator[Hit]:
        """The fields that have what makes them an address beside them."""
        for at, number in enumerate(fields):
            if number.kind not in {_Kind.NUMBER, _Kind.LOOSE}:
                continue
            near = fields[max(0, at - _FIELDS) : at + _FIELDS]
            street = fields[at - 1] if number.kind is _Kind.LOOSE and at else _nearest(number, near)
            found = [number] if number.kind is _Kind.NUMBER and _has_postcode(look.reading.text, number) else []
            if street and _are_one(street, number):
                found = [street, number]
            if found:
                more = [one for one in near if one.kind is _Kind.ADDITION and one.gap(number) <= _NEXT + _NEXT]
                yield from self._hits(look, [*found, *more])

    def _rows(self, look: Look) -> Iterator[list[_Field]]:
        """Of each row of each table the cells under such heads."""
        text, kinds = look.reading.text, dict[tuple[int, int], _Kind | None]()
        row: list[_Field] = []
        last = -1
        for head, cell in look.reading.tables.cells():
            if head not in kinds:
                kinds[head] = _kind_of(text[slice(*head)])
            if head[0] <= last:
                yield row
                row = []
            last = head[0]
            kind = kinds[head]
            match = _CELL.fullmatch(text, *cell) if kind else None
            if kind and match and self._is_value(match["value"]):
                row.append(_Field(kind, head[1], *match.span("value")))
        yield row

    def _house_in(self, look: Look, row: list[_Field]) -> Iterator[Hit]:
        numbers = [one for one in row if one.kind is _Kind.NUMBER]
        numbers = numbers or [now for one, now in pairwise(row) if now.kind is _Kind.LOOSE and one.kind is _Kind.STREET]
        numbers = [one for one in numbers if look.reading.text[one.start].isdigit()]
        if numbers and any(one.kind in {_Kind.STREET, _Kind.POSTCODE} for one in row):
            rest = [one for one in row if one.kind in {_Kind.STREET, _Kind.ADDITION}]
            yield from self._hits(look, [*numbers, *rest])

    def _hits(self, look: Look, fields: list[_Field]) -> Iterator[Hit]:
        """All of them or none: the number of a town hall or of an example is as harmless as its street."""
        first = next((one for one in fields if one.kind in {_Kind.STREET, _Kind.ADDRESS}), fields[0])
        score = self.context_window.score(look.reading, first.start, first.end, _SCORE)
        hits = [self.hit(one.start, one.end, score) for one in fields]
        if len(self._own.without(hits, look.reading.text)) == len(hits):
            yield from hits


def _is_name(value: str) -> bool:
    """Whether what stands behind a mere word for a street is the name of one, not the rest of a sentence."""
    last = value.rsplit(" ", 1)[-1]
    return (value[0].isupper() or value[0] == "'") and not last.islower()


def _nearest(number: _Field, fields: list[_Field]) -> _Field | None:
    streets = [one for one in fields if one.kind in {_Kind.STREET, _Kind.ADDRESS}]
    return min(streets, key=number.gap, default=None)


def _are_one(street: _Field, number: _Field) -> bool:
    """Whether the two are fields of one address: near, and next to each other where a label says little."""
    if street.kind not in {_Kind.STREET, _Kind.ADDRESS}:
        return False
    is_loose = street.kind is _Kind.ADDRESS or number.kind is _Kind.LOOSE
    return street.gap(number) <= (_NEXT if is_loose else _REACH)


def _has_postcode(text: str, number: _Field) -> bool:
    near = _POSTCODE.finditer(text, max(0, number.start - _REACH // 2), number.end + _REACH // 2)
    return any(match[0].replace(" ", "").lower() not in _EXAMPLES for match in near)


def _kind_of(head: str) -> _Kind | None:
    match = _HEAD.fullmatch(head.strip())
    return _Kind(match.lastgroup) if match else None
