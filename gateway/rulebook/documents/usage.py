"""`usage/v1` and `exception/v1`: who, where and what gives which verdict. Order never matters; the strictest wins."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

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
    """A condition on counts; every key that is set must hold, and at least one must be.

    `at_least` counts the entity or data class; `persons` and `uploads` are "this many or more"; `any`, `all` and
    `none` nest.
    """

    entity: Entity | None = None
    data_class: DataClass | None = None
    gap: GapKind | None = None
    part_role: PartRole | None = None
    persons: int | None = None
    dossier: bool | None = None
    uploads: int | None = None
    at_least: int = 1
    any: tuple["What", ...] = ()
    all: tuple["What", ...] = ()
    none: tuple["What", ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set - {"at_least"}:
            raise ValueError("an empty condition; leave `what` out when the content does not matter")
        return self


class When(Document):
    who: Who = Who()
    where: Where = Where()
    what: What | None = None


class Then(Document):
    """What a match asks for. A redaction names what it takes out; `message` defaults to the rule's own id."""

    verdict: Verdict
    redact: tuple[Entity, ...] = ()
    redact_classes: tuple[DataClass, ...] = ()
    message: str = ""
    notify: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _takes_something_out(self) -> Self:
        if (self.verdict is Verdict.REDACT) != bool(self.redact or self.redact_classes):
            raise ValueError("`redact` or `redact_classes` belongs to the verdict redact, and only to that one")
        return self


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
