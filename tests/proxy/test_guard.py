"""The guard by itself: reasons, and that it holds its denial whatever the conduct does."""

import asyncio

import pytest

from gateway.errors import DocumentError, EnforcementError, InspectionError, JournalError, WireError
from gateway.model.policy import ReasonCode
from gateway.proxy.guard import reason_of


@pytest.mark.parametrize(
    ("error", "reason", "why"),
    [
        (InspectionError(ReasonCode.INSPECTION_BUSY), ReasonCode.INSPECTION_BUSY, "the pool says which"),
        (InspectionError(ReasonCode.WORKER_DIED), ReasonCode.WORKER_DIED, "the pool says which"),
        (JournalError(), ReasonCode.JOURNAL_UNWRITABLE, "no audit row, no service"),
        (TimeoutError(), ReasonCode.INSPECTION_TIMEOUT, "the guard's own deadline"),
        (DocumentError(), ReasonCode.INSPECTION_FAILED, "a file reader broke"),
        (WireError(), ReasonCode.REWRITE_FORBIDDEN, "an edit cannot be made exactly"),
        (EnforcementError(), ReasonCode.INTERNAL_ERROR, "ours"),
        (MemoryError(), ReasonCode.INTERNAL_ERROR, "ours"),
        (RecursionError(), ReasonCode.INTERNAL_ERROR, "ours"),
        (SystemExit(), ReasonCode.INTERNAL_ERROR, "must not stop the process"),
        (asyncio.CancelledError(), ReasonCode.INTERNAL_ERROR, "must not hang the client"),
        (KeyError("x"), ReasonCode.INTERNAL_ERROR, "ours"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_reasons(error: BaseException, reason: ReasonCode, why: str) -> None:
    assert reason_of(error) is reason, why
