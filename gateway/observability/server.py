"""Serves a small ASGI application (health, portal) inside the gateway's own event loop, without its own signals."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from uvicorn._types import ASGI3Application


class LocalServer:
    """One listener. The socket is bound on construction, so a port in use is an `OSError` before anything starts."""

    def __init__(self, app: ASGI3Application, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self._server = _Quiet(
            uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off", workers=1)
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that was bound; useful when 0 was asked for."""
        port: int = self._socket.getsockname()[1]
        return port

    async def start(self) -> None:
        """Begin answering; returns when the listener accepts."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.005)
        if self._task.done():
            await self._task

    async def stop(self) -> None:
        """Finish running answers, for a second at most, and close the listener."""
        if self._task is not None:
            self._server.should_exit = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._task), 1.0)
            if not self._task.done():
                self._server.force_exit = True
                await self._task
        self._socket.close()


class _Quiet(uvicorn.Server):
    """uvicorn without signal handlers: stopping the process is the gateway's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
