"""Where a tool stands on a day: the register's screening state, computed and never stored."""

from datetime import date

from gateway.model.inspection import DataClass
from gateway.model.traffic import Standing
from gateway.rulebook.documents.tool import ScreeningStatus, Tool

ABOUT_PEOPLE = frozenset(
    {
        DataClass.PERSONAL,
        DataClass.NATIONAL_IDENTIFIER,
        DataClass.SPECIAL_CATEGORY,
        DataClass.CRIMINAL,
        DataClass.FINANCIAL,
    }
)
"""Classes for which "DPIA and IAMA, always beforehand" holds (municipal AI policy; AVG art. 35)."""


def standing_of(tool: Tool, today: date) -> Standing:
    """Rejected and withdrawn stay so; a prohibited risk class is rejected; a screening past its last day is expired."""
    match tool.screening.status:
        case ScreeningStatus.WITHDRAWN:
            return Standing.WITHDRAWN
        case ScreeningStatus.REJECTED:
            return Standing.REJECTED
        case _ if tool.ai_act.get("risk_class") == "prohibited":
            return Standing.REJECTED
        case ScreeningStatus.PENDING:
            return Standing.PENDING
        case ScreeningStatus.SCREENED:
            until = tool.screening.valid_until
            return Standing.EXPIRED if until is None or until < today else Standing.SCREENED


def missing_assessments(tool: Tool) -> tuple[str, ...]:
    """The assessments a screened tool lacks: for people's data a `dpia` and an `iama`, neither of them a no-go."""
    if tool.screening.status is not ScreeningStatus.SCREENED or not ABOUT_PEOPLE.intersection(tool.use.data_classes):
        return ()
    passed = {assessment.type for assessment in tool.screening.assessments if assessment.outcome != "no_go"}
    return tuple(kind for kind in ("dpia", "iama") if kind not in passed)
