"""What the house rules would do with a text or a file at a screened tool: the trial behind `inspect` and `detect`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from gateway.decision.decide import decide
from gateway.decision.question import ask
from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.model.inspection import Gap, Inspection
from gateway.model.policy import Decision
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Extraction,
    Person,
    PromptPart,
    Standing,
    ToolMatch,
    Upload,
)
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import default_root, load


@dataclass(frozen=True, slots=True)
class Trial:
    """A rulebook and its detector, in this process; nothing is sent or recorded."""

    book: RuleBook
    inspector: Inspector

    @classmethod
    def open(cls, rules: Path | None, models: ModelPaths | None = None) -> Self:
        """Loads rules (None: the shipped ones) and models; raises `RuleError` or another `GatewayError`."""
        book = load(rules or default_root())
        return cls(book, Inspector(book.detection, book.lists, models or ModelPaths()))

    def judge(
        self,
        parts: Sequence[PromptPart],
        *,
        at: float,
        gaps: Sequence[Gap] = (),
        uploads: Sequence[Upload] = (),
        kind: EndpointKind = EndpointKind.PROMPT,
    ) -> tuple[Inspection, Decision]:
        """What is found in the parts, and what is decided about it for somebody at a screened tool on that day."""
        inspection = self.inspector.inspect(parts)
        inspection = replace(inspection, gaps=(*gaps, *inspection.gaps))
        match = ToolMatch("", "", Standing.SCREENED, EndpointFormat("", kind))
        exchange = Exchange("", at, Person(), Destination("https", "", 443, "POST", "/"))
        extraction = Extraction(tuple(parts), tuple(uploads), tuple(gaps))
        return inspection, decide(ask(exchange, match, extraction, inspection), self.book)
