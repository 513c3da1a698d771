"""Bad input is read, or it is a gap: never a crash, never a silent "clean", never quadratic."""

import pytest

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.model.inspection import Entity, GapKind
from gateway.rulebook.load import default_root, load

BSN = "bsn 111222333"
RULES_ONLY = ModelPaths(use_pipeline=False, use_second_opinion=False)


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    book = load(default_root())
    return Inspector(book.detection, book.lists, RULES_ONLY)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("nothing at all", ""),
        ("only spaces", " \t\n" * 1_000),
        ("lone surrogates", "\ud800\udfff" * 100),
        ("right to left", "مرحبا بالعالم، كيف حالك؟ " * 50),
        ("combining marks without a base", "\u0301" * 1_000),
        ("a null byte", "a\0b"),
        ("control characters", "".join(map(chr, range(32))) * 20),
        ("emoji with joiners", "👩‍👩‍👧‍👦" * 200),
    ],
)
def test_odd_text_gives_nothing_and_no_gap(inspector: Inspector, why: str, text: str) -> None:
    seen = inspector.inspect_text(text)
    assert not seen.gaps, why
    assert not seen.findings, why


@pytest.mark.parametrize(
    ("why", "noise"),
    [
        ("lone surrogates", "\ud800 \udfff "),
        ("right to left", "مرحبا بالعالم. "),
        ("a wall of at signs", "@" * 5_000 + " "),
        ("a word without end", "a" * 50_000 + " "),
        ("a number without end", "1" * 50_000 + " "),
        ("capitals and dots", "A." * 5_000 + " "),
        ("prefixes only", "van der " * 3_000),
        ("quotes and brackets", "\"('[{" * 5_000 + " "),
        ("dashes", "-" * 20_000 + " "),
        ("titles only", "mevr. " * 3_000),
        ("table bars", "| " * 10_000),
    ],
)
def test_a_number_behind_noise_is_found_with_its_own_offsets(inspector: Inspector, why: str, noise: str) -> None:
    text = noise + BSN
    found = [one for one in inspector.inspect_text(text).findings if one.entity is Entity.NL_BSN]
    assert [text[one.start : one.end] for one in found] == ["111222333"], why


@pytest.mark.slow
@pytest.mark.parametrize("text", ["@" * 1_000_000, "woord " * 500_000, "a" * 3_000_000, "12 " * 500_000])
def test_megabytes_of_one_thing_end(inspector: Inspector, text: str) -> None:
    assert not inspector.inspect_text(text).findings


def test_ten_megabytes_are_a_gap(inspector: Inspector) -> None:
    seen = inspector.inspect_text("woord" * 2_000_000)
    assert [gap.kind for gap in seen.gaps] == [GapKind.TOO_LARGE]
