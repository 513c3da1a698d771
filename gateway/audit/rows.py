"""From the nouns to the body of a journal row: codes, counts and ids, in the words an auditor reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.audit.catalogue import CATALOGUE, CODE_OF_ACTION, CODE_OF_VERDICT, is_exchange
from gateway.audit.chain import Json, codeword, name, timestamp
from gateway.audit.pseudonyms import Pseudonyms
from gateway.errors import JournalError
from gateway.model.record import LifecycleEvent, UsageOutcome, UsageRecord

type Entry = UsageRecord | UsageOutcome | LifecycleEvent
"""What can be written in the journal."""

VERSION = 1
"""The version of the row format; verification refuses rows of a version it does not know."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has no place in the chain yet. `kind`: start, finish, lifecycle."""

    kind: str
    body: dict[str, Json]
    digests: tuple[str, ...] = ()


def compose(entry: Entry, pseudonyms: Pseudonyms) -> Row:
    """Turn a noun into a row. Raises `JournalError` for what the catalogue does not know."""
    match entry:
        case UsageRecord():
            return _start(entry, pseudonyms)
        case UsageOutcome():
            return _finish(entry)
        case LifecycleEvent():
            return _lifecycle(entry)


def _head(code: str | None, at: float) -> dict[str, Json]:
    spec = CATALOGUE.get(code or "")
    if spec is None:
        raise JournalError("the event is not in the catalogue")
    return {"v": VERSION, "code": spec.code, "event": spec.name, "at": timestamp(at)}


def _start(record: UsageRecord, pseudonyms: Pseudonyms) -> Row:
    body = _head(CODE_OF_VERDICT.get(record.verdict), record.at) | {
        "decision_id": codeword(record.decision_id),
        "pseudonym": pseudonyms.of(record.identity, record.at),
        "department": name(record.department),
        "tool": codeword(record.tool_id),
        "standing": codeword(record.standing),
        "endpoint": codeword(record.endpoint_id),
        "endpoint_kind": codeword(record.endpoint_kind),
        "transport": codeword(record.transport),
        "verdict": codeword(record.verdict),
        "reasons": [[codeword(code), codeword(subject)] for code, subject in record.reasons],
        "rules": _codewords(record.rules),
        "overruled": _codewords(record.overruled),
        "shadow": [[codeword(rule), codeword(verdict)] for rule, verdict in record.shadow],
        "revision": codeword(record.revision),
        "entities": _counts(record.entities),
        "gaps": _codewords(record.gaps),
        "persons": record.persons,
        "dossier": record.is_dossier,
        "can_rewrite": record.can_rewrite,
        "part_roles": _codewords(record.part_roles),
        "parts": record.parts,
        "uploads": record.uploads,
        "bytes_in": record.bytes_in,
        "incident": codeword(record.incident),
        "fingerprints": [[codeword(mark.entity), codeword(mark.digest)] for mark in record.fingerprints],
    }
    return Row("start", body, tuple(codeword(mark.digest) for mark in record.fingerprints))


def _finish(outcome: UsageOutcome) -> Row:
    body = _head(CODE_OF_ACTION.get(outcome.action), outcome.at) | {
        "decision_id": codeword(outcome.decision_id),
        "action": codeword(outcome.action),
        "bytes_out": outcome.bytes_out,
        "redacted": _counts(outcome.redacted),
        "clean_after": outcome.clean_after,
        "status": outcome.status,
        "answer_entities": _counts(outcome.answer_entities),
        "microseconds": {codeword(step): round(took * 1000) for step, took in outcome.milliseconds.items()},
    }
    return Row("finish", body)


def _lifecycle(event: LifecycleEvent) -> Row:
    body = _head(event.code, event.at)
    if is_exchange(event.code):
        raise JournalError(f"{event.code} is no lifecycle event")
    unknown = sorted(set(event.fields) - set(CATALOGUE[event.code].fields))
    if unknown:
        raise JournalError(f"{event.code} has no field {', '.join(unknown)}")
    return Row("lifecycle", body | {"fields": {key: codeword(value) for key, value in event.fields.items()}})


def _codewords(values: tuple[str, ...]) -> list[Json]:
    return [codeword(value) for value in values]


def _counts(counts: Mapping[str, int]) -> dict[str, Json]:
    return {codeword(str(key)): count for key, count in counts.items() if count}
