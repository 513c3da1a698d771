"""Measures the models: `python -m nl_models.evaluation.report [--card] [--json FILE] [--model-a DIR] [--model-b DIR]`.

Prints the tables of MODEL_CARD.md, and puts them there with `--card`. Exit code 1 when a figure is below its floor.
"""

import argparse
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nl_models import lexicon, load_second_opinion, pipeline, second_opinion
from nl_models.evaluation import cases, facts, measures, systems
from nl_models.evaluation.systems import System
from nl_models.training.names import EVALUATED

CARD = Path(__file__).parents[1] / "MODEL_CARD.md"
FIGURES_BEGIN, FIGURES_END = "<!-- figures -->", "<!-- /figures -->"
# Of the union of both models: at least (covered, all and worst origin, by case), at most (false people).
FLOORS = {
    "covered": {"normal": 0.98, "lower": 0.95, "capitals": 0.97},
    "worst": {"normal": 0.92, "lower": 0.85, "capitals": 0.88},
    "name_free_texts_with_a_person": 2,
    "false_person_words_per_1000_words_of_law": 3.0,
}


def measure(system: System, every: int = 1) -> dict[str, Any]:
    """All figures of one system; of one in `every` texts, for a quick look."""
    names = list(cases.held_out_names())[::every]
    started = time.process_time()
    found = system.find([case.example.text for case in names])
    seconds = time.process_time() - started
    hits: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for case, spans in zip(names, found, strict=True):
        (start, end, _), *_ = case.example.entities
        hits[case.origin, case.case, case.form].append(measures.is_covered(case.example.text, (start, end), spans))
    free, law = cases.without_names(), cases.law()[::every]
    law_words = sum(len(text.split()) for text in law)
    figures: dict[str, Any] = {
        "seconds_per_1000_words": 1000 * seconds / sum(len(case.example.text.split()) for case in names),
        "covered": {case: _share(hits, case=case) for case in cases.CASES},
        "origins": {
            origin: {case: _share(hits, origin=origin, case=case) for case in cases.CASES}
            for origin in sorted(EVALUATED)
        },
        "forms": {
            form: {case: _share(hits, case=case, form=form) for case in cases.CASES}
            for form in ("given", "surname", "couple")
        },
        "name_free_texts_with_a_person": sum(
            bool(measures.false_person_words([text], [spans]))
            for text, spans in zip(free, system.find(free), strict=True)
        ),
        "name_free_texts": len(free),
        "false_person_words_per_1000_words_of_law": round(
            1000 * measures.false_person_words(law, system.find(law)) / law_words, 2
        ),
    }
    for name in ("silver_wiki_news_nl", "newspapers_1870_1940_nl"):
        gold = cases.labelled(name)[::every]
        entities = system.find([entry.text for entry in gold])
        figures[name] = {label: asdict(measures.rates(gold, entities, label)) for label in ("PER", "LOC", "ORG")}
    figures["worst"] = {case: min(row[case] for row in figures["origins"].values()) for case in cases.CASES}
    return figures


def _share(
    hits: dict[tuple[str, str, str], list[bool]], *, case: str, origin: str | None = None, form: str = "full"
) -> float:
    values = [
        hit
        for (its_origin, its_case, its_form), found in hits.items()
        if its_case == case and its_form == form and origin in {None, its_origin}
        for hit in found
    ]
    return round(sum(values) / len(values), 4)


def below_floor(figures: dict[str, Any]) -> list[str]:
    """What of `FLOORS` the figures of the union do not reach."""
    short = []
    for name in ("covered", "worst"):
        for case, floor in FLOORS[name].items():
            if figures[name][case] < floor:
                short.append(f"{name} {case}: {figures[name][case]:.3f} < {floor}")
    for name in ("name_free_texts_with_a_person", "false_person_words_per_1000_words_of_law"):
        if figures[name] > FLOORS[name]:
            short.append(f"{name}: {figures[name]} > {FLOORS[name]}")
    return short


