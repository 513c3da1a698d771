"""The door of the room: an upload's bytes in, its texts and gaps out, through one confined process per file."""

import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from gateway.documents.confinement import Bounds
from gateway.documents.kinds import FileKind
from gateway.errors import DocumentError
from gateway.model.inspection import Gap, GapKind
from gateway.model.traffic import PartRole, PromptPart, Upload

_PROJECT = Path(__file__).parents[2]


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave. `parts` have role `file` (and `file_name`); complete is true when nothing stayed unread."""

    upload_id: str
    kind: FileKind
    parts: tuple[PromptPart, ...]
    gaps: tuple[Gap, ...]

    @property
    def complete(self) -> bool:
        return not self.gaps


@dataclasses.dataclass(slots=True)
class DocumentReader:
    """Reads files side by side, at most `at_once`; beyond that, they wait. A file over `max_bytes` is not read: a gap.

    A process that crashes, runs out of memory or time gives a gap, never an exception and never "clean".
    """

    bounds: Bounds = dataclasses.field(default_factory=Bounds)
    at_once: int = 4
    max_bytes: int = 100_000_000
    _slots: asyncio.Semaphore = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.at_once)

    async def read(self, upload: Upload) -> Reading:
        """Reads one upload with content; an upload of which only the name is here gives no parts and no gap."""
        if upload.content is None:
            return Reading(upload.id, FileKind.EMPTY, (), ())
        if len(upload.content) > self.max_bytes:
            return self._unread(upload, GapKind.TOO_LARGE, "file")
        async with self._slots:
            return await self._read_confined(upload, upload.content)

    async def _read_confined(self, upload: Upload, content: bytes) -> Reading:
        try:
            answer = await self._ask({"verb": "read"}, content)
        except TimeoutError:
            return self._unread(upload, GapKind.TIMEOUT, "file")
        return _reading(upload, answer[1:]) if answer else self._unread(upload, GapKind.UNREADABLE, "reader-failed")

    async def redact(
        self, upload: Upload, replacements: Sequence[tuple[str, str]], as_text: Collection[str] = ()
    ) -> bytes:
        """The same file, each value replaced by its token; raises `DocumentError` when that cannot be done whole.

        A file of a kind named in `as_text` (a PDF, a picture) is replaced by one that holds its redacted text only.
        """
        if upload.content is None:
            raise DocumentError("no bytes to rewrite")
        async with self._slots:
            try:
                order: dict[str, object] = {
                    "verb": "replace",
                    "replacements": list(replacements),
                    "as_text": sorted(as_text),
                }
                answer = await self._ask(order, upload.content)
            except TimeoutError as error:
                raise DocumentError("rewriting took too long") from error
        if not answer.startswith(b"+"):
            raise DocumentError("the file cannot be rewritten completely")
        return answer[1:]

    async def _ask(self, order: dict[str, object], content: bytes) -> bytes:
        """One confined process for one order; b"" when it failed. Raises `TimeoutError` after the wall-clock bound."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "gateway.documents.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(_PROJECT), "PATH": "/usr/local/bin:/usr/bin:/bin"},
            cwd="/",
            start_new_session=True,
        )
        line = json.dumps({"bounds": dataclasses.asdict(self.bounds)} | order).encode() + b"\n"
        try:
            async with asyncio.timeout(self.bounds.wall_seconds):
                answer = await _converse(process, line, content, self.bounds.output_bytes)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return answer if answer and process.returncode == 0 else b""

    def _unread(self, upload: Upload, kind: GapKind, detail: str) -> Reading:
        return Reading(upload.id, FileKind.BINARY, (), (Gap(kind, upload.id, detail),))


async def _converse(process: asyncio.subprocess.Process, order: bytes, content: bytes, most: int) -> bytes | None:
    """Sends the file while reading the answer; None when the answer is longer than `most`."""
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        return None

    async def send() -> None:
        with contextlib.suppress(ConnectionError):
            stdin.write(order)
            stdin.write(content)
            await stdin.drain()
            stdin.close()

    sending = asyncio.create_task(send())
    answer = bytearray()
    try:
        while piece := await stdout.read(1 << 16):
            answer += piece
            if len(answer) > most:
                return None
        await process.wait()
    finally:
        sending.cancel()
    return bytes(answer)


def _reading(upload: Upload, answer: bytes) -> Reading:
    said = json.loads(answer)
    parts = tuple(
        PromptPart(f"{upload.id}.{number}", PartRole.FILE, text, where)
        for number, (where, text) in enumerate(said["segments"], start=1)
    )
    gaps = tuple(Gap(GapKind(kind), upload.id, detail) for kind, detail in said["gaps"])
    return Reading(upload.id, FileKind(said["kind"]), parts, gaps)
