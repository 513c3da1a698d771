"""What reports need to know besides the journal: the organisation, and its tools as the register has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Organisation:
    """The municipality. `exchange_days` and `lifecycle_days` are the terms of retention in force."""

    name: str
    contact: str = ""
    privacy_officer: str = ""
    security_officer: str = ""
    exchange_days: int = 365
    lifecycle_days: int = 396


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """One tool of the register, in plain words; `standing` is today's. Empty strings are facts nobody filled in."""

    id: str
    name: str
    supplier: str
    purpose: str
    standing: str
    owner: str = ""
    valid_until: str = ""
    decided_on: str = ""
    decided_by: str = ""
    assessments: tuple[tuple[str, str, str], ...] = ()
    data_classes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    contract: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    ai_act: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    contacts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    algorithm_register: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
