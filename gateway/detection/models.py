"""The Dutch lists and models of `nl_models`, loaded once before workers fork; each may be switched off or swapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gateway.errors import SettingsError


class Lexicon(Protocol):
    """Name, street and place lists; words in any case and with or without accents."""

    def first_name(self, word: str) -> bool: ...
    def surname(self, name: str) -> int: ...
    def commonness(self, word: str) -> int: ...
    def street(self, name: str) -> bool: ...
    def place(self, name: str) -> bool: ...


class SecondOpinion(Protocol):
    """Model B: persons in the given sentences, as (start, end, label, score) in offsets of the text."""

    def persons(self, text: str, sentences: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int, str, float]]: ...


@dataclass(frozen=True, slots=True)
class Models:
    """What was loaded; None is switched off."""

    lexicon: Lexicon | None = None
    pipeline: Any = None
    second_opinion: SecondOpinion | None = None


@dataclass(frozen=True, slots=True)
class ModelPaths:
    """Which models to load. None is the shipped artefact; a path is any local spaCy folder, or another artefact."""

    pipeline: Path | None = None
    second_opinion: Path | None = None
    use_lexicon: bool = True
    use_pipeline: bool = True
    use_second_opinion: bool = True

    def load(self) -> Models:
        """Load what is switched on. Raises SettingsError when an artefact is missing or damaged."""
        from nl_models import load_lexicon, load_pipeline, load_second_opinion  # noqa: PLC0415 - seconds of imports

        try:
            return Models(
                lexicon=load_lexicon() if self.use_lexicon else None,
                pipeline=load_pipeline(self.pipeline) if self.use_pipeline else None,
                second_opinion=load_second_opinion(self.second_opinion) if self.use_second_opinion else None,
            )
        except (OSError, ValueError, KeyError) as error:
            raise SettingsError(f"a language model does not load ({type(error).__name__}): check its folder") from None
