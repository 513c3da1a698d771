"""The byte budget of one process: bodies that wait for a verdict are in memory, so their sum has a limit."""

from enum import StrEnum


class Room(StrEnum):
    """What can be done with a body that announces itself."""

    ENOUGH = "enough"
    REFUSE = "refuse"
    CUT_OFF = "cut-off"


class ByteBudget:
    """Counts bytes held. A refused body is still read by the engine, so beyond twice the limit it is cut off.

    Half of the limit is the most for one owner, so that nobody can announce bodies, send none, and shut others out.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._owners: dict[str, int] = {}

    def take(self, size: int, owner: str) -> Room:
        """Hold `size` bytes for `owner`, whatever the answer; `give_back` must follow."""
        self.held += size
        self._owners[owner] = self._owners.get(owner, 0) + size
        if self.held > 2 * self.limit or self._owners[owner] > max(size, self.limit // 2):
            return Room.CUT_OFF
        return Room.ENOUGH if self.held <= self.limit else Room.REFUSE

    def has_room(self, size: int, owner: str) -> bool:
        """Whether `take` would say ENOUGH."""
        own = self._owners.get(owner, 0) + size
        return self.held + size <= self.limit and own <= max(size, self.limit // 2)

    def give_back(self, size: int, owner: str) -> None:
        """Let go of bytes that were taken."""
        self.held = max(0, self.held - size)
        left = self._owners.pop(owner, 0) - size
        if left > 0:
            self._owners[owner] = left
