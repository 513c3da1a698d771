"""The kinds of rule document, one module per family, and the table from a file's `kind` to its model.

Field names are English, texts for people stand in `nl` and `en`. JSON Schema is generated from these models.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.rulebook.documents.cases import RuleTest
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.documents.lists import HostList, ValueList
from gateway.rulebook.documents.messages import Messages
from gateway.rulebook.documents.refusal import Refusal
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule

KINDS: Mapping[str, type[Document]] = MappingProxyType(
    {
        "rulebook/v1": HouseRules,
        "tool/v1": Tool,
        "screening/v1": ToolScreening,
        "detection/v1": DetectionRule,
        "usage/v1": UsageRule,
        "exception/v1": RuleException,
        "messages/v1": Messages,
        "list/v1": ValueList,
        "hosts/v1": HostList,
        "refusal/v1": Refusal,
        "test/v1": RuleTest,
    }
)
"""Every `kind` a rule file may have."""
