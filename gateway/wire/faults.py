"""What a codec raises when a source is not its own, and what kind of gap that would be."""

from gateway.errors import WireError
from gateway.model.inspection import GapKind


class CodecError(WireError):
    """The source cannot be read by this codec. `kind` is the gap it leaves; the message is the codec's name only."""

    def __init__(self, codec: str, kind: GapKind = GapKind.UNREADABLE) -> None:
        super().__init__(codec)
        self.codec = codec
        self.kind = kind