def tables(report: dict[str, dict[str, Any]]) -> str:
    """The figures as Markdown."""
    names = list(report)
    head = "| (persons, %) | " + " | ".join(names) + " |\n| --- |" + " ---: |" * len(names)
    rows = ["Percentages are normal / lower case / capitals.", "", head]
    rows += [_row("held-out full names covered", [_triple(report[name]["covered"]) for name in names])]
    rows += [_row("worst origin", [_triple(report[name]["worst"]) for name in names])]
    for form, title in (("given", "given name alone"), ("surname", "surname alone"), ("couple", "couple or family")):
        rows += [_row(title, [_triple(report[name]["forms"][form]) for name in names])]
    total = report[names[0]]["name_free_texts"]
    rows += [
        _row(
            f"name-free texts with a person (of {total})",
            [report[name]["name_free_texts_with_a_person"] for name in names],
        )
    ]
    key = "false_person_words_per_1000_words_of_law"
    rows += [_row("false person words per 1,000 words of law", [report[name][key] for name in names])]
    for key, title in (("silver_wiki_news_nl", "silver"), ("newspapers_1870_1940_nl", "newspapers")):
        for label in ("PER", "LOC", "ORG"):
            values = [report[name][key][label] for name in names]
            rows += [
                _row(
                    f"{title} {label}: F1, covered",
                    [f"{100 * row['f1']:.1f}, {100 * row['covered']:.1f}" for row in values],
                )
            ]
    rows += [
        _row("words per second and core", [f"{1000 / report[name]['seconds_per_1000_words']:,.0f}" for name in names])
    ]
    rows += ["", "| origin | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for origin in sorted(EVALUATED):
        rows += [_row(origin, [_triple(report[name]["origins"][origin]) for name in names])]
    return "\n".join(rows)


def with_figures(card: str, figures: str) -> str:
    """The card with `figures` between its two marks. Raises `ValueError` when a mark is missing."""
    before, mark, rest = card.partition(FIGURES_BEGIN)
    _, end, after = rest.partition(FIGURES_END)
    if not mark or not end:
        raise ValueError(f"the card has no {FIGURES_BEGIN} … {FIGURES_END}")
    return f"{before}{mark}\n{figures}\n{end}{after}"


def weights_line() -> str:
    """Names the shipped weights by their SHA-256, so that a card with figures of other weights shows."""
    files = (
        lexicon.ARTEFACT / "words.marisa",
        lexicon.ARTEFACT / "flags.bin",
        pipeline.ARTEFACT / "ner" / "model",
        second_opinion.ARTEFACT / "model.onnx",
    )
    named = (f"{path.name} `{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}`" for path in files)
    return f"Measured on (SHA-256, first 12): {', '.join(named)}."


def _row(title: str, values: Sequence[object]) -> str:
    return f"| {title} | " + " | ".join(map(str, values)) + " |"


def _triple(row: dict[str, float]) -> str:
    return " / ".join(f"{100 * row[case]:.1f}" for case in cases.CASES)


def _facts(path: Path | None) -> str:
    reader = load_second_opinion(path)
    return facts.table(reader) if reader else "model B is not installed"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-a", type=Path)
    parser.add_argument("--model-b", type=Path)
    parser.add_argument("--only", choices=("A", "B"), help="measure one model, without floors")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--card", action="store_true", help="put the tables into MODEL_CARD.md")
    arguments = parser.parse_args()
    if arguments.card and (arguments.model_a or arguments.model_b or arguments.only):
        parser.error("the card tells of the shipped models; leave out --model-a, --model-b and --only")
    made = {"A": lambda: systems.model_a(arguments.model_a), "B": lambda: systems.model_b(arguments.model_b)}
    compared = [systems.remembering(build()) for name, build in made.items() if arguments.only in {None, name}]
    if len(compared) == 2:
        compared.append(systems.union(*compared))
    report = {system.name: measure(system) for system in compared}
    if "A+B" in report:  # the union was put together from remembered answers
        report["A+B"]["seconds_per_1000_words"] = sum(report[name]["seconds_per_1000_words"] for name in "AB")
    figures = tables(report)
    if "B" in report:
        title = "Facts in texts kept out of training: touched / right, in per cent, by threshold."
        figures += f"\n\n{title}\n\n{_facts(arguments.model_b)}"
    print(figures)
    if arguments.card:
        card = with_figures(CARD.read_text(encoding="utf-8"), f"{weights_line()}\n\n{figures}")
        CARD.write_text(card, encoding="utf-8")
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    short = below_floor(report["A+B"]) if "A+B" in report else []
    for line in short:
        print(f"below the floor: {line}", file=sys.stderr)
    raise SystemExit(bool(short))


if __name__ == "__main__":
    main()
