"""`usage/v1` and `exception/v1`: who, where and what gives which verdict. Order never matters; the strictest wins."""

from datetime import date
from typing import Literal

from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.policy import Verdict
from gateway.model.traffic import EndpointKind, PartRole, Standing, Transport
from gateway.rulebook.documents.common import Bilingual, Document, DocumentId, RuleStatus


class Who(Document):
    """Empty means everybody."""

    departments: tuple[str, ...] = ()
    not_departments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Where(Document):
    """Empty means everywhere."""

    tools: tuple[DocumentId, ...] = ()
    standings: tuple[Standing, ...] = ()
    endpoints: tuple[EndpointKind, ...] = ()
    transports: tuple[Transport, ...] = ()


class What(Document):
    """A condition on counts. A leaf names entity, data_class, gap, part_role or persons; `any` and `all` nest."""

    entity: Entity | None = None
    data_class: DataClass | None = None
    gap: GapKind | None = None
    part_role: PartRole | None = None
    persons: int | None = None
    dossier: bool | None = None
    at_least: int = 1
    any: tuple["What", ...] = ()
    all: tuple["What", ...] = ()
    none: tuple["What", ...] = ()


class When(Document):
    who: Who = Who()
    where: Where = Where()
    what: What | None = None


class Then(Document):
    verdict: Verdict
    redact: tuple[Entity, ...] = ()
    redact_classes: tuple[DataClass, ...] = ()
    message: str = ""
    notify: tuple[str, ...] = ()


class UsageRule(Document):
    kind: Literal["usage/v1"]
    id: DocumentId
    title: Bilingual
    status: RuleStatus
    owner: str
    basis: tuple[str, ...] = ()
    when: When
    then: Then
    incident: Literal["none", "possible", "likely"] = "none"


class RuleException(Document):
    """A dated, owned hole in one named rule. It ends by itself; it can never lift a tool's ceiling."""

    kind: Literal["exception/v1"]
    id: DocumentId
    title: Bilingual
    narrows: DocumentId
    when: When
    then: Then
    start: date
    until: date
    reason: str
    approved_by: str
