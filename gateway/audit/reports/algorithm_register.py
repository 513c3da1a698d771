"""Algoritmeregister: the publication entry of a tool in both dialects of the standard, and what is still missing.

Source: MinBZK Publicatiestandaard 1.0 (`schema.json`) and the field names of the register application. The stricter of
the two is checked; `short form` is the local list some municipalities keep beside it.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from gateway.audit.reports.facts import Organisation, ToolFacts
from gateway.audit.reports.words import DATA_CLASSES

STANDARD_VERSION = "1.0.0"
STATUSES = ("In ontwikkeling", "In gebruik", "Buiten gebruik")
CATEGORIES = (
    "Hoog-risico AI-systeem (Categorie A)", "Impactvolle algoritmes (Categorie B)", "Overige algoritmes (Categorie C)",
)  # fmt: skip
_CATEGORY_OF = MappingProxyType({"high_risk": CATEGORIES[0], "impactful": CATEGORIES[1], "other": CATEGORIES[2]})
_STATUS_OF = MappingProxyType({"in_development": STATUSES[0], "in_use": STATUSES[1], "retired": STATUSES[2]})
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the schema and in the application, its most characters, and whether it must be filled."""

    schema: str
    application: str
    most: int
    is_mandatory: bool
    value: Callable[[ToolFacts, Organisation], str]


def _own(key: str) -> Callable[[ToolFacts, Organisation], str]:
    return lambda tool, _: tool.algorithm_register.get(key, "")


def _assessments(tool: ToolFacts, _: Organisation) -> str:
    return ", ".join(f"{kind.upper()} ({reference})" for kind, reference, _outcome in tool.assessments)


def _gateway_risks(tool: ToolFacts, _: Organisation) -> str:
    return tool.algorithm_register.get("risk_management", _GATEWAY_RISKS)


_GATEWAY_RISKS = """
    Verzoeken gaan door de AI-poort van de gemeente. Die controleert elke tekst op persoonsgegevens en vertrouwelijke
    informatie en haalt ze weg of houdt het verzoek tegen. Elk besluit is vastgelegd, zonder de tekst.
"""


def _data(tool: ToolFacts, _: Organisation) -> str:
    allowed = ", ".join(DATA_CLASSES[name] for name in tool.data_classes)
    return tool.algorithm_register.get("data") or (
        f"Toegestaan: {allowed}." if allowed else "Geen persoonsgegevens en geen vertrouwelijke informatie toegestaan."
    )


FIELDS: tuple[Field, ...] = (
    Field("name", "name", 99, True, lambda tool, _: tool.name),
    Field("description_short", "description_short", 349, True, lambda tool, _: tool.purpose),
    Field("organization", "organization", 99, True, lambda _, organisation: organisation.name),
    Field("theme", "category", 200, True, _own("theme")),
    Field("status", "status", 20, True, lambda tool, _: _STATUS_OF.get(tool.algorithm_register.get("status", ""), "")),
    Field("start_date", "begin_date", 7, True, _own("start_date")),
    Field("end_date", "end_date", 7, False, _own("end_date")),
    Field("contact", "contact_email", 200, True, lambda tool, own: tool.contacts.get("functional", own.contact)),
    Field("link", "website", 500, False, _own("link")),
    Field(
        "publication_category", "publication_category", 60, True,
        lambda tool, _: _CATEGORY_OF.get(tool.algorithm_register.get("publication_category", ""), ""),
    ),
    Field("source_link", "url", 500, False, _own("source_link")),
    Field("purpose_and_impact", "goal", 2499, True, _own("purpose_and_impact")),
    Field("considerations", "proportionality", 2499, True, _own("considerations")),
    Field("human_intervention", "human_intervention", 2499, True, _own("human_intervention")),
    Field("risk_management", "risks", 2499, True, _gateway_risks),
    Field("legal_basis", "lawful_basis", 2499, False, _own("legal_basis")),
    Field("processing_register_link", "process_index_url", 500, False, _own("processing_register_link")),
    Field("impact_assessments", "impacttoetsen", 2499, True, _assessments),
    Field("data", "source_data", 2499, True, _data),
    Field("technical_operation", "methods_and_models", 4999, True, _own("technical_operation")),
    Field("supplier", "provider", 199, True, lambda tool, _: tool.supplier),
    Field("language", "lang", 3, True, lambda _tool, _: "nld"),
    Field("schema", "standard_version", 10, True, lambda _tool, _: STANDARD_VERSION),
    Field("source_id", "source_id", 99, True, lambda tool, _: tool.id),
)  # fmt: skip
"""The mapping of both dialects, in the order of the standard."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One tool, ready to publish when `missing` and `faults` are empty."""

    tool_id: str
    schema: Mapping[str, str]
    application: Mapping[str, str]
    missing: tuple[str, ...]
    faults: tuple[str, ...]


