"""The report of an evaluation: tables on the terminal and the same as Markdown. Never a word of an example."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.eval.floors import figures
from tests.eval.scoring import PHRASES, STRENGTH, Score

Rows = Sequence[Sequence[str]]


def tables(scores: Mapping[str, Mapping[str, Score]]) -> list[tuple[str, Sequence[str], Rows]]:
    """(title, heads, rows) for scores by set of examples and by detector; the last detector is the whole gateway."""
    out: list[tuple[str, Sequence[str], Rows]] = []
    for name, by_detector in scores.items():
        detectors = list(by_detector)
        ours = [detector for detector in detectors if detector != "deduce"]
        whole = by_detector[ours[-1]]
        labels = sorted(whole.total, key=lambda label: (label in PHRASES, label))
        out.append(
            (
                f"{name}: recall per label",
                ["label", "gold", "covered", *detectors],
                [
                    [label, str(whole.total[label]), _part(whole.cover([label]))]
                    + [_part(by_detector[detector].recall([label])) for detector in detectors]
                    for label in labels
                ],
            )
        )
        keys = ["recall.identifiers", "covered.identifiers", "precision", "harmless_bothered",
                "sensitive_let_through", "refusals_missed"]  # fmt: skip
        by_figure = {detector: figures(score) for detector, score in by_detector.items()}
        rows = [[key, *(_part(by_figure[detector][key]) for detector in detectors)] for key in keys]
        rows.append(["verdict_accuracy", *(_part(by_detector[detector].verdict_accuracy) for detector in detectors)])
        out.append((f"{name}: as a whole", ["figure", *detectors], rows))
        out.append((f"{name}: verdicts", ["said ↓ wanted →", "allow", "redact", "refuse"], _matrix(whole)))
        out.append((f"{name}: finds per entity", ["entity", "right", "false"], _finds(whole)))
        if len(whole.origin_total) > 1:
            out.append((f"{name}: PERSON by origin", ["origin", "mentions", "recall"], _origins(whole)))
    return out


def show(scores: Mapping[str, Mapping[str, Score]], console: Console) -> None:
    """Print all tables."""
    for title, heads, rows in tables(scores):
        table = Table(title=title, title_justify="left")
        for at, head in enumerate(heads):
            table.add_column(head, justify="right" if at else "left")
        for row in rows:
            table.add_row(*row)
        console.print(table)


def markdown(scores: Mapping[str, Mapping[str, Score]]) -> str:
    """All tables as Markdown."""
    pieces = ["# Evaluation\n"]
    for title, heads, rows in tables(scores):
        pieces.append(f"## {title}\n")
        pieces.append("| " + " | ".join(heads) + " |")
        pieces.append("|---" + "|---:" * (len(heads) - 1) + "|")
        pieces += ["| " + " | ".join(row) + " |" for row in rows]
        pieces.append("")
    return "\n".join(pieces)


def _matrix(score: Score) -> Rows:
    names = {0: "allow", 1: "redact", 2: "refuse"}
    return [
        [said]
        + [
            str(sum(n for (gold, got), n in score.verdicts.items() if gold == wanted and STRENGTH[got] == strength))
            for wanted in names.values()
        ]
        for strength, said in names.items()
    ]


def _finds(score: Score) -> Rows:
    entities = sorted(set(score.right) | set(score.false), key=lambda entity: (-score.false[entity], entity))
    return [[entity.value, str(score.right[entity]), str(score.false[entity])] for entity in entities]


def _origins(score: Score) -> Rows:
    origins = sorted(score.origin_total, key=lambda origin: score.origin_hits[origin] / score.origin_total[origin])
    return [
        [origin, str(score.origin_total[origin]), _part(score.origin_hits[origin] / score.origin_total[origin])]
        for origin in origins
    ]


def _part(value: float) -> str:
    return f"{value:.3f}"
