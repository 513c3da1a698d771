"""The words of an answer, for inspection: complete, once, with placeholders where our values stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enforcement import answers
from gateway.enforcement.answers import AnswerText
from gateway.model.traffic import AnswerFormat
from tests.enforcement import shapes

PIECES = ["Beste mevrouw [PERS", "OON-1], uw buurvrouw ", "Ans Klaver ", "woont op nummer 7."]
TEXT = "".join(PIECES)


@pytest.mark.parametrize("shape", shapes.HTTP)
def test_http_answers_are_read_once(shape: str) -> None:
    content_type, build, _, appends = shapes.HTTP[shape]
    collector = AnswerText(content_type, AnswerFormat(appends))
    data = build(PIECES).encode()
    for at in range(0, len(data), 50):
        collector.feed(data[at : at + 50])
    found = [text for text in collector.texts() if "Klaver" in text]
    assert found == [TEXT]
    assert collector.is_complete


@pytest.mark.parametrize("shape", shapes.WEBSOCKET)
def test_socket_answers_hold_the_whole_text(shape: str) -> None:
    build, _, appends = shapes.WEBSOCKET[shape]
    collector = AnswerText("", AnswerFormat(appends))
    for message in build(PIECES):
        collector.feed(message.encode())
    assert TEXT in "".join(text for text in collector.texts())


def test_a_long_answer_is_read_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_BYTES", 1000)
    collector = AnswerText("text/plain", AnswerFormat())
    for _ in range(30):
        collector.feed(b"woorden " * 10)
    assert len(collector.texts()[0]) == 1000
    assert not collector.is_complete


@pytest.mark.parametrize(
    ("content_type", "data"), [("image/png", b"\x89PNG"), ("application/json", b"{broken"), ("", b"")]
)
def test_what_cannot_be_read_gives_nothing_or_its_words(content_type: str, data: bytes) -> None:
    collector = AnswerText(content_type, AnswerFormat())
    collector.feed(data)
    assert all("broken" in text for text in collector.texts())


def test_a_json_document() -> None:
    collector = AnswerText("application/json", AnswerFormat())
    collector.feed(json.dumps({"id": "x", "output": [{"text": "Ans Klaver woont hier."}]}).encode())
    assert collector.texts() == ("Ans Klaver woont hier.",)


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12).map(lambda text: {"choices": [{"index": 0, "delta": {"content": text}}]}),
            st.text(max_size=12).map(lambda text: {"choices": [{"index": 1, "delta": {"content": text}}]}),
            st.text(max_size=12).map(lambda text: {"message": {"content": {"parts": [text]}}, "title": "Een titel"}),
            st.text(max_size=12).map(lambda text: {"p": "/message/content/parts/0", "o": "append", "v": text}),
            st.text(max_size=12).map(lambda text: {"v": text}),
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_events_read_as_the_one_before_make_the_same_texts(events: list[dict[str, object]], declares: bool) -> None:
    answer = AnswerFormat(("body.choices[*].delta.content",) if declares else ())
    texts = []
    for repeats in (answers._repeats, lambda _pieces: False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(answers, "_repeats", repeats)
            reader = AnswerText("text/event-stream", answer)
            for event in events:
                reader.feed(f"data: {json.dumps(event)}\n\n".encode())
            texts.append(reader.texts())
    assert texts[0] == texts[1]
