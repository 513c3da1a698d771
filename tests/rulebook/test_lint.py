"""Each lint code is found, with its severity, in a rulebook that has exactly that fault."""

from datetime import date

import pytest

from gateway.rulebook.lint.codes import CODES
from gateway.rulebook.load import check
from tests.rulebook.conftest import CHECKLIST, FILES, HOSTS, HOUSE, TOOL, WriteRules
from tests.rulebook.test_reading import REFUSED

TODAY = date(2026, 11, 25)
TWO = "{nl: t, en: t}"
RULE = f"kind: usage/v1\nid: regel\ntitle: {TWO}\nstatus: draft\nowner: fg\nwhen: {{}}\nthen: {{verdict: warn}}\n"
FOUND = f"kind: detection/v1\nid: bsn\ntitle: {TWO}\nstatus: draft\nowner: fg\nentity: NL_BSN\n"
HOLE = f"""kind: exception/v1
id: gat
title: {TWO}
narrows: regel
when: {{}}
then: {{verdict: allow}}
start: "2026-11-01"
until: "2027-02-01"
reason: pilot
approved_by: fg
"""
REFUSAL = "kind: refusal/v1\nid: nee\nbody: nee\n"
TEST = "kind: test/v1\nfor: regel\ncases: [{id: a, question: {}, verdict: allow}]\n"
LIST = "kind: list/v1\nid: departments\ntitle: t\nvalues: [wmo]\n"
MESSAGES = "kind: messages/v1\nid: m\nlanguage: {}\nmessages: {{eigen.tekst: {{title: t, lead: '{}', why: w}}}}\n"
NL = FILES["messages/nl.yaml"]

type Changes = dict[str, str | None]


def tool(old: str, new: str) -> Changes:
    return {"tools/praatpaal.yaml": TOOL.replace(old, new, 1)}


def more_of_tool(text: str) -> Changes:
    return {"tools/praatpaal.yaml": TOOL + text + "\n"}


def hole(old: str, new: str) -> Changes:
    return {"usage/regel.yaml": RULE, "exceptions/gat.yaml": HOLE.replace(old, new)}


def pattern(expression: str, score: str = "0.9") -> Changes:
    return {"detection/bsn.yaml": f"{FOUND}patterns: [{{id: p, regex: '{expression}', score: '{score}'}}]\n"}


