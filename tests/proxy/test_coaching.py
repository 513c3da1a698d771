"""Coaching: only what was explained goes on when it is sent again."""

import pytest

from gateway.model.inspection import Entity, Finding, Inspection
from gateway.model.policy import Decision, Obligations, Verdict
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Extraction,
    Message,
    PartRole,
    Person,
    PromptPart,
    Standing,
    ToolMatch,
    Upload,
)
from gateway.proxy.coaching import MINUTES, Coaching, judged

MATCH = ToolMatch("chat", "Chat", Standing.SCREENED, EndpointFormat("prompt", EndpointKind.PROMPT))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def decision(*rules: str) -> Decision:
    return Decision(Verdict.COACH, Obligations(), (), revision="r", winning=rules or ("rule",))


def exchange(person: str = "p") -> Exchange:
    return Exchange("id", 0.0, Person(person), Destination("https", "chat.example", 443, "POST", "/"))


def words(
    text: str, *more: PromptPart, found: str = "", body: bytes = b"{}", files: tuple[bytes, ...] = ()
) -> set[bytes]:
    parts = (PromptPart("u", PartRole.USER, text), *more) if text else more
    uploads = tuple(Upload(str(at), "", content=content) for at, content in enumerate(files))
    inspection = Inspection(findings=(Finding(Entity.PERSON, found, 0, 1, 1.0, "r"),) if found else ())
    return judged(Extraction(parts=parts, uploads=uploads), inspection, Message("POST", "/", (), body))


def test_the_same_words_go_on_and_others_do_not(clock: Clock) -> None:
    coaching = Coaching(clock)
    assert not coaching.was_shown(exchange(), MATCH, decision(), words("Over Jansen"))
    assert coaching.was_shown(exchange(), MATCH, decision(), words("Over Jansen"))
    assert not coaching.was_shown(exchange(), MATCH, decision(), words("Over De Vries"))
    assert not coaching.was_shown(exchange("q"), MATCH, decision(), words("Over Jansen"))
    assert not coaching.was_shown(exchange(), MATCH, decision("other"), words("Over Jansen"))


def test_sending_again_does_not_make_the_time_longer(clock: Clock) -> None:
    coaching = Coaching(clock)
    coaching.was_shown(exchange(), MATCH, decision(), words("Over Jansen"))
    clock.now = MINUTES * 60 - 1
    assert coaching.was_shown(exchange(), MATCH, decision(), words("Over Jansen"))
    clock.now = MINUTES * 60 + 1
    assert not coaching.was_shown(exchange(), MATCH, decision(), words("Over Jansen"))


def test_ids_and_older_turns_may_differ() -> None:
    first = words("Over Jansen", PromptPart("id", PartRole.UNKNOWN, "a1b2"), body=b"1")
    history = PromptPart("h", PartRole.HISTORY, "Over Jansen"), PromptPart("n", PartRole.HISTORY, "Niet verstuurd")
    assert words("Over Jansen", *history, PromptPart("id", PartRole.UNKNOWN, "c3d4"), found="h", body=b"2") == first


def test_other_files_and_other_places_with_findings_do_not() -> None:
    first = words("Kijk", files=(b"picture",))
    assert words("Kijk", files=(b"another",)) != first
    assert words("Kijk", PromptPart("x", PartRole.UNKNOWN, "Jansen"), found="x", files=(b"picture",)) != first


def test_what_cannot_be_read_is_the_body() -> None:
    assert words("", body=b"\x00\x01") == {b"\x00\x01"} != words("", body=b"\x00\x02")
