"""What restoring costs a stream, in the running gateway: events per CPU-second, and when the first event arrives.

    python -m tests.bench.streaming

One gateway process, four answers at a time over TLS and HTTP/1.1, an event per write as AI services send them. Each
round takes all roads, one after another: `passed` is an answer nobody reads (a page asset), `listened` one that is
inspected after its end while there is nothing to restore, the others have a placeholder to restore in so many events,
cut over three. CPU is that of the gateway's own process, from /proc. `first event` is from the service's write to the
client's read. Medians over the rounds; ratios are within a round. What restoring itself costs stands beside `listened`;
beside `passed` stands what restoring and inspecting the answer cost together.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from gateway.cli.pretend import PretendService
from tests.e2e.harness import CHAT, Running

ROUNDS = 5
STREAMS = 4
EVENTS = 1000
SINGLES = 15
PAUSE = 0.002
"""Seconds between events of one stream, so that the gateway reads them one by one."""

BSN = "111222333"
HARMLESS, PERSONAL = "Schrijf een brief over een parkeervergunning.", f"Schrijf over BSN {BSN}."
ROADS = ("passed", "listened", "one in 50", "one in 10")
IDENTITY = {"IDENTITY": "header", "IDENTITY_HEADER": "x-person", "IDENTITY_FRONTS": "127.0.0.1/32"}
"""Placeholders belong to a person, so each road is travelled by its own."""

DENSITY = {"one in 50": 50, "one in 10": 10}
"""A placeholder in so many events; the roads that have nothing to restore get one in fifty as well."""

_WORDS = ("Beste", " inwoner", " met", " [BS", "N-1", "],", " dank", " voor", " uw", " bericht. ")


@dataclass(slots=True)
class Writer(PretendService):
    """A service that writes a long answer event by event, and notes when it wrote the first."""

    wrote_at: list[float] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._answer, methods=["POST"]),
                Route("/assets/answer", self._answer, methods=["GET"]),
            ]
        )

    async def _answer(self, request: Request) -> StreamingResponse:
        await request.body()

        every = int(request.headers["x-every"])

        async def send() -> AsyncIterator[bytes]:
            self.wrote_at.append(time.monotonic())
            for number in range(int(request.headers["x-events"])):
                yield _event(_WORDS[number % len(_WORDS)] if number % every < len(_WORDS) else " woord")
                await asyncio.sleep(PAUSE)

        return StreamingResponse(send(), media_type="text/event-stream")


@dataclass(frozen=True, slots=True)
class Measured:
    """One road in one round: events per CPU-second, seconds to the first event, reads the client needed per event."""

    events: float
    first: float
    reads: float


def _event(word: str) -> bytes:
    choice = {"index": 0, "delta": {"content": word}, "finish_reason": None}
    head = {"id": "chatcmpl-0123456789", "object": "chat.completion.chunk", "created": 1795355400, "model": "m"}
    return f"data: {json.dumps(head | {'choices': [choice]})}\n\n".encode()


def cpu_seconds(process: int) -> float:
    """What all threads of a process have used so far."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def ask(client: httpx.Client, road: str, events: int = EVENTS) -> tuple[float, int]:
    """One whole answer of so many events: when its first event came, and in how many reads it came."""
    message = {
        "model": "m",
        "stream": True,
        "messages": [{"role": "user", "content": PERSONAL if road in DENSITY else HARMLESS}],
    }
    how = ("GET", "/assets/answer", None) if road == "passed" else ("POST", "/v1/chat/completions", message)
    with client.stream(
        how[0],
        f"https://{CHAT}{how[1]}",
        json=how[2],
        headers={"x-person": road, "x-events": str(events), "x-every": str(DENSITY.get(road, 50))},
    ) as answer:
        arrived, came, first = b"", 0, 0.0
        for chunk in answer.iter_raw():
            first = first or time.monotonic()
            came += 1
            arrived += chunk
    words = "".join(
        json.loads(row[6:])["choices"][0]["delta"]["content"] for row in arrived.decode().split("\n\n")[:-1]
    )
    if (BSN in words) is not (road in DENSITY) or ("[BSN-1]" in words) is (road in DENSITY):
        raise SystemExit(f"the answer of `{road}` is not what it should be")
    return first, came


def measure(gateway: Running, client: httpx.Client, pool: ThreadPoolExecutor, road: str) -> Measured:
    """Four answers at the same time for the CPU, then short ones alone for the first event."""
    before = cpu_seconds(gateway.process.pid)
    came = [reads for _, reads in pool.map(lambda _: ask(client, road), range(STREAMS))]
    used = cpu_seconds(gateway.process.pid) - before
    service = gateway.upstream.service
    assert isinstance(service, Writer)
    firsts = []
    for _ in range(SINGLES):
        service.wrote_at.clear()
        first, _ = ask(client, road, events=20)
        firsts.append(first - service.wrote_at[0])
    events = STREAMS * EVENTS
    return Measured(events / used, statistics.median(firsts), sum(came) / events)


def main() -> None:
    rounds: list[dict[str, Measured]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Running(Path(folder), variables=IDENTITY, service=Writer()) as gateway,
        ThreadPoolExecutor(STREAMS) as pool,
        gateway.client() as client,
    ):
        for road in ROADS:
            ask(client, road)
        for number in range(ROUNDS):
            order = ROADS if number % 2 else ROADS[::-1]
            rounds.append({road: measure(gateway, client, pool, road) for road in order})
    table = Table(title="Streaming through the running gateway")
    for name in ("", "events per CPU-second", "to passed (>= 0.8)", "to listened", "first event, ms",
                 "to passed (<= 1.2)", "reads per event"):  # fmt: skip
        table.add_column(name, justify="right" if name else "left")
    for road in ROADS:
        mine = [each[road] for each in rounds]
        table.add_row(
            road,
            f"{statistics.median(one.events for one in mine):,.0f}",
            f"{statistics.median(each[road].events / each['passed'].events for each in rounds):.2f}",
            f"{statistics.median(each[road].events / each['listened'].events for each in rounds):.2f}",
            f"{statistics.median(one.first for one in mine) * 1000:.2f}",
            f"{statistics.median(each[road].first / each['passed'].first for each in rounds):.2f}",
            f"{statistics.median(one.reads for one in mine):.2f}",
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
