"""A question holds counts and codes of the exchange, and nothing of its text."""

from gateway.decision.question import ask, ask_plainly
from gateway.model.inspection import DataClass, Entity, Finding, Gap, GapKind, Inspection
from gateway.model.traffic import (
    Destination,
    EndpointFormat,
    EndpointKind,
    Exchange,
    Extraction,
    PartRole,
    Person,
    PromptPart,
    Rewrite,
    Standing,
    ToolMatch,
    Upload,
)


def test_ask_counts_and_forgets_the_text() -> None:
    exchange = Exchange("e", 5.0, Person("jan", "wmo", ("arts",)), Destination("https", "h", 443, "POST", "/geheim"))
    endpoint = EndpointFormat("chat", EndpointKind.PROMPT, rewrite=Rewrite.FORBIDDEN)
    extraction = Extraction(
        (PromptPart("p", PartRole.USER, "GEHEIM"), PromptPart("q", PartRole.FILE, "GEHEIM")),
        (Upload("u", "GEHEIM.docx"),),
        (Gap(GapKind.MACRO, "u"), Gap(GapKind.MACRO, "u")),
    )
    findings = (
        Finding(Entity.NL_BSN, "p", 0, 9, 1.0, "nl-bsn"),
        Finding(Entity.PERSON, "p", 0, 9, 1.0, "person"),
        Finding(Entity.LOCATION, "q", 0, 9, 1.0, "address"),
    )
    inspection = Inspection(findings, (Gap(GapKind.TIMEOUT),), persons=1, is_dossier=True)
    asked = ask(exchange, ToolMatch("t", "T", Standing.SCREENED, endpoint), extraction, inspection)
    assert asked.entities == {Entity.NL_BSN: 1, Entity.PERSON: 1, Entity.LOCATION: 1}
    assert asked.data_classes == {DataClass.NATIONAL_IDENTIFIER: 1, DataClass.PERSONAL: 2}
    assert asked.gaps == (GapKind.MACRO, GapKind.TIMEOUT)
    assert asked.part_roles == {PartRole.USER, PartRole.FILE}
    assert (asked.persons, asked.is_dossier, asked.uploads, asked.can_rewrite) == (1, True, 1, False)
    assert (asked.department, asked.roles, asked.tool_id) == ("wmo", ("arts",), "t")
    assert "geheim" not in repr(asked).lower()
    assert "jan" not in repr(asked)


def test_a_bare_text_is_a_prompt_to_a_screened_tool() -> None:
    asked = ask_plainly(Inspection((Finding(Entity.NL_BSN, "p", 0, 9, 1.0, "nl-bsn"),), persons=1), at=5.0)
    assert (asked.standing, asked.endpoint_kind, asked.tool_id) == (Standing.SCREENED, EndpointKind.PROMPT, "")
    assert (asked.entities, asked.persons, asked.at) == ({Entity.NL_BSN: 1}, 1, 5.0)
    assert asked.part_roles == {PartRole.USER}
