"""Commas between cells become semicolons; those inside numbers, sentences, quotes and code stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detection.cells import parted


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("nr,bsn,aantal\n3,232486621,7\n", "nr;bsn;aantal\n3;232486621;7\n", "a table with a head"),
        ("bsn,leeftijd\n232486621,43\n", "bsn;leeftijd\n232486621;43\n", "two columns, the head tells"),
        ("12,50\n13,75\n", "12,50\n13,75\n", "a column of decimals"),
        ("3,232486621,Bos", "3;232486621;Bos", "one row alone, of three cells"),
        ("bedrag 12,50 of 13,75", "bedrag 12,50 of 13,75", "decimals in a sentence"),
        ("Jansen, Bos, Vos\nKok, Smit, Mol\n", "Jansen, Bos, Vos\nKok, Smit, Mol\n", "space behind: a sentence"),
        ('a,"Bos,J.",1\nb,"Vos,P.",2\n', 'a;"Bos,J.";1\nb;"Vos,P.";2\n', "a comma in quotes belongs to the cell"),
        ("a,,1\nb,2,\n", "a;;1\nb;2;\n", "empty cells"),
        ("a,b,c\r\n1,2,\r\n", "a;b;c\r\n1;2;\r\n", "line ends of Windows"),
        ("VALUES (1,'Bos',2),(2,'Vos',3);", "VALUES (1;'Bos';2);(2;'Vos';3);", "values of SQL"),
        ("[3,232486621,7]", "[3;232486621;7]", "a list of code"),
        ("ja,nee\n", "ja,nee\n", "one glued comma on one line says nothing"),
    ],
)
def test_commas(text: str, expected: str, reason: str) -> None:
    assert parted(text) == expected, reason


@given(st.text(alphabet='ab1,;" \n(\r', max_size=200))
def test_nothing_but_commas_changes_and_offsets_hold(text: str) -> None:
    changed = parted(text)
    assert len(changed) == len(text)
    assert all(new == old or (old, new) == (",", ";") for old, new in zip(text, changed, strict=True))
