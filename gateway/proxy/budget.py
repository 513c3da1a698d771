"""The byte budget of one process: bodies that wait for a verdict are in memory, so their sum has a limit."""

from enum import StrEnum


class Room(StrEnum):
    """What can be done with a body that announces itself."""

    ENOUGH = "enough"
    REFUSE = "refuse"
    CUT_OFF = "cut-off"


class ByteBudget:
    """Counts bytes held. A refused body is still read by the engine, so beyond twice the limit it is cut off."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    def take(self, size: int) -> Room:
        """Hold `size` bytes, whatever the answer; `give_back` must follow."""
        self.held += size
        if self.held <= self.limit:
            return Room.ENOUGH
        return Room.REFUSE if self.held <= 2 * self.limit else Room.CUT_OFF

    def give_back(self, size: int) -> None:
        self.held = max(0, self.held - size)
