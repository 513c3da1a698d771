"""The small rulebook without usage rules, and makers of rules and questions."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity
from gateway.model.policy import Question
from gateway.model.traffic import EndpointKind, Standing, Transport
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.messages import Messages
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule

NOON = 1_795_604_400.0
"""2026-11-25 12:00 in Amsterdam."""


def rule(
    rule_id: str = "r", *, status: str = "enforced", when: object = None, then: object = None, **more: object
) -> UsageRule:
    return UsageRule.model_validate(
        {
            "kind": "usage/v1",
            "id": rule_id,
            "title": {"nl": "t", "en": "t"},
            "status": status,
            "owner": "fg",
            "when": when or {},
            "then": then or {"verdict": "warn"},
            **more,
        }
    )


def exception(narrows: str, then: object, exception_id: str = "x", when: object = None, **dates: str) -> RuleException:
    return RuleException.model_validate(
        {
            "kind": "exception/v1",
            "id": exception_id,
            "title": {"nl": "t", "en": "t"},
            "narrows": narrows,
            "when": when or {},
            "then": then,
            "start": "2026-11-01",
            "until": "2026-12-01",
            "reason": "pilot",
            "approved_by": "fg",
            **dates,
        }
    )


def tool(tool_id: str = "t", **use: object) -> Tool:
    return Tool.model_validate(
        {
            "kind": "tool/v1",
            "id": tool_id,
            "name": tool_id,
            "supplier": "s",
            "purpose": {"nl": "a", "en": "b"},
            "endpoints": [],
            "screening": {"status": "screened", "valid_until": "2027-01-01"},
            "use": {"data_classes": list(DataClass), **use},
        }
    )


def question(entities: dict[Entity, int] | None = None, **more: object) -> Question:
    entities = entities or {}
    classes: dict[DataClass, int] = {}
    for entity, count in entities.items():
        classes[DATA_CLASS_OF[entity]] = classes.get(DATA_CLASS_OF[entity], 0) + count
    known: dict[str, Any] = {
        "at": NOON,
        "department": "burgerzaken",
        "roles": (),
        "tool_id": "t",
        "standing": Standing.SCREENED,
        "endpoint_kind": EndpointKind.PROMPT,
        "transport": Transport.HTTP,
    }
    return Question(**{**known, "entities": entities, "data_classes": classes, **more})


HOUSE = HouseRules.model_validate(
    {
        "kind": "rulebook/v1",
        "id": "test",
        "name": "Test",
        "owner": "ciso",
        "contacts": {"privacy": "p", "security": "s", "helpdesk": "h"},
        "standings": {name: {"verdict": "refuse"} for name in Standing if name is not Standing.SCREENED},
        "ceiling": {
            **{name: {"verdict": "refuse"} for name in DataClass},
            "personal": {"verdict": "redact", "redact_classes": ["personal"]},
            "special_category": {"verdict": "redact", "redact_classes": ["personal"]},
        },
        "gaps": {
            "timeout": {"verdict": "coach", "message": "own.message"},
            **{
                name: {"verdict": "refuse"}
                for name in (
                    "encrypted", "unreadable", "unknown_format", "too_deep", "too_large",
                    "image_without_text", "audio_or_video", "macro", "incomplete", "unlinked_upload",
                )
            },
        },
    }
)  # fmt: skip

type MakeBook = Callable[..., RuleBook]


@pytest.fixture
def make_book() -> MakeBook:
    return book_of


def book_of(
    *rules: UsageRule, exceptions: tuple[RuleException, ...] = (), tools: tuple[Tool, ...] | None = None
) -> RuleBook:
    messages = Messages(kind="messages/v1", id="m", language="nl", messages={})
    return RuleBook(
        revision="rev",
        house=HOUSE,
        tools=(tool(),) if tools is None else tools,
        usage=rules,
        exceptions=exceptions,
        messages=(messages,),
    )
