"""A short run of every reader under the fuzzer, so that none rots; `fuzz_documents.py` tells how to run for long."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="the fuzzer is a development dependency for Linux")
BOUNDED_BY_THE_PROCESS = "xls"
"""Its parser asks for as much memory as a broken file says; the limits of the reader's process end it."""
HARNESS = Path(__file__).with_name("fuzz_documents.py")
ROOT = HARNESS.parents[2]


def targets() -> list[str]:
    from gateway.documents.extract import READERS
    from gateway.documents.kinds import FileKind

    kinds = [kind.value for kind in READERS if kind not in (FileKind.EMPTY, FileKind.BINARY, FileKind.SOUND_OR_FILM)]
    return [*sorted(kind for kind in kinds if kind != BOUNDED_BY_THE_PROCESS), "rewrite"]


@pytest.mark.slow
@pytest.mark.parametrize("target", targets())
def test_a_short_run_finds_nothing(target: str, tmp_path: Path) -> None:
    command = [sys.executable, str(HARNESS), target, "-runs=150", "-max_len=60000", "-seed=1", "-rss_limit_mb=0"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
