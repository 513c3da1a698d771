"""JSON Schema of every kind of rule document, for editors and reviewers; generated, checked in, tested for drift."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gateway.rulebook.documents import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

REQUIRED_WHEN: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {"Screening": ("status", "screened", ("decided_on", "decided_by", "valid_until", "checklist"))}
)
"""Definition, key and value that make more keys required; lint says the same and has the last word."""


def file_name(kind: str) -> str:
    """`tool/v1` → `tool.schema.json`, the name in the editor hint on the first line of a rule file."""
    return f"{kind.partition('/')[0]}.schema.json"


def schemas() -> dict[str, str]:
    """The text of every schema by file name."""
    texts = {}
    for kind, model in KINDS.items():
        schema: dict[str, Any] = {"$schema": DIALECT, **model.model_json_schema(by_alias=True)}
        schema = _lenient({**schema, "title": kind})
        for name, (key, value, required) in REQUIRED_WHEN.items():
            if name in schema.get("$defs", {}):
                schema["$defs"][name] |= {
                    "if": {"properties": {key: {"const": value}}},
                    "then": {"required": list(required)},
                }
        texts[file_name(kind)] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts


def drifted(folder: Path) -> tuple[str, ...]:
    """Names in `folder` that are missing, out of date or left over."""
    wanted = schemas()
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.schema.json")}
    return tuple(sorted(name for name in {*wanted, *present} if wanted.get(name) != present.get(name)))


def write(folder: Path) -> None:
    """Bring `folder` up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in drifted(folder):
        (folder / name).unlink(missing_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _lenient(node: Any) -> Any:  # noqa: ANN401 a JSON value
    """Numbers and booleans may be quoted, for the reader takes every scalar as text."""
    if isinstance(node, list):
        return [_lenient(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _lenient(value) for key, value in node.items()}
    kind = changed.get("type")  # a schema's own, or a property that is called `type`
    if isinstance(kind, str) and kind in {"integer", "number", "boolean"}:
        changed["type"] = [kind, "string"]
    return changed
