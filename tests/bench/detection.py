"""How fast detection is: words per second and milliseconds, beside plain Presidio and deduce, and our ratios.

    python -m tests.bench.detection [--json]

`presidio` is a plain `AnalyzerEngine` with the same recognizers on a blank Dutch pipeline. Everything runs in this
one process, CPU time, best of several rounds. `clean` text has no finding, `dense` six in about ninety words.
"""

import argparse
import gc
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.rulebook.load import default_root, load
from tests.bench import second_opinion, workers

ROUNDS = 9
CLEAN = (
    "De gemeente wil dat inwoners een afspraak kunnen maken zonder eerst te hoeven inloggen. Nu gebeurt dat via een "
    "formulier van vier schermen waarin dezelfde vraag terugkomt. Uit de meting van het afgelopen kwartaal blijkt dat "
    "veel mensen afhaken bij het derde scherm. Het doel is om dat te verbeteren voor het einde van het jaar. "
)
DENSE = CLEAN + (
    "Mevrouw S. Hoekstra, Lindenlaan 12, 7411 KT Deventer, belde met 06-12345678 over rekening NL91ABNA0417164300. "
)


class Blank(NlpEngine):
    """A blank pipeline that Presidio does not try to download."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("nl")

    def load(self) -> None: ...

    def is_loaded(self) -> bool:
        return True

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["nl"]

    def is_stopword(self, word: str, language: str) -> bool:
        return False

    def is_punct(self, word: str, language: str) -> bool:
        return False

    def process_batch(self, texts, language, **_):
        return ((text, self.process_text(text, language)) for text in texts)

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        document = self._nlp(text)
        lemmas = [token.text.lower() for token in document]
        return NlpArtifacts([], document, [token.idx for token in document], lemmas, self, language)


def words(source: str, count: int) -> str:
    """`count` words of a source, repeated as often as that takes."""
    every = source.split()
    return " ".join((every * (count // len(every) + 1))[:count])


def milliseconds(run: Callable[[str], object], text: str, rounds: int = ROUNDS) -> float:
    """CPU milliseconds of one run, the best of several."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run(text)
        best = min(best, time.process_time() - start)
    return best * 1000


def side_by_side(systems: Mapping[str, Callable[[str], object]], text: str) -> dict[str, float]:
    """The same for each system, in turns, so that what else the machine does falls on all alike."""
    best = dict.fromkeys(systems, float("inf"))
    for _ in range(ROUNDS):
        for name, run in systems.items():
            best[name] = min(best[name], milliseconds(run, text, 1))
    return best


def plain_presidio(inspector: Inspector) -> Callable[[str], object]:
    registry = RecognizerRegistry(recognizers=list(inspector.recognizers), supported_languages=["nl"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["nl"])
    return lambda text: engine.analyze(text, language="nl")


def deduce() -> Callable[[str], object] | None:
    """The library deduce, when it is installed (development only: LGPL)."""
    try:
        from deduce import Deduce
    except ImportError:
        return None
    return Deduce().deidentify


def measure() -> dict[str, Any]:
    book = load(default_root())
    models = {"rules": ModelPaths(use_pipeline=False, use_second_opinion=False).load()}
    models["rules + A"] = ModelPaths(use_second_opinion=False).load()
    models["rules + A + B"] = ModelPaths().load()
    inspectors = {name: Inspector(book.detection, book.lists, loaded) for name, loaded in models.items()}
    for inspector in inspectors.values():
        inspector.warm()  # as the workers are
    systems: dict[str, Callable[[str], object]] = {name: one.inspect_text for name, one in inspectors.items()}
    systems["A alone"] = models["rules + A"].pipeline
    systems["presidio"] = plain_presidio(inspectors["rules"])
    if (other := deduce()) is not None:
        systems["deduce"] = other
    for run in systems.values():
        run(words(DENSE, 500))
    gc.collect()
    gc.freeze()  # as in the workers
    table: dict[str, dict[str, float]] = {}
    for kind, source in (("clean", CLEAN), ("dense", DENSE)):
        for count in (50, 200, 2_000):
            text = words(source, count)
            table[f"{kind} {count}"] = side_by_side(systems, text)
    long = {count: milliseconds(systems["rules"], words(DENSE, count), 2) for count in (4_000, 40_000)}
    clean, dense = table["clean 2000"], table["dense 2000"]
    paste = words(DENSE, workers.PASTE // 4)[: workers.PASTE]
    return {
        "milliseconds": table,
        "words per second (dense, 2000)": {name: 2_000 / spent * 1000 for name, spent in dense.items()},
        "the second opinion": second_opinion.measure(inspectors["rules + A"], book, models["rules + A + B"]),
        "ratios": {
            "clean: rules / presidio (at most 0.10)": clean["rules"] / clean["presidio"],
            "dense: rules / presidio (at most 0.33)": dense["rules"] / dense["presidio"],
            "clean: rules + A / A alone (below 1.3)": clean["rules + A"] / clean["A alone"],
            "dense: rules + A / A alone (below 1.3)": dense["rules + A"] / dense["A alone"],
            "40,000 words / 4,000 words (at most 13)": long[40_000] / long[4_000],
            "small prompt p99 beside a paste / alone (at most 3)": workers.beside_a_paste(
                book, paste, words(DENSE, 50)
            ),
        },
        "memory": workers.memory(book, paste),
    }


def main() -> None:
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measure()
    if arguments.json:
        print(json.dumps(result, indent=1))
        return
    for name, row in result["milliseconds"].items():
        print(f"{name:<12}" + "  ".join(f"{system} {spent:8.2f} ms" for system, spent in row.items()))
    print("the second opinion, on made-up municipal prompts")
    for name, row in result["the second opinion"].items():
        print(f"  {name:<12}" + "  ".join(f"{what} {value:8.2f}" for what, value in row.items()))
    for title in ("words per second (dense, 2000)", "ratios", "memory"):
        print(title)
        for name, value in result[title].items():
            print(f"  {name:<52}{value:12.2f}")


if __name__ == "__main__":
    main()
