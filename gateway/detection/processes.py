"""Handles of the two kinds of detection processes: the nursery that has everything loaded, and the workers it forks."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from gateway.detection.frames import HEADER, encode, load
from gateway.detection.inspector import PartInspection
from gateway.errors import InspectionError
from gateway.model.policy import ReasonCode

_START_SECONDS = 60
_FRAME_LIMIT = 64 << 20
_SINGLE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Worker:
    """One worker process and its socket. `handle` is a pidfd; None where the platform has none."""

    def __init__(
        self, pid: int, handle: int | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.pid = pid
        self._handle = handle
        self.worn = False
        """It has grown too large and asks to be replaced."""

        self._reader = reader
        self._writer = writer

    async def ask(self, texts: Sequence[str]) -> list[PartInspection]:
        """What each text gives. Raises InspectionError; anything else than an answer means the worker is lost."""
        self._writer.write(encode(texts))
        await self._writer.drain()
        answer = await _read(self._reader)
        if "error" in answer:
            raise InspectionError(ReasonCode.INSPECTION_FAILED, str(answer["error"]))
        self.worn = bool(answer["worn"])
        return load(answer["parts"])

    def end(self) -> None:
        """Close the socket (an idle worker then ends) and make sure of it; once.

        Its parent lets dead workers go at once, so its number may be another process's by now: the handle never is.
        """
        self._writer.close()
        with contextlib.suppress(ProcessLookupError):
            if self._handle is None:
                os.kill(self.pid, signal.SIGKILL)
            else:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        if self._handle is not None:
            os.close(self._handle)


class Nursery:
    """The process that forks workers, for one rulebook."""

    def __init__(self, process: subprocess.Popen[bytes], connection: socket.socket) -> None:
        self._process = process
        self._connection = connection
        self._lock = asyncio.Lock()
        self.isolated = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @classmethod
    async def start(cls, configuration: bytes) -> "Nursery":
        """Start one and wait until it has loaded. Raises InspectionError with what went wrong."""
        try:
            nursery = cls(*_spawn())
        except OSError as error:
            detail = f"workers did not start: {type(error).__name__}"
            raise InspectionError(ReasonCode.INSPECTION_FAILED, detail) from None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_START_SECONDS):
                await loop.sock_sendall(nursery._connection, HEADER.pack(len(configuration)) + configuration)
                hello = await nursery._hear()
        except asyncio.CancelledError:
            await nursery.end()
            raise
        except (OSError, TimeoutError, EOFError) as error:
            await nursery.end()
            detail = f"workers did not start: {type(error).__name__}"
            raise InspectionError(ReasonCode.INSPECTION_FAILED, detail) from None
        if "error" in hello:
            await nursery.end()
            raise InspectionError(ReasonCode.INSPECTION_FAILED, str(hello["error"]))
        nursery.isolated = bool(hello["isolated"])
        return nursery

    async def worker(self) -> Worker:
        """A new worker."""
        async with self._lock:
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(self._connection, b"w")
            await _readable(self._connection)
            data, fds, _, _ = socket.recv_fds(self._connection, 4096, 2)
            if not data or not fds:
                raise InspectionError(ReasonCode.WORKER_DIED, "nursery")
        pid = int(_parse(data)["pid"])
        reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=fds[0]), limit=_FRAME_LIMIT)
        return Worker(pid, fds[1] if len(fds) > 1 else None, reader, writer)

    async def _hear(self) -> Any:  # noqa: ANN401 - any JSON
        loop = asyncio.get_running_loop()
        data = b""
        while len(data) < HEADER.size or len(data) < HEADER.size + HEADER.unpack(data[: HEADER.size])[0]:
            chunk = await loop.sock_recv(self._connection, 65_536)
            if not chunk:
                raise EOFError
            data += chunk
        return _parse(data)

    async def end(self) -> None:
        """End the nursery; its workers end with their sockets."""
        self._connection.close()
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)


def _spawn() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A nursery's process and our end of the socket to it. Raises OSError, and then leaves nothing open."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "gateway.detection.nursery", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | _SINGLE_THREAD,
            )
        except OSError:
            ours.close()
            raise
    return process, ours


async def _read(reader: asyncio.StreamReader) -> Any:  # noqa: ANN401 - any JSON
    header = await reader.readexactly(HEADER.size)
    return _parse(header + await reader.readexactly(HEADER.unpack(header)[0]))


def _parse(frame: bytes) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(frame[HEADER.size :])


async def _readable(connection: socket.socket) -> None:
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
