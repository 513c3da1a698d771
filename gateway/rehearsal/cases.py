"""The cases beside rules and tools: what must be found, decided and read, and what is known to go wrong today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from gateway.decision.decide import decide
from gateway.decision.question import ask_plainly
from gateway.errors import WireError
from gateway.model.inspection import DATA_CLASS_OF, DataClass, Finding, Inspection
from gateway.model.policy import Decision, Question
from gateway.model.traffic import PartRole, PromptPart
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.cases import AskedQuestion, Case, ExpectedFinding, RuleTest
from gateway.rulebook.standing import standing_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = time(12)


class Result(StrEnum):
    """`known`: it fails, as its note says. `outdated`: it has such a note and passes now, so the note must go."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN = "known"
    OUTDATED = "outdated"
    SKIPPED = "skipped"

    @property
    def is_good(self) -> bool:
        return self in {Result.PASSED, Result.KNOWN, Result.SKIPPED}


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went; `message` says what differs, in entities, offsets and codes."""

    covers: str
    case: str
    result: Result
    message: str = ""


@dataclass(frozen=True, slots=True)
class Dissected:
    """What a recorded exchange was read as: the tool and endpoint it matched, and its human texts in order."""

    tool_id: str
    endpoint_id: str
    texts: tuple[str, ...]


class Inspects(Protocol):
    """Detection, as `gateway.detection.inspector.Inspector`."""

    def inspect(self, parts: tuple[PromptPart, ...]) -> Inspection: ...


class Dissects(Protocol):
    """Reading a sample file through the rulebook's endpoints and wire."""

    def __call__(self, path: Path, book: RuleBook) -> Dissected: ...


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All cases of a book. What there is no inspector or dissector for is skipped, and says so.

    `today` is the day on which questions are asked that name none; `samples` the folder sample paths start from.
    """

    book: RuleBook
    today: datetime
    inspector: Inspects | None = None
    dissect: Dissects | None = None
    samples: Path | None = None

    def run(self, only: Iterable[str] = ()) -> Iterator[CaseResult]:
        """Every case, or those of the documents named."""
        wanted = set(only)
        for test in self.book.tests:
            if not wanted or test.covers in wanted:
                for case in test.cases:
                    yield self._judge(test, case)

    def _judge(self, test: RuleTest, case: Case) -> CaseResult:
        faults = self._faults(test, case)
        if faults is None:
            return CaseResult(test.covers, case.id, Result.SKIPPED, "nothing to run it with")
        is_known = bool(case.known_miss or case.known_false_alarm)
        if faults:
            return CaseResult(test.covers, case.id, Result.KNOWN if is_known else Result.FAILED, "; ".join(faults))
        if is_known:
            return CaseResult(test.covers, case.id, Result.OUTDATED, "it passes now: take its note away")
        return CaseResult(test.covers, case.id, Result.PASSED)

    def _faults(self, test: RuleTest, case: Case) -> list[str] | None:
        if case.question is not None:
            return list(_decision_faults(case, self._decide(self._question(case.question))))
        if case.text is not None:
            return self._text_faults(test, case, case.text)
        return self._sample_faults(test, case)

    def _text_faults(self, test: RuleTest, case: Case, text: str) -> list[str] | None:
        if self.inspector is None:
            return None
        part = PromptPart("text", PartRole.USER, text)
        inspection = self.inspector.inspect((part,))
        faults: list[str] = []
        if case.expect is not None:
            findings = [finding for finding in inspection.findings if finding.rule_id == test.covers]
            faults += _finding_faults(text, case.expect, findings)
        asked = self._about(ask_plainly(inspection, at=self.today.timestamp()), case.tool)
        return faults + list(_decision_faults(case, self._decide(asked)))

    def _sample_faults(self, test: RuleTest, case: Case) -> list[str] | None:
        if self.dissect is None or self.samples is None or case.sample is None:
            return None
        try:
            read = self.dissect(self.samples / case.sample, self.book)
        except (OSError, WireError):
            return ["the sample cannot be read"]
        faults = []
        if read.tool_id != test.covers:
            faults.append(f"it belongs to {read.tool_id or 'no tool'}")
        if case.endpoint is not None and read.endpoint_id != case.endpoint:
            faults.append(f"endpoint {read.endpoint_id}, not {case.endpoint}")
        missed = [number for number, text in enumerate(case.texts or (), 1) if text not in read.texts]
        if missed:
            faults.append(f"text {', '.join(map(str, missed))} of the case is not read")
        return faults

    def _decide(self, question: Question) -> Decision:
        return decide(question, self.book)

    def _about(self, question: Question, tool_id: str | None) -> Question:
        """The question put to a tool of the register, where it stands today."""
        tool = self.book.tool(tool_id or "")
        if tool is None:
            return question
        return _replaced(question, tool_id=tool.id, standing=standing_of(tool, self.today.date()))

    def _question(self, asked: AskedQuestion) -> Question:
        day = datetime.combine(asked.on, NOON, AMSTERDAM) if asked.on else self.today
        classes: dict[DataClass, int] = {}
        for entity, count in asked.entities.items():
            classes[DATA_CLASS_OF[entity]] = classes.get(DATA_CLASS_OF[entity], 0) + count
        question = Question(
            at=day.timestamp(),
            department=asked.department,
            roles=asked.roles,
            tool_id="",
            standing=asked.standing,
            endpoint_kind=asked.endpoint,
            transport=asked.transport,
            entities=dict(asked.entities),
            data_classes=classes,
            part_roles=frozenset(asked.part_roles),
            gaps=asked.gaps,
            persons=asked.persons,
            is_dossier=asked.dossier,
            uploads=asked.uploads,
            can_rewrite=asked.can_rewrite,
        )
        return _replaced(question, tool_id=asked.tool) if asked.tool else question


def _replaced(question: Question, **changes: object) -> Question:
    return replace(question, **changes)  # type: ignore[arg-type]


def _finding_faults(text: str, expected: tuple[ExpectedFinding, ...], findings: list[Finding]) -> Iterator[str]:
    """What differs, in order of place: count, entity, span, checksum."""
    found = sorted(findings, key=lambda finding: finding.start)
    if len(found) != len(expected):
        places = ", ".join(f"{finding.entity} {finding.start}–{finding.end}" for finding in found) or "nothing"
        yield f"{len(expected)} expected, found {places}"
        return
    for want, finding in zip(expected, found, strict=True):
        here = f"{finding.entity} {finding.start}–{finding.end}"
        if finding.entity is not want.entity:
            yield f"{here} is not {want.entity}"
        if want.span is not None and (finding.start, finding.end) != want.span:
            yield f"{here} is not {want.span[0]}–{want.span[1]}"
        if want.text and text[finding.start : finding.end] != want.text:
            yield f"{here} is not the expected text"
        if want.validated is not None and finding.validated is not want.validated:
            yield f"{here} is {'' if finding.validated else 'not '}validated"


def _decision_faults(case: Case, decision: Decision) -> Iterator[str]:
    if case.verdict is not None and decision.verdict is not case.verdict:
        why = ", ".join(f"{reason.code} {reason.subject}".strip() for reason in decision.reasons)
        yield f"{decision.verdict}, not {case.verdict} ({why})"
    missing = set(case.reasons) - {reason.code for reason in decision.reasons}
    if missing:
        yield f"without {', '.join(sorted(missing))}"
    if case.message is not None and decision.obligations.message != case.message:
        yield f"message {decision.obligations.message or 'none'}, not {case.message}"
    if case.redact is not None and not set(case.redact) <= decision.obligations.redact:
        yield f"leaves {', '.join(sorted(set(case.redact) - decision.obligations.redact))}"
