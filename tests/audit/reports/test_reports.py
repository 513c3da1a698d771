"""Every report on a generated journal: the figures, the roll-up of small departments, and what no report may show."""

import csv
import io
import json
import re
from dataclasses import asdict

import pytest

from gateway.audit.query import Filter, exchanges, reading, with_outcomes
from gateway.audit.reports import algorithm_register, evaluation, incident, processing_record, usage, works_council
from gateway.audit.reports.document import Document, Section, moment
from gateway.audit.reports.facts import Organisation, ToolFacts
from gateway.audit.reports.groups import REST, labels, roll_up
from gateway.errors import JournalError
from tests.audit.conftest import Site
from tests.audit.records import DAY, NOON

HOUSE = Organisation("Gemeente Voorbeeld", "ai@voorbeeld.example", "fg@voorbeeld.example", "ciso@voorbeeld.example")
TOOLS = {
    "chatgpt": ToolFacts(
        "chatgpt", "ChatGPT", "OpenAI", "Schrijven en samenvatten.", "screened",
        assessments=(("dpia", "ZK-1", "go"),), contract={"hosting": "third_country:US"},
    ),
    "copilot": ToolFacts("copilot", "Copilot", "Microsoft", "Hulp.", "screened", contract={"hosting": "EU"}),
    "lechat": ToolFacts("lechat", "Le Chat", "Mistral", "Schrijven.", "screened"),
}  # fmt: skip
YEAR = (NOON - DAY, NOON + 60 * DAY)


