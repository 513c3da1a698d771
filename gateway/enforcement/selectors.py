"""Matching an answer's strings against the selectors of a tool file (`body.choices[*].delta.content`)."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from gateway.enforcement.json_text import Path

_STEP = re.compile(r"\.\.|\.?\*|\[\*\]|\[(-?\d+)\]|\.?([^.\[\]*]+)")


@lru_cache(maxsize=512)
def matcher(selectors: tuple[str, ...]) -> Callable[[Path], bool]:
    """Whether one of the selectors names this path. `[*]` any item, `*` any key, `..` any depth; `body.` is implied."""
    if not selectors:
        return lambda path: False
    pattern = re.compile("|".join(map(_regex, selectors)))
    return lambda path: pattern.fullmatch(_written(path)) is not None


def _written(path: Iterable[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else "" if step == "$" else f".{step}" for step in path)


def _regex(selector: str) -> str:
    steps = ["(?:"]
    for match in _STEP.finditer(selector.removeprefix("body")):
        if match[0] == "..":
            steps.append(r"(?:\.[^.\[\]]+|\[\d+\])*\.")
        elif match[0] == "[*]":
            steps.append(r"\[\d+\]")
        elif match[0].endswith("*"):
            steps.append(r"\.[^.\[\]]+")
        elif match[1] is not None:
            steps.append(r"\[\d+\]" if match[1].startswith("-") else rf"\[{match[1]}\]")
        else:
            dot = "" if steps[-1].endswith(r"*\.") else r"\."
            steps.append(dot + re.escape(match[2]))
    return "".join([*steps, ")"])
