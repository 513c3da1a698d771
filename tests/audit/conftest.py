"""A generated journal of some weeks, and the command line over it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.audit.fingerprints import Fingerprinter
from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import JournalKeys
from gateway.model.inspection import Entity
from tests.audit.records import DAY, NOON, outcome, started, usage

BSN = "999912343"
DEPARTMENTS = ("Burgerzaken", "Sociaal domein", "Griffie")
TOOLS = ("chatgpt", "copilot")


class Clock:
    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Site:
    """A data folder with a closed journal of 30 days, 4 exchanges a day, and who did what in it."""

    data: Path
    keys: JournalKeys
    run: Callable[..., Result]

    @property
    def journal(self) -> Path:
        return self.data / "journal.sqlite"


def write_days(journal: Journal, clock: Clock, keys: JournalKeys, days: int) -> None:
    """Day by day: an allowed, a redacted (with the BSN), a refused and an unfinished exchange; 24 people in three
    departments, of which Griffie has 4."""
    fingerprinter = Fingerprinter(keys.fingerprints, clock)
    journal.record(started())
    number = 0
    for day in range(days):
        for verdict, action in (("allow", "forwarded"), ("redact", "rewritten"), ("refuse", "answered"), ("warn", "")):
            number += 1
            clock.now = NOON + day * DAY + number
            department = DEPARTMENTS[2] if number % 6 == 0 else DEPARTMENTS[number % 2]
            person = f"{department}.{number % (4 if department == DEPARTMENTS[2] else 20)}"
            entities = {} if verdict == "allow" else {"NL_BSN": 1, "PERSON": 1}
            journal.start(
                usage(
                    number, at=clock.now, identity=person, department=department, tool_id=TOOLS[day % 2],
                    verdict=verdict, entities=entities, incident="possible" if verdict == "refuse" else "none",
                    reasons=(("clean", ""),) if verdict == "allow" else (("rule-matched", "no-bsn"),),
                    rules=() if verdict == "allow" else ("no-bsn",),
                    fingerprints=(fingerprinter.digest(Entity.NL_BSN, BSN),) if verdict == "redact" else (),
                )
            )  # fmt: skip
            if action:
                redacted = {"NL_BSN": 1, "PERSON": 1} if verdict == "redact" else {}
                journal.finish(outcome(number, at=clock.now + 0.5, action=action, redacted=redacted))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.delenv("PROMPT_GATEWAY_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    keys, clock = JournalKeys.open(data / "keys"), Clock()
    place = JournalOptions(clock=clock, second_place=data / "checkpoints")
    journal = Journal.open(data / "journal.sqlite", keys, place)
    write_days(journal, clock, keys, 30)
    journal.close()

    def run(*arguments: str, stdin: str = "") -> Result:
        from gateway.cli.main import app

        return CliRunner().invoke(app, [*arguments, "--data", str(data)], input=stdin)

    return Site(data, keys, run)