def found(site: Site, **wanted: str) -> list[dict[str, object]]:
    with reading(site.journal) as database:
        return list(exchanges(database, Filter(**wanted)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("people", "shown", "why"),
    [
        ({"a": 40, "b": 12}, {"a": "a", "b": "b"}, "nobody is small"),
        (
            {"a": 40, "b": 12, "c": 6, "d": 7},
            {"a": "a", "b": "b", "c": REST, "d": REST},
            "two small ones, thirteen",
        ),
        ({"a": 40, "b": 12, "c": 4}, {"a": "a", "b": REST, "c": REST}, "one small one would be the remainder"),
        ({"a": 12, "b": 9}, {"a": REST, "b": REST}, "and then nothing is left to subtract"),
        ({"a": 3}, {"a": REST}, "the only department"),
        ({}, {}, "nothing"),
    ],
)
def test_small_departments_roll_up(people: dict[str, int], shown: dict[str, str], why: str) -> None:
    assert roll_up(people) == shown, why


def test_a_department_of_unknown_size_is_small_until_ten_people_are_seen(site: Site) -> None:
    events = found(site)
    assert labels(events, {})["Griffie"] == REST
    assert labels(events, {"Griffie": 4, "Burgerzaken": 50, "Sociaal domein": 80}) == {
        "Griffie": REST, "Burgerzaken": REST, "Sociaal domein": "Sociaal domein",
    }  # fmt: skip


def test_usage_counts_what_the_journal_holds(site: Site) -> None:
    report = usage.usage(found(site), {"Griffie": 12, "Burgerzaken": 50, "Sociaal domein": 80}, *YEAR)
    assert report.exchanges == 120
    assert report.by_verdict == {"allow": 30, "redact": 30, "refuse": 30, "warn": 30}
    assert sum(report.by_tool["chatgpt"].values()) == 60
    assert sum(sum(row.values()) for row in report.by_department.values()) == 120
    assert report.by_data_class["national_identifier"] == {"redact": 30, "refuse": 30, "warn": 30}
    assert report.let_out == {}, "what was redacted did not leave"
    text = usage.document(report, HOUSE.name).markdown()
    assert "| Griffie |" in text
    assert "geen overzicht per persoon" in text


def test_no_report_shows_a_pseudonym_or_a_small_department(site: Site) -> None:
    events = found(site)
    pseudonyms = {str(event["pseudonym"]) for event in events}
    report = usage.usage(events, {}, *YEAR)
    texts = [usage.document(report, HOUSE.name).markdown(), json.dumps(asdict(report))]
    with reading(site.journal) as database:
        figures = evaluation.evaluate(list(with_outcomes(database, Filter())), [], TOOLS, *YEAR)
    texts += [evaluation.document(figures, TOOLS, HOUSE).markdown(), json.dumps(asdict(figures))]
    breach = incident.assess(incident.Dossier("I", NOON, ("d-000001",)), found(site, decision_id="d-000001"))
    texts += [incident.document(breach, TOOLS, HOUSE, NOON).markdown(), json.dumps(asdict(breach))]
    for text in texts:
        assert not any(pseudonym in text for pseudonym in pseudonyms)
        assert "Griffie" not in text


def test_an_incident_tells_breaches_from_near_misses(site: Site) -> None:
    decisions = ("d-000002", "d-000003", "d-000004")  # redacted, refused, let through with a warning and never ended
    dossier = incident.Dossier("INC-1", NOON, decisions)
    events = [event for one in decisions for event in found(site, decision_id=one)]
    breach = incident.assess(dossier, events)
    assert (breach.breaches, breach.uncertain, breach.near_misses) == ([], ["d-000004"], ["d-000002", "d-000003"])
    assert breach.entities == {"NL_BSN": 1, "PERSON": 1}
    assert breach.deadline - NOON == 72 * 3600
    text = incident.document(breach, TOOLS, HOUSE, NOON + 10 * 3600).markdown()
    for fact in ("Nog 62 uur", "24 september 2026, 16:13", "burgerservicenummer", "fg@voorbeeld.example", "OpenAI"):
        assert fact in text
    assert "voorbij" in incident.document(breach, TOOLS, HOUSE, NOON + 90 * 3600).markdown()


def test_what_left_is_what_was_found_minus_what_was_taken_out(site: Site) -> None:
    (event,) = found(site, decision_id="d-000002")
    event["outcome"]["redacted"] = {"PERSON": 1}  # type: ignore[index]
    event["fingerprints"] = [["NL_BSN", "aa"], ["PERSON", "bb"]]
    breach = incident.assess(incident.Dossier("INC-1", NOON, ("d-000002",)), [event])
    assert (breach.breaches, breach.entities, breach.values_at_least) == (["d-000002"], {"NL_BSN": 1}, {"NL_BSN": 1})


@pytest.mark.parametrize("number", ["../../etc/passwd", "", "a b", ".hidden"])
def test_a_dossier_number_cannot_leave_its_folder(site: Site, number: str) -> None:
    with pytest.raises(JournalError):
        incident.Dossier(number, NOON, ()).save(site.data)


def test_the_algorithm_register_names_what_is_missing() -> None:
    bare = algorithm_register.entry(TOOLS["lechat"], HOUSE)
    assert {"status", "publication_category", "human_intervention"} <= set(bare.missing)
    assert bare.schema["description_short"] == "Schrijven."
    whole = algorithm_register.entry(algorithm_register.gateway_itself(HOUSE), HOUSE)
    assert (whole.missing, whole.faults) == (("start_date", "impact_assessments"), ()), "only a person knows these two"
    assert set(whole.schema) - {"risk_management"} >= {"name", "supplier", "language"}
    assert whole.application["provider"] == whole.schema["supplier"]
    for value in whole.schema.values():
        assert "\n" not in value


def test_the_register_fields_cover_the_mandatory_keys_of_the_schema() -> None:
    mandatory = {
        "name", "description_short", "organization", "theme", "status", "start_date", "contact", "publication_category",
        "purpose_and_impact", "considerations", "human_intervention", "risk_management", "impact_assessments", "data",
        "technical_operation", "supplier", "language", "schema",
    }  # fmt: skip
    assert mandatory <= {field.schema for field in algorithm_register.FIELDS if field.is_mandatory}


def test_limits_and_dates_of_the_register_are_checked() -> None:
    tool = ToolFacts("x", "N" * 100, "S", "P", "screened", algorithm_register={"start_date": "mei 2026"})
    assert algorithm_register.entry(tool, HOUSE).faults == (
        "name: longer than 99",
        "start_date: longer than 7",
        "start_date: not YYYY-MM",
    )


def test_the_overview_of_the_register_is_a_csv() -> None:
    entries = [algorithm_register.entry(tool, HOUSE) for tool in TOOLS.values()]
    rows = list(csv.DictReader(io.StringIO(algorithm_register.overview(entries))))
    assert [row["name"] for row in rows] == ["ChatGPT", "Copilot", "Le Chat"]
    assert "status" in rows[0]["missing"]


def test_the_short_form_says_so_when_a_field_is_empty() -> None:
    tool = TOOLS["lechat"]
    form = dict(algorithm_register.short_form(algorithm_register.entry(tool, HOUSE), tool))
    assert form["Menselijke tussenkomst"] == "Veld niet ingevuld"


def test_art_30_holds_the_seven_facts_twice_and_the_real_terms() -> None:
    entries = processing_record.processings(Organisation("G", exchange_days=183), tuple(TOOLS.values()))
    assert [one.id for one in entries] == ["prompt-gateway-inspection", "prompt-gateway-journal"]
    assert all(all(asdict(one).values()) for one in entries)
    assert "183 dagen" in entries[1].terms
    assert "Buiten de EER: ChatGPT" in entries[0].transfers
    assert "niet ingevuld: Le Chat" in entries[0].transfers
    assert "\n" not in "".join(asdict(entries[0]).values())
    assert "Bewaartermijn" in processing_record.document(entries, HOUSE).markdown()


def test_the_works_council_sees_the_last_unmaskings_and_the_warnings() -> None:
    common = {"purpose": "security-incident", "approvers": "ciso,fg"}
    actions = [
        {"event": "audit.unmasked", "at": f"2026-09-{day:02d}", "fields": {"case": f"ZK-{day}", **common}}
        for day in range(1, 13)
    ]
    actions += [{"event": "audit.unmask-refused", "at": "2026-09-13", "fields": {}}]
    seen = works_council.oversight(actions, HOUSE, ("ciso", "fg"), has_second_place=False)
    assert [row[1] for row in seen.unmaskings] == [f"ZK-{day}" for day in range(3, 13)]
    text = works_council.document(seen, NOON).markdown()
    assert "Geweigerd: 1." in text
    assert "nog geen tweede plaats" in text
    assert "fg@voorbeeld.example" in text


def test_the_evaluation_shows_dependence_failures_and_unused_tools(site: Site) -> None:
    with reading(site.journal) as database:
        events = list(with_outcomes(database, Filter()))
    figures = evaluation.evaluate(events, [{"event": "audit.looked-up"}], TOOLS, *YEAR)
    assert figures.by_supplier == {"OpenAI": 60, "Microsoft": 60}
    assert figures.unused_tools == ["lechat"]
    assert figures.gateway_events["gateway.started"] == 1
    assert figures.people_events == {"audit.looked-up": 1}
    assert (figures.failures, figures.incidents) == ({}, {"possible": 30})
    events[5]["reasons"] = [["worker-died", ""]]
    events[5]["shadow"] = [["nieuwe-regel", "refuse"]]
    again = evaluation.evaluate(events, [], TOOLS, *YEAR)
    assert again.failures == {"worker-died": 1}
    assert "nieuwe-regel" in evaluation.document(again, TOOLS, HOUSE).markdown()


def test_sentences_for_people_are_short() -> None:
    """Plain Dutch (B1): no sentence of the works-council report is longer than 30 words."""
    seen = works_council.oversight([], HOUSE, (), has_second_place=True)
    for section in works_council.document(seen, NOON).sections:
        for paragraph in section.text:
            for sentence in re.split(r"[.:?!] ", paragraph):
                assert len(sentence.split()) <= 30, sentence


def test_markdown_keeps_a_table_a_table() -> None:
    text = Document("T", (Section("S", (), ("a", "b"), (("x|y", "1\n2"),)),)).markdown()
    assert "| x\\|y | 1 2 |" in text


def test_times_are_dutch() -> None:
    assert moment(NOON) == "21 september 2026, 16:13"


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "usage", "--since", "2026-09-01"),
        ("report", "evaluation"),
        ("report", "art30"),
        ("report", "works-council"),
    ],
    ids=lambda arguments: arguments[1],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_the_verbs_print_and_leave_an_event(site: Site, arguments: tuple[str, ...], as_json: bool) -> None:
    done = site.run(*arguments, *(["--json"] if as_json else []))
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) if as_json else done.stdout.startswith("# ")
    noted = site.run("audit", "query", "--actions", "--json", "--code", "PG4013I").stdout.splitlines()
    assert [json.loads(line)["fields"]["report"] for line in noted] == [arguments[1]]


