"""Part of `make bench ARGS=detection`: how much of a text model B reads, and what it costs a prompt."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from gateway.detection.inspector import Inspector
from gateway.detection.models import Models
from gateway.rulebook.book import RuleBook
from nl_models.training.synthetic import generate

_TEXTS = 2_000
_WORDS = {50: 40, 200: 20, 2_000: 4}
"""Prompts of each length, in words."""


class Counting:
    """Model B that counts the words it is given."""

    def __init__(self, second_opinion: Any) -> None:  # noqa: ANN401 - whatever model B is
        self._second_opinion = second_opinion
        self.words = 0

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Any:  # noqa: ANN401 - the same
        self.words += sum(len(text[start:end].split()) for start, end in sentences)
        return self._second_opinion.read(text, sentences)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the same
        return getattr(self._second_opinion, name)


def measure(without: Inspector, book: RuleBook, models: Models) -> dict[str, dict[str, float]]:
    """By number of words: CPU milliseconds of a made-up municipal prompt without and with B, and the share asked."""
    counting = Counting(models.second_opinion)
    counted = replace(models, second_opinion=counting)
    inspector = Inspector(book.detection, book.lists, counted)
    inspector.warm()
    rows: dict[str, dict[str, float]] = {}
    for words, texts in _prompts().items():
        _spent(inspector.inspect_text, texts)
        counting.words = 0
        with_b = _spent(inspector.inspect_text, texts)
        rows[f"{words} words"] = {
            "ms without B": _spent(without.inspect_text, texts),
            "ms with B": with_b,
            "words read by B": counting.words / sum(len(text.split()) for text in texts),
        }
    return rows


def _prompts() -> dict[int, list[str]]:
    stream = " ".join(example.text for example in generate(_TEXTS, 17)).split(" ")
    prompts: dict[int, list[str]] = {}
    for words, count in _WORDS.items():
        prompts[words] = [" ".join(stream[at * words : (at + 1) * words]) for at in range(count)]
    return prompts


def _spent(run: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU milliseconds a text."""
    start = time.process_time()
    for text in texts:
        run(text)
    return (time.process_time() - start) / len(texts) * 1000
