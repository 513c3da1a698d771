"""The outline of a message: enough to repair a format, without a word of its content."""

from gateway.model.traffic import Message
from gateway.wire.structure import outline


def test_keys_types_and_rounded_lengths() -> None:
    body = '{"messages":[{"role":"user","content":"Brief aan Jan Vos"},{"role":"user","content":"x"}],"n":12345678}'
    message = Message("POST", "https://a.example/v1/Vos?q=Vos", (("content-type", "application/json"),), body.encode())
    assert outline(message) == (
        "body.messages[].content: text 1-9",
        "body.messages[].content: text 10-99",
        "body.messages[].role: text 1-9",
        "body.n: number",
        "query.q: text 1-9",
    )


def test_keys_that_could_be_data_are_hidden() -> None:
    body = '{"Jansen":"x","Jan de Vries":"y","fileName":"z","jan@example.nl":"q"}'
    message = Message("POST", "https://a.example/", (("content-type", "application/json"),), body.encode())
    assert {line.split(":")[0] for line in outline(message)} == {"body.*", "body.fileName"}


def test_gaps_are_part_of_the_shape() -> None:
    message = Message("POST", "https://a.example/", (("content-type", "application/json"),), b'{"prompt":"half')
    assert "gap: incomplete json" in outline(message)
