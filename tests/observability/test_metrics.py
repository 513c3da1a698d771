"""The metric catalogue: equal to its handbook page, low in cardinality, fed from records."""

import re
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from gateway.model.inspection import Entity, Inspection
from gateway.model.record import UsageOutcome, UsageRecord
from gateway.observability.metrics import UNREGISTERED, Metrics, MetricSpec

PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "metrics.md"
UNBOUNDED = {"person", "identity", "pseudonym", "department", "host", "path", "url", "decision_id", "file", "user"}


def row(spec: MetricSpec) -> str:
    labels = ", ".join(f"`{label}`" for label in spec.labels) or "–"
    return f"| `{spec.name}` | {spec.kind} | {labels} | {spec.help} |"


def record(**changes: object) -> UsageRecord:
    given: dict[str, object] = {
        "decision_id": "d-1", "at": 1.0, "identity": "jan", "department": "burgerzaken", "tool_id": "chatgpt",
        "standing": "screened", "endpoint_id": "send", "endpoint_kind": "prompt", "transport": "http",
        "verdict": "redact", "reasons": (("rule-matched", "no-bsn"),), "rules": ("no-bsn",), "overruled": (),
        "shadow": (("new-rule", "refuse"),), "revision": "r1", "entities": {"NL_BSN": 2, "PERSON": 1}, "gaps": (),
        "parts": 3, "uploads": 1,
    }  # fmt: skip
    return UsageRecord(**(given | changes))  # type: ignore[arg-type]


def test_the_handbook_page_lists_exactly_the_catalogue() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `gateway_")]
    assert rows == [row(spec) for spec in Metrics().catalogue]


def test_names_are_unique_and_say_their_unit() -> None:
    catalogue = Metrics().catalogue
    assert len({spec.name for spec in catalogue}) == len(catalogue)
    for spec in catalogue:
        assert spec.name.endswith("_total") == (spec.kind == "counter"), spec.name
        assert spec.help.endswith("."), spec.name


def test_no_label_can_name_a_person_or_a_place_on_the_web() -> None:
    for spec in Metrics().catalogue:
        assert not UNBOUNDED & set(spec.labels), spec.name


def test_two_gateways_in_one_process_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.decided(record())
    assert other.registry.get_sample_value("gateway_decisions_total", {"tool": "chatgpt", "verdict": "redact"}) is None


def test_a_decision_is_counted_by_verdict_entity_data_class_and_endpoint() -> None:
    metrics = Metrics()
    metrics.decided(record())
    value = metrics.registry.get_sample_value
    assert value("gateway_decisions_total", {"tool": "chatgpt", "verdict": "redact"}) == 1
    assert value("gateway_findings_total", {"entity": "NL_BSN", "verdict": "redact"}) == 2
    assert value("gateway_prompts_with_data_total", {"data_class": "national_identifier", "verdict": "redact"}) == 1
    assert value("gateway_endpoint_parts_total", {"tool": "chatgpt", "endpoint": "send"}) == 4
    assert value("gateway_shadow_verdicts_total", {"rule": "new-rule", "verdict": "refuse"}) == 1
    assert value("gateway_refusals_total", {"reason": "rule-matched"}) == 0, "a redaction is no refusal"


@pytest.mark.parametrize(
    ("changes", "tool", "why"),
    [({"tool_id": "", "verdict": "refuse"}, UNREGISTERED, "an AI host nobody registered has no name in a label")],
)
def test_the_tool_label_is_an_id_of_the_register(changes: dict[str, object], tool: str, why: str) -> None:
    metrics = Metrics()
    metrics.decided(record(**changes))
    assert metrics.registry.get_sample_value("gateway_decisions_total", {"tool": tool, "verdict": "refuse"}) == 1, why


def test_an_outcome_closes_the_exchange_and_counts_what_was_done() -> None:
    metrics = Metrics()
    metrics.decided(record())
    outcome = UsageOutcome("d-1", 2.0, "rewritten", redacted={"NL_BSN": 2}, milliseconds={"inspect": 12.0})
    metrics.finished(record(), outcome)
    value = metrics.registry.get_sample_value
    assert value("gateway_exchanges_in_flight") == 0
    assert value("gateway_actions_total", {"tool": "chatgpt", "action": "rewritten"}) == 1
    assert value("gateway_redactions_total", {"entity": "NL_BSN"}) == 2
    assert value("gateway_uploads_total", {"action": "rewritten"}) == 1
    assert value("gateway_step_seconds_sum", {"step": "inspect"}) == pytest.approx(0.012)


def test_every_entity_can_be_counted() -> None:
    metrics = Metrics()
    metrics.decided(record(entities=dict.fromkeys(Entity, 1)))
    assert generate_latest(metrics.registry).count(b"gateway_findings_total{") == len(Entity)


def test_a_new_rulebook_replaces_the_old_revision() -> None:
    metrics = Metrics()
    metrics.rulebook_loaded("old", 1.0)
    metrics.rulebook_loaded("new", 2.0)
    assert b'revision="old"' not in generate_latest(metrics.registry)
    assert metrics.registry.get_sample_value("gateway_rulebook_info", {"revision": "new"}) == 1


def test_closed_lists_begin_at_zero_so_that_the_first_event_is_an_increase() -> None:
    value = Metrics().registry.get_sample_value
    assert value("gateway_prompts_with_data_total", {"data_class": "personal", "verdict": "refuse"}) == 0
    assert value("gateway_refusals_total", {"reason": "internal-error"}) == 0
    assert value("gateway_journal_failures_total", {"kind": "start"}) == 0


def test_a_tool_that_is_no_longer_screened_has_no_end() -> None:
    metrics = Metrics()
    metrics.rulebook_loaded("one", 1.0, {"chatgpt": 9.0})
    metrics.rulebook_loaded("two", 2.0, {})
    assert (
        metrics.registry.get_sample_value("gateway_tool_screening_ends_timestamp_seconds", {"tool": "chatgpt"}) is None
    )


def test_an_inspection_is_timed_as_a_whole_and_by_layer() -> None:
    metrics = Metrics()
    metrics.inspected(0.25, Inspection(seconds_by_layer={"patterns": 0.1}))
    value = metrics.registry.get_sample_value
    assert value("gateway_inspection_seconds_count") == 1
    assert value("gateway_inspection_layer_seconds_total", {"layer": "patterns"}) == pytest.approx(0.1)


def test_every_series_is_fed_by_somebody() -> None:
    """A series that nobody sets is a panel that is always empty."""
    gateway = Path(__file__).parents[2] / "gateway"
    sources = "".join(path.read_text(encoding="utf-8") for path in gateway.rglob("*.py"))
    names = [name for name, value in vars(Metrics()).items() if hasattr(value, "collect") and name != "registry"]
    assert len(names) == len(Metrics().catalogue)
    assert [name for name in names if len(re.findall(rf"\.{name}\b", sources)) < 2] == []
