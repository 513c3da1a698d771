"""The Dutch lists and models of `nl_models`, loaded once before workers fork; each may be switched off or swapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.detection.phrases.registered import Register, RegisteredDocuments
from gateway.errors import SettingsError

if TYPE_CHECKING:
    from nl_models import Lexicon, SecondOpinion


@dataclass(frozen=True, slots=True)
class Models:
    """What was loaded; None is switched off or not installed. `pipeline` is a spaCy pipeline with PER in its `ents`."""

    lexicon: Lexicon | None = None
    pipeline: Any = None
    second_opinion: SecondOpinion | None = None
    registered: RegisteredDocuments = field(default_factory=lambda: RegisteredDocuments((), b""))

    def warm(self) -> str:
        """Have the pipeline remember ordinary words (a memory zone forgets those it adds); they come back as a text."""
        if self.lexicon is None:
            return ""
        words = " ".join(self.lexicon.ordinary_words())
        if self.pipeline is not None:
            self.pipeline.tokenizer(words)
        return words


@dataclass(frozen=True, slots=True)
class ModelPaths:
    """Which models to load. None is the shipped artefact; `pipeline` may be any local spaCy folder."""

    lexicon: Path | None = None
    pipeline: Path | None = None
    second_opinion: Path | None = None
    registered: Path | None = None
    use_lexicon: bool = True
    use_pipeline: bool = True
    use_second_opinion: bool = True

    def load(self) -> Models:
        """Load what is switched on. Raises SettingsError when an artefact is missing or damaged."""
        from nl_models import (  # noqa: PLC0415 - importing spaCy takes a second
            ModelError,
            load_lexicon,
            load_pipeline,
            load_second_opinion,
        )

        try:
            return Models(
                lexicon=load_lexicon(self.lexicon) if self.use_lexicon else None,
                pipeline=load_pipeline(self.pipeline) if self.use_pipeline else None,
                second_opinion=load_second_opinion(self.second_opinion) if self.use_second_opinion else None,
                registered=Register(self.registered).load() if self.registered else RegisteredDocuments((), b""),
            )
        except ModelError as error:
            raise SettingsError(str(error)) from None
