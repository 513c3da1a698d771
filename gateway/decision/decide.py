"""The policy decision point: the strictest matching verdict wins, and every match is recorded."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateway.decision.claims import Claim, claims, shadow_claims
from gateway.model.policy import Decision, Obligations, Question, Reason, ReasonCode, Verdict
from gateway.rulebook.book import RuleBook

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""Dates in rule files are days in the Netherlands."""

_INCIDENTS = ("none", "possible", "likely")


def decide(question: Question, book: RuleBook) -> Decision:
    """The verdict on a question, the same for any order of the rules.

    Claims with the winning verdict merge their obligations. A redaction on an endpoint whose body cannot be changed
    becomes a refusal. Nothing that matches means allow.
    """
    today = datetime.fromtimestamp(question.at, UTC).astimezone(AMSTERDAM).date()
    heard = sorted(claims(question, book, today), key=_order)
    shadow = tuple(sorted((claim.rule_id, claim.verdict) for claim in shadow_claims(question, book, today)))
    verdict = max((claim.verdict for claim in heard), key=lambda item: item.strength, default=Verdict.ALLOW)
    winning = [claim for claim in heard if claim.verdict is verdict]
    overruled = [claim for claim in heard if claim.verdict is not verdict]
    obligations = _merge(verdict, winning)
    extra: tuple[Reason, ...] = ()
    if verdict is Verdict.REDACT and not question.can_rewrite:
        verdict = Verdict.REFUSE
        extra = (Reason(ReasonCode.REWRITE_FORBIDDEN, question.tool_id),)
        obligations = Obligations(message=f"reason.{ReasonCode.REWRITE_FORBIDDEN}", notify=obligations.notify)
    return Decision(
        verdict=verdict,
        obligations=obligations,
        reasons=extra + _reasons(question, winning, overruled, shadow),
        winning=tuple(claim.rule_id for claim in winning if claim.rule_id),
        overruled=tuple(claim.rule_id for claim in overruled if claim.rule_id),
        shadow=shadow,
        incident=max((claim.incident for claim in heard), key=_INCIDENTS.index, default="none"),
        revision=book.revision,
    )


def _order(claim: Claim) -> tuple[int, int, str]:
    """Which message speaks for equal verdicts: by voice, then the gravest incident, then the name."""
    return claim.voice, -_INCIDENTS.index(claim.incident), claim.reason.subject


def _merge(verdict: Verdict, winning: Iterable[Claim]) -> Obligations:
    if verdict is Verdict.ALLOW:
        return Obligations()
    winning = tuple(winning)
    redact = frozenset(entity for claim in winning for entity in claim.redact)
    return Obligations(
        redact=redact if verdict is Verdict.REDACT else frozenset(),
        message=winning[0].message,
        justification=verdict is Verdict.COACH,
        notify=tuple(sorted({address for claim in winning for address in claim.notify})),
    )


def _reasons(
    question: Question, winning: list[Claim], overruled: list[Claim], shadow: tuple[tuple[str, Verdict], ...]
) -> tuple[Reason, ...]:
    """What won, which exceptions made it so, what was overruled, what only watched; or why nothing had to be said."""
    reasons = [claim.reason for claim in winning]
    reasons += [
        Reason(ReasonCode.EXCEPTION_APPLIED, claim.exception_id)
        for claim in (*winning, *overruled)
        if claim.exception_id
    ]
    for claim in overruled:
        reasons.append(Reason(ReasonCode.RULE_OVERRULED, claim.rule_id) if claim.rule_id else claim.reason)
    reasons += [Reason(ReasonCode.RULE_SHADOWED, rule_id) for rule_id, _ in shadow]
    if not winning:
        quiet = ReasonCode.CLEAN if question.endpoint_kind.is_read else ReasonCode.NOT_READ
        reasons.insert(0, Reason(quiet, question.endpoint_kind))
    return tuple(reasons)
