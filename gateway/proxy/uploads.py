"""Which files a person sent through us, by the ids a service gave them: announce, bytes and reference are one upload.

A browser announces a file to one host, sends its bytes to another without a name, and then speaks of it by an id. The
verdict of the bytes holds for every later mention. What was announced and never came, or came and was never announced,
went round us somewhere: a gap. Nothing here holds a name or a byte of a file.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from gateway.model.inspection import Gap, GapKind
from gateway.model.traffic import EndpointKind, Exchange, Pieces, ToolMatch, Upload
from gateway.wire.references import Headers, answer_references

KEPT_SECONDS = 24 * 3600.0
KEPT = 50_000
"""Uploads remembered per process; the oldest are forgotten first. A mention of one is then no gap, as that of a file of
last week is none; of one that comes in parts, the next part is."""
ANSWER_BYTES = 256_000
"""An announcing answer is a small JSON document; a longer one hands out nothing more."""
ANSWER_TRIES = 100
"""It comes in few pieces; one that seems complete more often is not read any further."""


class State(Enum):
    ANNOUNCED = auto()
    ALLOWED = auto()
    REFUSED = auto()


@dataclass(slots=True)
class _Sent:
    state: State
    at: float
    parts: int = 0


@dataclass(slots=True)
class UploadLedger:
    """The uploads of all people in this process; ids of one person and tool are never another's."""

    clock: Callable[[], float]
    _sent: OrderedDict[tuple[str, str, str], _Sent] = field(default_factory=OrderedDict, repr=False)

    def gaps(
        self, exchange: Exchange, match: ToolMatch, place: str, uploads: Iterable[Upload], mentions: Iterable[str] = ()
    ) -> tuple[Gap, ...]:
        """A gap for every upload whose other half did not pass here, or was refused; also when only its id is told.

        `place` is the `url_reference` of the message.
        """
        if match.endpoint.pieces is Pieces.PARTS:
            found = [("", self._take_part(exchange, match, place))]
        else:
            found = [(upload.id, self._missing(exchange, match, upload)) for upload in uploads]
        if match.endpoint.kind is not EndpointKind.UPLOAD:
            found.extend(("", self._unsent(match, self._find(exchange, match, mention))) for mention in mentions)
        return tuple(dict.fromkeys(Gap(GapKind.UNLINKED_UPLOAD, part, detail) for part, detail in found if detail))

    def settle(self, exchange: Exchange, match: ToolMatch, references: Iterable[str], *, allowed: bool) -> None:
        """Keeps the verdict of the files whose bytes were in this message."""
        state = State.ALLOWED if allowed else State.REFUSED
        for reference in references:
            known = self._find(exchange, match, reference)
            if known is None:
                self._keep(exchange, match, (reference,), state)
            else:
                known.state = state
                known.parts = known.parts if allowed else max(0, known.parts - 1)

    def hand_out(self, exchange: Exchange, match: ToolMatch, references: tuple[str, ...], *, with_bytes: bool) -> None:
        """Keeps the ids an answer gave: of a file that is still to come, or of the one that was in the request."""
        self._keep(exchange, match, references, State.ALLOWED if with_bytes else State.ANNOUNCED)

    def _missing(self, exchange: Exchange, match: ToolMatch, upload: Upload) -> str:
        """What is wrong with an upload, "" when nothing is. Bytes are judged for what they are, every time.

        An id nobody announced here may be of a file of last week, or in a form only the service knows: no gap.
        """
        known = self._find(exchange, match, upload.reference) if upload.reference else None
        if upload.content is not None:
            is_second_half = not upload.name and upload.reference and "/" not in upload.reference
            return "never-announced" if is_second_half and known is None else ""
        return self._unsent(match, known)

    def _take_part(self, exchange: Exchange, match: ToolMatch, place: str) -> str:
        """What is wrong with a part of the upload at `place`, whatever is in it: only one may ever leave.

        The place is taken until `settle` says that nothing left, so that of two parts side by side one is refused.
        """
        known = self._find(exchange, match, place)
        if known is None:
            return "never-announced"
        known.parts += 1
        return "second-part" if known.parts > 1 else ""

    @staticmethod
    def _unsent(match: ToolMatch, known: _Sent | None) -> str:
        """What is wrong with speaking of an upload."""
        if known is None or known.state is State.ALLOWED:
            return ""
        if known.state is State.REFUSED:
            return "refused-before"
        return "" if match.endpoint.kind is EndpointKind.UPLOAD_META else "never-sent"

    def _find(self, exchange: Exchange, match: ToolMatch, reference: str) -> _Sent | None:
        known = self._sent.get((exchange.person.identity, match.tool_id, reference))
        return known if known is not None and self.clock() - known.at < KEPT_SECONDS else None

    def _keep(self, exchange: Exchange, match: ToolMatch, references: Iterable[str], state: State) -> None:
        """All ids of one answer name the same upload, so that its verdict reaches each of them. An answer that tells an
        id again does not make room for another part."""
        before = [known for reference in references if (known := self._find(exchange, match, reference)) is not None]
        sent = _Sent(state, self.clock(), max((known.parts for known in before), default=0))
        for reference in references:
            self._sent[exchange.person.identity, match.tool_id, reference] = sent
        while len(self._sent) > KEPT:
            self._sent.popitem(last=False)


class HandedOut:
    """Listens to the answer of an upload call for the ids in it. `feed` takes chunks, decompressed."""

    def __init__(
        self, ledger: UploadLedger, exchange: Exchange, match: ToolMatch, headers: Headers, *, with_bytes: bool
    ) -> None:
        self._ledger = ledger
        self._exchange = exchange
        self._match = match
        self._with_bytes = with_bytes
        self._body = bytearray()
        self._tries = 0
        self._keep(answer_references(headers, b""))

    def feed(self, chunk: bytes) -> None:
        """Reads the ids as soon as the JSON of the answer is complete, which is before the client can use them."""
        if self._tries >= ANSWER_TRIES:
            return
        if len(self._body) + len(chunk) > ANSWER_BYTES:
            self._tries = ANSWER_TRIES
            self._body.clear()
            return
        self._body += chunk
        if chunk.rstrip().endswith((b"}", b"]")):
            self._tries += 1
            self._keep(answer_references((), bytes(self._body)))

    def _keep(self, references: tuple[str, ...]) -> None:
        if references:
            self._ledger.hand_out(self._exchange, self._match, references, with_bytes=self._with_bytes)
