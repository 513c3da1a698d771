"""The public pii-leak-benchmark against a running gateway: does anything leak, and does everything come back?

    python -m tests.bench.leak_benchmark [SEED]

Starts the gateway in reverse mode on loopback with the rule profile `rules/profiles/leak-benchmark`, the benchmark's
capture as its upstream, and runs `selfcheck` and the response-split profile v2 at every split point. Exit code 0 when
both pass. Nothing leaves this machine.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "rules" / "profiles" / "leak-benchmark"
SEED = "a1b2c3d4e5f60001"
START_SECONDS = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gateway(data: Path, port: int, capture: int, health: int) -> subprocess.Popen[bytes]:
    """A gateway on `port` whose upstream is the capture; returns when it is ready."""
    program = "import sys; from gateway.cli.main import main; sys.exit(main())"
    running = subprocess.Popen(
        [
            sys.executable, "-c", program, "run", "--data", str(data), "--rules-overlay", str(PROFILE),
            "--mode", f"reverse:http://api.openai.com@127.0.0.1:{port}",
            "--connect-to", f"api.openai.com:80:127.0.0.1:{capture}",
            "--listen", f"127.0.0.1:{free_port()}", "--portal-listen", f"127.0.0.1:{free_port()}",
            "--health-listen", f"127.0.0.1:{health}",
        ],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{health}/readyz", timeout=2):
                return running
        except OSError:
            time.sleep(0.2)
    running.kill()
    raise SystemExit("the gateway did not become ready; start it by hand to see why")


def run(module: str, *arguments: str) -> int:
    program = f"import sys; from pii_leak_benchmark.{module} import main; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", program, *arguments], check=False).returncode


def main(seed: str) -> int:
    """Exit code 0 when both runs pass, 1 when one does not."""
    port, capture, health = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        running = gateway(Path(folder) / "data", port, capture, health)
        try:
            base = f"http://127.0.0.1:{port}/v1"
            clean = run("cli", "selfcheck", "--target-base-url", base, "--capture-port", str(capture))
            out = Path(folder) / "v2"
            run(
                "v2_cli", "--validate", "--exhaustive-splits", "--only", "prompt-gateway", "--seed", seed,
                "--gateway-url", f"{base}/chat/completions", "--upstream-port", str(capture), "--out", str(out),
            )  # fmt: skip
            report = json.loads((out / "prompt-gateway.json").read_text(encoding="utf-8"))
        finally:
            running.terminate()
            running.wait(30)
    return int(clean != 0 or report["outcome"] != "pass" or report["passed"] is not True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else SEED))
