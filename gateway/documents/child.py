"""The confined process: reads one file from standard input, answers with JSON on standard output, and ends.

Run as `python -m gateway.documents.child`. Before a byte is parsed the process gives up the network, bounds its memory,
CPU time, files and output, and forgets its environment. A crash or a bomb costs this process and one refusal.
"""

import contextlib
import json
import os
import resource
import sys
from typing import Any

from gateway.documents.confinement import Bounds


def confine(bounds: Bounds) -> bool:
    """Applies the bounds to this process; true when the network is gone as well (the platform may forbid that)."""
    for what, limit in (
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_FSIZE, bounds.output_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    os.environ.clear()
    os.environ["PATH"] = "/usr/local/bin:/usr/bin:/bin"
    os.environ["OMP_THREAD_LIMIT"] = "1"
    for flags in (os.CLONE_NEWNET, os.CLONE_NEWUSER | os.CLONE_NEWNET):
        with contextlib.suppress(OSError):
            os.unshare(flags)
            return True
    return False


def main() -> None:
    """One request: a line of JSON with the bounds and the order, then the bytes of the file.

    Answers `+` and the result, or `-` when a rewrite cannot be done completely.
    """
    order = json.loads(sys.stdin.buffer.readline())
    offline = confine(Bounds(**order["bounds"]))
    content = sys.stdin.buffer.read()
    answer = _read(content, offline) if order["verb"] == "read" else _replace(content, order)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _read(content: bytes, offline: bool) -> bytes:
    from gateway.documents.content import Content  # noqa: PLC0415 - parsers load after the bounds hold
    from gateway.documents.extract import extract  # noqa: PLC0415

    into = Content()
    kind = extract(content, into)
    answer = {
        "kind": kind.value,
        "segments": [[segment.where, segment.text] for segment in into.segments],
        "gaps": [[gap.value, detail] for gap, detail in into.gaps],
        "offline": offline,
    }
    return b"+" + json.dumps(answer).encode()


def _replace(content: bytes, order: dict[str, Any]) -> bytes:
    from gateway.documents.replace import replace_values  # noqa: PLC0415
    from gateway.errors import DocumentError  # noqa: PLC0415

    try:
        return b"+" + replace_values(
            content, [(value, token) for value, token in order["replacements"]], order["as_text"]
        )
    except DocumentError:
        return b"-"


if __name__ == "__main__":
    main()
