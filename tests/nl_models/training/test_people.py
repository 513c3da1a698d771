"""Names are written the way Dutch files write them."""

import random

import pytest

from nl_models.training.people import Person, full, register

BERG = Person("dutch", "Jan", "Piet", "van den Berg")


@pytest.mark.parametrize(
    ("person", "prefix", "stem", "surname"),
    [
        (BERG, "van den", "Berg", "Van den Berg"),
        (Person("dutch", "Jan", "Piet", "Bakker"), "", "Bakker", "Bakker"),
        (Person("moroccan", "Samira", "Nadia", "El Amrani"), "", "El Amrani", "El Amrani"),
        (Person("dutch", "Jan", "Piet", "de"), "", "de", "de"),
    ],
)
def test_prefixes(person: Person, prefix: str, stem: str, surname: str) -> None:
    assert (person.prefix, person.stem, person.surname) == (prefix, stem, surname)


def test_a_register_keeps_prefix_and_initials_inside_the_name() -> None:
    rng = random.Random(2)
    forms = {register(BERG, rng)[0].text for _ in range(200)}
    assert {"Berg, van den, Jan", "Berg van den, Jan", "Berg, Jan van den"} <= forms
    assert any(form.startswith("Berg, J.") and form.endswith(" van den") for form in forms)


def test_a_title_is_no_part_of_the_name() -> None:
    rng = random.Random(2)
    for _ in range(300):
        pieces = full(BERG, rng, ["mevrouw"])
        (name,) = [piece for piece in pieces if piece.label]
        assert "mevrouw" not in name.text
