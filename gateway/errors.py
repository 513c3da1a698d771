"""The error tree.

GatewayError
├── SettingsError          a deployment setting is missing, wrong or unsafe; the gateway does not start
├── RuleError              a rule file is wrong; carries every problem with file, line and column
├── WireError              a message cannot be decoded or an edit cannot be made
├── InspectionError        inspection did not finish; its `reason` says why
├── DocumentError          a file reader failed in a way that is not a gap
├── EnforcementError       a decision could not be carried out
└── JournalError           the journal cannot be read or written

No message of these holds text from the traffic. Each of them makes the guard refuse an AI request.
"""

from dataclasses import dataclass

from gateway.model.policy import ReasonCode


class GatewayError(Exception):
    """Any failure of ours that a person should read as one line."""


class SettingsError(GatewayError):
    """A deployment setting is missing, wrong or unsafe. The message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a rule file. `line` and `column` count from 1; 0 when the whole file is meant."""

    code: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    severity: str = "error"

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.severity} {self.code}: {self.message}"


class RuleError(GatewayError):
    """The rulebook does not load. `problems` holds every fault found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class WireError(GatewayError):
    """A message cannot be decoded, or an edit cannot be made exactly."""


class InspectionError(GatewayError):
    """Inspection did not finish: timeout, full queue, dead worker, or a failing recognizer."""

    def __init__(self, reason: ReasonCode, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason


class DocumentError(GatewayError):
    """A file could not be read or rewritten, in a way that is not a gap of the file itself."""


class EnforcementError(GatewayError):
    """A decision could not be carried out; the request is refused."""


class JournalError(GatewayError):
    """The journal cannot be written or read. No audit row, no service."""
