"""An upload is one thing over three calls: its verdict follows its ids, and a missing half is a gap."""

import json
from dataclasses import replace

import pytest

from gateway.model.inspection import GapKind
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Person,
    Pieces,
    Standing,
    ToolMatch,
    Upload,
)
from gateway.proxy.uploads import ANSWER_BYTES, ANSWER_TRIES, KEPT_SECONDS, HandedOut, UploadLedger


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(clock: Clock) -> UploadLedger:
    return UploadLedger(clock)


def exchange(person: str = "p") -> Exchange:
    return Exchange("e", 0.0, Person(person), Destination("https", "chat.example", 443, "POST", "/"))


def match(kind: EndpointKind) -> ToolMatch:
    return ToolMatch("chat", "Chat", Standing.SCREENED, EndpointFormat("e", kind))


META, BYTES, PROMPT = (match(kind) for kind in (EndpointKind.UPLOAD_META, EndpointKind.UPLOAD, EndpointKind.PROMPT))
FILE = Upload("f0", "", content=b"x", reference="file-12345678")
MENTION = Upload("f0", "brief.docx", reference="file-12345678")
ANSWER = {"file_id": "file-12345678", "upload_url": "https://store.example/files/file-12345678/raw?sig=1"}


def announce(ledger: UploadLedger) -> None:
    HandedOut(ledger, exchange(), META, (), with_bytes=False).feed(json.dumps(ANSWER).encode())


def details(ledger: UploadLedger, where: ToolMatch, upload: Upload, person: str = "p") -> list[str]:
    gaps = ledger.gaps(exchange(person), where, upload.reference, (upload,))
    assert all(gap.kind is GapKind.UNLINKED_UPLOAD for gap in gaps)
    return [gap.detail for gap in gaps]


def test_three_steps_in_order_leave_no_gap(ledger: UploadLedger) -> None:
    announce(ledger)
    assert details(ledger, BYTES, FILE) == []
    ledger.settle(exchange(), BYTES, (FILE.reference,), allowed=True)
    assert details(ledger, PROMPT, MENTION) == []


def test_a_refused_file_stays_refused_by_every_id(ledger: UploadLedger) -> None:
    announce(ledger)
    ledger.settle(exchange(), BYTES, (FILE.reference,), allowed=False)
    assert details(ledger, PROMPT, MENTION) == ["refused-before"]
    assert details(ledger, META, MENTION) == ["refused-before"]


def test_announced_and_never_sent(ledger: UploadLedger) -> None:
    announce(ledger)
    assert details(ledger, PROMPT, MENTION) == ["never-sent"]


def test_sent_and_never_announced(ledger: UploadLedger) -> None:
    assert details(ledger, BYTES, FILE) == ["never-announced"]


def test_bytes_with_their_own_name_need_no_announcement(ledger: UploadLedger) -> None:
    named = Upload("f0", "brief.docx", content=b"x", reference="chat.example/upload")
    assert details(ledger, BYTES, named) == []


def test_ids_in_the_answer_to_the_bytes_are_known(ledger: UploadLedger) -> None:
    HandedOut(ledger, exchange(), BYTES, (), with_bytes=True).feed(b'{"id": "file-12345678"}')
    assert details(ledger, PROMPT, MENTION) == []


def test_an_answer_in_pieces_and_an_address_in_a_header(ledger: UploadLedger) -> None:
    headers = (("x-goog-upload-url", "https://push.example/upload?upload_id=abc"),)
    handed = HandedOut(ledger, exchange(), META, headers, with_bytes=False)
    for piece in (b'{"file_id": "fi', b'le-12345678"', b"}"):
        handed.feed(piece)
    assert details(ledger, BYTES, Upload("f0", "", content=b"x", reference="abc")) == []
    assert details(ledger, BYTES, FILE) == []


def test_one_refused_file_does_not_stop_the_next_at_the_same_address(ledger: UploadLedger) -> None:
    named = Upload("f0", "brief.docx", content=b"x", reference="chat.example/upload")
    ledger.settle(exchange(), BYTES, (named.reference,), allowed=False)
    assert details(ledger, BYTES, named) == []


