"""Lint: every fault a rulebook can have, as data. `codes` is the catalogue, the other modules find the faults.

An error stops the load, a warning is printed, an info is shown on request.
"""

from collections.abc import Iterable
from datetime import date

from gateway.errors import Problem
from gateway.rulebook.documents.common import Document
from gateway.rulebook.files import Loaded
from gateway.rulebook.lint import across, detection, screening, texts, tools, usage


def lint(documents: Iterable[Loaded[Document]], *, version: str, today: date) -> tuple[Problem, ...]:
    """Every problem of documents that are each valid; `version` is the gateway's own."""
    items = tuple(documents)
    return (
        *across.problems(items, version),
        *texts.problems(items),
        *tools.problems(items),
        *screening.problems(items, today),
        *usage.problems(items, today),
        *detection.problems(items),
    )
