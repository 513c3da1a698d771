"""Faults in the register's paperwork: what a screened tool must show, and what is due on a day.

Sources: the ten boxes are those of the municipal checklist for responsible use of generative AI; DPIA and IAMA
"always beforehand" is municipal policy (AVG art. 35); risk classes are those of the AI Act (art. 5, 6, 50).
"""

from collections.abc import Iterator
from datetime import date

from gateway.errors import Problem
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import ScreeningStatus, Tool
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.lint.codes import found
from gateway.rulebook.standing import missing_assessments

CHECKLIST = (
    "purpose_and_public_value",
    "risk_analysis",
    "privacy_reviewed",
    "measures_taken",
    "supplier_agreement",
    "citizen_transparency",
    "explainable_output",
    "owners_named",
    "in_algorithm_register",
    "staff_informed_and_trained",
)
"""The boxes to tick before a tool goes live; each holds a reference to its evidence."""

CONTRACT = ("reference", "processor_agreement", "hosting", "trains_on_input", "retention_days")
RISK_CLASSES = ("prohibited", "high", "limited", "minimal")
MAX_EVIDENCE_MONTHS = 12


def problems(items: tuple[Loaded[Document], ...], today: date) -> Iterator[Problem]:
    tools = {item.document.id: item.document for item in of_kind(items, Tool)}
    own = {item.document.tool for item in of_kind(items, ToolScreening)}
    for item in items:
        match item.document:
            case Tool() as tool:
                yield from _evidence(item, tool, today)
                if tool.id not in own:
                    yield from _paperwork(item, tool, today)
            case ToolScreening():
                shipped = tools.get(item.document.tool)
                if shipped is None:
                    yield found(item, "tool-missing", f"there is no tool `{item.document.tool}`", "tool")
                else:
                    yield from _paperwork(item, item.document.over(shipped), today)


def _paperwork(item: Loaded[Document], tool: Tool, today: date) -> Iterator[Problem]:
    risk = tool.ai_act.get("risk_class", "")
    if risk and risk not in RISK_CLASSES:
        yield found(item, "risk-class", f"`{risk}` is none of {', '.join(RISK_CLASSES)}", "ai_act", "risk_class")
    match tool.screening.status:
        case ScreeningStatus.SCREENED:
            yield from _screened(item, tool, today)
        case ScreeningStatus.REJECTED | ScreeningStatus.WITHDRAWN if tool.screening.reason is None:
            yield found(item, "reason-for-no", "say why, so that staff can read it", "screening")
        case _:
            return


def _screened(item: Loaded[Document], tool: Tool, today: date) -> Iterator[Problem]:
    screening = tool.screening
    for name in missing_assessments(tool):
        yield found(item, "assessments-missing", f"`{name}` with a go is required for people's data", "screening")
    for name in ("decided_on", "decided_by", "valid_until"):
        if not getattr(screening, name):
            yield found(item, "screening-incomplete", f"`{name}` is missing", "screening")
    for box in CHECKLIST:
        if not screening.checklist.get(box):
            yield found(item, "checklist-incomplete", f"`{box}` has no evidence", "screening", "checklist")
    for name in CONTRACT:
        if not tool.contract.get(name):
            yield found(item, "contract-incomplete", f"`{name}` is missing", "contract")
    if not tool.owner:
        yield found(item, "owner-missing", "name the role that owns the tool", "owner")
    if tool.ai_act.get("risk_class") == "high" and not tool.ai_act.get("eu_database_id"):
        yield found(item, "high-risk-unregistered", "`eu_database_id` is missing", "ai_act")
    if screening.valid_until and screening.valid_until < today:
        yield found(item, "tool-expired", f"{tool.id} expired on {screening.valid_until}", "screening", "valid_until")
    elif screening.review_after and screening.review_after < today:
        yield found(item, "review-due", f"since {screening.review_after}", "screening", "review_after")


def _evidence(item: Loaded[Document], tool: Tool, today: date) -> Iterator[Problem]:
    for index, endpoint in enumerate(tool.endpoints):
        if endpoint.evidence is None:
            continue
        year, month = (int(part) for part in endpoint.evidence.as_of.split("-"))
        if (today.year - year) * 12 + today.month - month > MAX_EVIDENCE_MONTHS:
            yield found(item, "evidence-old", f"as of {endpoint.evidence.as_of}", "endpoints", index, "evidence")
