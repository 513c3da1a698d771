"""The notation of word lists means what its page says, and finds in one pass."""

import pytest

from gateway.detection.phrases.vocabulary import Vocabularies
from gateway.detection.phrases.words import read

CLASSES = {"be": ("is", "was", "wordt")}


def found(terms: list[str], text: str) -> list[str]:
    words = read(text)
    hits = Vocabularies([terms], CLASSES).find(words)
    return [text[words.starts[hit.first] : words.ends[hit.last]] for hit in hits]


@pytest.mark.parametrize(
    ("terms", "text", "expected", "reason"),
    [
        (["astma"], "Zij heeft ASTMA.", ["ASTMA"], "capitals do not matter"),
        (["burnout"], "een burn-out", ["burn-out"], "hyphens do not matter"),
        (["reuma"], "réuma", ["réuma"], "accents do not matter"),
        (["astma"], "astmapatiënt", [], "a whole word is not a beginning"),
        (["diabet*"], "diabetespatiënt", ["diabetespatiënt"], "a beginning"),
        (["*kanker"], "borstkanker kankeren", ["borstkanker"], "an ending"),
        (["*schizo*"], "paranoïdeschizofreen", ["paranoïdeschizofreen"], "anywhere"),
        (["multiple sclerose"], "multiple\nsclerose", ["multiple\nsclerose"], "a line break is a space"),
        (["zit ... vast"], "zit al drie jaar vast", ["zit al drie jaar vast"], "up to four words between"),
        (["zit ... vast"], "zit al sinds het vorige hele jaar vast", [], "not five or more"),
        (["zit ... vast"], "Hij zit. Alles zat vast", [], "not over the end of a sentence"),
        (["{be} ziek"], "hij wordt ziek", ["wordt ziek"], "a word class"),
        (["in de? kliniek"], "in kliniek, in de kliniek", ["in kliniek", "in de kliniek"], "a word that may be absent"),
        (["wit|zwart geld"], "zwart geld", ["zwart geld"], "alternatives"),
        (["*schuld", "!onschuld"], "onschuld en huurschuld", ["huurschuld"], "an exception"),
        (
            ["schade", "zware schade", "!schade"],
            "schade, zware schade",
            ["zware schade"],
            "an exception covers the whole hit",
        ),
        (["=ALS"], "Zij heeft ALS. Niet als en Als.", ["ALS"], "only in these capitals"),
        (["=ALS"], "BEL HAAR ALS ZE ZIEK IS", [], "not in a text in capitals"),
        (["hernia", "dubbele hernia"], "dubbele hernia", ["dubbele hernia"], "the longest hit only"),
    ],
)
def test_a_term_matches_as_written(terms: list[str], text: str, expected: list[str], reason: str) -> None:
    assert found(terms, text) == expected, reason


@pytest.mark.parametrize("term", ["", "...", "* is", "is ...", "... is", "{nobody} is ziek", "is?"])
def test_what_is_not_a_term_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match=r"term|class|empty"):
        Vocabularies([[term]], CLASSES)


def test_vocabularies_are_kept_apart() -> None:
    words = read("diefstal en astma")
    hits = Vocabularies([["astma"], ["diefstal"]]).find(words)
    assert [(hit.vocabulary, hit.first) for hit in hits] == [(1, 0), (0, 2)]
