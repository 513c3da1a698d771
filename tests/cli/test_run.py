"""`run` with bad input: one clear line on what and where, the documented exit code, nothing half-started."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import RULES, blank_pipeline

pytestmark = pytest.mark.slow

FREE = ("--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0", "--health-listen", "127.0.0.1:0")
ROOT = Path(__file__).parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from gateway.cli.main import main; main()", *arguments]


def run(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("run", "--data", str(tmp_path / "data"), *arguments),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | {f"PROMPT_GATEWAY_{n.upper()}": v for n, v in variables.items()},
    )


def broken_rule(tmp_path: Path) -> tuple[str, ...]:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.yaml").write_text("kind: usage/v1\nid: own\nverdict: maybe\n")
    return ("--rules-overlay", str(folder))


def used_port(_tmp_path: Path) -> tuple[str, ...]:
    holder = socket.create_server(("127.0.0.1", 0))
    _HELD.append(holder)
    return ("--listen", f"127.0.0.1:{holder.getsockname()[1]}")


def readable_key(tmp_path: Path) -> tuple[str, ...]:
    subprocess.run(command("ca", "create", "--data", str(tmp_path / "data")), check=True, cwd=ROOT, capture_output=True)
    (tmp_path / "data" / "ca" / "root.key").chmod(0o644)
    return ()


def folder_that_is_a_file(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "data").write_text("")
    return ()


_HELD: list[socket.socket] = []


@pytest.mark.parametrize(
    ("prepare", "code", "words"),
    [
        (broken_rule, 4, ("own.yaml:3",)),
        (used_port, 3, ("proxy listener", "in use")),
        (readable_key, 3, ("root.key", "chmod 600")),
        (folder_that_is_a_file, 3, ("data",)),
        (lambda _: ("--connect-to", "unknown.example:443:127.0.0.1:1"), 3, ("unknown.example", "no rule file")),
        (lambda _: ("--connect-to", "nonsense"), 3, ("HOST:PORT:ADDR:PORT",)),
        (lambda _: ("--listen", "0.0.0.0:0"), 3, ("open_listener",)),
        (lambda _: ("--mode", "sideways"), 3, ("sideways",)),
        (lambda _: ("--rules", "nowhere"), 3, ("nowhere",)),
        (lambda _: ("--upstream-ca", "nowhere.pem"), 3, ("nowhere.pem",)),
        (lambda _: ("--config", "nowhere.toml"), 3, ("nowhere.toml",)),
    ],
    ids=["rule", "port", "key", "folder", "host", "connect-to", "exposed", "mode", "rules", "ca", "config"],
)
def test_bad_input(
    tmp_path: Path, prepare: Callable[[Path], tuple[str, ...]], code: int, words: tuple[str, ...]
) -> None:
    given = prepare(tmp_path)
    ended = run(tmp_path, *(FREE if "--listen" not in given else FREE[2:]), *given)
    assert ended.returncode == code, ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert all(word in ended.stderr for word in words), ended.stderr
    if code == 3:
        assert ended.stderr.count("\n") == 1


def test_a_missing_model(tmp_path: Path) -> None:
    ended = run(tmp_path, *FREE, language_model=str(tmp_path / "nowhere"))
    assert ended.returncode == 3
    assert "nowhere" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_run_says_what_to_do_next_and_ends_on_sigterm(tmp_path: Path) -> None:
    variables = {"LANGUAGE_MODEL": str(blank_pipeline(tmp_path)), "SECOND_OPINION": "false"}
    process = subprocess.Popen(
        command("run", "--data", str(tmp_path / "data"), "--rules-overlay", str(RULES), *FREE),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": str(ROOT)}
        | {f"PROMPT_GATEWAY_{name}": value for name, value in variables.items()},
    )
    assert process.stdout is not None
    lines: dict[str, str] = {}
    while not (line := process.stdout.readline()).startswith("Next:"):
        assert line, process.communicate()
        name, _, value = line.strip().partition("  ")
        lines[name.strip()] = value.strip()
    try:
        assert "FindProxyForURL" in urllib.request.urlopen(lines["PAC address"]).read().decode()
        assert 'lang="nl"' in urllib.request.urlopen(lines["portal"]).read().decode()
        assert Path(lines["CA file"]).is_file()
        for _ in range(100):
            if "gateway_ready 1" in urllib.request.urlopen(lines["metrics"]).read().decode():
                break
            time.sleep(0.1)
        else:
            pytest.fail("never ready")
        assert lines["OPTED OUT"].startswith("no-tenant-headers")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
