"""What parts give together: a request counts where somebody asks, not in what they attach."""

import pytest

from gateway.detection.inspector import PartInspection, gather
from gateway.model.inspection import Entity, Finding
from gateway.model.traffic import PartRole, PromptPart

SEEN = PartInspection(
    (Finding(Entity.DECISION_REQUEST, "", 0, 4, 0.8, "r"), Finding(Entity.NL_BSN, "", 5, 14, 1.0, "b"))
)


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (PartRole.USER, True),
        (PartRole.HISTORY, True),
        (PartRole.UNKNOWN, True),
        (PartRole.FILE, False),
        (PartRole.FILE_NAME, False),
        (PartRole.SYSTEM, False),
        (PartRole.TOOL, False),
    ],
)
def test_a_request_is_what_somebody_asks(role: PartRole, asked: bool) -> None:
    found = {one.entity for one in gather([(PromptPart("p", role, "text"), SEEN)]).findings}
    assert (Entity.DECISION_REQUEST in found) is asked
    assert Entity.NL_BSN in found
