"""Whatever a record holds, the journal keeps codes and counts: no sentence, no identity, under any text."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.audit.chain import MALFORMED, canonical
from gateway.audit.keys import JournalKeys
from gateway.audit.pseudonyms import Pseudonyms
from gateway.audit.rows import compose
from tests.audit.records import outcome, usage

SENTENCES = st.text(min_size=3).map(lambda text: f"Mevrouw {text} woont")


@given(text=SENTENCES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_field_takes_a_sentence(text: str, tmp_path: Path) -> None:
    names = Pseudonyms(JournalKeys.open(tmp_path / "keys").pseudonyms)
    record = usage(
        identity=text, decision_id=text, tool_id=text, standing=text, endpoint_id=text, endpoint_kind=text,
        transport=text,
        reasons=((text, text),), rules=(text,), overruled=(text,), shadow=((text, text),), revision=text,
        entities={text: 1}, gaps=(text,), incident=text,
    )  # fmt: skip
    done = outcome(decision_id=text, redacted={text: 1}, answer_entities={text: 1}, milliseconds={text: 1.0})
    for row in (compose(record, names), compose(done, names)):
        written = canonical(row.body).decode()
        assert "Mevrouw" not in written
        assert MALFORMED in written


def test_no_type_the_room_imports_has_a_field_for_text() -> None:
    """Law 4, read from the types themselves."""
    from dataclasses import fields

    from gateway.model.record import Fingerprint, LifecycleEvent, UsageOutcome, UsageRecord

    for noun in (UsageRecord, UsageOutcome, LifecycleEvent, Fingerprint):
        assert not {"text", "body", "prompt", "answer", "content", "value", "path", "url", "query", "file_name"} & {
            field.name for field in fields(noun)
        }
