"""The event catalogue: every code the journal may hold, what it means, and which fields it has.

A code is `PG`, four digits and a letter: the first digit is the area (1 exchanges, 2 the gateway itself, 3 the journal,
4 people who use the journal), the letter the severity (I information, W warning, E error). Codes are
stable: a meaning never changes and a number is never used twice. `deploy/handbook/events.md` lists exactly these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.model.policy import Action, Verdict


@dataclass(frozen=True, slots=True)
class EventSpec:
    """One row of the catalogue. `fields` are the only ones a lifecycle event of this code may have."""

    code: str
    name: str
    meaning: str
    fields: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        return {"I": "info", "W": "warning", "E": "error"}[self.code[-1]]


_EXCHANGES = (
    EventSpec("PG1001I", "exchange.allowed", "An AI request was allowed as it is."),
    EventSpec("PG1002I", "exchange.warned", "An AI request was allowed, with a warning."),
    EventSpec("PG1003I", "exchange.coached", "An AI request was held until the person read a notice."),
    EventSpec("PG1004I", "exchange.redacted", "An AI request was allowed after data was taken out."),
    EventSpec("PG1005W", "exchange.refused", "An AI request was refused; nothing of it left."),
    EventSpec("PG1101I", "exchange.forwarded", "A decided request went out unchanged, and ended."),
    EventSpec("PG1102I", "exchange.rewritten", "A decided request went out rewritten, and ended."),
    EventSpec("PG1103I", "exchange.answered", "A decided request was answered by the gateway itself."),
    EventSpec("PG1104W", "exchange.dropped", "A decided request was cut off without an answer."),
)
_GATEWAY = (
    EventSpec("PG2001I", "gateway.started", "The gateway takes traffic.",
              ("version", "revision", "mode", "listeners", "opt_outs")),
    EventSpec("PG2002I", "gateway.draining", "No new connections are taken; running flows finish.", ("reason",)),
    EventSpec("PG2003I", "gateway.stopped", "The gateway stopped in good order.", ("reason", "unfinished")),
    EventSpec("PG2010I", "rulebook.loaded", "A rulebook came into force.", ("revision", "previous", "files")),
    EventSpec("PG2011W", "rulebook.rejected", "Changed rules do not load; the old rulebook stays.",
              ("revision", "problems")),
    EventSpec("PG2020E", "sentinel.failed", "What must be refused or found was not; not ready.", ("problem",)),
    EventSpec("PG2021W", "worker.replaced", "Detection workers died or hung and were replaced.", ("count",)),
    EventSpec("PG2030I", "certificate.issued", "A certificate was made.", ("certificate", "ends")),
    EventSpec("PG2031W", "certificate.rotated", "The certificate authority was replaced.", ("certificate", "ends")),
)  # fmt: skip
_JOURNAL = (
    EventSpec("PG3001I", "journal.opened", "A process began to write this journal.", ("segment", "rows", "version")),
    EventSpec("PG3002I", "journal.closed", "The process that wrote this journal closed it.", ("segment", "rows")),
    EventSpec("PG3003E", "journal.checkpoint-not-copied", "A signed checkpoint could not reach its second place.",
              ("segment", "error_type")),
)  # fmt: skip
_PEOPLE = (
    EventSpec("PG4001I", "audit.exported", "Events were exported.", ("by", "format", "rows", "since", "until")),
    EventSpec("PG4002W", "audit.looked-up", "Somebody asked whether a value was sent.",
              ("by", "entity", "purpose", "case", "hits")),
    EventSpec("PG4003W", "audit.unmasked", "A pseudonym was traced back to a person, by two people.",
              ("case", "purpose", "pseudonym", "approvers", "found")),
    EventSpec("PG4004W", "audit.unmask-refused", "A request to trace a pseudonym was refused.", ("case", "reason")),
    EventSpec("PG4005I", "audit.retained", "Rows past their term were deleted.",
              ("by", "segments", "rows", "emptied", "keys")),
    EventSpec("PG4006I", "audit.held", "Segments were put on hold and are not deleted.", ("by", "case", "segments")),
    EventSpec("PG4007I", "audit.released", "A hold on segments ended.", ("by", "case", "segments")),
    EventSpec("PG4008I", "audit.verified", "The journal was verified and found intact.", ("by", "rows", "last_root")),
    EventSpec("PG4009E", "audit.verification-failed", "The journal was verified and found broken.",
              ("by", "problems", "first")),
    EventSpec("PG4010I", "incident.opened", "An incident dossier was opened; its clock runs.",
              ("by", "incident", "exchanges", "deadline")),
    EventSpec("PG4011I", "incident.viewed", "An incident dossier was printed.", ("by", "incident")),
    EventSpec("PG4012I", "incident.closed", "An incident dossier was closed.", ("by", "incident", "result")),
    EventSpec("PG4013I", "report.written", "A report was made.", ("by", "report", "since", "until")),
)  # fmt: skip

CATALOGUE: Mapping[str, EventSpec] = MappingProxyType(
    {spec.code: spec for spec in (*_EXCHANGES, *_GATEWAY, *_JOURNAL, *_PEOPLE)}
)
"""Every event by its code."""

CODE_OF_VERDICT: Mapping[str, str] = MappingProxyType(
    {
        Verdict.ALLOW: "PG1001I",
        Verdict.WARN: "PG1002I",
        Verdict.COACH: "PG1003I",
        Verdict.REDACT: "PG1004I",
        Verdict.REFUSE: "PG1005W",
    }
)
CODE_OF_ACTION: Mapping[str, str] = MappingProxyType(
    {
        Action.FORWARDED: "PG1101I",
        Action.REWRITTEN: "PG1102I",
        Action.ANSWERED: "PG1103I",
        Action.DROPPED: "PG1104W",
    }
)


def is_exchange(code: str) -> bool:
    """Whether an event of this code is about one AI exchange (and so has the shorter term of retention)."""
    return code.startswith("PG1")
