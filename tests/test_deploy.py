"""The templates in `deploy/` name commands and options that exist, and their own checkers accept them."""

import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from gateway.cli.main import app
from gateway.proxy import checks
from gateway.settings import PREFIX, IdentitySource, Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PAGES = sorted(DEPLOY.rglob("*.md"))


def below(command: object) -> dict[str, Any]:
    """The commands of a group; none for a verb."""
    return dict(getattr(command, "commands", {}))


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that `words` call, and what is left of them."""
    found: Any = typer.main.get_command(app)
    while commands := below(found):
        assert words[0] in commands, f"there is no {words[0]}"
        found, words = commands[words[0]], words[1:]
    return found, words


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_call_verbs_with_options_that_exist(unit: Path) -> None:
    (line,) = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    program, *words = shlex.split(line)
    assert program.endswith("/prompt-gateway")
    command, rest = command_of(words)
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_leave_no_core_dump_and_no_new_privileges(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("LimitCORE=0", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes"):
        assert f"\n{line}\n" in text, line


def calls(text: str) -> Iterator[list[str]]:
    for found in re.findall(r"prompt-gateway ((?:[a-z0-9-]+ ?){1,3})", text):
        yield found.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_pages_name_verbs_that_exist(page: Path) -> None:
    verbs = below(typer.main.get_command(app))
    assert {"run", "audit", "report"} <= set(verbs)
    for words in calls(page.read_text(encoding="utf-8")):
        commands = below(verbs.get(words[0]))  # none for prose such as "prompt-gateway is"
        if commands and len(words) > 1:
            assert words[1] in commands, " ".join(words)


def test_compose_sets_only_settings_that_exist() -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text(encoding="utf-8"))
    gateways = [service for name, service in compose["services"].items() if name.startswith("gateway")]
    assert len(gateways) == 2
    for service in gateways:
        for name in service["environment"]:
            assert name.removeprefix(PREFIX).lower() in Settings.model_fields
        command, rest = command_of(service["command"])
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known
    assert len({service["environment"]["PROMPT_GATEWAY_GATEWAY_NAME"] for service in gateways}) == 2


def options(command: list[str]) -> dict[str, str]:
    """The options of a call of `run`, as settings."""
    words = dict(zip(command[1::2], command[2::2], strict=True))
    return {name.removeprefix("--").replace("-", "_"): value for name, value in words.items()}


def test_behind_the_balancer_people_are_told_apart_and_trust_one_root(tmp_path: Path) -> None:
    """Every connection is HAProxy's: without a login the organisation was one person, and each gateway made a root."""
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text(encoding="utf-8"))
    authorities = set()
    for service in (service for name, service in compose["services"].items() if name.startswith("gateway")):
        variables = {name.removeprefix(PREFIX).lower(): value for name, value in service["environment"].items()}
        settings = Settings(**variables | options(service["command"]) | {"data": tmp_path})
        checks.before_start(settings)
        assert settings.identity is IdentitySource.BASIC
        assert not settings.open_listener
        mounts = {inside: (source, mode) for source, inside, *mode in (each.split(":") for each in service["volumes"])}
        home = re.findall(r"PROMPT_GATEWAY_DATA=(\S+)", (DEPLOY / "container" / "Containerfile").read_text("utf-8"))[0]
        assert mounts[str(settings.identity_file)][1] == ["ro"]
        authority, mode = mounts[str(Settings(data=home).certificate_folder)]
        assert mode == ["ro"]
        authorities.add(authority)
    assert len(authorities) == 1


def test_the_container_runs_what_is_locked() -> None:
    text = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in text
    assert "\nUSER 10001\n" in text
    wanted = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert wanted.startswith(">=3.13")
    assert text.count("python:3.13-slim") == 2


def test_haproxy_accepts_its_configuration(tool: Callable[[str], str]) -> None:
    command = [tool("haproxy"), "-c", "-f", str(DEPLOY / "haproxy" / "haproxy.cfg")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="nft checks as root only")
def test_nft_accepts_its_rules(tool: Callable[[str], str]) -> None:
    command = [tool("nft"), "-c", "-f", str(DEPLOY / "nftables" / "prompt-gateway.nft")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_systemd_accepts_the_units(tool: Callable[[str], str]) -> None:
    units = [str(path) for path in sorted((DEPLOY / "systemd").iterdir())]
    done = subprocess.run([tool("systemd-analyze"), "verify", *units], capture_output=True, text=True, check=False)
    complaints = [
        line for line in done.stderr.splitlines() if "prompt-gateway" in line and "not executable" not in line
    ]
    assert complaints == []
