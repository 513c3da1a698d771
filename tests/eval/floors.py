"""Floors: figures that were reached and may not be lost. `--raise` moves them up, nothing moves them down."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.eval.scoring import PHRASES, Score

FLOORS = Path(__file__).with_name("floors.yaml")
_CEILINGS = frozenset({"harmless_bothered", "sensitive_let_through", "refusals_missed"})
"""Figures where less is better."""

PLAY = 0.01
"""How much a figure may differ from its floor: one name more or less after a model is trained again."""


def figures(score: Score) -> dict[str, float]:
    """Every figure a floor may be set for, rounded as it is stored."""
    labels = sorted(score.total)
    rows = {f"recall.{label}": score.recall([label]) for label in labels}
    rows["recall.identifiers"] = score.recall(label for label in labels if label not in PHRASES)
    rows["covered.identifiers"] = score.cover(label for label in labels if label not in PHRASES)
    if (worst := score.worst_origin) is not None:
        rows["recall.PERSON worst origin"] = worst
    rows["precision"] = score.precision
    for name in sorted(_CEILINGS):
        wrong, whole = getattr(score, name)
        rows[name] = wrong / whole if whole else 0.0
    return {name: round(value, 4) for name, value in rows.items()}


def read(path: Path = FLOORS) -> dict[str, dict[str, float]]:
    """The floors of each set of examples."""
    stored = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) if path.exists() else {}
    return {name: {key: float(value) for key, value in rows.items()} for name, rows in (stored or {}).items()}


def lost(floors: Mapping[str, float], reached: Mapping[str, float]) -> list[str]:
    """Every figure that is worse than its floor by more than the play, as one line each."""
    return [
        f"{name}: {reached.get(name, 0.0):.4f}, floor {floor:.4f}"
        for name, floor in sorted(floors.items())
        if (reached.get(name, 1.0) > floor + PLAY if name in _CEILINGS else reached.get(name, 0.0) < floor - PLAY)
    ]


def raised(floors: Mapping[str, float], reached: Mapping[str, float]) -> dict[str, float]:
    """The floors after this run: the better of the two of each figure."""
    better = dict(reached)
    for name, floor in floors.items():
        if name in better:
            better[name] = min(floor, better[name]) if name in _CEILINGS else max(floor, better[name])
        else:
            better[name] = floor
    return better


def write(floors: Mapping[str, Mapping[str, float]], path: Path = FLOORS) -> None:
    """Store the floors, sorted, so that a change reads as a change."""
    lines = ["# Reached by `python -m tests.eval --raise`; recall and precision may only rise, the rest only fall."]
    for name, rows in sorted(floors.items()):
        lines.append(f"{name}:")
        lines += [f"  {key}: {value:.4f}" for key, value in sorted(rows.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
