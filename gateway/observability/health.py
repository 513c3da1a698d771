"""Health over HTTP: `/metrics`, `/healthz` (alive), `/readyz` (may take traffic), `/status` (what is running, JSON)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.observability.metrics import Metrics

type Check = Callable[[], str]
"""A readiness check: "" when all is well, else a fixed word of ours that says what is wrong."""


@dataclass(slots=True)
class Readiness:
    """Named checks that must all hold before traffic is taken; `drain()` makes it say no for good."""

    checks: dict[str, Check] = field(default_factory=dict)
    is_draining: bool = False

    def add(self, name: str, check: Check) -> None:
        """Ask `check` on every `/readyz`; it must be quick and never raise."""
        self.checks[name] = check

    def drain(self) -> None:
        """From now on not ready: the balancer sends no new connections while flows finish."""
        self.is_draining = True

    def problems(self) -> dict[str, str]:
        """The checks that do not hold, with their word; empty means ready."""
        found = {name: word for name, check in self.checks.items() if (word := check())}
        return found | ({"drain": "draining"} if self.is_draining else {})


def create(metrics: Metrics, readiness: Readiness, status: Callable[[], Mapping[str, object]]) -> Starlette:
    """The application. `status` gives JSON-able facts (version, revision, listeners, opt-outs); never traffic.

    It has no authentication and belongs on loopback or on a management network.
    """

    def show_metrics(_request: Request) -> Response:
        metrics.ready.set(0 if readiness.problems() else 1)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    def show_alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    def show_ready(_request: Request) -> Response:
        problems = readiness.problems()
        return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)

    def show_status(_request: Request) -> Response:
        problems = readiness.problems()
        return JSONResponse({"ready": not problems, "problems": problems, **status()})

    async def run(request: Request) -> Response:
        # On the event loop on purpose: a blocked loop must show as a late answer, and counters need no lock.
        return pages[request.url.path](request)

    pages: dict[str, Callable[[Request], Response]] = {
        "/metrics": show_metrics,
        "/healthz": show_alive,
        "/readyz": show_ready,
        "/status": show_status,
    }
    return Starlette(routes=[Route(path, run, methods=["GET"]) for path in pages])
