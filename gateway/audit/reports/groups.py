"""Small departments roll up, so that no figure can be traced to a person or a handful of people."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from gateway.audit.query import Event
from gateway.errors import SettingsError

FLOOR = 10
"""Fewest people a figure may be about."""

REST = "overige afdelingen"
UNKNOWN = "onbekende afdeling"
"""Shown for exchanges whose identity source gives no department."""


def roll_up(people: Mapping[str, int], floor: int = FLOOR) -> dict[str, str]:
    """Under which label each department is shown: its own name, or `overige afdelingen` when it has under `floor`
    people. When those together are still too few, the next smallest departments join them, so that nobody can
    subtract the shown ones from the total.
    """
    small = [name for name, count in people.items() if count < floor]
    together = sum(people[name] for name in small)
    for name in sorted(set(people) - set(small), key=lambda name: (people[name], name)):
        if not small or together >= floor:
            break
        small.append(name)
        together += people[name]
    return {name: REST if name in small else name for name in people}


def labels(events: Iterable[Event], headcount: Mapping[str, int], floor: int = FLOOR) -> dict[str, str]:
    """The label of every department in `events`. A department without a known headcount counts as the most people
    seen in one month (pseudonyms change monthly): an unknown department is small until the opposite is seen.
    """
    seen: dict[str, dict[str, set[str]]] = {}
    for event in events:
        seen.setdefault(event["department"], {}).setdefault(event["at"][:7], set()).add(event["pseudonym"])
    people = {
        department: headcount.get(department, max(len(names) for names in months.values()))
        for department, months in seen.items()
    }
    return roll_up(people, floor)


def read_headcount(path: Path | None) -> dict[str, int]:
    """People by department from a CSV `department,people`. Raises `SettingsError`."""
    if path is None:
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["department"].strip(): int(row["people"]) for row in csv.DictReader(file)}
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path}: needs the columns department and people, people a whole number") from error
