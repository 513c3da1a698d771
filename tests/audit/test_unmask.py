"""Unmasking: each condition refuses on its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.audit.keys import JournalKeys, Verifier
from gateway.audit.lookup import Purpose
from gateway.audit.pseudonyms import Pseudonyms
from gateway.audit.unmask import UnmaskRefusedError, UnmaskRequest, approve, check, unmask
from tests.audit.records import DAY, NOON

CISO, FG, STRANGER = (Ed25519PrivateKey.generate() for _ in range(3))
APPROVERS = {
    "ciso": Verifier(CISO.public_key()),
    "fg": Verifier(FG.public_key()),
    "ciso-again": Verifier(CISO.public_key()),
}
REQUEST = UnmaskRequest("p-1", "2026-09", "ZK-1", Purpose.SECURITY_INCIDENT)


def test_two_approvals_trace_a_pseudonym(tmp_path: Path) -> None:
    keys = JournalKeys.open(tmp_path / "keys")
    request = replace(REQUEST, pseudonym=Pseudonyms(keys.pseudonyms).of("jan.jansen", NOON))
    approvals = [approve(request, "ciso", CISO, NOON), approve(request, "fg", FG, NOON)]
    approved = check(request, approvals, APPROVERS, NOON)
    assert approved.approvers == ("ciso", "fg")
    assert unmask(approved, ["piet", "jan.jansen"], keys) == "jan.jansen"
    assert unmask(approved, ["piet"], keys) == ""


@pytest.mark.parametrize(
    ("approvals", "reason"),
    [
        (lambda: [approve(REQUEST, "ciso", CISO, NOON)], "one-person"),
        (lambda: [approve(REQUEST, "ciso", CISO, NOON)] * 2, "one-person"),
        (lambda: [approve(REQUEST, "ciso", CISO, NOON), approve(REQUEST, "ciso-again", CISO, NOON)], "one-person"),
        (lambda: [approve(REQUEST, "ciso", CISO, NOON), approve(REQUEST, "fg", STRANGER, NOON)], "not-an-approver"),
        (lambda: [approve(REQUEST, "ciso", CISO, NOON), approve(REQUEST, "chef", STRANGER, NOON)], "not-an-approver"),
        (lambda: [approve(REQUEST, "ciso", CISO, NOON - DAY), approve(REQUEST, "fg", FG, NOON)], "approval-too-old"),
        (lambda: [approve(replace(REQUEST, pseudonym="p-2"), "ciso", CISO, NOON)], "other-request"),
        (lambda: [approve(replace(REQUEST, case="ZK-2"), "ciso", CISO, NOON)], "other-request"),
        (lambda: ["{}"], "approval-unreadable"),
        (lambda: ["nonsense"], "approval-unreadable"),
        (lambda: [approve(REQUEST, "ciso", CISO, NOON).replace('"ciso"', '"fg"')], "not-an-approver"),
    ],
)
def test_what_does_not_meet_the_conditions_is_refused(approvals: Callable[[], list[str]], reason: str) -> None:
    with pytest.raises(UnmaskRefusedError) as caught:
        check(REQUEST, approvals(), APPROVERS, NOON)
    assert caught.value.reason == reason


def test_no_case_no_unmasking() -> None:
    request = replace(REQUEST, case="")
    approvals = [approve(request, "ciso", CISO, NOON), approve(request, "fg", FG, NOON)]
    with pytest.raises(UnmaskRefusedError, match="case number"):
        check(request, approvals, APPROVERS, NOON)
