"""Files that come in several requests: what one request says about its piece, and the answers a service gives to it.

Three ways are known, after Microsoft's upload sessions (Graph, SharePoint) and Google's two resumable protocols
(`X-Goog-Upload-*`, and `Content-Range` answered with 308). Here they are only read and written; who keeps the pieces is
the proxy's affair. A piece in any other way, or where the endpoint takes none, is recognised so that it can be refused.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, StrEnum, auto
from urllib.parse import parse_qsl, urlsplit

from gateway.errors import WireError
from gateway.model.traffic import Message, Pieces
from gateway.wire import digests
from gateway.wire.headers import header

_RANGE = re.compile(r"bytes\s+(?:([0-9]{1,15})-([0-9]{1,15})|\*)/([0-9]{1,15}|\*)")
_NUMBER = re.compile(r"[0-9]{1,15}")
_COMMAND, _OFFSET = "x-goog-upload-command", "x-goog-upload-offset"
_SINGLE = ("content-range", _COMMAND, _OFFSET, "content-encoding")
_AZURE_BLOCKS = frozenset(("block", "appendblock", "page"))


class Step(Enum):
    """What a request does to the upload it belongs to."""

    PIECE = auto()
    LAST_PIECE = auto()
    QUERY = auto()
    CANCEL = auto()


class Misfit(StrEnum):
    """What is wrong with a piece."""

    UNKNOWN = "unknown-upload"
    GAP = "gap"
    OVERLAP = "overlap"
    TOTAL = "total"
    LENGTH = "length"
    HEADERS = "headers"
    ENCODED = "encoded"


@dataclass(frozen=True, slots=True)
class Piece:
    """One request of an upload in pieces. `start` is None when it goes where the last one ended; `total` is None while
    nobody told how long the file is."""

    step: Step
    start: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the words of the protocol. Header names are lower case."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class PieceError(WireError):
    """A piece that says two things at once, or something else than it is; `misfit` says what."""

    def __init__(self, misfit: Misfit) -> None:
        super().__init__(f"piece of a file: {misfit.value}")
        self.misfit = misfit


def piece_of(message: Message, way: Pieces) -> Piece | None:
    """What a request to an endpoint with pieces does; None when it is a whole file, or not about one.

    Raises PieceError when its headers repeat or contradict each other or its body.
    """
    if way in (Pieces.NONE, Pieces.PARTS):
        return None
    names = [name for name, _ in message.headers]
    if any(names.count(single) > 1 for single in _SINGLE) or {"content-range", _COMMAND} <= set(names):
        raise PieceError(Misfit.HEADERS)
    if message.method == "DELETE":
        return Piece(Step.CANCEL)
    if message.method == "GET":
        return Piece(Step.QUERY) if way is Pieces.MICROSOFT else None
    piece = _google_piece(message) if way is Pieces.GOOGLE and header(message, _COMMAND) else _ranged(message, way)
    if piece is not None and piece.step in (Step.PIECE, Step.LAST_PIECE) and header(message, "content-encoding"):
        raise PieceError(Misfit.ENCODED)
    is_whole = piece is not None and piece.step is Step.LAST_PIECE and piece.start == 0
    return None if is_whole else piece


def is_piece(message: Message) -> bool:
    """Whether a request holds a part of a file only, in any way we have heard of."""
    command = _words(header(message, _COMMAND))
    if command & {"upload", "finalize"} and ("finalize" not in command or header(message, _OFFSET) not in ("", "0")):
        return True
    ranges = {value for name, value in message.headers if name == "content-range"}
    if ranges and message.body and ranges != {_whole_range(len(message.body))}:
        return True
    if header(message, "upload-offset") not in ("", "0") or header(message, "upload-complete") == "?0":
        return True
    query = [(name.lower(), value.lower()) for name, value in parse_qsl(urlsplit(message.url).query)]
    if any(name == "comp" and value in _AZURE_BLOCKS for name, value in query):
        return True
    return {"partnumber", "uploadid"} <= {name for name, _ in query}


def whole(message: Message, body: bytes) -> Message:
    """The request of the last piece as it would be had it brought the whole file."""
    headers = digests.for_body(message.headers, message.body, body)
    if header(message, _COMMAND):
        kept = tuple(pair for pair in headers if pair[0] not in (_COMMAND, _OFFSET, "content-length"))
        headers = (*kept, ("content-length", str(len(body))), (_COMMAND, "upload, finalize"), (_OFFSET, "0"))
    else:
        headers = tuple(
            (name, _whole_range(len(body)) if name == "content-range" else value) for name, value in headers
        )
    return replace(message, headers=headers, body=body)


def held(message: Message, way: Pieces, received: int, ends: float) -> Reply:
    """What the service would say with `received` bytes on its side, to a piece or to a query about it.

    `ends` (seconds since the epoch) is when the pieces are forgotten.
    """
    if way is Pieces.MICROSOFT:
        until = datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = {"expirationDateTime": until, "nextExpectedRanges": [f"{received}-"]}
        return _json(200 if message.method == "GET" else 202, body)
    if header(message, _COMMAND):
        return Reply(200, (("x-goog-upload-status", "active"), ("x-goog-upload-size-received", str(received))))
    return Reply(308, (("range", f"bytes=0-{received - 1}"),) if received else ())


def refused(message: Message, way: Pieces, misfit: Misfit, received: int, words: str) -> Reply:
    """What the service would say to a piece that does not fit, with our words in it. Clients then ask how far it got,
    or start again when the upload is not known."""
    is_unknown = misfit is Misfit.UNKNOWN
    if way is Pieces.MICROSOFT:
        code = "itemNotFound" if is_unknown else "invalidRange"
        inner = {"code": "fragmentOverlap" if misfit is Misfit.OVERLAP else misfit.value}
        error: dict[str, object] = {"code": code, "message": words, "innererror": inner}
        return _json(404 if is_unknown else 416, {"error": error})
    status, name = (404, "NOT_FOUND") if is_unknown else (400, "INVALID_ARGUMENT")
    reply = _json(status, {"error": {"code": status, "message": words, "status": name}})
    if is_unknown or not header(message, _COMMAND):
        return reply
    return replace(reply, headers=(*reply.headers, *held(message, way, received, 0.0).headers))


def _google_piece(message: Message) -> Piece | None:
    command, offset = _words(header(message, _COMMAND)), header(message, _OFFSET)
    if offset and not _NUMBER.fullmatch(offset):
        raise PieceError(Misfit.HEADERS)
    if "start" in command:
        return None
    if command & {"query", "cancel"}:
        if len(command) > 1 or message.body:
            raise PieceError(Misfit.HEADERS)
        return Piece(Step.QUERY if "query" in command else Step.CANCEL)
    if not command or command - {"upload", "finalize"} or (message.body and "upload" not in command):
        raise PieceError(Misfit.HEADERS)
    start = int(offset) if offset else None
    if "upload" in command and start is None:
        raise PieceError(Misfit.HEADERS)
    if "finalize" not in command:
        return Piece(Step.PIECE, start)
    return Piece(Step.LAST_PIECE, start, None if start is None else start + len(message.body))


def _ranged(message: Message, way: Pieces) -> Piece | None:
    """A piece with a `Content-Range`. Google's may leave the total open, and ask with a range of no bytes."""
    said = header(message, "content-range")
    if not said:
        return None
    match = _RANGE.fullmatch(said)
    if match is None:
        raise PieceError(Misfit.HEADERS)
    first, last, of = match.groups()
    total = None if of == "*" else int(of)
    if way is Pieces.MICROSOFT and (first is None or total is None):
        raise PieceError(Misfit.HEADERS)
    if first is None:
        if message.body:
            raise PieceError(Misfit.LENGTH)
        return Piece(Step.QUERY, total=total)
    start, end = int(first), int(last) + 1
    if end - start != len(message.body) or not message.body:
        raise PieceError(Misfit.LENGTH)
    if total is not None and end > total:
        raise PieceError(Misfit.TOTAL)
    return Piece(Step.LAST_PIECE if end == total else Step.PIECE, start, total)


def _words(command: str) -> frozenset[str]:
    return frozenset(word.strip() for word in command.lower().split(",") if word.strip())


def _whole_range(length: int) -> str:
    return f"bytes 0-{length - 1}/{length}"


def _json(status: int, body: object) -> Reply:
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, (("content-type", "application/json; charset=utf-8"),), data)
