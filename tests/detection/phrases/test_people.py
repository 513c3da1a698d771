"""One person under several names counts once; different people count apart."""

import pytest

from gateway.detection.phrases.people import count, mention


@pytest.mark.parametrize(
    ("names", "people", "reason"),
    [
        (["Jan de Vries", "De Vries", "Jan"], 1, "surname or first name alone joins"),
        (["Jan de Vries", "J. de Vries"], 1, "an initial that fits"),
        (["Jan de Vries", "P. de Vries"], 2, "an initial that does not"),
        (["Jan de Vries", "Piet de Vries"], 2, "two first names"),
        (["Linden, J.W. van der", "J.W. van der Linden"], 1, "family name first"),
        (["mevrouw Bakker", "BAKKER"], 1, "titles and capitals do not matter"),
        (["Çelik", "Celik"], 1, "accents do not matter"),
        (["Anne Bos", "Bert Kok", "Cora Smit"], 3, "different people"),
        (["J.", "K."], 2, "bare initials are people too"),
        ([], 0, "nobody"),
    ],
)
def test_people_are_counted_once(names: list[str], people: int, reason: str) -> None:
    mentions = [one for name in names if (one := mention(name)) is not None]
    assert count(mentions) == people, reason


def test_a_title_alone_is_nobody() -> None:
    assert mention("mevrouw") is None