def test_the_verb_of_the_register_names_gaps_in_its_exit_code(site: Site) -> None:
    done = site.run("report", "algorithm-register")
    assert done.exit_code == 3, done.output
    assert json.loads(done.stdout.splitlines()[0])["tool_id"] == "prompt-gateway"
    assert site.run("report", "algorithm-register", "--overview").stdout.startswith("name,")


def test_an_incident_from_opening_to_closing(site: Site) -> None:
    opened = site.run(
        "report", "incident", "open", "INC-2026-1", "--decision", "d-000004", "--aware", "2026-09-22T10:00+02:00"
    )
    assert opened.exit_code == 0, opened.output
    assert "notify before 2026-09-25T08:00" in opened.stdout
    shown = site.run("report", "incident", "show", "INC-2026-1")
    assert "Incidentdossier INC-2026-1" in shown.stdout
    assert json.loads(site.run("report", "incident", "show", "INC-2026-1", "--json").stdout)["uncertain"] == [
        "d-000004"
    ]
    assert site.run("report", "incident", "close", "INC-2026-1", "--result", "reported").exit_code == 0
    assert "Gesloten op" in site.run("report", "incident", "show", "INC-2026-1").stdout
    assert site.run("report", "incident", "open", "INC-2", "--decision", "d-999999").exit_code == 1
    assert site.run("report", "incident", "show", "INC-9").exit_code == 1
    codes = site.run("audit", "query", "--actions", "--json", "--code", "incident.viewed").stdout.splitlines()
    assert len(codes) == 3, "every look at a dossier is an event"
