"""Files that come in pieces, kept here until the last piece: then the whole is judged, and goes on as one request.

Nothing of a file leaves before that. The pieces count in the byte budget of the process; each file has a largest size
and a time, and a file that stands still makes room for requests that do not.
"""

from dataclasses import dataclass, field

from gateway.model.policy import ReasonCode
from gateway.model.traffic import Message
from gateway.proxy.budget import ByteBudget, Room
from gateway.proxy.passage import Passage
from gateway.proxy.rooms import Rooms
from gateway.wire import pieces
from gateway.wire.pieces import Misfit, Piece, PieceError, Reply, Step

LONGEST_SECONDS = 3600.0
"""A file may take this long from its first piece to its last, however often one comes."""
STILL_SECONDS = 30.0
"""A file of which no piece came for so long makes room when its owner's next request needs it."""
PIECE_BYTES = 1024
"""What keeping one piece costs besides its bytes, so that many empty pieces count too."""

type Key = tuple[str, str, str]
"""Person, tool, URL: nobody can add to a file of somebody else."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a piece was not taken. `misfit` when it does not fit the pieces before it, of which `received` bytes are
    kept."""

    reason: ReasonCode
    subject: str
    misfit: Misfit | None = None
    received: int = 0


@dataclass(slots=True)
class _File:
    opened: float
    touched: float
    total: int | None = None
    received: int = 0
    charged: int = 0
    pieces: list[bytes] = field(default_factory=list, repr=False)


class Assembly:
    """The unfinished files of this process. Used from the event loop; nothing here waits."""

    def __init__(self, budget: ByteBudget, max_file: int, seconds: float, rooms: Rooms) -> None:
        """`max_file` in bytes; `seconds` is the time until the next piece."""
        self._budget = budget
        self._max_file = max_file
        self._seconds = seconds
        self._clock = rooms.clock
        self._metrics = rooms.metrics
        self._files: dict[Key, _File] = {}

    def receive(self, passage: Passage, message: Message) -> Message | Reply | Refused:
        """What becomes of a request to an endpoint that takes pieces: it goes on to be judged (itself, or as the whole
        file), it is answered here, or it is refused. The passage holds the bytes of what goes on."""
        key = (passage.exchange.person.identity, passage.match.tool_id, message.url)
        way = passage.match.endpoint.pieces
        try:
            piece = pieces.piece_of(message, way)
        except PieceError as error:
            return self._misfit(key, error.misfit)
        if piece is None or piece.step is Step.CANCEL:
            if piece is not None or message.body:
                self._drop(key, "cancelled")
            return message
        file = self._files.get(key)
        if file is not None:
            file.touched = self._clock()
            if piece.step is Step.QUERY and piece.total != file.received:
                return pieces.held(message, way, file.received, self._ends(file))
        elif piece.step is Step.QUERY or piece.start is None:
            return message
        return self._add(key, file, piece, passage, message)

    def _add(
        self, key: Key, file: _File | None, piece: Piece, passage: Passage, message: Message
    ) -> Message | Reply | Refused:
        """One more piece; also a query that tells the length of a file of which every byte is here."""
        if file is None:
            if piece.start:
                return self._misfit(key, Misfit.UNKNOWN)
            file = _File(self._clock(), self._clock())
        if misfit := _misfit_of(piece, file):
            return self._misfit(key, misfit)
        if max(file.received + len(message.body), piece.total or 0) > self._max_file:
            self._drop(key, "refused")
            return self._refused(Refused(ReasonCode.TOO_LARGE, "file"))
        if not self._keep(key, file, passage, message.body):
            self._drop(key, "refused")
            return self._refused(Refused(ReasonCode.INSPECTION_BUSY, "bytes"))
        if piece.step is not Step.PIECE:
            return self._joined(key, file, passage, message)
        file.total = piece.total or file.total
        return pieces.held(message, passage.match.endpoint.pieces, file.received, self._ends(file))

    def make_room(self, size: int, owner: str) -> None:
        """Forget files of this person that stand still, oldest first, when a request of `size` bytes needs the room."""
        if self._budget.has_room(size, owner):
            return
        latest = self._clock() - STILL_SECONDS
        still = [key for key, file in self._files.items() if key[0] == owner and file.touched < latest]
        for key in sorted(still, key=lambda key: self._files[key].touched):
            if self._budget.has_room(size, owner):
                return
            self._drop(key, "crowded_out")

    def sweep(self) -> None:
        """Forget what was abandoned."""
        now = self._clock()
        for key in [key for key, file in self._files.items() if self._ends(file) <= now]:
            self._drop(key, "abandoned")

    def _keep(self, key: Key, file: _File, passage: Passage, body: bytes) -> bool:
        """Take over the bytes of a request; False, with nothing taken, when there is no room for them."""
        owner = key[0]
        more = max(len(body) - passage.held_bytes, 0) + PIECE_BYTES
        self.make_room(more, owner)
        if self._budget.take(more, owner) is not Room.ENOUGH:
            self._budget.give_back(more, owner)
            return False
        file.charged += passage.held_bytes + more
        passage.held_bytes = 0
        file.pieces.append(body)
        file.received += len(body)
        self._files[key] = file
        self._metrics.pieces.labels("kept").inc()
        self._metrics.unfinished_uploads.set(len(self._files))
        return True

    def _joined(self, key: Key, file: _File, passage: Passage, message: Message) -> Message:
        body = b"".join(file.pieces)
        passage.held_bytes, file.charged = file.charged, 0
        self._drop(key, "joined")
        return pieces.whole(message, body)

    def _misfit(self, key: Key, misfit: Misfit) -> Refused:
        """The pieces so far stay: the client asks how far it got, and goes on from there."""
        file = self._files.get(key)
        received = file.received if file else 0
        return self._refused(Refused(ReasonCode.PIECE_MISPLACED, misfit.value, misfit, received))

    def _refused(self, refused: Refused) -> Refused:
        self._metrics.pieces.labels("refused").inc()
        return refused

    def _drop(self, key: Key, ending: str) -> None:
        """Let go of a file and its bytes, if it is here."""
        if key not in self._files:
            return
        file = self._files.pop(key)
        self._budget.give_back(file.charged, key[0])
        self._metrics.ended_uploads.labels(ending).inc()
        self._metrics.unfinished_uploads.set(len(self._files))

    def _ends(self, file: _File) -> float:
        return min(file.touched + self._seconds, file.opened + LONGEST_SECONDS)


def _misfit_of(piece: Piece, file: _File) -> Misfit | None:
    if piece.start is not None and piece.start != file.received:
        return Misfit.OVERLAP if piece.start < file.received else Misfit.GAP
    if file.total is not None and piece.total is not None and piece.total != file.total:
        return Misfit.TOTAL
    return None
