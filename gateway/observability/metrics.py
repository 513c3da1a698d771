"""The metric catalogue: every Prometheus series the gateway exports, with its labels, in one place.

Labels are closed lists or ids from the rulebook, never a person, a department, a host that nobody registered, or a
word of the traffic. The page `deploy/handbook/metrics.md` lists exactly these; a test keeps both equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity, Inspection
from gateway.model.policy import ReasonCode, Verdict
from gateway.model.record import UsageOutcome, UsageRecord

UNREGISTERED = "unregistered"
"""The `tool` label of an AI host that nobody registered."""

_NONE: Mapping[str, float] = MappingProxyType({})
_FAILURES = (
    ReasonCode.INSPECTION_FAILED,
    ReasonCode.INSPECTION_TIMEOUT,
    ReasonCode.INSPECTION_BUSY,
    ReasonCode.WORKER_DIED,
)
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One row of the catalogue; `kind` is Prometheus' own word (counter, gauge, histogram)."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str


class Metrics:
    """All series of one gateway process, on a registry of its own so that two of them never share state.

    Rooms that may not import this one report through the proxy, which calls `decided` and `finished` with the
    records the journal gets, so that counters and journal are two independent witnesses of the same facts.
    """

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series per counter that nobody needs
        self.registry = CollectorRegistry()
        self._catalogue: list[MetricSpec] = []
        ProcessCollector(registry=self.registry)
        self._declare_exchanges()
        self._declare_inspection()
        self._declare_journal_and_rulebook()
        self._declare_process()
        self._start_at_zero()

    def _declare_exchanges(self) -> None:
        counter, gauge = self._counter, self._gauge
        self.decisions = counter(
            "gateway_decisions_total", "AI exchanges decided, by tool and verdict.", "tool", "verdict"
        )
        self.refusals = counter("gateway_refusals_total", "Refused AI exchanges, by every reason given.", "reason")
        self.actions = counter("gateway_actions_total", "What was really done with an exchange.", "tool", "action")
        self.exchanges_in_flight = gauge("gateway_exchanges_in_flight", "AI exchanges decided and not finished yet.")
        self.shadow_verdicts = counter(
            "gateway_shadow_verdicts_total",
            "Verdicts of rules in shadow, evaluated and never enforced.",
            "rule",
            "verdict",
        )
        self.shadow_findings = counter(
            "gateway_shadow_findings_total", "Findings that detection rules in shadow would have added.", "rule"
        )
        self.incidents = counter(
            "gateway_incidents_total", "Exchanges a rule marks as a possible or likely data breach.", "level"
        )
        self.guard_catches = counter(
            "gateway_guard_catches_total", "Unexpected errors the fail-closed guard turned into a refusal.", "hook"
        )

        self.findings = counter(
            "gateway_findings_total", "Findings in prompts, by entity and the verdict they met.", "entity", "verdict"
        )
        self.prompts_with_data = counter(
            "gateway_prompts_with_data_total",
            "Exchanges that held at least one finding of a data class, by verdict.",
            "data_class",
            "verdict",
        )
        self.redactions = counter("gateway_redactions_total", "Values replaced by a placeholder.", "entity")
        self.gaps = counter("gateway_gaps_total", "Things that could not be inspected, by kind.", "kind")
        self.answer_findings = counter(
            "gateway_answer_findings_total", "Findings in answers of tools that were not in the prompt.", "entity"
        )
        self.endpoint_exchanges = counter(
            "gateway_endpoint_exchanges_total", "Exchanges read, by endpoint (drift alarm).", "tool", "endpoint", "kind"
        )
        self.endpoint_parts = counter(
            "gateway_endpoint_parts_total", "Prompt parts and uploads found, by endpoint (drift alarm).",
            "tool", "endpoint",
        )  # fmt: skip
        self.uploads = counter("gateway_uploads_total", "Uploaded files, by what was done.", "action")
        self.pieces = counter("gateway_upload_pieces_total", "Pieces of files, kept or refused.", "outcome")
        self.unfinished_uploads = gauge("gateway_unfinished_uploads", "Files of which pieces are kept now.")
        self.ended_uploads = counter(
            "gateway_ended_uploads_total",
            "Files in pieces, by how it ended (joined, cancelled, abandoned, crowded_out, refused).",
            "ending",
        )

    def _declare_inspection(self) -> None:
        counter, gauge, histogram = self._counter, self._gauge, self._histogram
        self.inspection_seconds = histogram("gateway_inspection_seconds", "Time one inspection took, queue included.")
        self.step_seconds = histogram(
            "gateway_step_seconds",
            "Time one step of an exchange took (extract, inspect, decide, rewrite, journal).",
            "step",
        )
        self.layer_seconds = counter(
            "gateway_inspection_layer_seconds_total", "Computing time of each detection layer.", "layer"
        )
        self.inspection_failures = counter(
            "gateway_inspection_failures_total", "Inspections that did not finish, by reason.", "reason"
        )
        self.queue_depth = gauge("gateway_inspection_queue_depth", "Inspections waiting or running now.")
        self.queue_limit = gauge("gateway_inspection_queue_limit", "Most inspections that may wait or run.")
        self.workers_alive = gauge("gateway_workers_alive", "Detection worker processes that answer.")
        self.worker_restarts = counter("gateway_worker_restarts_total", "Detection workers replaced.")

    def _declare_journal_and_rulebook(self) -> None:
        counter, gauge, histogram = self._counter, self._gauge, self._histogram
        self.journal_rows = counter("gateway_journal_rows_total", "Rows made durable in the journal.", "kind")
        self.journal_failures = counter("gateway_journal_failures_total", "Rows the journal could not write.", "kind")
        self.journal_write_seconds = histogram("gateway_journal_write_seconds", "Time until a row was durable.")
        self.journal_writable = gauge("gateway_journal_writable", "1 while the last write to the journal succeeded.")
        self.journal_checkpoint_time = gauge(
            "gateway_journal_checkpoint_timestamp_seconds", "When the last signed checkpoint reached its second place."
        )

        self.rulebook_info = gauge("gateway_rulebook_info", "1 for the revision in force.", "revision")
        self.rulebook_loaded_time = gauge(
            "gateway_rulebook_loaded_timestamp_seconds", "When the rulebook in force was loaded."
        )
        self.rulebook_checked_time = gauge(
            "gateway_rulebook_checked_timestamp_seconds",
            "When the rules on disk were last compared with those in force.",
        )
        self.rulebook_stale = gauge(
            "gateway_rulebook_stale", "1 while the rules on disk differ from those in force because they do not load."
        )
        self.rulebook_reloads = counter("gateway_rulebook_reloads_total", "Reloads tried, by result.", "result")
        self.screening_ends_time = gauge(
            "gateway_tool_screening_ends_timestamp_seconds", "When the screening of a tool ends.", "tool"
        )

    def _declare_process(self) -> None:
        counter, gauge = self._counter, self._gauge
        self.event_loop_lag = gauge(
            "gateway_event_loop_lag_seconds", "How late the event loop ran a timer, worst of the last period."
        )
        self.sentinel_refused = gauge(
            "gateway_sentinel_refused", "1 when the last sentinel prompt was refused, as it must be."
        )
        self.sentinel_time = gauge("gateway_sentinel_timestamp_seconds", "When the sentinel last ran.")
        self.restoration_troubles = counter(
            "gateway_restoration_troubles_total",
            "Answers or units with placeholders that could not be restored; `cut` where house rules hide values.",
            "kind",
        )
        self.bytes_in_flight = gauge("gateway_bytes_in_flight", "Bytes of request bodies held now.")
        self.bytes_in_flight_limit = gauge("gateway_bytes_in_flight_limit", "Most bytes that may be held.")
        self.connections = counter(
            "gateway_connections_total", "Client connections, intercepted or passed through untouched.", "handling"
        )
        self.tls_failures = counter(
            "gateway_tls_failures_total", "Failed TLS handshakes, by side and class of host.", "side", "host_class"
        )
        self.certificate_ends_time = gauge(
            "gateway_certificate_ends_timestamp_seconds",
            "When a certificate ends; the earliest of its kind.",
            "certificate",
        )
        self.background_failures = counter(
            "gateway_background_failures_total", "Turns of work in the background that failed, by task.", "task"
        )
        self.ready = gauge("gateway_ready", "1 while the gateway takes traffic.")
        self.opt_outs = gauge("gateway_opt_outs", "Safety settings that were switched off.")
        self.info = gauge("gateway_build_info", "1, with the version in its label.", "version")

    @property
    def catalogue(self) -> tuple[MetricSpec, ...]:
        """Every series of ours, in the order of this file."""
        return tuple(self._catalogue)

    def decided(self, record: UsageRecord) -> None:
        """Count one decision: verdict, reasons, findings, gaps and the parts its endpoint yielded."""
        tool = record.tool_id or UNREGISTERED
        self.decisions.labels(tool, record.verdict).inc()
        self.exchanges_in_flight.inc()
        if record.verdict == Verdict.REFUSE:
            for reason in sorted({code for code, _ in record.reasons}):
                self.refusals.labels(reason).inc()
        for entity, count in record.entities.items():
            self.findings.labels(entity, record.verdict).inc(count)
        for data_class in {DATA_CLASS_OF[Entity(entity)] for entity, count in record.entities.items() if count}:
            self.prompts_with_data.labels(data_class.value, record.verdict).inc()
        for gap in record.gaps:
            self.gaps.labels(gap).inc()
        for rule, verdict in record.shadow:
            self.shadow_verdicts.labels(rule, verdict).inc()
        if record.incident != "none":
            self.incidents.labels(record.incident).inc()
        if record.tool_id and record.endpoint_id:
            self.endpoint_exchanges.labels(tool, record.endpoint_id, record.endpoint_kind).inc()
            self.endpoint_parts.labels(tool, record.endpoint_id).inc(record.parts + record.uploads)

    def finished(self, record: UsageRecord, outcome: UsageOutcome) -> None:
        """Count how a decided exchange ended; `record` is the one `decided` saw."""
        self.exchanges_in_flight.dec()
        self.actions.labels(record.tool_id or UNREGISTERED, outcome.action).inc()
        if record.uploads:
            self.uploads.labels(outcome.action).inc(record.uploads)
        for entity, count in outcome.redacted.items():
            self.redactions.labels(entity).inc(count)
        for entity, count in outcome.answer_entities.items():
            self.answer_findings.labels(entity).inc(count)
        for step, milliseconds in outcome.milliseconds.items():
            self.step_seconds.labels(step).observe(milliseconds / 1000)

    def inspected(self, seconds: float, inspection: Inspection) -> None:
        """Count one inspection that finished: its time, the computing time of each layer, what shadow rules saw."""
        self.inspection_seconds.observe(seconds)
        for layer, spent in inspection.seconds_by_layer.items():
            self.layer_seconds.labels(layer).inc(spent)
        for rule, count in inspection.shadow.items():
            self.shadow_findings.labels(rule).inc(count)

    def rulebook_loaded(self, revision: str, at: float, screening_ends: Mapping[str, float] = _NONE) -> None:
        """Say which rulebook is in force since `at` (seconds since the epoch); the older revision disappears.

        `screening_ends` says of each screened tool when its screening ends.
        """
        self.screening_ends_time.clear()
        for tool, ends in screening_ends.items():
            self.screening_ends_time.labels(tool).set(ends)
        self.rulebook_info.clear()
        self.rulebook_info.labels(revision).set(1)
        self.rulebook_loaded_time.set(at)
        self.rulebook_checked_time.set(at)
        self.rulebook_stale.set(0)

    def journal_written(self, kind: str, seconds: float) -> None:
        """Count one durable row; called from the journal's thread."""
        self.journal_rows.labels(kind).inc()
        self.journal_write_seconds.observe(seconds)
        self.journal_writable.set(1)

    def journal_failed(self, kind: str) -> None:
        """Count one row that could not be written."""
        self.journal_failures.labels(kind).inc()
        self.journal_writable.set(0)

    def checkpoint_copied(self, at: float) -> None:
        """Say when the last checkpoint reached its second place (seconds since the epoch)."""
        self.journal_checkpoint_time.set(at)

    def _start_at_zero(self) -> None:
        """Show closed label lists from the start: Prometheus sees no increase in a series that begins at 1."""
        for verdict in Verdict:
            for data_class in DataClass:
                self.prompts_with_data.labels(data_class.value, verdict.value)
        for reason in ReasonCode:
            self.refusals.labels(reason.value)
        for failure in _FAILURES:
            self.inspection_failures.labels(failure.value)
        for level in ("possible", "likely"):
            self.incidents.labels(level)
        for ending in ("joined", "cancelled", "abandoned", "crowded_out", "refused"):
            self.ended_uploads.labels(ending)
        for outcome in ("kept", "refused"):
            self.pieces.labels(outcome)
        for task in ("sentinel", "reload", "certificates", "measuring"):
            self.background_failures.labels(task)
        for kind in ("start", "finish", "lifecycle"):
            self.journal_rows.labels(kind)
            self.journal_failures.labels(kind)
        for side in ("client", "upstream"):
            for host_class in ("registered", "ai_host", "other"):
                self.tls_failures.labels(side, host_class)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        self._catalogue.append(MetricSpec(name, "counter", labels, text))
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        self._catalogue.append(MetricSpec(name, "gauge", labels, text))
        return Gauge(name, text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        self._catalogue.append(MetricSpec(name, "histogram", labels, text))
        return Histogram(name, text, labels, registry=self.registry, buckets=_FAST)
