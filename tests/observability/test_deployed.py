"""The alerts, runbooks and dashboard in `deploy/` fit the catalogue, and alerts fire: in promtool and in Prometheus."""

import asyncio
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from gateway.model.record import UsageRecord
from gateway.observability import health
from gateway.observability.metrics import Metrics
from gateway.observability.server import LocalServer

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
FROM_VERIFY = {"gateway_journal_intact", "gateway_journal_verified_timestamp_seconds"}
HEADINGS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]


def alerts() -> list[dict[str, Any]]:
    read = yaml.safe_load((PROMETHEUS / "alerts.yaml").read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def series() -> set[str]:
    return {spec.name for spec in Metrics().catalogue} | FROM_VERIFY


def used(expression: str) -> Iterator[str]:
    for name in re.findall(r"gateway_\w+", expression):
        yield re.sub(r"_(bucket|sum|count)$", "", name)


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_has_a_runbook_with_the_four_headings(alert: dict[str, Any]) -> None:
    assert alert["annotations"]["runbook_url"] == f"runbooks/{alert['alert']}.md"
    text = (PROMETHEUS / alert["annotations"]["runbook_url"]).read_text(encoding="utf-8")
    assert text.startswith(f"# {alert['alert']}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert alert["annotations"]["summary"]


def test_every_runbook_belongs_to_an_alert() -> None:
    names = [alert["alert"] for alert in alerts()]
    assert sorted(path.stem for path in (PROMETHEUS / "runbooks").glob("*.md")) == sorted(names)
    assert len(set(names)) == len(names) >= 12


def test_every_alert_is_tested() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (PROMETHEUS / "tests").glob("*.test.yaml"))
    spelled_out = tests.replace("Journal(Broken|NotVerified)", "JournalBroken JournalNotVerified")
    assert [alert["alert"] for alert in alerts() if alert["alert"] not in spelled_out] == []


def test_alerts_and_dashboard_use_only_series_of_the_catalogue() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "prompt-gateway.json").read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    expressions += [alert["expr"] for alert in alerts()]
    assert {name for expression in expressions for name in used(expression)} <= series()


def test_no_panel_or_alert_is_about_people() -> None:
    text = (DEPLOY / "grafana" / "prompt-gateway.json").read_text() + (PROMETHEUS / "alerts.yaml").read_text()
    assert not re.search(r"by \([^)]*(department|pseudonym|user|person)", text)


@pytest.mark.parametrize("file", ["alerts.test.yaml", "bypass.test.yaml"])
@pytest.mark.slow
def test_promtool_finds_that_every_alert_fires_when_it_should(file: str, tool: Callable[[str], str]) -> None:
    done = subprocess.run(
        [tool("promtool"), "test", "rules", file], cwd=PROMETHEUS / "tests", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_the_example_configuration(tool: Callable[[str], str]) -> None:
    command = [tool("promtool"), "check", "config", "prometheus.yaml"]
    done = subprocess.run(command, cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


CONFIGURATION = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: prompt-gateway
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


@pytest.mark.slow
async def test_a_real_prometheus_scrapes_and_the_alert_fires(tmp_path: Path, tool: Callable[[str], str]) -> None:
    metrics = Metrics()
    server = LocalServer(health.create(metrics, health.Readiness(), dict), "127.0.0.1", 0)
    await server.start()
    free = LocalServer(health.create(metrics, health.Readiness(), dict), "127.0.0.1", 0)
    port = free.port
    await free.stop()
    configuration = tmp_path / "prometheus.yaml"
    configuration.write_text(CONFIGURATION.format(rules=PROMETHEUS / "alerts.yaml", port=server.port))
    with (tmp_path / "prometheus.log").open("w") as log:
        prometheus = subprocess.Popen(
            [
                tool("prometheus"), f"--config.file={configuration}", f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await until(client, "/api/v1/query?query=gateway_ready", lambda found: bool(found["result"]))
            metrics.decided(
                UsageRecord(
                    "d-1", 1.0, "", "", "chatgpt", "screened", "send", "prompt", "http", "refuse",
                    (("rule-matched", "no-bsn"),), ("no-bsn",), (), (), "r1", {"NL_BSN": 1},
                )
            )  # fmt: skip
            await until(
                client, "/api/v1/alerts", lambda found: "PersonalDataBlocked" in {
                    alert["labels"]["alertname"] for alert in found["alerts"] if alert["state"] == "firing"
                },
            )  # fmt: skip
    finally:
        prometheus.terminate()
        prometheus.wait()
        await server.stop()


async def until(client: httpx.AsyncClient, path: str, holds: Callable[[Any], bool], seconds: int = 60) -> None:
    """Ask until the answer's data hold, or fail."""
    for _ in range(seconds * 4):
        try:
            answer = await client.get(path)
            if answer.status_code == 200 and holds(answer.json()["data"]):
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.25)
    pytest.fail(f"{path} did not come to hold")
