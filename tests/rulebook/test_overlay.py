"""An overlay may add, narrow and tighten; loosening is an error that names both files."""

from datetime import date

import pytest

from gateway.model.policy import Verdict
from gateway.rulebook.load import check
from tests.rulebook.conftest import HOSTS, HOUSE, TOOL, WriteRules

TITLE = "title: {nl: t, en: t}"
RULE = f"""kind: usage/v1
id: regel
{TITLE}
status: enforced
owner: fg
when: {{who: {{departments: [wmo]}}}}
then: {{verdict: redact, redact: [NL_BSN], notify: [fg], message: personal-data.redacted}}
"""
FOUND = f"""kind: detection/v1
id: bsn
{TITLE}
status: enforced
owner: fg
entity: NL_BSN
patterns: [{{id: p, regex: '[0-9]{{9}}', score: '0.7'}}]
"""
LIST = "kind: list/v1\nid: woorden\ntitle: t\nvalues: [een, twee]\n"
SHIPPED = {"usage/regel.yaml": RULE, "detection/bsn.yaml": FOUND, "lists/woorden.yaml": LIST}


@pytest.mark.parametrize(
    ("own", "says"),
    [
        pytest.param(RULE.replace("redact, redact: [NL_BSN]", "refuse"), "", id="a stricter verdict"),
        pytest.param(RULE.replace("[NL_BSN]", "[NL_BSN, PERSON]"), "", id="takes out more"),
        pytest.param(RULE.replace("enforced", "shadow"), "", id="only counted, which lint keeps saying"),
        pytest.param(RULE.replace("redact, redact: [NL_BSN]", "coach"), "from redact to coach", id="a weaker verdict"),
        pytest.param(RULE.replace("[NL_BSN]", "[PERSON]"), "takes out less", id="takes out something else"),
        pytest.param(RULE.replace("notify: [fg], ", ""), "tells fewer people", id="notifies nobody"),
        pytest.param(RULE.replace("enforced", "retired"), "`status` goes", id="switched off"),
        pytest.param(RULE.replace("[wmo]", "[ict]"), "`when` differs", id="for others"),
        pytest.param(FOUND + "threshold: '0.5'\n", "", id="finds more"),
        pytest.param(FOUND + "allow: ['123456782']\n", "", id="allows an own value"),
        pytest.param(FOUND + "threshold: '0.9'\n", "`threshold` goes up", id="finds less"),
        pytest.param(FOUND.replace("id: p", "id: q"), "`patterns` holds less", id="other pattern"),
        pytest.param(FOUND.replace("NL_BSN", "PERSON"), "`entity` differs", id="another entity"),
        pytest.param(TOOL.replace("status: screened", "status: pending"), "", id="an own screening"),
        pytest.param(TOOL.replace("kind: prompt", "kind: static"), "`chat` differs", id="an endpoint no longer read"),
        pytest.param(
            TOOL.replace("screening:\n", "  - {id: x, hosts: [x.example], kind: static}\nscreening:\n"),
            "adds traffic that is not read",
            id="a new endpoint that is not read",
        ),
        pytest.param(HOUSE.replace("id: test", "id: eigen").replace("name: Test", "name: Eigen"), "", id="own house"),
        pytest.param(HOUSE.replace("macro: {verdict: refuse}", "macro: {verdict: warn}"), "gap.macro", id="weaker gap"),
        pytest.param(HOSTS.replace("klets.example", "praatje.example", 1), "Kletskous", id="an AI host left out"),
        pytest.param(HOSTS + "  - {name: X, hosts: [x.klets.example]}\n", "`shared` holds more", id="more shared"),
        pytest.param(TOOL + "shared_hosts: [praat.example]\n", "`shared_hosts` holds more", id="shared tool"),
    ],
)
def test_what_an_overlay_may_do(write_rules: WriteRules, own: str, says: str) -> None:
    book, problems = check(write_rules({**SHIPPED, "local/own.yaml": own}), today=date(2026, 11, 25))
    found = [problem for problem in problems if problem.code == "overlay-loosens"]
    if not says:
        assert found == []
        assert book is not None
    else:
        assert book is None
        assert says in found[0].message
        assert found[0].file == "local/own.yaml"
        assert ".yaml is stricter" in found[0].message


HIDING_LIST = (
    HOSTS.replace("id: ai-hosts", "id: own").replace("kantoor.klets", "HOST.klets").replace("Kletskous", "Nieuw")
)
HIDING_TOOL = (
    TOOL.replace("id: praatpaal", "id: eigen")
    .replace("status: screened", "status: pending")
    .replace("/static/**", "/x/**")
)


@pytest.mark.parametrize(
    ("own", "says"),
    [
        pytest.param(HIDING_LIST.replace("HOST", "chat"), "no longer be opened", id="a host under an AI service"),
        pytest.param(HIDING_LIST.replace("HOST.klets", "ander"), "", id="another host"),
        pytest.param(HIDING_TOOL, "would not be read", id="unread on another tool's host"),
        pytest.param(HIDING_TOOL.replace("praat.example", "eigen.example"), "", id="unread on an own host"),
    ],
)
def test_new_documents_hide_nothing_that_was_read(write_rules: WriteRules, own: str, says: str) -> None:
    _, problems = check(write_rules({"local/own.yaml": own}), today=date(2026, 11, 25))
    found = [problem.message for problem in problems if problem.code == "overlay-loosens"]
    assert bool(found) is bool(says)
    assert all(says in message for message in found)


def test_an_own_document_takes_the_shipped_ones_place_and_a_list_adds(write_rules: WriteRules) -> None:
    own = {
        "local/regel.yaml": RULE.replace("redact, redact: [NL_BSN]", "refuse"),
        "local/woorden.yaml": LIST.replace("een, twee", "twee, drie"),
    }
    book, _ = check(write_rules({**SHIPPED, **own}))
    assert book is not None
    assert [rule.then.verdict for rule in book.usage] == [Verdict.REFUSE]
    assert book.lists["woorden"] == ("een", "twee", "drie")


def test_doubles_among_shipped_documents_are_still_seen_with_an_overlay(write_rules: WriteRules) -> None:
    book, problems = check(write_rules({**SHIPPED, "usage/twee/regel.yaml": RULE, "local/bsn.yaml": FOUND}))
    assert book is None
    assert "duplicate-id" in {problem.code for problem in problems}


def test_a_named_overlay_must_exist(write_rules: WriteRules) -> None:
    root = write_rules()
    _, problems = check(root, overlay=root / "nergens")
    assert "no-folder" in {problem.code for problem in problems}


def test_shipped_tests_of_usage_rules_are_moot_once_there_is_own_policy(write_rules: WriteRules) -> None:
    """A municipality that refuses more must not fail the shipped case that expects less."""
    case = "kind: test/v1\nfor: {}\ncases: [{{id: a, question: {{}}, verdict: allow}}]\n"
    shipped = {**SHIPPED, "usage/regel.test.yaml": case.format("regel"), "detection/bsn.test.yaml": case.format("bsn")}
    own = {"local/eigen.yaml": RULE.replace("id: regel", "id: eigen"), "local/eigen.test.yaml": case.format("eigen")}
    book, _ = check(write_rules(shipped))
    assert book is not None
    assert {test.covers for test in book.tests} == {"regel", "bsn"}
    book, _ = check(write_rules({**shipped, **own}))
    assert book is not None
    assert {test.covers for test in book.tests} == {"bsn", "eigen"}
