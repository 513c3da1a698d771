"""The path grammar: how a place in a message is written, and the selectors tool files use to name places.

A path is a root (`body`, `query`, `header`, `path`) and steps: `.key`, `["odd key"]`, `[3]`. Selectors add `[*]` (every
item), `.*` (every key), `..` (any depth) and, at the end, `..` (everything below). `deploy/handbook/tool-files.md`
tells it with examples.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache

from gateway.errors import WireError
from gateway.wire.tree import Path, Step

_PLAIN_KEY = re.compile(r"[^.\[\]\"\s^*]+")
_ANY_KEY = r'(?:\.[^.\[\]"\s]+|\["(?:[^"\\]|\\.)*"\])'
_ANY_STEP = rf"(?:{_ANY_KEY}|\[\d+\])"
_SYNTAX = re.compile(
    r"(?P<index>\[\d+\])|(?P<items>\[\*\])|(?P<quoted>\[\"(?:[^\"\\]|\\.)*\"\])"
    r"|(?P<deep>\.\.)|(?P<keys>\.\*)|(?P<key>\.[^.\[\]\"\s*]+)|(?P<first>[^.\[\]\"\s*]+)"
)


def spell(path: Path) -> str:
    """The path as text, the way `dissect` prints it and selectors match it."""
    pieces: list[str] = []
    for step in path:
        if isinstance(step, int):
            pieces.append(f"[{step}]")
        elif _PLAIN_KEY.fullmatch(step):
            pieces.append(f".{step}" if pieces else step)
        else:
            pieces.append(f"[{json.dumps(step, ensure_ascii=False)}]")
    return "".join(pieces)


def _step_pattern(found: re.Match[str], before_key: bool) -> str:
    """The regular expression of one selector step; `before_key` says that a `..` led here."""
    text = found[0]
    match found.lastgroup:
        case "index":
            pattern = re.escape(text)
        case "items":
            pattern = r"(\[\d+\])"
        case "keys":
            pattern = f"({_ANY_KEY})"
        case "quoted":
            pattern = _key_pattern(json.loads(text[1:-1]))
        case "key":
            pattern = _key_pattern(text[1:])
        case "first":
            pattern = _key_pattern(text) if before_key else re.escape(text)
        case _:
            pattern = f"{_ANY_STEP}*"
    return pattern


def _key_pattern(key: str) -> str:
    spelled = spell(("", key))[len('[""]') :]
    return re.escape(spelled)


@lru_cache(maxsize=4096)
def compile_selector(selector: str, below: bool = False) -> re.Pattern[str]:
    """The selector as a pattern over spelled paths, one group per wildcard; `below` also matches what lies under it.

    Raises `WireError` when the selector is not of the grammar.
    """
    pattern: list[str] = []
    position = 0
    deep = False
    while position < len(selector):
        found = _SYNTAX.match(selector, position)
        if found is None or (found.lastgroup == "first" and position and not deep):
            raise WireError(f"selector syntax at character {position}: {selector}")
        pattern.append(_step_pattern(found, deep))
        deep = found.lastgroup == "deep"
        position = found.end()
    if not pattern:
        raise WireError("empty selector")
    return re.compile("".join(pattern) + (f"{_ANY_STEP}*" if below else ""), re.DOTALL)


def any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str] | None:
    """One pattern that matches where any of these does, None when there are none; a quick first look."""
    alternatives = tuple(pattern.pattern for pattern in patterns)
    return _alternation(alternatives) if alternatives else None


@lru_cache(maxsize=1024)
def _alternation(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.DOTALL)


def check(selector: str) -> str:
    """What is wrong with a selector, "" when nothing is; for `rules check`."""
    try:
        compile_selector(selector)
    except WireError as error:
        return str(error)
    root = re.split(r"[.\[]", selector, maxsplit=1)[0]
    return "" if root in ("body", "query", "header", "path", "fragment") else f"unknown root: {selector}"


def resolve(relative: str, path: Path, wildcards: Iterable[str]) -> str:
    """The spelled path that `roles_from` means for a match at `path`.

    `^` goes up one step and may repeat (`^^.role`); otherwise it is a whole path whose wildcards take, in order, what
    the selector's wildcards matched.
    """
    if relative.startswith("^"):
        ups = len(relative) - len(relative.lstrip("^"))
        return spell(path[:-ups]) + relative[ups:]
    bound = iter(wildcards)
    return re.sub(r"\[\*\]|\.\*", lambda _: next(bound, ""), relative)


def nearest_key(path: Path) -> str:
    """The last step under the root that is a name: the word a program calls this value by."""
    named: Iterable[Step] = (step for step in reversed(path[1:]) if isinstance(step, str) and not step.startswith("@"))
    return str(next(iter(named), "" if len(path) > 1 else "body"))
