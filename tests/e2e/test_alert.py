"""The whole way to an alert: a real Prometheus scrapes the running gateway, a prompt is refused, the alert fires."""

import asyncio
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.conftest import require_tool
from tests.e2e.harness import Lab
from tests.observability.test_deployed import CONFIGURATION, PROMETHEUS, until

pytestmark = pytest.mark.slow


def test_a_refused_prompt_fires_the_alert(tmp_path: Path) -> None:
    with Lab(tmp_path) as lab:
        configuration = tmp_path / "prometheus.yaml"
        configuration.write_text(
            CONFIGURATION.format(rules=PROMETHEUS / "alerts.yaml", port=lab.program.health_port), encoding="utf-8"
        )
        with (tmp_path / "prometheus.log").open("w") as log:
            watching = subprocess.Popen(
                [
                    require_tool("prometheus"),
                    f"--config.file={configuration}",
                    f"--storage.tsdb.path={tmp_path / 'data-prometheus'}",
                    "--web.listen-address=127.0.0.1:0",
                ],
                stdout=log,
                stderr=log,
            )
        try:
            asyncio.run(_watch(lab, _address(tmp_path / "prometheus.log")))
        finally:
            watching.terminate()
            watching.wait()


def _address(log: Path) -> str:
    """Where Prometheus listens: it chose a free port itself and says so."""
    for _ in range(240):
        for line in log.read_text(encoding="utf-8").splitlines():
            if "Listening on" in line and "address=" in line:
                return line.rpartition("address=")[2].strip().strip('"')
        asyncio.run(asyncio.sleep(0.25))
    pytest.fail("Prometheus does not listen")


async def _watch(lab: Lab, address: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False) as client:
        await until(client, "/api/v1/query?query=gateway_ready", lambda found: bool(found["result"]))
        refused = await asyncio.to_thread(lab.ask, "mysql -u app -pZomer!2026kade -h db.intern zaken werkt niet")
        assert refused.status_code == 403
        await until(
            client,
            "/api/v1/alerts",
            lambda found: any(
                alert["labels"]["alertname"] == "PersonalDataBlocked" and alert["state"] == "firing"
                for alert in found["alerts"]
            ),
        )
