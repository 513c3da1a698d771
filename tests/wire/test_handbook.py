"""The page on tool files names every kind, rewrite word, role and gap, and the limits as they are."""

import re
from pathlib import Path

import pytest

import gateway.wire
from gateway.model.traffic import EndpointKind, PartRole, Rewrite
from gateway.wire.limits import DEFAULT_LIMITS

PAGE = (Path(__file__).parents[2] / "deploy" / "handbook" / "tool-files.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in Path(gateway.wire.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("word", [*EndpointKind, *Rewrite, *(role for role in PartRole if role != PartRole.FILE_NAME)])
def test_every_word_is_explained(word: str) -> None:
    assert f"`{word}`" in PAGE or re.search(rf"`[^`]*\b{word}\b[^`]*`", PAGE)


def test_every_gap_of_the_code_is_listed_and_no_other() -> None:
    raised = set(re.findall(r'CodecError\("(\w+)"', CODE)) | set(re.findall(r'GapKind\.\w+, "(\w+)"', CODE))
    raised |= set(re.findall(r'detail="(\w+)"', CODE))
    table = PAGE[PAGE.index("| gap | detail |") : PAGE.index("## Uploads")]
    listed = {word for row in table.splitlines()[2:] if row for word in re.findall(r"`(\w+)`", row.split("|")[2])}
    assert listed == raised


def test_the_limits_are_those_of_the_code() -> None:
    assert f"more than {DEFAULT_LIMITS.depth} codecs" in PAGE
    assert f"nested over {DEFAULT_LIMITS.nesting}" in PAGE
    assert f"over {DEFAULT_LIMITS.expanded // 2**20} MB unpacked or {DEFAULT_LIMITS.growth} times the size" in PAGE
    assert f"over {DEFAULT_LIMITS.nodes:,} values" in PAGE
