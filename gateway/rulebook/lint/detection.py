"""Faults in detection rules: patterns that do not compile, run away, match nothing or can never count."""

import re
from collections.abc import Iterator

import regex

from gateway.errors import Problem
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.detection import DetectionRule, ScoredPattern
from gateway.rulebook.documents.lists import ValueList
from gateway.rulebook.files import Loaded, of_kind
from gateway.rulebook.lint.codes import found

HOSTILE = ("1" * 2_000, "1 " * 1_000, "a" * 2_000, "a, " * 700, "@." * 1_000, " " * 2_000, "-1.a" * 500)
"""Texts that make a careless pattern try everything; a sound one needs microseconds for each."""

HOSTILE_TIMEOUT_S = 1.0

_WILDCARDS = str.maketrans("", "", "*? ")

_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]])*\]")
"""An escape or a character class, in which `.`, `*` and `+` mean themselves."""

_UNBOUNDED = re.compile(r"(?<!\\)\.[*+](?![?+])|(?<!\\)[*+}][^()\[\]]{0,20}(?<!\\)\)[*+](?!\+)")


def problems(items: tuple[Loaded[Document], ...]) -> Iterator[Problem]:
    lists = {item.document.id: item for item in of_kind(items, ValueList)}
    for item in of_kind(items, DetectionRule):
        rule = item.document
        yield from _rule(item, rule)
        yield from _allowed(item, rule.allow, "allow")
        for name in (*rule.allow_from, *rule.examples_from):
            if name in lists:
                yield from _allowed(lists[name], lists[name].document.values, "values")


def _allowed(item: Loaded[Document], values: tuple[str, ...], field: str) -> Iterator[Problem]:
    for index, value in enumerate(values):
        if value.translate(_WILDCARDS) in {"", "@", ".", "@."}:
            yield found(item, "allow-everything", f"`{value}` would allow anything", field, index)


def _rule(item: Loaded[DetectionRule], rule: DetectionRule) -> Iterator[Problem]:
    if not (rule.patterns or rule.terms or rule.terms_from or rule.recognizer):
        yield found(item, "nothing-to-find", "give it patterns, terms or a recognizer")
    for index, pattern in enumerate(rule.patterns):
        for code, message in _faults_of(pattern):
            yield found(item, code, message, "patterns", index, "regex")
    reachable = [_best(rule, pattern) for pattern in rule.patterns]
    if reachable and not rule.recognizer and max(reachable) < rule.threshold:
        yield found(item, "threshold-unreachable", f"the best score is {max(reachable):.2f}", "threshold")


def _best(rule: DetectionRule, pattern: ScoredPattern) -> float:
    score = max(pattern.score, rule.on_valid) if rule.validate_with else pattern.score
    return score + (rule.context.boost if rule.context.words else 0.0)


def _faults_of(pattern: ScoredPattern) -> Iterator[tuple[str, str]]:
    flags = regex.VERSION0 if pattern.case else regex.IGNORECASE
    try:
        compiled = regex.compile(pattern.regex, flags)
    except regex.error as error:
        yield "regex", str(error)
        return
    if compiled.fullmatch(""):
        yield "regex-empty", "it matches the empty text"
    if _UNBOUNDED.search(_CLASS.sub("x", pattern.regex)):
        yield "regex-unbounded", "give the repetition an upper bound"
    try:
        for text in HOSTILE:
            compiled.search(text, timeout=HOSTILE_TIMEOUT_S)
    except TimeoutError:
        yield "regex-slow", f"more than {HOSTILE_TIMEOUT_S:g} s on 2,000 characters"
