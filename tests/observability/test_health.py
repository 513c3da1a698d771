"""Health over HTTP, on a real loopback socket."""

import socket

import httpx
import pytest

from gateway.observability import health
from gateway.observability.metrics import Metrics
from gateway.observability.server import LocalServer


async def ask(path: str, readiness: health.Readiness, metrics: Metrics) -> httpx.Response:
    server = LocalServer(health.create(metrics, readiness, lambda: {"version": "1.0"}), "127.0.0.1", 0)
    await server.start()
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{server.port}{path}")
    finally:
        await server.stop()


async def test_ready_only_when_every_check_holds() -> None:
    readiness = health.Readiness()
    readiness.add("journal", lambda: "")
    assert (await ask("/readyz", readiness, Metrics())).status_code == 200
    readiness.add("sentinel", lambda: "not-refused")
    answer = await ask("/readyz", readiness, Metrics())
    assert (answer.status_code, answer.json()["problems"]) == (503, {"sentinel": "not-refused"})


async def test_draining_is_not_ready_but_alive() -> None:
    readiness = health.Readiness()
    readiness.drain()
    assert (await ask("/readyz", readiness, Metrics())).status_code == 503
    assert (await ask("/healthz", readiness, Metrics())).text == "alive\n"


@pytest.mark.parametrize(("problem", "expected"), [("", b"gateway_ready 1.0"), ("dead", b"gateway_ready 0.0")])
async def test_metrics_tell_readiness_as_it_is_now(problem: str, expected: bytes) -> None:
    readiness = health.Readiness({"workers": lambda: problem})
    answer = await ask("/metrics", readiness, Metrics())
    assert answer.headers["content-type"].startswith("text/plain")
    assert expected in answer.content


async def test_status_holds_the_facts_given() -> None:
    answer = await ask("/status", health.Readiness(), Metrics())
    assert answer.json() == {"ready": True, "problems": {}, "version": "1.0"}


async def test_other_paths_and_methods_are_refused() -> None:
    assert (await ask("/status/../etc", health.Readiness(), Metrics())).status_code == 404


def test_a_port_in_use_is_an_error_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        app = health.create(Metrics(), health.Readiness(), dict)
        with pytest.raises(OSError, match="in use"):
            LocalServer(app, "127.0.0.1", taken.getsockname()[1])
