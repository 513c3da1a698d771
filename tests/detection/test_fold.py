"""Characters nobody sees, and digits of other shapes, do not hide a number; offsets lead back to what was sent."""

import pytest

from gateway.detection.fold import fold


@pytest.mark.parametrize(
    "sign", ["\0", "\b", "\x1b", "\x7f", "\x9f", "\ue000", "\uf0b7", "\uffa0", "\u200b", "\u00ad", "\U000e0031"]
)
def test_signs_nobody_sees_are_left_out(sign: str) -> None:
    text, offsets = fold(f"bsn 111{sign}222333 graag")
    assert text == "bsn 111222333 graag"
    assert (offsets.start_of(4), offsets.end_of(13)) == (4, 14)


@pytest.mark.parametrize("sign", ["\u2800", "\u3164", "\u3000", "\u2007"])
def test_blanks_of_any_kind_are_a_space(sign: str) -> None:
    assert fold(f"bsn 111{sign}222{sign}333")[0] == "bsn 111 222 333"


@pytest.mark.parametrize("digits", ["₁₁₁₂₂₂₃₃₃", "𝟏𝟏𝟏𝟐𝟐𝟐𝟑𝟑𝟑", "①①①②②②③③③", "١١١٢٢٢٣٣٣"])
def test_digits_of_other_shapes(digits: str) -> None:
    assert fold(f"bsn {digits}")[0] == "bsn 111222333"


def test_line_breaks_and_tabs_stay() -> None:
    assert fold("a\tb\r\nc\x0bd\x0ce")[0] == "a\tb\r\nc\x0bd\x0ce"


@pytest.mark.parametrize(
    ("text", "folded", "reason"),
    [
        ("bsn 111<b>222</b>333", "bsn 111222333", "a tag inside a number"),
        ("Jan<wbr/>sen", "Jansen", "a place where a word may break"),
        ('bsn 111<span style="x"><i>222333', "bsn 111222333", "two tags in a row"),
        ("<b>Jan</b> belt", "<b>Jan</b> belt", "tags around a word stay: they part words"),
        ("als a<b en b>c", "als a<b en b>c", "smaller and greater are no tag"),
        ("een<td>twee", "een<td>twee", "a cell parts words"),
    ],
)
def test_tags_inside_a_word_are_left_out(text: str, folded: str, reason: str) -> None:
    assert fold(text)[0] == folded, reason
