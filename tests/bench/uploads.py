"""What large uploads cost the gateway process: memory above start against bytes in flight, one file and four at once.

    python -m tests.bench.uploads

The real gateway in a process of its own; documents of 22 MB with one large picture, put to the lab's upload endpoint.
`peak` is the high-water mark of the process's resident memory (VmHWM), read again after each round.
"""

import io
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from PIL import Image
from rich.console import Console
from rich.table import Table

from tests.documents.build import docx_with
from tests.documents.making import zip_again
from tests.e2e.harness import CHAT, Running

ROUNDS = (1, 4)


def document() -> bytes:
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((2700, 2700)).convert("RGB").save(picture, "PNG", compress_level=0)
    return zip_again(docx_with("Het plan voor de linde."), {"word/media/image9.png": picture.getvalue()}, stored=True)


def peak(pid: int) -> int:
    """High-water mark of resident memory, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def send(running: Running, content: bytes) -> tuple[int, float]:
    began = time.perf_counter()
    with httpx.Client(proxy=running.proxy, verify=running.trust(), timeout=120, trust_env=False) as client:
        answer = client.post(f"https://{CHAT}/v1/files", content=content, headers={"x-file-name": "plan.docx"})
    return answer.status_code, time.perf_counter() - began


def main() -> None:
    """Print the table."""
    content = document()
    table = Table("at once", "MB in flight", "peak above start, MB", "ratio", "seconds", "statuses")
    with tempfile.TemporaryDirectory() as folder, Running(Path(folder)) as running:
        send(running, b"boom;aantal\nlinde;12\n")
        send(running, b"boom;aantal\nlinde;12\n")
        start = peak(running.process.pid)
        for at_once in ROUNDS:
            with ThreadPoolExecutor(at_once) as pool:
                sent = list(pool.map(lambda _: send(running, content), range(at_once)))
            above, flight = peak(running.process.pid) - start, at_once * len(content)
            table.add_row(
                str(at_once),
                f"{flight / 1e6:.0f}",
                f"{above / 1e6:.0f}",
                f"{above / flight:.2f}",
                f"{max(seconds for _, seconds in sent):.1f}",
                ", ".join(str(status) for status, _ in sent),
            )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
