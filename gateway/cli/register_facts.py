"""The register and the house as reports take them: what the audit room needs, without the rulebook's types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.audit.reports.facts import Organisation, ToolFacts
from gateway.audit.retention import Terms
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.rulebook.documents.tool import Tool


@dataclass(frozen=True, slots=True)
class Register:
    """The municipality, and its tools by id."""

    organisation: Organisation
    tools: Mapping[str, ToolFacts]


def read_register(settings: Settings, terms: Terms) -> Register:
    """Read the rulebook that the settings name. Raises `RuleError`."""
    from gateway.rulebook.load import default_root, load

    book = load(settings.rules or default_root(), overlay=settings.rules_overlay)
    contacts = book.house.contacts
    organisation = Organisation(
        name=settings.organisation,
        contact=settings.help_contact or contacts.helpdesk,
        privacy_officer=contacts.privacy,
        security_officer=contacts.security,
        exchange_days=terms.exchange_days,
        lifecycle_days=max(terms.exchange_days, terms.lifecycle_days),
    )
    return Register(organisation, {tool.id: _facts(tool) for tool in book.tools})


def _facts(tool: "Tool") -> ToolFacts:
    from gateway.rulebook.standing import standing_of

    screening = tool.screening
    return ToolFacts(
        id=tool.id,
        name=tool.name,
        supplier=tool.supplier,
        purpose=tool.purpose.nl,
        standing=standing_of(tool, datetime.now(UTC).date()).value,
        owner=tool.owner,
        valid_until=str(screening.valid_until or ""),
        decided_on=str(screening.decided_on or ""),
        decided_by=screening.decided_by,
        assessments=tuple((one.type, one.reference, one.outcome) for one in screening.assessments),
        data_classes=tuple(one.value for one in tool.use.data_classes),
        purposes=tool.use.purposes,
        contract=tool.contract,
        ai_act=tool.ai_act,
        contacts=tool.contacts,
        algorithm_register=tool.algorithm_register,
    )
