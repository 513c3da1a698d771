"""Marks glued around a value become space; identifiers, numbers and sentences stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detection.wrapping import unwrapped


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("Naam __P. Sijtsma__", "Naam   P. Sijtsma  ", "a line to write on"),
        ("_Vos_, _038 4219087_", " Vos ,  038 4219087 ", "emphasis of markdown"),
        ("geb. .....17-09-1983.....", "geb.      17-09-1983.....", "a dotted line"),
        ("**Bewoner:** Vos", "  Bewoner:   Vos", "strong emphasis"),
        ("de heer *Vos* belde", "de heer  Vos* belde", "emphasis with one star"),
        ("geb. *12-3-1950, code 4471*", "geb. *12-3-1950, code 4471*", "the star of a birth, that of a code"),
        ("de heer <b>Vos</b>", "de heer    Vos    ", "a tag"),
        ("Vos<br/>Kerkweg 3</p>", "Vos\n    Kerkweg 3\n   ", "ends of lines in HTML"),
        ("verslag_Vos_2024.docx", "verslag Vos 2024.docx", "the name of a file"),
        ("scan_Kerkweg 4_def.pdf", "scan Kerkweg 4 def.pdf", "the same with a space"),
        ("bezwaar-Vos.pdf 2024-05-01.csv", "bezwaar Vos.pdf 2024-05-01.csv", "a hyphen before a name, not in a date"),
        ("tel_0622184730", "tel 0622184730", "a label before a number"),
        ("client_id = zaak_nr", "client_id = zaak_nr", "identifiers"),
        ("jan_de_boer@kpn.nl piet_@x.nl", "jan_de_boer@kpn.nl piet_@x.nl", "addresses of mail"),
        ("Ja... dat weet Vos", "Ja... dat weet Vos", "a pause"),
        ("pw: a**b", "pw: a**b", "inside a word"),
        ('<p naam="Vos">', '<p naam="Vos">', "attributes may hold data"),
        ("4 < 5 en a<i", "4 < 5 en a<i", "no tag"),
        ("<naam>Vos</naam>", "<naam>Vos</naam>", "elements that say what they hold"),
    ],
)
def test_marks(text: str, expected: str, reason: str) -> None:
    assert unwrapped(text) == expected, reason


@given(st.text(alphabet='a1_.*<>b/p- "\n@x', max_size=200))
def test_letters_and_digits_stay_where_they_are(text: str) -> None:
    changed = unwrapped(text)
    assert len(changed) == len(text)
    assert all(new == old or new in " \n" for old, new in zip(text, changed, strict=True))
    assert "".join(filter(str.isdigit, changed)) == "".join(filter(str.isdigit, text))


def test_a_long_line_of_marks_takes_no_time() -> None:
    assert len(unwrapped("_" * 200_000 + "a.docx" + "<b " * 50_000 + "-" * 100_000)) == 450_006
