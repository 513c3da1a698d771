"""One file of the corpus, and what hides in it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.documents.making import NAME


@dataclass(frozen=True, slots=True)
class Case:
    """One file: its format and place, how it is made, and the values that must be found (none: harmless)."""

    family: str
    place: str
    make: Callable[[], bytes]
    values: tuple[str, ...] = (NAME,)
    needs_ocr: bool = False

    @property
    def id(self) -> str:
        return f"{self.family}: {self.place}"
