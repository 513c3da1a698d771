"""Cases beside rules: they pass, fail, or are known to fail, and a note that is no longer true turns red."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from gateway.detection.inspector import Inspector
from gateway.model.inspection import Entity, Finding, Inspection
from gateway.rehearsal import samples
from gateway.rehearsal.cases import AMSTERDAM, Dissected, Rehearsal, Result
from gateway.rulebook.documents.cases import RuleTest
from gateway.rulebook.load import default_root, load

BOOK = load(default_root())
NOON = datetime(2026, 11, 25, 12, tzinfo=AMSTERDAM)


class Finds:
    """An inspector that finds one citizen service number at 5–14 of rule `nl-bsn`, whatever the text."""

    def inspect(self, parts: object) -> Inspection:
        return Inspection((Finding(Entity.NL_BSN, "text", 5, 14, 1.0, "nl-bsn", validated=True),), persons=1)


def dissect(path: Path, book: object) -> Dissected:
    return Dissected("chatgpt", path.stem, ("een", "twee"))


def run(case: dict[str, object], covers: str = "nl-bsn", **rooms: object) -> tuple[Result, str]:
    test = RuleTest.model_validate({"kind": "test/v1", "for": covers, "cases": [{"id": "c", **case}]})
    rehearsal = Rehearsal(replace(BOOK, tests=(test,)), NOON, **{"inspector": Finds(), **rooms})
    (result,) = rehearsal.run()
    assert (result.covers, result.case) == (covers, "c")
    return result.result, result.message


FOUND = {"entity": "NL_BSN"}
TEXT = {"text": "bsn: 111222333"}


@pytest.mark.parametrize(
    ("case", "result", "says"),
    [
        pytest.param(TEXT | {"expect": [FOUND]}, Result.PASSED, "", id="found"),
        pytest.param(TEXT | {"expect": [FOUND | {"text": "111222333"}]}, Result.PASSED, "", id="the right text"),
        pytest.param(TEXT | {"expect": [FOUND | {"span": [5, 14]}]}, Result.PASSED, "", id="the right span"),
        pytest.param(TEXT | {"expect": []}, Result.FAILED, "0 expected, found NL_BSN 5–14", id="false alarm"),
        pytest.param(TEXT | {"expect": [FOUND, FOUND]}, Result.FAILED, "2 expected", id="missed one"),
        pytest.param(TEXT | {"expect": [{"entity": "PERSON"}]}, Result.FAILED, "is not PERSON", id="another entity"),
        pytest.param(TEXT | {"expect": [FOUND | {"span": [5, 13]}]}, Result.FAILED, "is not 5–13", id="another span"),
        pytest.param(TEXT | {"expect": [FOUND | {"text": "1112"}]}, Result.FAILED, "expected text", id="another text"),
        pytest.param(TEXT | {"expect": [FOUND | {"validated": "no"}]}, Result.FAILED, "validated", id="checksum"),
        pytest.param(TEXT | {"expect": [], "known_false_alarm": "why"}, Result.KNOWN, "0 expected", id="alarm"),
        pytest.param(TEXT | {"expect": [FOUND, FOUND], "known_miss": "why"}, Result.KNOWN, "2", id="known miss"),
        pytest.param(TEXT | {"expect": [FOUND], "known_miss": "why"}, Result.OUTDATED, "take its note", id="old note"),
        pytest.param(TEXT | {"verdict": "redact"}, Result.PASSED, "", id="verdict of a text"),
        pytest.param(TEXT | {"verdict": "allow"}, Result.FAILED, "redact, not allow (rule-matched", id="other verdict"),
        pytest.param(TEXT | {"verdict": "refuse", "tool": "deepseek"}, Result.PASSED, "", id="to a rejected tool"),
        pytest.param({"question": {"gaps": ["macro"]}, "message": "gap.macro"}, Result.PASSED, "", id="a question"),
        pytest.param({"question": {}, "reasons": ["gap"]}, Result.FAILED, "without gap", id="a reason is missing"),
        pytest.param({"question": {}, "message": "gap.macro"}, Result.FAILED, "message none", id="another message"),
        pytest.param(
            {"question": {"entities": {"NL_BSN": 1}}, "redact": ["SECRET"]},
            Result.FAILED,
            "leaves SECRET",
            id="left in",
        ),
    ],
)
def test_how_a_case_goes(case: dict[str, object], result: Result, says: str) -> None:
    found, message = run(case)
    assert (found, says in message) == (result, True), message


@pytest.mark.parametrize(
    ("case", "covers", "result"),
    [
        ({"texts": ["een", "twee"], "endpoint": "send"}, "chatgpt", Result.PASSED),
        ({"texts": ["een"]}, "chatgpt", Result.PASSED),
        ({"texts": ["drie"]}, "chatgpt", Result.FAILED),
        ({"endpoint": "prepare"}, "chatgpt", Result.FAILED),
        ({"endpoint": "send"}, "claude", Result.FAILED),
    ],
)
def test_samples_of_tools(case: dict[str, object], covers: str, result: Result) -> None:
    assert run({"sample": "send.json", **case}, covers, dissect=dissect, samples=Path())[0] is result


def test_a_sample_that_is_not_there_fails_and_says_so(tmp_path: Path) -> None:
    case = {"sample": "none.json", "endpoint": "send"}
    assert run(case, "chatgpt", dissect=samples.dissect, samples=tmp_path) == (
        Result.FAILED,
        "the sample cannot be read",
    )


def test_what_there_is_nothing_to_run_with_is_skipped_and_says_so() -> None:
    assert run(TEXT | {"expect": []}, inspector=None) == (Result.SKIPPED, "nothing to run it with")
    assert run({"sample": "send.json", "endpoint": "send"})[0] is Result.SKIPPED


def test_only_the_documents_asked_for() -> None:
    results = list(Rehearsal(BOOK, NOON).run(["dossiers"]))
    assert {result.covers for result in results} == {"dossiers"}


@pytest.fixture(scope="module")
def shipped() -> list[tuple[str, str, Result, str]]:
    inspector = Inspector(BOOK.detection, BOOK.lists)
    wanted = [rule.id for rule in (*BOOK.usage, *BOOK.exceptions)]
    return [(one.covers, one.case, one.result, one.message) for one in Rehearsal(BOOK, NOON, inspector).run(wanted)]


def test_every_case_of_the_shipped_usage_rules_passes(shipped: list[tuple[str, str, Result, str]]) -> None:
    assert [row for row in shipped if not row[2].is_good] == []


def test_every_usage_rule_and_exception_has_cases(shipped: list[tuple[str, str, Result, str]]) -> None:
    assert {row[0] for row in shipped} == {rule.id for rule in (*BOOK.usage, *BOOK.exceptions)}
