"""The tokens that stand in for values: `[PERSOON-1]`. How they look, and what in a text merely looks like one.

A token is `[LABEL-N]`: one upper-case Dutch word per entity and a number without leading zeros. A language model
copies such a token faithfully, and brackets with capitals and a number are rare in Dutch prose.

Escape rule. A person may type something that looks like a token. If it is not in use in the conversation, its
number is reserved and never given out, so the text goes through unchanged and is never restored. If it is in use,
the typed text itself is replaced by a token of its own (`[TEKST-N]`), whose value is the literal that was typed.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gateway.model.inspection import Entity

LITERAL = "TEKST"
"""The label of a token that stands for a look-alike somebody typed."""

LABELS: Mapping[Entity, str] = MappingProxyType(
    {
        Entity.PERSON: "PERSOON",
        Entity.LOCATION: "ADRES",
        Entity.NL_POSTCODE: "POSTCODE",
        Entity.DATE_OF_BIRTH: "GEBOORTEDATUM",
        Entity.NL_BSN: "BSN",
        Entity.PHONE_NUMBER: "TELEFOON",
        Entity.EMAIL_ADDRESS: "EMAIL",
        Entity.IBAN_CODE: "IBAN",
        Entity.CREDIT_CARD: "KAARTNUMMER",
        Entity.NL_LICENSE_PLATE: "KENTEKEN",
        Entity.NL_ID_DOCUMENT: "DOCUMENTNUMMER",
        Entity.NL_V_NUMBER: "VNUMMER",
        Entity.NL_CASE_NUMBER: "ZAAKNUMMER",
        Entity.NL_KVK: "KVK",
        Entity.NL_RSIN: "RSIN",
        Entity.NL_VAT_ID: "BTWNUMMER",
        Entity.NL_BIG: "BIGNUMMER",
        Entity.NL_AGB: "AGBCODE",
        Entity.NL_A_NUMBER: "ANUMMER",
        Entity.IP_ADDRESS: "IPADRES",
        Entity.MAC_ADDRESS: "MACADRES",
        Entity.DEVICE_ID: "APPARAAT",
        Entity.US_SSN: "SSN",
        Entity.HEALTH: "GEZONDHEID",
        Entity.CRIMINAL: "STRAFBLAD",
        Entity.RELIGION: "GELOOF",
        Entity.ETHNICITY: "AFKOMST",
        Entity.POLITICS: "POLITIEK",
        Entity.UNION: "VAKBOND",
        Entity.SEXUALITY: "SEKSUALITEIT",
        Entity.FINANCIAL: "FINANCIEN",
        Entity.SECRET: "GEHEIM",
        Entity.CONFIDENTIAL_MARKING: "MARKERING",
        Entity.CONFIDENTIAL_TERM: "TERM",
        Entity.CONFIDENTIAL_DOCUMENT: "STUK",
        Entity.CONFIDENTIAL_FACT: "VERTROUWELIJK",
        Entity.DECISION_REQUEST: "BESLUIT",
    }
)
"""The label of every entity; total over `Entity`, no two alike."""

ENTITY_OF: Mapping[str, Entity] = MappingProxyType({label: entity for entity, label in LABELS.items()})

_ALL_LABELS = "|".join(sorted([*LABELS.values(), LITERAL], key=len, reverse=True))
WORD = re.compile(r"\w+")
_SHORTEST_REPEAT = 3
"""A value of fewer characters is replaced where it was found, and not looked for elsewhere."""

_LOOK_ALIKE = re.compile(rf"\[({_ALL_LABELS})-(\d{{1,9}})\]")

_SEPARATED = frozenset(
    {
        Entity.NL_BSN,
        Entity.IBAN_CODE,
        Entity.PHONE_NUMBER,
        Entity.CREDIT_CARD,
        Entity.NL_LICENSE_PLATE,
        Entity.NL_KVK,
        Entity.NL_RSIN,
        Entity.NL_VAT_ID,
        Entity.NL_V_NUMBER,
        Entity.NL_A_NUMBER,
        Entity.NL_POSTCODE,
        Entity.MAC_ADDRESS,
    }
)


def token(label: str, number: int) -> str:
    return f"[{label}-{number}]"


def look_alikes(text: str) -> Iterator[re.Match[str]]:
    """Every `[LABEL-N]` in a text, ours or not; group 1 is the label, group 2 the number."""
    return _LOOK_ALIKE.finditer(text)


def first_word(value: str) -> str:
    """The word by which a value is looked for elsewhere; "" when it is not."""
    found = WORD.search(value) if len(value) >= _SHORTEST_REPEAT else None
    return found[0] if found else ""


def normalised(label: str, value: str) -> str:
    """The form in which two values count as the same. Identifiers lose their separators; words only case and spacing.

    A literal that was typed is compared exactly.
    """
    if label == LITERAL:
        return value
    folded = " ".join(value.split()).casefold()
    if ENTITY_OF.get(label) in _SEPARATED:
        return re.sub(r"[\s.\-–/:]+", "", folded)
    return folded
