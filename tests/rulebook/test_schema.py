"""The JSON Schema that editors use says what the loader says."""

import json

import pytest

from gateway.rulebook.documents import KINDS
from gateway.rulebook.load import default_root
from gateway.rulebook.schema import drifted, file_name, schemas, write


def test_the_checked_in_schemas_are_up_to_date() -> None:
    """After a change of a document model: `prompt-gateway rules schema --write`."""
    assert drifted(default_root() / "schema") == ()


def test_writing_brings_a_folder_up_to_date(tmp_path) -> None:
    (tmp_path / "old.schema.json").write_text("{}")
    assert "old.schema.json" in drifted(tmp_path)
    write(tmp_path)
    assert drifted(tmp_path) == ()
    assert {path.name for path in tmp_path.iterdir()} == {file_name(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_names_its_kind_and_refuses_other_keys(kind: str) -> None:
    schema = json.loads(schemas()[file_name(kind)])
    assert schema["properties"]["kind"]["const"] == kind
    assert schema["additionalProperties"] is False


def test_a_screened_tool_must_show_its_decision_and_numbers_may_be_quoted() -> None:
    definitions = json.loads(schemas()["tool.schema.json"])["$defs"]
    assert "valid_until" in definitions["Screening"]["then"]["required"]
    assert definitions["Use"]["properties"]["max_upload_mb"]["type"] == ["integer", "string"]


@pytest.mark.parametrize("path", sorted(default_root().rglob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_file_hints_at_its_schema(path) -> None:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    if first.startswith("# yaml-language-server: $schema="):
        assert (path.parent / first.partition("=")[2]).resolve().parent == default_root() / "schema"
        assert (path.parent / first.partition("=")[2]).exists()
