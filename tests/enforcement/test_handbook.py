"""The handbook's tables of tokens and refusals say what the code and the rules say (law 10)."""

import re
from pathlib import Path

from gateway.enforcement.placeholders import LABELS, LITERAL
from gateway.rulebook.load import default_root, load

PAGE = (Path(__file__).parents[2] / "deploy" / "handbook" / "redaction.md").read_text(encoding="utf-8")


def test_tokens() -> None:
    listed = dict(re.findall(r"^\| `\[(\w+)-1\]` \| `?(\w+)", PAGE, re.MULTILINE))
    assert listed.pop(LITERAL)
    assert listed == {label: entity.value for entity, label in LABELS.items()}


def test_refusals() -> None:
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| (http|websocket) \| (\d+|–) \| (\w+) \|$", PAGE, re.MULTILINE)
    expected = [
        (name, each.transport, "–" if each.transport == "websocket" else str(each.status), each.visible)
        for name, each in sorted(load(default_root()).refusals.items())
    ]
    assert listed == expected
