"""The second journal: what people did with the first (look-ups, exports, unmasking, retention), apart from the gateway.

The command line writes here while the gateway runs and writes its own; both are chained, signed and verified alike.
"""

import getpass
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.audit.catalogue import CATALOGUE
from gateway.audit.journal import Journal, JournalOptions
from gateway.audit.keys import JournalKeys
from gateway.audit.store import JournalBusyError
from gateway.model.record import LifecycleEvent

_PATIENCE_S = 5.0


def actions_path(journal: Path) -> Path:
    """The second journal stands beside the first."""
    return journal.with_name("actions.sqlite")


@dataclass(frozen=True, slots=True)
class Actions:
    """Writes one event at a time under the name of the account that runs the command."""

    journal: Journal
    by: str

    def record(self, code: str, **fields: str | int) -> None:
        """Write an event of the catalogue; `by` is added where the catalogue has it. Raises `JournalError`."""
        given = {key: str(value) for key, value in fields.items()}
        if "by" in CATALOGUE[code].fields:
            given["by"] = self.by
        self.journal.record(LifecycleEvent(code, time.time(), given))


@contextmanager
def acting(journal: Path, keys: JournalKeys, options: JournalOptions | None = None) -> Iterator[Actions]:
    """Open the second journal for one command; waits some seconds for another command. Raises `JournalError`."""
    chosen = options or JournalOptions()
    place = chosen.second_place / "actions" if chosen.second_place else None
    path = actions_path(journal)
    opened = _open_patiently(path, keys, replace(chosen, second_place=place))
    try:
        yield Actions(opened, getpass.getuser())
    finally:
        opened.close()


def _open_patiently(path: Path, keys: JournalKeys, options: JournalOptions) -> Journal:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return Journal.open(path, keys, options)
        except JournalBusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
