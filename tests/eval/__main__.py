"""`python -m tests.eval`: score detection on our corpora, and on the shared dev set where it is; hold the floors.

The blind sets and the dev set are scored in halves: the open half (even indices) may be looked at, the closed half
(odd) never. Exit codes: 0 all floors hold, 1 a figure fell below its floor.
"""

import argparse
import sys

from rich.console import Console

from tests.eval import corpora, detectors, floors, report
from tests.eval.corpora import Example
from tests.eval.scoring import Score, score


def sets(*, is_closed_shown: bool) -> dict[str, list[Example]]:
    """The sets of examples by name."""
    dev = corpora.dev()
    found = {"own": corpora.own()}
    for name, rows in (*corpora.blind().items(), ("dev", dev)):
        if rows:
            found[f"{name}-open"] = rows[::2]
        if rows and is_closed_shown:
            found[f"{name}-closed"] = rows[1::2]
            found[name] = rows
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("--closed", action="store_true", help="also score the closed halves and the whole sets")
    parser.add_argument("--steps", action="store_true", help="also score the steps of the ablation, and deduce")
    parser.add_argument("--raise", dest="raise_floors", action="store_true", help="store better figures as floors")
    arguments = parser.parse_args()
    examples = sets(is_closed_shown=arguments.closed)
    chosen = detectors.available()
    if not arguments.steps:
        chosen = dict([list(chosen.items())[-1]])
    elif (beside := detectors.deduce()) is not None:
        chosen = {"deduce": beside, **chosen}
    scores: dict[str, dict[str, Score]] = {
        name: {step: score(rows, detectors.predictions(detector, rows)) for step, detector in chosen.items()}
        for name, rows in examples.items()
    }
    console = Console()
    report.show(scores, console)
    target = detectors.REPOSITORY / "reports" / "eval.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(report.markdown(scores), encoding="utf-8")
    return _hold(scores, console, is_raised=arguments.raise_floors)


def _hold(scores: dict[str, dict[str, Score]], console: Console, *, is_raised: bool) -> int:
    stored = floors.read()
    lost: list[str] = []
    for name, by_step in scores.items():
        reached = floors.figures(by_step[list(by_step)[-1]])
        lost += [f"{name}: {line}" for line in floors.lost(stored.get(name, {}), reached)]
        stored[name] = floors.raised(stored.get(name, {}), reached)
    for line in lost:
        console.print(f"[red]below its floor[/red] {line}")
    if is_raised:
        floors.write(stored)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
