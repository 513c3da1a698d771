"""The rulebook as every other room sees it: immutable, picklable, and quick to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.errors import Problem
from gateway.model.inspection import Entity
from gateway.model.notice import Notice, RefusalTemplate
from gateway.model.policy import ReasonCode
from gateway.model.traffic import Standing, ToolMatch, Transport
from gateway.rulebook import notices
from gateway.rulebook.documents.cases import RuleTest
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.documents.messages import Messages
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule
from gateway.rulebook.hosts import HostTable, is_glob, sample
from gateway.rulebook.matching import UNCLAIMED, RoutingTable
from gateway.rulebook.standing import standing_of


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything policy, under one `revision`. Made by `gateway.rulebook.load.load` only.

    `unscreened` holds the names of AI services outside the register by host; "" marks a host that is shared with
    ordinary work. `warnings` are lint findings that did not stop the load.
    """

    revision: str
    house: HouseRules
    tools: tuple[Tool, ...] = ()
    detection: tuple[DetectionRule, ...] = ()
    usage: tuple[UsageRule, ...] = ()
    exceptions: tuple[RuleException, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refusals: Mapping[str, RefusalTemplate] = field(default_factory=dict)
    messages: tuple[Messages, ...] = ()
    tests: tuple[RuleTest, ...] = ()
    routes: RoutingTable = field(default_factory=lambda: RoutingTable(HostTable()), repr=False)
    unscreened: HostTable[str] = field(default_factory=HostTable, repr=False)
    warnings: tuple[Problem, ...] = field(default=(), repr=False, compare=False)

    def match(  # noqa: PLR0913 the contract between rooms, all by keyword
        self, *, host: str, method: str, path: str, media_type: str, transport: Transport, today: date
    ) -> ToolMatch | None:
        """The tool and endpoint a request belongs to; None when the host is no AI service and not our business.

        `path` is without its query; `media_type` is the request's content type, parameters allowed. A known AI
        service that nobody registered has tool id "" and standing unknown.
        """
        found = self.routes.find(host=host, method=method, path=path, media_type=media_type, transport=transport)
        if found:
            tool_id, endpoint = found
            tool = self.tool(tool_id)
            if tool is not None:
                return ToolMatch(tool.id, tool.name, standing_of(tool, today), endpoint)
        if found is None and self.routes.hosts.find(host):
            return None
        name = next(iter(self.unscreened.find(host)), "")
        return ToolMatch("", name, Standing.UNKNOWN, UNCLAIMED) if name else None

    def is_intercepted(self, host: str) -> bool:
        """Whether TLS to this host is opened: it is in the register, or known to be there for an AI service."""
        return bool(self.routes.hosts.find(host)) or bool(next(iter(self.unscreened.find(host)), ""))

    def hosts(self) -> tuple[str, ...]:
        """Names to intercept, sorted: `name`, or `*.name` for all under it. For the PAC file and CA constraints.

        Patterns with a `*` inside a label are not among them, see `host_globs`: as a name constraint they would
        span a whole cloud provider.
        """
        return tuple(sorted(pattern for pattern in self._patterns() if not is_glob(pattern)))

    def host_globs(self) -> tuple[str, ...]:
        """Intercepted patterns with a `*` inside a label, such as `*-aiplatform.googleapis.com`, for the PAC file."""
        return tuple(sorted(pattern for pattern in self._patterns() if is_glob(pattern)))

    def tool(self, tool_id: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.id == tool_id), None)

    def notice(
        self,
        message_id: str,
        *,
        reference: str,
        counts: Mapping[Entity, int] | None = None,
        tool_name: str = "",
    ) -> Notice:
        """The text of a message with its placeholders filled; an unknown id gives the general refusal."""
        return notices.notice(
            self.messages, self.house, message_id, reference=reference, counts=counts or {}, tool_name=tool_name
        )

    def message_of(self, reason: ReasonCode) -> str:
        """The message id of a reason outside rules: a tool's standing, or a failure of the gateway."""
        code = reason.value
        is_standing = code.startswith("tool-") and code.removeprefix("tool-") in set(Standing)
        return f"standing.{code.removeprefix('tool-')}" if is_standing else f"reason.{code}"

    def explain_reason(self, reason: ReasonCode, language: str = "nl") -> str:
        """One sentence about a reason code in a language; the code itself when that language has none."""
        spoken = next((messages.reasons for messages in self.messages if messages.language == language), {})
        return spoken.get(reason, reason.value)

    def _patterns(self) -> set[str]:
        unscreened = {pattern for pattern in self.unscreened.patterns() if any(self.unscreened.find(sample(pattern)))}
        return unscreened | set(self.routes.hosts.patterns())