CASES = [
    ("file-name", {"usage/anders.yaml": RULE}),
    ("no-rulebook", {"rulebook.yaml": None}),
    ("two-rulebooks", {"tweede.yaml": HOUSE.replace("id: test", "id: tweede")}),
    ("gateway-version", {"rulebook.yaml": HOUSE + "requires: '99.0'\n"}),
    ("duplicate-id", {"usage/regel.yaml": RULE, "usage/twee/regel.yaml": RULE}),
    ("house-incomplete", {"rulebook.yaml": HOUSE.replace("  macro: {verdict: refuse}\n", "")}),
    ("house-incomplete", {"rulebook.yaml": HOUSE.replace("  expired: {verdict: refuse}\n", "")}),
    ("house-incomplete", {"rulebook.yaml": HOUSE.replace("  secret: {verdict: refuse}\n", "")}),
    ("list-missing", {"detection/bsn.yaml": FOUND + "terms_from: [weg]\n"}),
    ("list-unused", {"lists/los.yaml": LIST.replace("departments", "los")}),
    (
        "department-unknown",
        {"lists/departments.yaml": LIST, "usage/regel.yaml": RULE.replace("{}", "{who: {departments: [x]}}")},
    ),
    ("refusal-missing", tool("kind: prompt", "kind: prompt, refusal: weg")),
    ("refusal-unused", {"refusals/nee.yaml": REFUSAL}),
    (
        "shared-and-ai",
        {"lists/ai-hosts.yaml": HOSTS + "  - {name: K, suffixes: [klets.example]}\n"},
    ),
    ("untested", {"usage/regel.yaml": RULE.replace("draft", "enforced")}),
    ("test-for-nothing", {"usage/regel.test.yaml": TEST}),
    ("case-says-nothing", {"usage/regel.yaml": RULE, "usage/regel.test.yaml": TEST.replace(", verdict: allow", "")}),
    ("case-says-nothing", {"usage/regel.yaml": RULE, "usage/regel.test.yaml": TEST.replace("question: {}, ", "")}),
    ("overlay-loosens", {"usage/regel.yaml": RULE, "local/regel.yaml": RULE.replace("warn", "allow")}),
    (
        "overlay-shadow",
        {
            "usage/regel.yaml": RULE.replace("draft", "enforced").replace("warn", "allow"),
            "local/regel.yaml": RULE.replace("draft", "shadow").replace("warn", "allow"),
        },
    ),
    ("message-missing", {"usage/regel.yaml": RULE.replace("draft", "enforced")}),
    ("message-missing", {"usage/regel.yaml": RULE.replace("draft", "shadow")}),
    ("message-unused", {"messages/x.yaml": MESSAGES.format("nl", "l")}),
    ("translation-missing", {"messages/x.yaml": MESSAGES.format("nl", "l")}),
    ("translation-missing", {"messages/nl.yaml": NL.replace("  gap.macro:", "  gap.anders:")}),
    ("label-missing", {"messages/nl.yaml": NL.replace("  NL_BSN: ", "  # NL_BSN: ")}),
    ("reason-missing", {"messages/nl.yaml": NL.replace("  clean: ", "  # clean: ")}),
    ("placeholder-unknown", {"messages/x.yaml": MESSAGES.format("nl", "{naam}")}),
    ("sentence-too-long", {"messages/x.yaml": MESSAGES.format("nl", "woord " * 26)}),
    ("paragraph-too-long", {"messages/x.yaml": MESSAGES.format("en", "Een. " * 6)}),
    ("host-pattern", tool("[praat.example]", "[Praat.Example]")),
    ("host-pattern", tool("[praat.example]", "['https://praat.example']")),
    ("path-pattern", tool("/api/chat", "api/chat")),
    ("path-pattern", tool("/static/**", "/static/a**")),
    ("path-pattern", tool("/static/**", "/static?x=1")),
    (
        "endpoints-overlap",
        tool('paths: ["/static/**"]', "paths: [/api/chat], methods: [POST]"),
    ),
    ("host-of-two-tools", {"tools/tweede.yaml": TOOL.replace("id: praatpaal", "id: tweede").replace("/api", "/v2")}),
    ("assessments-missing", more_of_tool("use: {data_classes: [personal]}")),
    ("assessments-missing", more_of_tool("use: {data_classes: [criminal]}")),
    ("screening-incomplete", tool('valid_until: "2027-05-12"', "")),
    ("screening-incomplete", tool("decided_by: commissie", "")),
    ("checklist-incomplete", tool(CHECKLIST.splitlines()[3], "")),
    ("contract-incomplete", tool("hosting: EU, ", "")),
    ("owner-missing", tool("owner: team-werkplek", "")),
    ("reason-for-no", tool("status: screened", "status: rejected")),
    ("risk-class", more_of_tool("ai_act: {risk_class: groot}")),
    ("high-risk-unregistered", more_of_tool("ai_act: {risk_class: high}")),
    ("tool-expired", tool("2027-05-12", "2026-11-24")),
    (
        "review-due",
        {"tools/praatpaal.yaml": TOOL.replace("  decided_by", "  review_after: '2026-11-24'\n  decided_by")},
    ),
    (
        "evidence-old",
        {
            "tools/praatpaal.yaml": TOOL.replace(
                "kind: static", "kind: static, evidence: {as_of: 2025-10, confidence: low}"
            )
        },
    ),
    ("tool-missing", {"local/x.yaml": "kind: screening/v1\ntool: weg\nscreening: {status: pending}\n"}),
    ("rule-unreachable", {"usage/regel.yaml": RULE.replace("{}", "{where: {tools: [weg]}}")}),
    ("exception-narrows-nothing", {"exceptions/gat.yaml": HOLE}),
    ("exception-dates", hole("2027-02-01", "2026-10-01")),
    ("exception-long", hole("2027-02-01", "2028-02-01")),
    ("exception-over", hole("2027-02-01", "2026-11-24")),
    (
        "exception-ends-soon",
        hole("2027-02-01", "2026-12-24"),
    ),
    ("exception-stricter", hole("allow", "warn")),
    ("nothing-to-find", {"detection/bsn.yaml": FOUND}),
    ("regex", pattern("(a")),
    ("regex-empty", pattern("[0-9]*")),
    ("regex-unbounded", pattern("a.*b")),
    ("regex-unbounded", pattern("(?:[0-9]+ ?)+x")),
    ("threshold-unreachable", pattern("[0-9]{9}", "0.3")),
    ("allow-everything", {"detection/bsn.yaml": FOUND + "recognizer: x\nallow: ['*@*']\n"}),
    (
        "allow-everything",
        {
            "detection/bsn.yaml": FOUND + "recognizer: x\nallow_from: [los]\n",
            "lists/los.yaml": LIST.replace("departments", "los").replace("wmo", "'*'"),
        },
    ),
    ("regex-slow", pattern("(?:1+)+x")),
]


@pytest.mark.parametrize(("code", "changes"), CASES, ids=[f"{code}-{index}" for index, (code, _) in enumerate(CASES)])
def test_a_fault_is_found(write_rules: WriteRules, code: str, changes: dict[str, str | None]) -> None:
    book, problems = check(write_rules(changes), today=TODAY)
    found = [problem for problem in problems if problem.code == code]
    assert found, [str(problem) for problem in problems]
    assert {problem.severity for problem in found} == {CODES[code].severity}
    assert (book is None) == any(problem.severity == "error" for problem in problems)


def test_the_small_rulebook_has_no_fault(write_rules: WriteRules) -> None:
    _, problems = check(write_rules(), today=TODAY)
    assert [str(problem) for problem in problems if problem.severity != "info"] == []


def test_every_code_has_a_case() -> None:
    elsewhere = {"kind", "unknown-key", "value", "no-folder", "unreadable", "too-large", "not-utf8"}
    assert {code for code, _ in CASES} | {code for _, code, *_ in REFUSED} | elsewhere == set(CODES)


def test_problems_come_in_the_order_of_files_and_lines(write_rules: WriteRules) -> None:
    _, problems = check(write_rules({"usage/b.yaml": "a: 1\na: 1\n", "usage/a.yaml": "kind: x\n"}), today=TODAY)
    places = [(problem.file, problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
