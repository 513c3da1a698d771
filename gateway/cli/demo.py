"""`demo`: eight prompts through a real gateway to a pretend AI service on this machine, and what became of them."""

import asyncio
import json
import ssl
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import httpx

    from gateway.cli.pretend import PretendService
    from gateway.proxy.program import Program

OPENAI, ANTHROPIC, UNSCREENED = "api.openai.com", "api.anthropic.com", "chat.deepseek.com"
_HOSTS = (OPENAI, ANTHROPIC, UNSCREENED)
_OVERLAY = Path(__file__).parent / "demo_rules"
_RESIDENT = (
    "Mevrouw Fatima El Amrani (BSN 111222333), Dorpsstraat 12, 2511 AB Den Haag, tel. 06-12345678, "
    "IBAN NL91ABNA0417164300, heeft een bijstandsuitkering aangevraagd."
)
_SHOWN = 150
"""Characters of a text in the table."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One row: what it shows, the verdict that must fall, and the request."""

    shows: str
    verdict: str
    text: str
    host: str = OPENAI
    stream: bool = False
    is_file: bool = False
    is_page: bool = False


PROMPTS = (
    Prompt("a question without personal data", "allow", "Leg in drie zinnen uit wat een omgevingsvergunning is."),
    Prompt("a harmless file: a reminder", "warn", "boom;aantal\nlinde;12\neik;4\n", is_file=True),
    Prompt("the same, with a rule that asks first", "coach", "boom;aantal\nlinde;12\neik;4\n", ANTHROPIC, is_file=True),
    Prompt("a resident", "redact", _RESIDENT),
    Prompt("the same resident, as a stream", "redact", _RESIDENT, stream=True),
    Prompt("a secret", "refuse", "Waarom werkt dit niet? mysql -u app -pZomer!2026kade -h db.intern zaken"),
    Prompt(
        "a dossier",
        "refuse",
        "Vat samen: Mevrouw Fatima El Amrani heeft een depressie, slikt antidepressiva en is verdachte van diefstal.",
    ),
    Prompt("a tool nobody screened", "refuse", "(opens the page)", UNSCREENED, is_page=True),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What happened to one prompt. `received` is the text that reached the service, "" when nothing did."""

    shows: str
    tool: str
    sent: str
    received: str
    shown: str
    verdict: str
    expected: str
    milliseconds: float


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False) -> None:
    """Send eight example prompts through a real gateway to a pretend AI service, and show what happened.

    Nothing leaves this machine. Exit codes: 0 every prompt went as it must, 1 one did not.
    """
    rows = _run()
    if as_json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        _print(rows)
    if any(row.verdict != row.expected for row in rows):
        raise typer.Exit(1)


def _run() -> list[Row]:
    from gateway.proxy.lab import LabLoop

    async def main() -> list[Row]:
        with tempfile.TemporaryDirectory(prefix="prompt-gateway-demo-") as folder:
            async with _laboratory(Path(folder)) as (program, service, client):
                return [await _send(prompt, program, service, client) for prompt in PROMPTS]

    with asyncio.Runner(loop_factory=LabLoop) as runner:
        return runner.run(main())


@asynccontextmanager
async def _laboratory(folder: Path) -> AsyncIterator[tuple["Program", "PretendService", "httpx.AsyncClient"]]:
    """The pretend service, a gateway on free ports that knows where to find it, and a client that trusts it."""
    import httpx

    from gateway.cli.pretend import PretendService, listen
    from gateway.proxy.authority import Authority, create
    from gateway.proxy.program import Program
    from gateway.settings import Settings

    create(folder / "upstream", _HOSTS, organisation="Pretend AI")
    authority = Authority(folder / "upstream")
    authority.mint_all(_HOSTS)
    service = PretendService()
    listeners = {host: await listen(service.app(), folder / "upstream" / "leaves" / f"{host}.pem") for host in _HOSTS}
    program = Program(
        Settings(
            data=folder / "data",
            rules_overlay=_OVERLAY,
            listen="127.0.0.1:0",
            portal_listen="127.0.0.1:0",
            health_listen="127.0.0.1:0",
            log_level="error",
            workers=1,
            connect_to=tuple(f"{host}:443:127.0.0.1:{listener.port}" for host, listener in listeners.items()),
            upstream_ca=authority.root_file,
        )
    )
    await program.start()
    try:
        host, port = program.addresses[0]
        trust = ssl.create_default_context(cafile=str(program.authority.root_file))
        async with httpx.AsyncClient(
            proxy=f"http://{host}:{port}", verify=trust, timeout=60, trust_env=False
        ) as client:
            yield program, service, client
    finally:
        await program.stop("demo")
        for listener in listeners.values():
            await listener.stop()


async def _send(prompt: Prompt, program: "Program", service: "PretendService", client: "httpx.AsyncClient") -> Row:
    service.received.clear()
    before = _verdicts(program)
    began = time.perf_counter()
    if prompt.is_page:
        answer = await client.get(f"https://{prompt.host}/", headers={"sec-fetch-mode": "navigate"})
    elif prompt.is_file:
        files = {"file": ("bomen.csv", prompt.text.encode(), "text/csv")}
        answer = await client.post(f"https://{prompt.host}/v1/files", files=files, data={"purpose": "user_data"})
    else:
        messages = [{"role": "user", "content": prompt.text}]
        body = {"model": "pretend", "messages": messages, "stream": prompt.stream}
        answer = await client.post(f"https://{prompt.host}/v1/chat/completions", json=body)
    took = (time.perf_counter() - began) * 1000
    after = _verdicts(program)
    return Row(
        shows=prompt.shows,
        tool=prompt.host,
        sent=prompt.text,
        received=_received(service),
        shown=_shown(answer, prompt),
        verdict=next((verdict for verdict, count in after.items() if count > before.get(verdict, 0)), "none"),
        expected=prompt.verdict,
        milliseconds=round(took, 1),
    )


def _verdicts(program: "Program") -> dict[str, float]:
    """How often each verdict fell so far, from the gateway's own metric."""
    counts: dict[str, float] = {}
    for family in program.metrics.decisions.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                counts[sample.labels["verdict"]] = counts.get(sample.labels["verdict"], 0) + sample.value
    return counts


def _received(service: "PretendService") -> str:
    if not service.received:
        return ""
    body = service.received[-1].body
    try:
        return str(json.loads(body)["messages"][-1]["content"])
    except (ValueError, KeyError):
        return f"a file of {len(body)} bytes"


def _shown(answer: "httpx.Response", prompt: Prompt) -> str:
    """What the person reads: the answer put together, the error an SDK shows, or the heading of the notice page."""
    if prompt.is_page:
        return f"{answer.status_code} {answer.text.partition('<h1')[2].partition('>')[2].partition('</h1>')[0].strip()}"
    if prompt.stream and answer.status_code == 200:
        events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
        return "".join(event["choices"][0]["delta"].get("content") or "" for event in events)
    said = answer.json()
    if "choices" in said:
        return str(said["choices"][0]["message"]["content"])
    return str(said["error"]["message"]) if "error" in said else "accepted"


def _print(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Eight prompts through prompt-gateway", show_lines=True)
    for heading in ("what", "sent", "received upstream", "shown to the user", "verdict", "ms"):
        table.add_column(heading, overflow="fold", ratio=None if heading in ("verdict", "ms") else 3)
    for row in rows:
        verdict = row.verdict if row.verdict == row.expected else f"{row.verdict}, not {row.expected}"
        cells = (f"{row.shows}\n({row.tool})", row.sent, row.received or "nothing", row.shown)
        table.add_row(*(_short(cell) for cell in cells), verdict, f"{row.milliseconds:.0f}")
    Console().print(table)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
