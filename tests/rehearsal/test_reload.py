"""A changed rule takes force only when it loads and its cases pass; else the last good rulebook stays, and says so."""

from pathlib import Path

import pytest

from gateway.detection.models import ModelPaths
from gateway.model.record import LifecycleEvent
from gateway.observability.metrics import Metrics
from gateway.proxy.reload import Reloading
from gateway.rehearsal.apart import load_rehearsed
from gateway.rulebook.book import RuleBook
from tests.rehearsal.test_apart import RULE, TEST, rules_with

NONE = ModelPaths(use_lexicon=False, use_pipeline=False, use_second_opinion=False)


class Gateway:
    """What a reload touches of a gateway: the book in force, the events, the metrics."""

    def __init__(self, root: Path) -> None:
        self.in_force: list[RuleBook] = []
        self.events: list[str] = []
        self.metrics = Metrics()
        self.reloading = Reloading(
            (root,), lambda: load_rehearsed(root, models=NONE), self.swap, self.record, self.metrics
        )

    async def swap(self, book: RuleBook) -> None:
        self.in_force.append(book)

    async def record(self, event: LifecycleEvent) -> None:
        self.events.append(event.code)

    def is_stale(self) -> float:
        return self.metrics.registry.get_sample_value("gateway_rulebook_stale") or 0.0


@pytest.mark.slow
async def test_only_rules_whose_cases_pass_come_into_force(tmp_path: Path) -> None:
    root = rules_with(tmp_path, "warn")
    gateway = Gateway(root)
    assert not await gateway.reloading.look(), "nothing changed"

    (root / "usage/regel.yaml").write_text(RULE.replace("verdict: warn", "verdict: coach"))
    assert not await gateway.reloading.look(), "its case still expects warn"
    (root / "usage/regel.yaml").write_text(RULE + "wat: dit\n")
    assert not await gateway.reloading.look(), "an unknown key"
    assert (gateway.in_force, gateway.events, gateway.is_stale()) == ([], ["PG2011W", "PG2011W"], 1.0)

    (root / "usage/regel.yaml").write_text(RULE.replace("verdict: warn", "verdict: coach"))
    (root / "usage/regel.test.yaml").write_text(TEST.replace("VERDICT", "coach"))
    assert await gateway.reloading.look()
    assert [book.usage[0].then.verdict.value for book in gateway.in_force] == ["coach"]
    assert (gateway.events[-1], gateway.is_stale()) == ("PG2010I", 0.0)
