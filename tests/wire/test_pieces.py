"""Files in pieces: what a request says about its piece, what is no piece, and the answers and requests made of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.inspection import GapKind
from gateway.model.traffic import EndpointFormat, EndpointKind, Message, Pieces
from gateway.wire import pieces
from gateway.wire.message import extract
from gateway.wire.pieces import Misfit, Piece, PieceError, Step

URL = "https://store.example/upload?upload_id=1"
NONE, MICROSOFT, GOOGLE = Pieces.NONE, Pieces.MICROSOFT, Pieces.GOOGLE


def sent(body: bytes = b"", method: str = "PUT", url: str = URL, **headers: str) -> Message:
    return Message(method, url, tuple((name.replace("_", "-"), value) for name, value in headers.items()), body)


def command(words: str, body: bytes = b"", offset: str = "") -> Message:
    own = {"x_goog_upload_command": words} | ({"x_goog_upload_offset": offset} if offset else {})
    return sent(body, "POST", **own)


def ranged(value: str, body: bytes = b"", method: str = "PUT") -> Message:
    return sent(body, method, content_range=value)


@pytest.mark.parametrize(
    ("way", "message", "piece", "why"),
    [
        (MICROSOFT, ranged("bytes 0-3/9", b"abcd"), Piece(Step.PIECE, 0, 9), "the first range of a session"),
        (MICROSOFT, ranged("bytes 4-8/9", b"efghi"), Piece(Step.LAST_PIECE, 4, 9), "the last one ends at the total"),
        (MICROSOFT, ranged("bytes 0-8/9", b"abcdefghi"), None, "one range that is everything is a file"),
        (MICROSOFT, sent(b"abc"), None, "no range: a file"),
        (MICROSOFT, sent(method="GET"), Piece(Step.QUERY), "asking a session is a GET"),
        (MICROSOFT, sent(method="DELETE"), Piece(Step.CANCEL), "a session is ended by DELETE"),
        (GOOGLE, command("start", b"File name: x.docx"), None, "announces a file"),
        (GOOGLE, command("upload", b"abcd", "0"), Piece(Step.PIECE, 0), "more follows, however much"),
        (GOOGLE, command("upload", b"efgh", "4"), Piece(Step.PIECE, 4), "its offset is where it goes"),
        (GOOGLE, command("upload, finalize", b"i", "8"), Piece(Step.LAST_PIECE, 8, 9), "the last one"),
        (GOOGLE, command("UPLOAD,FINALIZE", b"i", "8"), Piece(Step.LAST_PIECE, 8, 9), "in another spelling"),
        (GOOGLE, command("upload, finalize", b"all of it", "0"), None, "all at once is a file"),
        (GOOGLE, command("finalize"), Piece(Step.LAST_PIECE), "ends without bytes"),
        (GOOGLE, command("query"), Piece(Step.QUERY), "how far did it get"),
        (GOOGLE, command("cancel"), Piece(Step.CANCEL), "never mind"),
        (GOOGLE, ranged("bytes 0-3/*", b"abcd"), Piece(Step.PIECE, 0, None), "a total nobody knows yet"),
        (GOOGLE, ranged("bytes 0-3/9", b"abcd"), Piece(Step.PIECE, 0, 9), "the older protocol"),
        (GOOGLE, ranged("bytes 4-8/9", b"efghi"), Piece(Step.LAST_PIECE, 4, 9), "its last range"),
        (GOOGLE, ranged("bytes */*"), Piece(Step.QUERY), "asking with a range of nothing"),
        (GOOGLE, ranged("bytes */9"), Piece(Step.QUERY, None, 9), "asking, or telling the length"),
        (GOOGLE, sent(method="DELETE"), Piece(Step.CANCEL), "the older protocol cancels so"),
        (GOOGLE, sent(method="GET"), None, "Google has no GET of an upload"),
        (NONE, ranged("bytes 0-3/9", b"abcd"), None, "an endpoint without pieces reads nothing of them"),
    ],
)  # fmt: skip
def test_what_a_request_says(way: Pieces, message: Message, piece: Piece | None, why: str) -> None:
    assert pieces.piece_of(message, way) == piece, why


def twice(name: str, first: str, second: str, body: bytes = b"abcd") -> Message:
    return Message("PUT", URL, ((name, first), (name, second)), body)


BOTH = sent(b"abcd", content_range="bytes 0-3/9", x_goog_upload_command="upload", x_goog_upload_offset="0")


@pytest.mark.parametrize(
    ("way", "message", "misfit", "why"),
    [
        (MICROSOFT, ranged("bytes 0-3/9", b"abc"), Misfit.LENGTH, "shorter than its range"),
        (MICROSOFT, ranged("bytes 0-3/9", b"abcde"), Misfit.LENGTH, "longer than its range"),
        (MICROSOFT, ranged("bytes 3-0/9", b"abcd"), Misfit.LENGTH, "backwards"),
        (MICROSOFT, ranged("bytes 8-11/9", b"abcd"), Misfit.TOTAL, "ends behind the end"),
        (MICROSOFT, ranged("bytes 0-3/*", b"abcd"), Misfit.HEADERS, "Microsoft wants the total"),
        (MICROSOFT, ranged("bytes */9"), Misfit.HEADERS, "Microsoft asks with GET"),
        (MICROSOFT, ranged("bytes=0-3/9", b"abcd"), Misfit.HEADERS, "no such unit"),
        (MICROSOFT, ranged("bytes -4-3/9", b"abcd"), Misfit.HEADERS, "a negative offset"),
        (MICROSOFT, ranged("bytes ٠-٣/٩", b"abcd"), Misfit.HEADERS, "digits of another script"),
        (MICROSOFT, ranged("bytes 0-3/9" + "9" * 20, b"abcd"), Misfit.HEADERS, "a number without end"),
        (MICROSOFT, twice("content-range", "bytes 0-3/4", "bytes 0-3/9"), Misfit.HEADERS, "either may be read"),
        (GOOGLE, twice("x-goog-upload-offset", "0", "4"), Misfit.HEADERS, "two offsets"),
        (GOOGLE, BOTH, Misfit.HEADERS, "two protocols in one request"),
        (GOOGLE, command("upload", b"abcd"), Misfit.HEADERS, "bytes without an offset"),
        (GOOGLE, command("upload", b"abcd", "four"), Misfit.HEADERS, "no number"),
        (GOOGLE, command("finalize", b"abcd", "4"), Misfit.HEADERS, "bytes that are not announced"),
        (GOOGLE, command("query", b"abcd"), Misfit.HEADERS, "bytes in a question"),
        (GOOGLE, command("query, finalize"), Misfit.HEADERS, "two commands that exclude each other"),
        (GOOGLE, command("append", b"abcd", "4"), Misfit.HEADERS, "a command we do not know"),
        (GOOGLE, ranged("bytes */9", b"abcd"), Misfit.LENGTH, "bytes in a question of the older protocol"),
        (GOOGLE, sent(b"abcd", content_range="bytes 0-3/9", content_encoding="gzip"), Misfit.ENCODED, "packed pieces"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(way: Pieces, message: Message, misfit: Misfit, why: str) -> None:
    with pytest.raises(PieceError) as error:
        pieces.piece_of(message, way)
    assert error.value.misfit is misfit, why


@pytest.mark.parametrize(
    ("message", "is_piece", "why"),
    [
        (ranged("bytes 0-3/9", b"abcd"), True, "a range"),
        (ranged("bytes 0-3/4", b"abcd"), False, "a range that is all"),
        (ranged("bytes 0-3/5", b"abcde"), True, "says less than it holds"),
        (twice("content-range", "bytes 0-3/4", "bytes 0-3/9"), True, "one of two ranges is a part"),
        (ranged("bytes */9"), False, "a question, no bytes"),
        (command("upload", b"abcd", "0"), True, "not the end"),
        (command("upload, finalize", b"abcd", "4"), True, "not the beginning"),
        (command("upload, finalize", b"abcd", "0"), False, "all"),
        (command("start", b"File name: x"), False, "announces"),
        (sent(b"abcd", "PATCH", upload_offset="4"), True, "tus, and the IETF's resumable uploads"),
        (sent(b"abcd", "POST", upload_complete="?0"), True, "the IETF's way to say that more follows"),
        (sent(b"abcd", url="https://b.example/o?partNumber=2&uploadId=x"), True, "a part for S3"),
        (sent(b"abcd", url="https://b.example/o?comp=block&blockid=MQ=="), True, "a block for Azure"),
        (sent(b"abcd", url="https://b.example/o?comp=x&comp=block"), True, "said twice: the service picks one"),
        (sent(b"abcd", url="https://b.example/o?comp=block&COMP=x"), True, "the same in two cases"),
        (sent(b"<BlockList/>", url="https://b.example/o?comp=blocklist"), False, "the list of blocks has no bytes"),
        (sent(b"abcd"), False, "a file"),
    ],
)
def test_a_piece_is_recognised_in_every_way_we_know(message: Message, is_piece: bool, why: str) -> None:
    assert pieces.is_piece(message) is is_piece, why
    form = EndpointFormat("bytes", EndpointKind.UPLOAD)
    gaps = [gap for gap in extract(message, form).extraction.gaps if gap.detail == "piece"]
    assert [gap.kind for gap in gaps] == [GapKind.INCOMPLETE] * is_piece, why


def test_the_whole_is_a_request_the_service_takes_at_once() -> None:
    last = sent(b"efghi", content_range="bytes 4-8/9", content_length="5", authorization="Bearer VOORBEELD")
    whole = pieces.whole(last, b"abcdefghi")
    assert dict(whole.headers) == {
        "content-range": "bytes 0-8/9", "content-length": "9", "authorization": "Bearer VOORBEELD",
    }  # fmt: skip
    assert (whole.method, whole.url, whole.body) == ("PUT", URL, b"abcdefghi")


@pytest.mark.parametrize("last", [command("upload, finalize", b"i", "8"), command("finalize")])
def test_googles_whole_is_one_upload_and_finalize(last: Message) -> None:
    whole = pieces.whole(last, b"abcdefghi")
    assert dict(whole.headers) == {
        "content-length": "9", "x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0",
    }  # fmt: skip
    assert pieces.piece_of(whole, GOOGLE) is None
    assert not pieces.is_piece(whole)


def test_a_rewritten_whole_says_its_own_length() -> None:
    whole = pieces.whole(ranged("bytes 4-8/9", b"efghi"), b"naam;x\nBSN 111222333\n")
    decoded = extract(whole, EndpointFormat("bytes", EndpointKind.UPLOAD))
    [file] = decoded.extraction.uploads
    assert dict(decoded.rewrite({}, {file.id: b"naam;x\n"}).headers)["content-range"] == "bytes 0-6/7"


def body(reply: pieces.Reply) -> dict[str, object]:
    answer: dict[str, object] = json.loads(reply.body)
    return answer


def test_microsofts_answers() -> None:
    piece = pieces.held(ranged("bytes 0-3/9", b"abcd"), MICROSOFT, 4, 1_795_000_000.0)
    assert piece.status == 202
    assert body(piece) == {"expirationDateTime": "2026-11-18T11:06:40Z", "nextExpectedRanges": ["4-"]}
    assert pieces.held(sent(method="GET"), MICROSOFT, 4, 0.0).status == 200
    overlap = pieces.refused(ranged("bytes 0-3/9", b"abcd"), MICROSOFT, Misfit.OVERLAP, 4, "Wij.")
    assert overlap.status == 416
    assert body(overlap) == {
        "error": {"code": "invalidRange", "message": "Wij.", "innererror": {"code": "fragmentOverlap"}}
    }
    assert pieces.refused(ranged("bytes 4-8/9", b"efghi"), MICROSOFT, Misfit.UNKNOWN, 0, "Wij.").status == 404


def test_googles_answers() -> None:
    piece = command("upload", b"abcd", "0")
    assert pieces.held(piece, GOOGLE, 4, 0.0) == pieces.Reply(
        200, (("x-goog-upload-status", "active"), ("x-goog-upload-size-received", "4"))
    )
    assert pieces.held(ranged("bytes 0-3/9", b"abcd"), GOOGLE, 4, 0.0) == pieces.Reply(308, (("range", "bytes=0-3"),))
    assert pieces.held(ranged("bytes */*"), GOOGLE, 0, 0.0) == pieces.Reply(308), "nothing yet: no range"
    gap = pieces.refused(piece, GOOGLE, Misfit.GAP, 4, "Wij.")
    assert gap.status == 400
    assert dict(gap.headers)["x-goog-upload-size-received"] == "4", "so that the client can go on from there"
    assert body(gap) == {"error": {"code": 400, "message": "Wij.", "status": "INVALID_ARGUMENT"}}


@given(st.binary(min_size=2, max_size=60), st.data())
def test_any_cut_of_a_file_is_read_back_as_it_was_cut(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(content) - 1))
    first, last = content[:cut], content[cut:]
    for way, one, two in (
        (
            MICROSOFT,
            ranged(f"bytes 0-{cut - 1}/{len(content)}", first),
            ranged(f"bytes {cut}-{len(content) - 1}/{len(content)}", last),
        ),
        (GOOGLE, command("upload", first, "0"), command("upload, finalize", last, str(cut))),
    ):
        assert pieces.piece_of(one, way) is not None
        assert pieces.piece_of(two, way) == Piece(Step.LAST_PIECE, cut, len(content))
        assert pieces.piece_of(pieces.whole(two, content), way) is None
