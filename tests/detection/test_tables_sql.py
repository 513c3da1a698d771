"""Values of an SQL insert stand under the columns it names."""

import pytest

from gateway.detection.tables import Tables


@pytest.mark.parametrize(
    ("text", "value", "column"),
    [
        ("INSERT INTO klant (naam, bsn, tel) VALUES ('Jan', '111222333', '06');", "111222333", "bsn"),
        ("insert into k (a,bsn) values (1,111222333)", "111222333", "bsn"),
        ("INSERT INTO k (a, bsn) VALUES ('x, y', '1'), ('z', '111222333')", "111222333", "bsn"),
        ("INSERT INTO k (a, b) VALUES ('O''Brien', 'zoek')", "zoek", "b"),
    ],
    ids=["three columns", "bare numbers", "second row, a comma inside quotes", "a doubled quote"],
)
def test_the_column_is_the_head(text: str, value: str, column: str) -> None:
    head = Tables(text).head_of(text.index(value))
    assert head is not None
    assert text[slice(*head)].strip() == column


def test_text_around_an_insert_has_no_head() -> None:
    text = "Waarom faalt INSERT INTO k (a) VALUES ('x') hier?"
    assert Tables(text).head_of(text.index("hier")) is None
    assert Tables(text).head_of(text.index("Waarom")) is None
