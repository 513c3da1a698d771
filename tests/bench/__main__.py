"""`make bench`: every table, one after another, each in a process of its own. Name one or more to run only those."""

import subprocess
import sys
from pathlib import Path

BENCHES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_")))


def main(wanted: list[str]) -> int:
    """Exit code 0 when every bench ran; figures are read by people, nothing here judges them."""
    unknown = set(wanted) - set(BENCHES)
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    codes = [subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode
             for name in wanted or BENCHES]  # fmt: skip
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
