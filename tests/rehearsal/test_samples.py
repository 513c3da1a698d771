"""Recorded exchanges beside tool files are read through the endpoints of the shipped register."""

from datetime import datetime

import pytest

from gateway.errors import WireError
from gateway.rehearsal.cases import AMSTERDAM, Rehearsal
from gateway.rehearsal.samples import dissect
from gateway.rulebook.documents.tool import ScreeningStatus
from gateway.rulebook.load import default_root, load

BOOK = load(default_root())
API_ONLY = {"own-language-model"}


def test_every_sample_of_the_shipped_tools_is_read_as_its_case_says() -> None:
    tools = {tool.id for tool in BOOK.tools}
    rehearsal = Rehearsal(BOOK, datetime(2026, 11, 25, 12, tzinfo=AMSTERDAM), None, dissect, default_root())
    results = list(rehearsal.run(tools))
    assert len(results) >= 10
    assert [one for one in results if one.result != "passed"] == []


def test_every_screened_tool_has_a_recorded_exchange() -> None:
    screened = {tool.id for tool in BOOK.tools if tool.screening.status is ScreeningStatus.SCREENED}
    assert screened - {test.covers for test in BOOK.tests} == API_ONLY


def test_a_socket_counts_as_its_messages_not_its_upgrade() -> None:
    read = dissect(default_root() / "tools/samples/m365-copilot/chathub-send.json", BOOK)
    assert (read.tool_id, read.endpoint_id) == ("m365-copilot", "send")


def test_what_is_no_recording_is_an_error(tmp_path) -> None:
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(WireError):
        dissect(tmp_path / "x.json", BOOK)
