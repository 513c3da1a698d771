"""Every export shape: a golden event each, and the escaping of CEF and CSV under any text."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import __version__
from gateway.audit.exports import FORMATS, cef, delimited, ecs, ocsf
from gateway.audit.exports.severity import of_five, of_ten
from gateway.audit.keys import JournalKeys, Ring
from gateway.audit.pseudonyms import Pseudonyms
from gateway.audit.query import Event
from gateway.audit.rows import compose
from tests.audit.records import outcome, started, usage


@pytest.fixture
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Event]:
    ring: Ring = JournalKeys.open(tmp_path_factory.mktemp("keys")).pseudonyms

    def event(finished: bool = True, **changes: object) -> Event:
        names = Pseudonyms(ring)
        done = {**compose(outcome(), names).body, "seq": 3, "segment": 1, "gateway": "gw-1"} if finished else None
        body = compose(usage(**changes), names).body
        return {**body, "seq": 2, "segment": 1, "gateway": "gw-1", "pseudonym": "p-1", "outcome": done}

    return event


@pytest.fixture
def lifecycle(tmp_path_factory: pytest.TempPathFactory) -> Event:
    ring = JournalKeys.open(tmp_path_factory.mktemp("keys")).pseudonyms
    return {**compose(started(), Pseudonyms(ring)).body, "seq": 1, "segment": 1, "gateway": "gw-1"}


@pytest.mark.parametrize("form", FORMATS)
def test_every_shape_takes_every_event(form: str, make: Callable[..., Event], lifecycle: Event) -> None:
    verdicts = [make(verdict=verdict) for verdict in ("allow", "warn", "coach", "redact", "refuse")]
    lines = list(FORMATS[form]([lifecycle, *verdicts, make(finished=False)]))
    assert len(lines) >= 7
    assert not any("\n" in line for line in lines)


def test_ecs(make: Callable[..., Event]) -> None:
    document = ecs.document(make())
    assert document["@timestamp"] == "2026-09-21T14:13:21.000Z"
    assert document["event"] == {
        "kind": "event", "module": "prompt-gateway", "code": "PG1004I", "severity": 4, "sequence": 2,
        "action": "redact",
        "category": ["web"], "type": ["change"], "outcome": "success", "id": "d-000001", "reason": "rule-matched",
    }  # fmt: skip
    assert document["rule"] == {"id": ["no-bsn"], "ruleset": "r-1"}
    assert document["user"] == {"hash": "p-1"}
    assert document["muni_ai"]["entities"] == {"NL_BSN": 1, "PERSON": 2}


def test_ocsf_gives_the_use_and_the_finding_linked(make: Callable[..., Event]) -> None:
    use, finding = ocsf.documents(make(verdict="refuse"))
    assert (use["class_uid"], use["type_uid"], use["action_id"], use["disposition_id"]) == (6003, 600399, 2, 2)
    assert (finding["class_uid"], finding["category_uid"], finding["type_uid"]) == (2006, 2, 200601)
    assert finding["data_security"] == {"detection_system_id": 5, "data_lifecycle_state_id": 2, "category_id": 1}
    assert use["metadata"]["correlation_uid"] == finding["finding_info"]["uid"] == "d-000001"
    assert [item["class_uid"] for item in ocsf.documents(make(verdict="allow", entities={}))] == [6003]


def test_no_export_has_a_field_for_text(make: Callable[..., Event], lifecycle: Event) -> None:
    forbidden = {"prompt_text", "input.messages", "output.messages", "system_instructions", "content", "text", "body"}
    for form in ("ndjson", "ecs", "ocsf"):
        for line in FORMATS[form]([make(), lifecycle]):
            assert not forbidden & set(_keys(json.loads(line)))


def _keys(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for item in value.values() for key in _keys(item))]
    return [key for item in value for key in _keys(item)] if isinstance(value, list) else []


def test_cef(make: Callable[..., Event], lifecycle: Event) -> None:
    line = cef.line(make())
    assert line.startswith(f"CEF:0|prompt-gateway|prompt-gateway|{__version__}|PG1004I|exchange.redacted|4|rt=")
    for pair in ("act=redact", "app=chatgpt", "cs1=no-bsn", "cat=NL_BSN PERSON", "cnt=3", "outcome=rewritten"):
        assert f" {pair}" in line
    assert "msg=revision:r-1 version:1.0" in cef.line(lifecycle)


@given(st.text())
def test_cef_escaping_can_be_undone(text: str) -> None:
    assert unescape(cef.escape_value(text)) == text
    assert "\n" not in cef.escape_value(text) + cef.escape_header(text)


def unescape(escaped: str) -> str:
    plain, letters = "", iter(escaped)
    for sign in letters:
        plain += {"n": "\n", "r": "\r"}.get(follow := next(letters), follow) if sign == "\\" else sign
    return plain


@given(st.text(st.characters(exclude_characters="\r\n\x00")))
def test_csv_survives_a_spreadsheet(text: str) -> None:
    (read,) = csv.reader(io.StringIO(delimited._line((delimited._cell(text), "end"))))
    assert read[1] == "end"
    assert not read[0].startswith(("=", "+", "-", "@")), "a cell is never a formula"


def test_csv_has_a_column_for_all_that_matters(make: Callable[..., Event]) -> None:
    header, line = csv.reader(delimited.lines([make()]))
    row = dict(zip(header, line, strict=True))
    assert (row["entities"], row["action"], row["redacted"], row["reasons"]) == (
        "NL_BSN:1 PERSON:2", "rewritten", "NL_BSN:1", "rule-matched:no-bsn",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "ten", "five"),
    [
        ({"verdict": "allow", "entities": {}}, 1, 1),
        ({"verdict": "warn"}, 2, 2),
        ({"verdict": "redact"}, 4, 3),
        ({"verdict": "refuse", "entities": {}}, 6, 3),
        ({"verdict": "refuse", "entities": {"NL_BSN": 1}}, 8, 4),
    ],
)
def test_severity(make: Callable[..., Event], changes: dict[str, object], ten: int, five: int) -> None:
    event = make(**changes)
    assert (of_ten(event), of_five(event)) == (ten, five)
