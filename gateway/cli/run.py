"""`run`: the gateway itself: proxy, workers, portal, metrics; ends on SIGTERM or Ctrl-C after running requests."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gateway.proxy.program import Program
    from gateway.settings import Settings

EXIT_SETTINGS, EXIT_RULES, EXIT_JOURNAL = 3, 4, 5


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(  # noqa: PLR0917 (the options of the verb)
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for everything the gateway writes.")] = None,
    rules: Annotated[Path | None, typer.Option(help="Folder with the rulebook; default: the shipped rules.")] = None,
    rules_overlay: Annotated[Path | None, typer.Option(help="Folder with local rules on top.")] = None,
    mode: Annotated[list[str] | None, typer.Option(help="regular, reverse:https://HOST@ADDR:PORT; repeatable.")] = None,
    listen: Annotated[str | None, typer.Option(help="ADDRESS:PORT of the proxy.")] = None,
    portal_listen: Annotated[str | None, typer.Option(help="ADDRESS:PORT of the portal.")] = None,
    health_listen: Annotated[str | None, typer.Option(help="ADDRESS:PORT of metrics and health.")] = None,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(help="HOST:PORT:ADDR:PORT, as curl's: send traffic for HOST to a lab; repeatable."),
    ] = None,
    upstream_ca: Annotated[Path | None, typer.Option(help="PEM file with authorities to trust upstream too.")] = None,
) -> None:
    """Start the gateway. Nothing needs to be set; every setting is in the handbook (settings.md).

    Exit codes: 0 stopped in good order, 2 wrong call, 3 a setting, key, port, model or folder is wrong,
    4 the rules do not load, 5 the journal cannot be written.
    """
    from gateway.errors import JournalError, RuleError, SettingsError
    from gateway.settings import Settings

    given = {
        "data": data,
        "rules": rules,
        "rules_overlay": rules_overlay,
        "mode": tuple(mode or ()),
        "listen": listen,
        "portal_listen": portal_listen,
        "health_listen": health_listen,
        "connect_to": tuple(connect_to or ()),
        "upstream_ca": upstream_ca,
    }
    try:
        _run(Settings.read(config, **given))
    except SettingsError as error:
        _say_and_leave(str(error), EXIT_SETTINGS)
    except RuleError as error:
        _say_and_leave(f"the rules do not load:\n{error}", EXIT_RULES)
    except JournalError as error:
        _say_and_leave(f"the journal cannot be written: {error}", EXIT_JOURNAL)


def _run(settings: "Settings") -> None:
    from gateway.cli.run_portal import portal
    from gateway.proxy.lab import LabLoop
    from gateway.proxy.program import Pages, Program

    async def main() -> None:
        program = Program(settings, Pages(portal))
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await program.start()
        print(_banner(program), flush=True)
        await stop.wait()
        await program.stop("signal")

    with asyncio.Runner(loop_factory=LabLoop) as runner:
        runner.run(main())


def _banner(program: "Program") -> str:
    """Where everything is, what was switched off, and what to do next."""
    host, port = program.proxy_address()
    portal = f"http://{program.settings.portal_listen.rpartition(':')[0]}:{program.portal_port}/"
    health = f"http://{program.settings.health_listen.rpartition(':')[0]}:{program.health_port}"
    lines = [
        f"prompt-gateway listens on {', '.join(f'{a}:{p}' for a, p in program.addresses)}",
        f"  PAC address  http://{host}:{port}/proxy.pac",
        f"  CA file      {program.authority.root_file}",
        f"  portal       {portal}",
        f"  metrics      {health}/metrics",
        f"  rulebook     {program.book.revision[:12]} ({len(program.book.tools)} tools)",
        *(f"  OPTED OUT    {name}" for name in program.opt_outs),
        f"Next: open {portal} and follow the steps for your browser. Ctrl-C stops.",
    ]
    return "\n".join(lines)


def _say_and_leave(text: str, code: int) -> None:
    print(f"prompt-gateway: {text}", file=sys.stderr)
    raise typer.Exit(code)
