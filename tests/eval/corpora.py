"""Labelled prompts: our own corpora (YAML with `{LABEL|words}` marks) and the shared dev set, in one shape."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

CORPUS = Path(__file__).parents[1] / "corpus"
DEV_SET = Path(__file__).parents[2].parent / "shared" / "eval" / "dev.jsonl"
_MARK = re.compile(r"\{([A-Z_]+)\|([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` in code points; `origin` is the naming tradition of a PERSON."""

    start: int
    end: int
    label: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled prompt. A find that overlaps `ignored` is neither right nor wrong."""

    id: str
    text: str
    verdict: str
    spans: tuple[Span, ...] = ()
    ignored: tuple[Span, ...] = ()


def parse(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The text without its marks, and the spans they stood for."""
    text = ""
    spans: list[Span] = []
    last = 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        last = mark.end()
    return text + marked[last:], tuple(spans)


def own() -> list[Example]:
    """Our harmless and sensitive prompts."""
    examples: list[Example] = []
    for name in ("harmless", "sensitive"):
        rows = yaml.load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        for row in rows:
            text, spans = parse(row["text"])
            examples.append(Example(row["id"], text, row.get("verdict", "allow"), spans))
    return examples


def dev() -> list[Example]:
    """The shared dev set in file order; empty where it is not there. Even indices are the open half."""
    return labelled(DEV_SET)


def blind() -> dict[str, list[Example]]:
    """Sets of prompts by name, each by somebody who knew the guideline and none of our rules.

    Even indices are the open half. `tests/corpus/README.md` says which halves somebody has read.
    """
    return {path.stem.replace("_", "-"): labelled(path) for path in sorted(CORPUS.glob("blind*.jsonl"))}


def labelled(path: Path) -> list[Example]:
    """A set in the shape of the shared dev set, in file order; empty where the file is not there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Example(
            row["id"],
            row["text"],
            row["verdict"],
            tuple(Span(s["start"], s["end"], s["label"], s.get("origin", "")) for s in row["entities"]),
            tuple(Span(s["start"], s["end"]) for s in row["ignored"]),
        )
        for row in rows
    ]
