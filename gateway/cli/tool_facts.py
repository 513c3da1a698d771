"""The register's tools as reports take them: what the audit room needs, without the rulebook's types."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.audit.reports.facts import ToolFacts
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.rulebook.documents.tool import Tool


def read_tools(settings: Settings) -> Mapping[str, ToolFacts]:
    """Every tool of the rulebook in force by the settings. Raises `RuleError`."""
    from gateway.rulebook.load import load, shipped_rules

    book = load(settings.rules or shipped_rules(), overlay=settings.rules_overlay)
    return {tool.id: _facts(tool) for tool in book.tools}


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
