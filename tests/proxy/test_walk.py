"""A rewritten message is read again: what stays unread then must have stayed unread before, and been judged."""

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gateway.enforcement.vault import MemoryVault, VaultKeys
from gateway.model.inspection import Entity, Finding, Gap, GapKind, Inspection
from gateway.model.policy import Action, Decision, Obligations, ReasonCode, Verdict
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Message,
    Person,
    Standing,
    ToolMatch,
)
from gateway.proxy.rooms import Judgement, Rooms, record_of
from gateway.proxy.walk import Bounds, Walk, _decode, _Read

MATCH = ToolMatch("chat", "Chat", Standing.SCREENED, EndpointFormat("chat", EndpointKind.PROMPT))
EXCHANGE = Exchange("e", 0.0, Person("p"), Destination("https", "chat.example", 443, "POST", "/"))
BODY = b'{"text": "BSN 111222333"}'
DECISION = Decision(Verdict.REDACT, Obligations(redact=frozenset({Entity.NL_BSN})), ())
A, B, OTHER = Gap(GapKind.TIMEOUT, "p1", "a"), Gap(GapKind.TIMEOUT, "p1", "b"), Gap(GapKind.MACRO, "", "a")


class Workers:
    """The second look: nothing is found any more, and `gaps` stay unread."""

    def __init__(self, *gaps: Gap) -> None:
        self._gaps = gaps

    async def inspect(self, *_arguments: object, **_named: object) -> Inspection:
        return Inspection(gaps=self._gaps)


async def rewritten(before: tuple[Gap, ...], after: tuple[Gap, ...]) -> Judgement:
    book = SimpleNamespace(message_of=lambda _: "", house=SimpleNamespace(files=SimpleNamespace(text_version=())))
    rooms = SimpleNamespace(
        book=lambda: book,
        workers=Workers(*after),
        vault=MemoryVault(keys=VaultKeys.random(), clock=time.monotonic, ttl_seconds=60.0),
        metrics=SimpleNamespace(inspected=lambda *_: None),
    )
    message = Message("POST", "https://chat.example/", (("content-type", "application/json"),), BODY)
    walk = Walk(cast(Rooms, cast(Any, rooms)), EXCHANGE, MATCH, message, Bounds(10.0, 1))
    decoded = await _decode(message, MATCH)
    (part,) = (part for part in decoded.extraction.parts if "111222333" in part.text)
    at = part.text.index("111222333")
    found = Inspection((Finding(Entity.NL_BSN, part.id, at, at + 9, 1.0, "bsn"),), before)
    judgement = Judgement(record_of(EXCHANGE, MATCH, DECISION), MATCH, DECISION)
    return await walk._rewritten(judgement, decoded, _Read(decoded.extraction), found)


@pytest.mark.parametrize(("before", "after"), [((), ()), ((A,), (A,)), ((A,), ()), ((A, OTHER), (OTHER,))])
async def test_what_was_accepted_unread_is_accepted_again(before: tuple[Gap, ...], after: tuple[Gap, ...]) -> None:
    judgement = await rewritten(before, after)
    assert judgement.action is Action.REWRITTEN
    assert judgement.message is not None
    assert b"111222333" not in judgement.message.body


@pytest.mark.parametrize(("before", "after"), [((), (A,)), ((A,), (B,)), ((A,), (A, OTHER))])
async def test_a_new_gap_is_refused_as_one(before: tuple[Gap, ...], after: tuple[Gap, ...]) -> None:
    """A new gap of a known kind passed, and one of detection was told as something that could not be taken out."""
    judgement = await rewritten(before, after)
    assert judgement.message is None
    assert judgement.decision.reasons[0].code is ReasonCode.GAP
    assert judgement.decision.reasons[0].subject == {a.kind for a in set(after) - set(before)}.pop()
