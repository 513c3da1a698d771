"""Tokens: one label per entity, and look-alikes recognised to the letter."""

import pytest

from gateway.enforcement import placeholders
from gateway.model.inspection import Entity


def test_every_entity_has_a_label_of_its_own() -> None:
    """Different kinds of value may never share a token."""
    assert set(placeholders.LABELS) == set(Entity)
    assert len({*placeholders.LABELS.values(), placeholders.LITERAL}) == len(Entity) + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[PERSOON-1] en [BSN-22]", ["[PERSOON-1]", "[BSN-22]"]),
        ("[TEKST-3]", ["[TEKST-3]"]),
        ("[persoon-1]", []),
        ("[PERSOON-]", []),
        ("[PERSOON 1]", []),
        ("[ONBEKEND-1]", []),
    ],
)
def test_look_alikes(text: str, expected: list[str]) -> None:
    """Only the exact form counts; a mangled token is nobody's."""
    assert [match[0] for match in placeholders.look_alikes(text)] == expected


@pytest.mark.parametrize(
    ("label", "one", "other", "same"),
    [
        ("TELEFOON", "06-12345678", "06 1234 5678", True),
        ("BSN", "111.222.333", "111222333", True),
        ("PERSOON", "Fatima  El Amrani", "fatima el amrani", True),
        ("PERSOON", "Fatima El Amrani", "El Amrani", False),
        ("ADRES", "Dorpsstraat 12", "Dorpsstraat 1 2", False),
        ("TEKST", "[BSN-1]", "[bsn-1]", False),
    ],
)
def test_what_counts_as_the_same_value(label: str, one: str, other: str, same: bool) -> None:
    """Identifiers lose separators, words only case and spacing, literals nothing."""
    assert (placeholders.normalised(label, one) == placeholders.normalised(label, other)) is same
