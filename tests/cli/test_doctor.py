"""`doctor` finds a healthy gateway healthy, and says what is broken when it is not."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import ROOT, RULES, Running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(Path(tmp_path_factory.mktemp("doctor"))) as gateway:
        time.sleep(1)  # the first sentinel
        yield gateway


def examine(gateway: Running) -> tuple[int, dict[str, Any]]:
    strip = str.maketrans("", "", "/")
    portal, health = (
        gateway.places[name].removeprefix("http://").removesuffix("/metrics").translate(strip)
        for name in ("portal", "metrics")
    )
    ended = subprocess.run(
        [
            *(sys.executable, "-c", "from gateway.cli.main import main; main()", "doctor", "--json"),
            *("--data", str(gateway.data), "--rules-overlay", str(RULES), "--health-listen", health),
            *("--portal-listen", portal, "--listen", gateway.proxy.removeprefix("http://")),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert ended.stderr == ""
    return ended.returncode, {result["check"]: result for result in json.loads(ended.stdout)}


def test_a_healthy_gateway(gateway: Running) -> None:
    code, results = examine(gateway)
    broken = [result for result in results.values() if result["state"] == "fail"]
    assert broken == []
    assert code == 0
    assert {"canary refused", "canary over TLS", "journal", "key files", "rules in force"} <= set(results)
    assert results["opted out"]["state"] == "warn"


def test_a_key_others_can_read(gateway: Running) -> None:
    key = gateway.data / "ca" / "root.key"
    key.chmod(0o640)
    code, results = examine(gateway)
    key.chmod(0o600)
    assert code == 1
    assert "chmod 600" in results["certificates"]["detail"]


def test_a_gateway_that_is_away(gateway: Running) -> None:
    gateway.stop()
    code, results = examine(gateway)
    assert code == 1
    assert results["health"]["state"] == "fail"
    assert "does not answer" in results["health"]["detail"]
    assert results["canaries"]["state"] == "fail"