def test_another_person_cannot_use_the_id(ledger: UploadLedger) -> None:
    announce(ledger)
    ledger.settle(exchange(), BYTES, (FILE.reference,), allowed=True)
    assert details(ledger, BYTES, FILE, person="q") == ["never-announced"]


def test_ids_are_forgotten(ledger: UploadLedger, clock: Clock) -> None:
    announce(ledger)
    ledger.settle(exchange(), BYTES, (FILE.reference,), allowed=True)
    clock.now = KEPT_SECONDS + 1
    assert details(ledger, BYTES, FILE) == ["never-announced"]


def test_an_id_nobody_announced_here_is_no_gap(ledger: UploadLedger) -> None:
    assert details(ledger, PROMPT, MENTION) == []


def test_an_id_without_a_name_is_a_mention_too(ledger: UploadLedger) -> None:
    announce(ledger)
    mentioned = ("file-12345678", "file-of-last-week")
    assert [gap.detail for gap in ledger.gaps(exchange(), PROMPT, "", (), mentioned)] == ["never-sent"]
    assert ledger.gaps(exchange(), BYTES, "", (), mentioned) == (), "the call that brings the bytes may name its id"
    ledger.settle(exchange(), BYTES, ("file-12345678",), allowed=False)
    assert [gap.detail for gap in ledger.gaps(exchange(), PROMPT, "", (), mentioned)] == ["refused-before"]
    ledger.settle(exchange(), BYTES, ("file-12345678",), allowed=True)
    assert ledger.gaps(exchange(), PROMPT, "", (), mentioned) == ()


PART = replace(BYTES, endpoint=replace(BYTES.endpoint, pieces=Pieces.PARTS))


def test_of_an_upload_in_parts_only_one_is_taken(ledger: UploadLedger) -> None:
    """Two parts are judged apart, and sent side by side: the first to be read is the only one."""
    assert details(ledger, PART, FILE) == ["never-announced"]
    announce(ledger)
    assert details(ledger, PART, FILE) == []
    assert details(ledger, PART, FILE) == ["second-part"]
    ledger.settle(exchange(), PART, ("file-12345678",), allowed=False)
    ledger.settle(exchange(), PART, ("file-12345678",), allowed=False)
    assert details(ledger, PART, FILE) == [], "nothing of either part left: it may be sent again"


def test_a_refused_second_part_does_not_make_room_for_itself(ledger: UploadLedger) -> None:
    announce(ledger)
    assert details(ledger, PART, FILE) == []
    ledger.settle(exchange(), PART, ("file-12345678",), allowed=True)
    for _ in range(3):
        assert details(ledger, PART, FILE) == ["second-part"]
        ledger.settle(exchange(), PART, ("file-12345678",), allowed=False)


def test_an_answer_that_tells_the_id_again_does_not_make_room_for_a_second_part(ledger: UploadLedger) -> None:
    announce(ledger)
    assert details(ledger, PART, FILE) == []
    ledger.settle(exchange(), PART, ("file-12345678",), allowed=True)
    HandedOut(ledger, exchange(), PART, (), with_bytes=True).feed(b'{"id": "part_1", "upload_id": "file-12345678"}')
    assert details(ledger, PART, FILE) == ["second-part"]


def test_a_long_answer_is_not_kept_and_not_read_over_and_over(ledger: UploadLedger) -> None:
    """Every piece of an answer was added up and copied, for as long as it went on."""
    handed = HandedOut(ledger, exchange(), META, (), with_bytes=False)
    for _ in range(20_000):
        handed.feed(b'{"file_id": "file-00000000"} ' * 10)
    assert len(handed._body) <= ANSWER_BYTES
    handed.feed(json.dumps(ANSWER).encode())
    assert details(ledger, BYTES, FILE) == ["never-announced"]


def test_an_answer_in_many_small_pieces_is_tried_a_number_of_times_only(
    ledger: UploadLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    monkeypatch.setattr("gateway.proxy.uploads.answer_references", lambda _, body: (tried.append(len(body)), ())[1])
    handed = HandedOut(ledger, exchange(), META, (), with_bytes=False)
    for _ in range(5_000):
        handed.feed(b"}")
    assert len(tried) == 1 + ANSWER_TRIES
