"""Whether a rule's `when` holds for a question: who, where and what, each empty when it does not matter."""

from gateway.model.policy import Question
from gateway.rulebook.documents.usage import What, When, Where, Who

EVERYBODY = "all"


def holds(when: When, question: Question) -> bool:
    return (
        _is_about(when.who, question)
        and _is_at(when.where, question)
        and (when.what is None or _contains(when.what, question))
    )


def includes(departments: tuple[str, ...], department: str) -> bool:
    """Whether a list of departments means this one; `all` means every one, also an unknown one."""
    return EVERYBODY in departments or department in departments


def _is_about(who: Who, question: Question) -> bool:
    return (
        (not who.departments or includes(who.departments, question.department))
        and not includes(who.not_departments, question.department)
        and (not who.roles or not set(who.roles).isdisjoint(question.roles))
    )


def _is_at(where: Where, question: Question) -> bool:
    return (
        (not where.tools or question.tool_id in where.tools)
        and (not where.standings or question.standing in where.standings)
        and (not where.endpoints or question.endpoint_kind in where.endpoints)
        and (not where.transports or question.transport in where.transports)
    )


def _contains(what: What, question: Question) -> bool:
    """Every key that is set must hold; `at_least` counts entities and data classes."""
    return (
        (what.entity is None or question.entities.get(what.entity, 0) >= what.at_least)
        and (what.data_class is None or question.data_classes.get(what.data_class, 0) >= what.at_least)
        and (what.gap is None or what.gap in question.gaps)
        and (what.part_role is None or what.part_role in question.part_roles)
        and (what.persons is None or question.persons >= what.persons)
        and (what.dossier is None or question.is_dossier is what.dossier)
        and (what.uploads is None or question.uploads >= what.uploads)
        and (not what.any or any(_contains(part, question) for part in what.any))
        and all(_contains(part, question) for part in what.all)
        and not any(_contains(part, question) for part in what.none)
    )
