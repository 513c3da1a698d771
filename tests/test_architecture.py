"""The import table of the design holds: each room imports only what it may, and only `proxy` knows mitmproxy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

GATEWAY = Path(__file__).parents[1] / "gateway"

MAY_IMPORT = {
    "model": set(),
    "errors": {"model"},
    "settings": {"errors", "model"},
    "wire": {"model", "errors"},
    "documents": {"model", "errors", "wire"},
    "rulebook": {"model", "errors"},
    "detection": {"model", "errors", "rulebook"},
    "decision": {"model", "rulebook"},
    "rehearsal": {"model", "errors", "rulebook", "detection", "decision", "wire"},
    "pages": {"model"},
    "enforcement": {"model", "errors", "wire", "documents", "detection", "pages"},
    "audit": {"model", "errors", "settings"},
    "portal": {"model", "errors", "settings", "rulebook", "rehearsal", "audit", "pages"},
    "observability": {"model"},
    "proxy": {
        "model", "errors", "settings", "wire", "documents", "rulebook", "detection", "decision",
        "rehearsal", "enforcement", "audit", "observability", "pages",
    },
}  # fmt: skip
OUTSIDE_ONLY_IN = {
    "mitmproxy": {"proxy"},
    "presidio_analyzer": {"detection"},
    "spacy": {"detection"},
    "nl_models": {"detection"},
    "starlette": {"portal", "observability"},
    "typer": {"cli"},
}


def modules() -> list[Path]:
    return sorted(GATEWAY.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(GATEWAY).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.module or "", node.lineno


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(GATEWAY)))
def test_a_room_imports_only_what_the_design_allows(path: Path) -> None:
    """Law: the import table of the design; `cli` may import everything."""
    room = room_of(path)
    for name, line in imports_of(path):
        top, _, rest = name.partition(".")
        if top == "gateway" and room not in {"cli", "__init__", "__main__"} and rest:
            other = rest.split(".")[0]
            assert other == room or other in MAY_IMPORT[room], f"{path}:{line}: {room} may not import {other}"
        if room in MAY_IMPORT and top in OUTSIDE_ONLY_IN:
            assert room in OUTSIDE_ONLY_IN[top], f"{path}:{line}: {room} may not import {top}"


def test_every_room_is_in_the_table() -> None:
    rooms = {room_of(path) for path in modules()} - {"__init__", "__main__", "cli"}
    assert rooms <= set(MAY_IMPORT)
