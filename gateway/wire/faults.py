"""What a codec raises when a source is not its own, and what kind of gap that would be."""

from gateway.errors import WireError
from gateway.model.inspection import GapKind

MOST_VALUES = 100_000
"""A source with more slots than this is not read: a value of one byte costs a hundred times that in memory."""


class CodecError(WireError):
    """The source cannot be read by this codec. `kind` is the gap it leaves; the message is the codec's name only."""

    def __init__(self, codec: str, kind: GapKind = GapKind.UNREADABLE) -> None:
        super().__init__(codec)
        self.codec = codec
        self.kind = kind


def check_size(values: int) -> None:
    """Raises `CodecError` when a source would give more than `MOST_VALUES` slots; called before they are made."""
    if values > MOST_VALUES:
        raise CodecError("values", GapKind.TOO_LARGE)