def entry(tool: ToolFacts, organisation: Organisation) -> Entry:
    """The entry of one tool; line breaks become spaces because the register shows none."""
    values = {field.schema: " ".join(field.value(tool, organisation).split()) for field in FIELDS}
    missing = tuple(field.schema for field in FIELDS if field.is_mandatory and not values[field.schema])
    too_long = [
        f"{field.schema}: longer than {field.most}" for field in FIELDS if len(values[field.schema]) > field.most
    ]
    dates = [
        f"{key}: not YYYY-MM" for key in ("start_date", "end_date") if values[key] and not _MONTH.fullmatch(values[key])
    ]
    filled = {key: value for key, value in values.items() if value}
    dialect = {field.application: values[field.schema] for field in FIELDS if values[field.schema]}
    return Entry(tool.id, filled, dialect, missing, (*too_long, *dates))


def overview(entries: Sequence[Entry]) -> str:
    """All entries as CSV in the words of the application, with what is missing in the last column."""
    out = io.StringIO()
    columns = [*(field.application for field in FIELDS), "missing"]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for one in entries:
        writer.writerow({**one.application, "missing": " ".join((*one.missing, *one.faults))})
    return out.getvalue()


def short_form(one: Entry, tool: ToolFacts) -> tuple[tuple[str, str], ...]:
    """The local list: name, purpose, type, data, human intervention, managed by."""
    empty = "Veld niet ingevuld"
    return (
        ("Naam", one.schema["name"]),
        ("Doel", one.schema.get("description_short", empty)),
        ("Soort", one.schema.get("publication_category", empty)),
        ("Gegevens", one.schema.get("data", empty)),
        ("Menselijke tussenkomst", one.schema.get("human_intervention", empty)),
        ("Beheerd door", tool.owner or empty),
    )


def gateway_itself(organisation: Organisation) -> ToolFacts:
    """The gateway is an algorithm too: its own entry, ready to edit."""
    return ToolFacts(
        id="prompt-gateway",
        name="AI-poort (prompt-gateway)",
        supplier="Open source, in eigen beheer",
        purpose=" ".join(_PURPOSE.split()),
        standing="screened",
        owner="CISO",
        contacts={"functional": organisation.contact},
        algorithm_register={
            "theme": "Organisatie en bedrijfsvoering",
            "status": "in_use",
            "publication_category": "other",
            "purpose_and_impact": _IMPACT,
            "considerations": _CONSIDERATIONS,
            "human_intervention": _HUMAN,
            "risk_management": _RISKS,
            "technical_operation": _OPERATION,
            "data": "Teksten en bestanden van medewerkers, alleen tijdens de controle in het geheugen.",
        },
    )


_PURPOSE = """
    De AI-poort controleert teksten die medewerkers naar AI-toepassingen sturen. Zij voorkomt dat gegevens van
    inwoners en vertrouwelijke informatie de gemeente verlaten.
"""
_IMPACT = """
    Doel: voorkomen dat persoonsgegevens en vertrouwelijke informatie bij leveranciers van AI terechtkomen. Gevolg
    voor medewerkers: een verzoek wordt doorgelaten, geschoond of tegengehouden, met uitleg. Gevolg voor inwoners: hun
    gegevens blijven binnen de gemeente.
"""
_CONSIDERATIONS = """
    Alleen verkeer naar bekende AI-toepassingen wordt geopend. Teksten worden niet bewaard. Het logboek bevat
    aantallen en codes onder een pseudoniem. Rapporten gaan over afdelingen van ten minste tien mensen.
"""
_HUMAN = """
    De regels zijn door mensen gemaakt en getoetst. Wie vindt dat een verzoek ten onrechte is tegengehouden, meldt dat
    met het kenmerk; een mens beoordeelt het en past zo nodig de regel aan.
"""
_RISKS = """
    De herkenning mist soms gegevens en ziet soms gegevens die er niet zijn. Wat niet te lezen is, wordt tegengehouden.
    Fouten in de poort leiden tot weigeren, niet tot doorlaten. De cijfers worden gemeten.
"""
_OPERATION = """
    Regels met controlegetallen, lijsten van namen en straten, en twee kleine taalmodellen voor het Nederlands vinden
    gegevens. Een regelboek bepaalt daarna het besluit. Alles draait op servers van de gemeente.
"""
