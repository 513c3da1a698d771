"""A short run of every fuzz target, so that none of them rots; `fuzz_wire.py` tells how to run one for long."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="the fuzzer is a development dependency for Linux")
HARNESS = Path(__file__).with_name("fuzz_wire.py")
TARGETS = [
    "json",
    "json_lines",
    "form",
    "url",
    "multipart",
    "gzip",
    "deflate",
    "brotli",
    "zstd",
    "charset",
    "records",
    "events",
    "google_frames",
    "grpc_frames",
    "protobuf",
    "base64",
    "data_url",
    "html",
    "message",
]


def test_every_target_is_run() -> None:
    result = subprocess.run([sys.executable, HARNESS], capture_output=True, text=True, check=False)
    assert result.stderr.splitlines()[-1] == f"target: one of {', '.join(TARGETS)}"


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_short_run_finds_nothing(target: str, tmp_path: Path) -> None:
    command = [sys.executable, str(HARNESS), target, "-runs=3000", "-max_len=400", "-seed=1"]
    environment = {"PYTHONPATH": str(HARNESS.parents[2]), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
