"""Tracing a pseudonym back to a person: two people, a purpose from a closed list, a case number, and an event.

The journal holds nothing that can be reversed. What is done is to compute, for a list of staff that somebody brings,
whose pseudonym it was in that month; after retention destroyed the month's key nobody can.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.audit.chain import Json, canonical
from gateway.audit.keys import JournalKeys, Verifier
from gateway.audit.lookup import Purpose
from gateway.audit.pseudonyms import Pseudonyms
from gateway.errors import JournalError

_PURPOSE = b"prompt-gateway unmask approval v1\n"
_VALID_S = 86_400.0
_CLOCK_SKEW_S = 300.0
_PEOPLE_NEEDED = 2


class UnmaskRefusedError(JournalError):
    """The request does not meet the conditions; `reason` is a fixed word for the event."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class UnmaskRequest:
    """What is asked: one pseudonym, of one month (`YYYY-MM`), for one case."""

    pseudonym: str
    month: str
    case: str
    purpose: Purpose


def approve(request: UnmaskRequest, approver: str, key: Ed25519PrivateKey, at: float) -> str:
    """The approval of one person, valid for a day and for exactly this request; one line of JSON to hand over."""
    body = _body(request, approver, round(at))
    signature = base64.b64encode(key.sign(_PURPOSE + canonical(body))).decode()
    return canonical({**body, "signature": signature}).decode()


@dataclass(frozen=True, slots=True)
class Approved:
    """A request with the people who approved it; only `check` makes one."""

    request: UnmaskRequest
    approvers: tuple[str, ...]


def check(request: UnmaskRequest, approvals: Iterable[str], approvers: Mapping[str, Verifier], at: float) -> Approved:
    """Hold the approvals against the conditions. Raises `UnmaskRefusedError` unless two different registered people,
    with different keys, approved this very request in the last day.
    """
    if not request.case:
        raise UnmaskRefusedError("no-case", "a case number is needed")
    valid: dict[str, str] = {}
    for text in approvals:
        approver = _approver_of(text, request, approvers, at)
        valid[approvers[approver].id] = approver
    if len(valid) < _PEOPLE_NEEDED:
        raise UnmaskRefusedError("one-person", "two different people must approve")
    return Approved(request, tuple(sorted(valid.values())))


def unmask(approved: Approved, staff: Iterable[str], keys: JournalKeys) -> str:
    """Whose pseudonym it is among `staff`; "" for nobody's. The caller writes the event before it shows the answer."""
    request = approved.request
    return Pseudonyms(keys.pseudonyms).find(request.pseudonym, staff, request.month)


def read_approvers(folder: Path) -> dict[str, Verifier]:
    """The registered approvers: public keys `NAME.pem` in a folder that the gateway's administrator keeps."""
    return {path.stem: Verifier.read(path) for path in sorted(folder.glob("*.pem"))}


def _approver_of(text: str, request: UnmaskRequest, approvers: Mapping[str, Verifier], at: float) -> str:
    try:
        body = json.loads(text)
        signature = base64.b64decode(body.pop("signature"), validate=True)
        approver, when = str(body["approver"]), int(body["at"])
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise UnmaskRefusedError("approval-unreadable", "an approval cannot be read") from error
    if body != _body(request, approver, when):
        raise UnmaskRefusedError("other-request", f"the approval of {approver} is for another request")
    if not -_CLOCK_SKEW_S <= at - when < _VALID_S:
        raise UnmaskRefusedError("approval-too-old", f"the approval of {approver} is not of the last day")
    key = approvers.get(approver)
    if key is None or not key.is_valid(signature, _PURPOSE + canonical(body)):
        raise UnmaskRefusedError("not-an-approver", f"{approver} is not a registered approver, or did not sign this")
    return approver


def _body(request: UnmaskRequest, approver: str, at: int) -> dict[str, Json]:
    return {**asdict(request), "purpose": request.purpose.value, "approver": approver, "at": at}
