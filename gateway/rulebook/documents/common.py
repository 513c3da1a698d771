"""What every rule document shares: a kind, an id, an owner, a status, and texts in two languages."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DocumentId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""Lower-case words joined by hyphens; the file is named after it."""


class Document(BaseModel):
    """A rule document. All scalars arrive as strings (YAML 1.1 destroys BSNs); unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Document):
    """A text for people: Dutch (B1) and English."""

    nl: str
    en: str


class RuleStatus(StrEnum):
    """The maturity ladder: draft is loaded and never evaluated, shadow is evaluated and counted, never enforced."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ENFORCED = "enforced"
    RETIRED = "retired"
