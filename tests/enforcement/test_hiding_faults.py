"""Where values are hidden nothing passes in which nobody looked."""

from collections.abc import Sequence

import pytest

from gateway.enforcement import restoration, sockets
from gateway.enforcement.hiding import Hide
from gateway.enforcement.restoration import Restorer
from gateway.enforcement.sockets import SocketRestorer
from gateway.enforcement.tokens import NoPlaceholders
from gateway.errors import EnforcementError
from gateway.model.inspection import Entity, Finding
from gateway.model.traffic import AnswerFormat
from tests.enforcement.test_hiding import HIDE, find

EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"Mail jan.kok@example.org nu."}}]}\n\n'
MESSAGE = b'{"event":"append","text":"Mail jan.kok@example.org nu."}'


def broken(text: str) -> Sequence[Finding]:
    raise EnforcementError("out of time")


FAILING = Hide(broken, frozenset({Entity.EMAIL_ADDRESS}))


def run(data: bytes, hide: Hide | None = HIDE, content_type: str = "text/event-stream") -> tuple[bytes, int]:
    restorer = Restorer(content_type, AnswerFormat(), NoPlaceholders(), hide=hide)
    return restorer.feed(data) + restorer.close(), restorer.unrestored


def test_without_a_conversation_values_are_hidden() -> None:
    assert b"[EMAIL verborgen]" in run(EVENT)[0]
    assert b"[EMAIL verborgen]" in b"".join(
        SocketRestorer(AnswerFormat(), NoPlaceholders(), hide=HIDE).restore(MESSAGE)
    )


@pytest.mark.parametrize("content_type", ["text/event-stream", "text/plain"])
def test_a_unit_in_which_the_search_fails_is_cut(content_type: str) -> None:
    assert run(EVENT, FAILING, content_type) == (b"", 1)


def test_a_unit_that_is_too_large_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoration, "MAX_UNIT", 1000)
    large = EVENT.replace(b"nu.", b"nu. " * 1000)
    for size in (100, len(large)):
        restorer = Restorer("text/event-stream", AnswerFormat(), NoPlaceholders(), hide=HIDE)
        data = large + b'data: {"choices":[{"index":0,"delta":{"content":"Klaar. "}}]}\n\n'
        out = b"".join(restorer.feed(data[at : at + size]) for at in range(0, len(data), size)) + restorer.close()
        assert b"example.org" not in out
        assert b"Klaar." in out
        assert restorer.unrestored == 1


@pytest.mark.parametrize("data", [b"data: {jan.kok@example.org\n\n", b": jan.kok@example.org\n\n"])
def test_a_unit_that_cannot_be_opened_is_cut_when_it_holds_a_value(data: bytes) -> None:
    assert b"example.org" not in run(data)[0]


def test_an_answer_in_no_known_shape() -> None:
    """To a prompt it is cut, elsewhere it passes; so do pictures."""
    whole = Hide(find, HIDE.entities, whole=True)
    page = b"<html>jan.kok@example.org</html>" * 4
    assert run(page, whole, "application/vnd.amazon.eventstream") == (b"", 1)
    assert run(page, HIDE, "text/html") == (page, 0)
    assert run(page, whole, "image/png") == (page, 0)
    assert run(page, None, "text/html") == (page, 0)


@pytest.mark.parametrize("message", [MESSAGE, b"Mail jan.kok@example.org nu."])
def test_a_socket_message_in_which_the_search_fails_is_cut(message: bytes) -> None:
    restorer = SocketRestorer(AnswerFormat(), NoPlaceholders(), hide=FAILING)
    assert (restorer.restore(message), restorer.unrestored) == ((), 1)


def test_a_socket_message_that_is_too_large_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MAX_UNIT", 10)
    restorer = SocketRestorer(AnswerFormat(), NoPlaceholders(), hide=HIDE)
    assert (restorer.restore(MESSAGE), restorer.unrestored) == ((), 1)


def test_a_control_character_does_not_hide_words_from_the_search() -> None:
    (out,) = SocketRestorer(AnswerFormat(), NoPlaceholders(), hide=HIDE).restore(b"\x01Mail jan.kok@example.org nu.")
    assert b"example.org" not in out
