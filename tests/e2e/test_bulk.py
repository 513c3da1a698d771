"""Large tables through the running gateway: a look is enough to refuse one, and never enough to let one go."""

from collections.abc import Iterator, Sequence

import httpx
import pytest

from gateway.detection.workers import WorkerPool
from gateway.documents.sample import LARGE
from gateway.model.inspection import Inspection
from gateway.model.traffic import PartRole, PromptPart
from tests.e2e.harness import Lab
from tests.e2e.uploads import BSN

API = "api.openai.com"
ROWS = 20_000
FIRST = ("Wobbe", "Jelle", "Sietske", "Douwe", "Fenna", "Gosse", "Hiske", "Ype")
LAST = ("Tjallinga", "Hofstra", "Postma", "Wiersma", "Dijkstra", "Bakker", "Visser")
PEOPLE = "naam;bsn;woonplaats\n" + "".join(
    f"{FIRST[number % 8]} {LAST[number % 7]};{BSN};Voorbeelddam\n" for number in range(ROWS)
)
TREES = "boom;plaats;aantal\n" + "".join(f"linde;bij het plein;{number}\n" for number in range(ROWS))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    patient = {"verdict_seconds": 240.0, "inspection_seconds": 200.0}
    with Lab(tmp_path_factory.mktemp("bulk"), hosts=(API,), changes=patient, overlay=None) as lab:
        yield lab


@pytest.fixture
def inspected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Characters of each inspection of a file the gateway asked for."""
    seen: list[int] = []
    inspect = WorkerPool.inspect

    async def watched(self: WorkerPool, parts: Sequence[PromptPart], *, deadline_s: float) -> Inspection:
        if any(part.role is PartRole.FILE for part in parts):
            seen.append(sum(len(part.text) for part in parts))
        return await inspect(self, parts, deadline_s=deadline_s)

    monkeypatch.setattr(WorkerPool, "inspect", watched)
    return seen


def sent(lab: Lab, table: str) -> httpx.Response:
    lab.upstream.forget()
    with lab.client() as client:
        files = {"file": ("lijst.csv", table.encode(), "text/csv")}
        return client.post(f"https://{API}/v1/files", files=files, data={"purpose": "user_data"}, timeout=240)


def test_a_table_of_people_is_refused_after_a_look(lab: Lab, inspected: list[int]) -> None:
    assert len(PEOPLE) > LARGE
    answer = sent(lab, PEOPLE)
    assert answer.status_code == 403
    assert "Er is niets verstuurd" in answer.json()["error"]["message"]
    assert lab.upstream.raw == b""
    [looked] = inspected
    assert looked < LARGE / 10


def test_a_number_in_the_last_row_is_found(lab: Lab, inspected: list[int]) -> None:
    answer = sent(lab, f"{TREES}linde;BSN {BSN};1\n")
    assert answer.is_success, answer.text
    assert lab.upstream.holds(BSN) == []
    assert lab.upstream.holds("linde;bij het plein;19999", "[BSN-1]") == ["linde;bij het plein;19999", "[BSN-1]"]
    assert inspected[0] < LARGE / 10
    assert inspected[1] > len(TREES)


def test_a_harmless_table_goes_on_as_it_is_after_every_word(lab: Lab, inspected: list[int]) -> None:
    answer = sent(lab, TREES)
    assert answer.is_success, answer.text
    assert TREES.encode() in bytes(lab.upstream.raw)
    looked, read = inspected
    assert looked < LARGE / 10 < len(TREES) <= read
