"""A decision is told from its record alone, in two languages."""

from gateway.rehearsal.explain import explain
from gateway.rehearsal.recorded import from_event
from tests.rehearsal.events import BOOK, event


def told(language: str = "nl", **changes: object) -> list[tuple[str, str]]:
    recorded = from_event(event(**changes))
    assert recorded is not None
    return [(line.label, line.text) for line in explain(recorded, BOOK, language)]


def test_a_decision_in_dutch() -> None:
    lines = told()
    assert lines[0] == ("Besluit", "redact (Microsoft 365 Copilot Chat, prompt, websocket)")
    title = "personal-data: Persoonsgegevens gaan niet naar een AI-toepassing"
    assert ("Waarom", f"Deze huisregel geldt voor het bericht. [{title}]") in lines
    assert ("Gezien", "2 namen en 1 burgerservicenummer; 3 stukken tekst; 1 bestanden; 1 personen") in lines
    assert ("Wanneer", "2026-11-25 12:00:00") in lines
    assert ("Niet bewaard", "de tekst van het bericht") in lines
    assert any("niet veranderd" in text for _, text in lines)


def test_a_decision_in_english_under_other_rules() -> None:
    lines = told("en", revision="0" * 64, tool="", reasons=[["tool-unknown", ""]], entities={}, gaps=["macro"])
    assert lines[0] == ("Decision", "redact (an unknown tool, prompt, websocket)")
    assert ("Why", "The tool is not in the register.") in lines
    assert any("not checked: macro" in text for _, text in lines)
    assert ("Rules", "000000000000; other rules are in force since") in lines


def test_a_clean_decision_says_so_plainly() -> None:
    assert ("Waarom", "Er is niets gevonden dat tegen de huisregels is.") in told(reasons=[["clean", "prompt"]])
