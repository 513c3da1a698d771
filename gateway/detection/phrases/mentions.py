"""Who a text is about: people named by stage 1, people pointed at (`mijn cliënt`, `zij`), and groups and topics.

The guideline labels a fact *of an identifiable person*. A person is identifiable when the text holds something that
leads to them (a name, a number, an address, a date of birth) or when the writer points at one particular person
(`betrokkene`, `mijn collega`). `Een inwoner` or `iemand` alone is nobody in particular.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.detection.phrases.vocabulary import Hit
from gateway.detection.phrases.words import Words
from gateway.model.inspection import Entity

LEADS_TO_A_PERSON = frozenset(
    {
        Entity.PERSON,
        Entity.NL_BSN,
        Entity.US_SSN,
        Entity.DATE_OF_BIRTH,
        Entity.LOCATION,
        Entity.NL_CASE_NUMBER,
        Entity.NL_V_NUMBER,
        Entity.NL_A_NUMBER,
        Entity.NL_ID_DOCUMENT,
        Entity.EMAIL_ADDRESS,
        Entity.PHONE_NUMBER,
        Entity.IBAN_CODE,
    }
)
"""Entities of stage 1 that make somebody identifiable."""

_SALUTATIONS = frozenset({"beste", "geachte", "hallo", "hoi", "dag", "hi", "dear", "hello", "waarde", "lieve", "cc"})
_SIGNATURES = frozenset({"groet", "groeten", "groetjes", "mvg", "hoogachtend", "regards", "namens", "ondertekend"})
_BEFORE_A_NAME = 4


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words `[first, last]` that stand for a person. `is_named`: stage 1 found it; else the text points at them.

    `is_subject`: not merely the one a letter is written to or signed by.
    """

    first: int
    last: int
    is_named: bool
    is_subject: bool = True


def named(words: Words, spans: Sequence[tuple[int, int, Entity]]) -> list[Anchor]:
    """Anchors for the people stage 1 found, spans in code points of the text."""
    anchors: list[Anchor] = []
    for start, end, entity in spans:
        if entity not in LEADS_TO_A_PERSON:
            continue
        first = max(words.at(start), 0)
        last = max(words.at(end - 1), first)
        is_contact = entity in (Entity.EMAIL_ADDRESS, Entity.PHONE_NUMBER) or (
            entity is Entity.PERSON and _is_greeted(words, first)
        )
        anchors.append(Anchor(first, last, is_named=True, is_subject=not is_contact))
    return anchors


def pointed_at(hits: Sequence[Hit]) -> list[Anchor]:
    """Anchors for the words that point at one person."""
    return [Anchor(hit.first, hit.last, is_named=False) for hit in hits]


def _is_greeted(words: Words, first: int) -> bool:
    """A salutation stands before word `first` with no comma between, or a signature."""
    for at in range(first - 1, max(-1, first - _BEFORE_A_NAME - 1), -1):
        if words.folded[at] in _SIGNATURES:
            return True
        if "," in words.between(at, at + 1):
            return words.folded[at] in _SIGNATURES
        if words.folded[at] in _SALUTATIONS:
            return True
    return False
