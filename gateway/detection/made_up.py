"""Made-up people: training cases, personas, role plays. Naming them names nobody."""

import re
from collections.abc import Mapping

from gateway.detection.context import ContextWords

MARKERS = "made-up-markers"
"""The list of words that call the people of a text made up."""

_OF_THE_WORLD = re.compile(r"@\w|\d{5}|\d[ .-]\d{2,}[ .-]\d|\b[1-9]\d{3} ?[A-Z]{2}\b|\b[A-Z]{2}\d{2} ?[A-Z]{4}")
"""Mail addresses, long numbers, postcodes, accounts: who has one of these is no character, whatever the text says."""


class MadeUp:
    """Tells texts about made-up people by the words of a list; never so where the list is absent."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        self._markers = ContextWords.of(lists.get(MARKERS, ()))

    def is_all(self, text: str) -> bool:
        """Whether the text says that its people are made up, and holds nothing that belongs to a real one."""
        if self._markers is None or next(self._markers.within(text, 0, len(text)), None) is None:
            return False
        return not _OF_THE_WORLD.search(text)
