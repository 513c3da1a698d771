"""Files in pieces are kept until the last one, within a budget, a size and a time; whatever does not fit is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pytest

from gateway.model.policy import ReasonCode
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Message,
    Person,
    Pieces,
    Standing,
    ToolMatch,
)
from gateway.observability.metrics import Metrics
from gateway.proxy.assembly import LONGEST_SECONDS, PIECE_BYTES, STILL_SECONDS, Assembly, Refused
from gateway.proxy.budget import ByteBudget
from gateway.proxy.passage import Passage
from gateway.proxy.rooms import Rooms
from gateway.wire.pieces import Reply

SESSION = "https://tenant.example/uploadSession?guid=1"
LIMIT = 200_000
SECONDS = 300.0


@dataclass
class Facts:
    """What the assembly needs of the rooms: a clock and the metrics."""

    metrics: Metrics
    now: float = 1000.0

    def clock(self) -> float:
        return self.now


@dataclass
class Bench:
    facts: Facts
    budget: ByteBudget
    assembly: Assembly
    way: Pieces = Pieces.MICROSOFT

    def send(self, message: Message, person: str = "p", tool: str = "t") -> Message | Reply | Refused:
        """As the gate does: the budget holds the body, and what is left of it is given back at the end."""
        passage = self.passage(message, person, tool)
        outcome = self.assembly.receive(passage, message)
        self.budget.give_back(passage.held_bytes, person)
        return outcome

    def passage(self, message: Message, person: str = "p", tool: str = "t") -> Passage:
        exchange = Exchange("e", 0.0, Person(person), Destination("https", "tenant.example", 443, message.method, "/"))
        form = EndpointFormat("bytes", EndpointKind.UPLOAD, pieces=self.way)
        passage = Passage(exchange, ToolMatch(tool, "T", Standing.SCREENED, form), held_bytes=len(message.body))
        self.budget.take(passage.held_bytes, person)
        return passage

    def ended(self, ending: str) -> float:
        return self.facts.metrics.registry.get_sample_value("gateway_ended_uploads_total", {"ending": ending}) or 0.0

    @property
    def open(self) -> float:
        return self.facts.metrics.registry.get_sample_value("gateway_unfinished_uploads") or 0.0


@pytest.fixture
def bench() -> Bench:
    facts, budget = Facts(Metrics()), ByteBudget(LIMIT)
    return Bench(facts, budget, Assembly(budget, 50_000, SECONDS, cast(Rooms, facts)))


def part(start: int, body: bytes, total: int | str, url: str = SESSION) -> Message:
    header = ("content-range", f"bytes {start}-{start + len(body) - 1}/{total}")
    return Message("PUT", url, (header, ("content-length", str(len(body)))), body)


def ask(method: str = "GET", url: str = SESSION) -> Message:
    return Message(method, url, (), b"")


def goog(command: str, body: bytes = b"", offset: int | None = None) -> Message:
    headers = [("x-goog-upload-command", command)]
    if offset is not None:
        headers.append(("x-goog-upload-offset", str(offset)))
    return Message("POST", "https://push.example/upload?upload_id=1", tuple(headers), body)


def test_pieces_wait_and_the_last_one_brings_the_whole(bench: Bench) -> None:
    for start in (0, 3):
        reply = bench.send(part(start, b"abc", 8))
        assert isinstance(reply, Reply)
        assert reply.status == 202
        assert f'"{start + 3}-"'.encode() in reply.body
    assert bench.budget.held == 6 + 2 * PIECE_BYTES
    whole = bench.send(part(6, b"gh", 8))
    assert isinstance(whole, Message)
    assert whole.body == b"abcabcgh"
    assert ("content-range", "bytes 0-7/8") in whole.headers
    assert bench.budget.held == 0, "what goes on is held by its own exchange, which gave it back"
    assert (bench.ended("joined"), bench.open) == (1, 0)


def test_the_exchange_of_the_last_piece_holds_all_bytes(bench: Bench) -> None:
    bench.send(part(0, b"abc", 8))
    last = part(3, b"defgh", 8)
    passage = bench.passage(last)
    bench.assembly.receive(passage, last)
    assert passage.held_bytes == bench.budget.held == 8 + 2 * PIECE_BYTES


def test_googles_uploads_end_with_or_without_bytes(bench: Bench) -> None:
    bench.way = Pieces.GOOGLE
    for ending, body in ((goog("upload, finalize", b"def", 3), b"abcdef"), (goog("finalize"), b"abc")):
        assert isinstance(bench.send(goog("upload", b"abc", 0)), Reply)
        whole = bench.send(ending)
        assert isinstance(whole, Message)
        assert whole.body == body
        assert dict(whole.headers)["x-goog-upload-command"] == "upload, finalize"


def test_a_total_told_at_the_end(bench: Bench) -> None:
    bench.way = Pieces.GOOGLE
    bench.send(part(0, b"abc", "*"))
    told = Message("PUT", SESSION, (("content-range", "bytes */3"),), b"")
    early = bench.send(Message("PUT", SESSION, (("content-range", "bytes */9"),), b""))
    assert early == Reply(308, (("range", "bytes=0-2"),))
    whole = bench.send(told)
    assert isinstance(whole, Message)
    assert (whole.body, dict(whole.headers)["content-range"]) == (b"abc", "bytes 0-2/3")


@pytest.mark.parametrize(
    ("message", "subject", "received", "why"),
    [
        (part(5, b"ghi", 9), "gap", 3, "bytes between are missing"),
        (part(0, b"abc", 9), "overlap", 3, "sent twice"),
        (part(2, b"cdef", 9), "overlap", 3, "half of it is here"),
        (part(3, b"def", 10), "total", 3, "another length than before"),
        (part(3, b"def", 9, SESSION + "&x=1"), "unknown-upload", 0, "another address is another upload"),
        (Message("PUT", SESSION, (("content-range", "bytes 3-8/9"),), b"def"), "length", 3, "not what it says"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_pieces_stay(
    bench: Bench, message: Message, subject: str, received: int, why: str
) -> None:
    bench.send(part(0, b"abc", 9))
    refused = bench.send(message)
    assert isinstance(refused, Refused), why
    assert (refused.reason, refused.subject, refused.received) == (ReasonCode.PIECE_MISPLACED, subject, received), why
    assert isinstance(bench.send(part(3, b"defghi", 9)), Message), "a client that asks how far it got can go on"


def test_nobody_adds_to_the_file_of_another_person_or_tool(bench: Bench) -> None:
    bench.send(part(0, b"abc", 9), person="p", tool="t")
    for person, tool in (("q", "t"), ("p", "u")):
        refused = bench.send(part(3, b"defghi", 9), person, tool)
        assert isinstance(refused, Refused)
        assert refused.subject == "unknown-upload"


def test_questions_are_answered_here_only_while_pieces_are_here(bench: Bench) -> None:
    assert bench.send(ask()) == ask(), "nothing is here: the service knows"
    bench.send(part(0, b"abc", 9))
    reply = bench.send(ask())
    assert isinstance(reply, Reply)
    assert reply.status == 200
    assert b'"nextExpectedRanges":["3-"]' in reply.body


@pytest.mark.parametrize("message", [ask("DELETE"), part(0, b"abcdefghi", 9)], ids=["cancelled", "sent at once"])
def test_an_ending_drops_the_pieces_and_goes_on(bench: Bench, message: Message) -> None:
    bench.send(part(0, b"abc", 9))
    assert bench.send(message) is message
    assert (bench.budget.held, bench.open, bench.ended("cancelled")) == (0, 0, 1)


@pytest.mark.parametrize(
    "messages",
    [[part(0, b"abc", 50_001)], [goog("upload", b"a" * 40_000, 0), goog("upload", b"a" * 20_000, 40_000)]],
    ids=["announced", "grown"],
)
def test_a_file_has_a_largest_size(bench: Bench, messages: list[Message]) -> None:
    bench.way = Pieces.GOOGLE if len(messages) > 1 else Pieces.MICROSOFT
    refused = [bench.send(message) for message in messages][-1]
    assert refused == Refused(ReasonCode.TOO_LARGE, "file")
    assert bench.budget.held == 0


def test_pieces_count_in_the_budget_of_their_owner(bench: Bench) -> None:
    """Half of the budget is the most for one person, in whatever form."""
    outcomes = [bench.send(part(0, b"a" * 30_000, 40_000, f"{SESSION}{number}")) for number in range(4)]
    assert [type(outcome) for outcome in outcomes] == [Reply, Reply, Reply, Refused]
    assert outcomes[-1] == Refused(ReasonCode.INSPECTION_BUSY, "bytes")
    assert bench.budget.held == 3 * (30_000 + PIECE_BYTES)
    assert isinstance(bench.send(part(0, b"a" * 30_000, 40_000), person="q"), Reply)


def test_empty_pieces_count_too(bench: Bench) -> None:
    bench.way = Pieces.GOOGLE
    outcomes = [bench.send(goog("upload", b"", 0)) for _ in range(LIMIT // 2 // PIECE_BYTES + 1)]
    assert isinstance(outcomes[-1], Refused)


def test_pieces_without_an_announced_length_count_as_well(bench: Bench) -> None:
    message = part(0, b"abc", 9)
    passage = bench.passage(message)
    bench.budget.give_back(passage.held_bytes, "p")
    passage.held_bytes = 0
    bench.assembly.receive(passage, message)
    assert bench.budget.held == 3 + PIECE_BYTES


@pytest.mark.parametrize(
    ("let_go", "ending", "why"),
    [
        (lambda bench: bench.assembly.sweep(), "abandoned", "the time is up"),
        (lambda bench: bench.assembly.make_room(LIMIT // 2, "p"), "crowded_out", "its owner needs the room now"),
    ],
)
def test_what_stands_still_gives_its_bytes_back(
    bench: Bench, let_go: Callable[[Bench], None], ending: str, why: str
) -> None:
    bench.send(part(0, b"abc", 9))
    let_go(bench)
    assert bench.open == 1, "not yet"
    bench.facts.now += max(SECONDS, STILL_SECONDS) + 1
    let_go(bench)
    assert (bench.open, bench.budget.held, bench.ended(ending)) == (0, 0, 1), why
    refused = bench.send(part(3, b"defghi", 9))
    assert isinstance(refused, Refused)
    assert refused.subject == "unknown-upload"


def test_room_is_made_only_when_it_is_needed_and_only_by_its_owner(bench: Bench) -> None:
    bench.send(part(0, b"abc", 9))
    bench.facts.now += STILL_SECONDS + 1
    bench.assembly.make_room(10, "p")
    bench.assembly.make_room(LIMIT, "q")
    assert bench.open == 1


def test_a_piece_now_and_then_does_not_keep_a_file_for_ever(bench: Bench) -> None:
    at = 0
    while bench.facts.now < 1000.0 + LONGEST_SECONDS:
        bench.send(part(at, b"a", 49_999))
        at += 1
        bench.facts.now += SECONDS / 2
        bench.assembly.sweep()
    assert bench.ended("abandoned") >= 1


def test_the_file_that_grows_is_never_the_one_that_makes_room(bench: Bench) -> None:
    bench.send(part(0, b"a" * 40_000, 50_000))
    bench.send(part(0, b"a" * 40_000, 50_000, SESSION + "2"))
    bench.facts.now += STILL_SECONDS + 1
    reply = bench.send(part(40_000, b"a" * 9_000, 50_000))
    assert isinstance(reply, Reply)
    bench.send(ask("DELETE"))
    bench.send(ask("DELETE", SESSION + "2"))
    assert bench.budget.held == 0
