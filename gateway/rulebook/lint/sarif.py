"""Lint problems as SARIF 2.1.0 (OASIS), which review tools show beside the line."""

from collections.abc import Iterable
from typing import Any

from gateway import __version__
from gateway.errors import Problem
from gateway.rulebook.lint.codes import CODES

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """One run with a result per problem and a rule per code."""
    rules = [{"id": code, "shortDescription": {"text": entry.meaning}} for code, entry in CODES.items()]
    driver = {"name": "prompt-gateway", "version": __version__, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(problem) for problem in problems]}],
    }


def _result(problem: Problem) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": problem.file}}
    if problem.line:
        place["region"] = {"startLine": problem.line, "startColumn": max(problem.column, 1)}
    result = {"ruleId": problem.code, "level": _LEVELS[problem.severity], "message": {"text": problem.message}}
    return result | ({"locations": [{"physicalLocation": place}]} if problem.file else {})
