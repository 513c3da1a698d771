"""The incident dossier: the facts AVG art. 33 asks, what we do not know, and a clock. Blocked tries stand apart."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from gateway.audit.chain import codeword, seconds
from gateway.audit.query import Event
from gateway.audit.reports.document import Document, Section, moment, paragraphs, table_of
from gateway.audit.reports.facts import Organisation, ToolFacts
from gateway.audit.reports.leaving import Leaving, leaving, left
from gateway.audit.reports.words import DATA_CLASSES, STANDINGS
from gateway.errors import JournalError
from gateway.model.inspection import DATA_CLASS_OF, Entity

HOUR = 3600.0
NOTIFICATION_HOURS = 72
"""AVG art. 33(1): without delay and where feasible within 72 hours of becoming aware."""
EARLY_WARNING_HOURS = 24
"""NIS2 art. 23: an early warning of a significant incident."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is kept of an incident: which exchanges, and when somebody became aware. Times in seconds, UTC."""

    incident: str
    aware_at: float
    decisions: tuple[str, ...]
    closed_at: float | None = None
    result: str = ""

    def save(self, folder: Path) -> Path:
        """Keep it in `folder`. Raises `JournalError`."""
        path = _path(folder, self.incident)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(json.dumps(asdict(self)), encoding="utf-8")
        except OSError as error:
            raise JournalError(f"{path}: {error.strerror}") from error
        return path

    @classmethod
    def read(cls, folder: Path, incident: str) -> "Dossier":
        """Raises `JournalError` when there is none."""
        path = _path(folder, incident)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**kept, "decisions": tuple(kept["decisions"])})
        except OSError as error:
            raise JournalError(f"there is no dossier {incident}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise JournalError(f"{path}: not a dossier") from error


def _path(folder: Path, incident: str) -> Path:
    if codeword(incident) != incident or not incident or "/" in incident or incident.startswith("."):
        raise JournalError("an incident number holds letters, digits and hyphens")
    return folder / f"{incident}.json"


@dataclass(slots=True)
class Breach:
    """The facts of an incident. `breaches` are exchanges with which data left or may have; `near_misses` did not.

    `values_at_least` counts distinct values (by fingerprint) per entity where fingerprints were kept.
    """

    dossier: Dossier
    deadline: float
    early_warning: float
    first_at: float = 0.0
    last_at: float = 0.0
    breaches: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    near_misses: list[str] = field(default_factory=list)
    entities: dict[str, int] = field(default_factory=dict)
    data_classes: list[str] = field(default_factory=list)
    values_at_least: dict[str, int] = field(default_factory=dict)
    persons_at_most: int = 0
    gaps: dict[str, int] = field(default_factory=dict)
    tools: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    revisions: list[str] = field(default_factory=list)


def assess(dossier: Dossier, events: Sequence[Event], hours: int = NOTIFICATION_HOURS) -> Breach:
    """Gather the facts from the exchanges of the dossier; `hours` is a setting because the term may change in law."""
    found = Breach(dossier, dossier.aware_at + hours * HOUR, dossier.aware_at + EARLY_WARNING_HOURS * HOUR)
    values: dict[str, set[str]] = {}
    for event in events:
        state = leaving(event)
        kind = {Leaving.LEFT: found.breaches, Leaving.UNKNOWN: found.uncertain, Leaving.STAYED: found.near_misses}
        kind[state].append(event["decision_id"])
        if state is Leaving.STAYED:
            continue
        at = seconds(event["at"])
        found.first_at, found.last_at = min(found.first_at or at, at), max(found.last_at, at)
        gone = left(event) if state is Leaving.LEFT else event["entities"]
        found.entities = dict(Counter(found.entities) + Counter(gone))
        found.gaps = dict(Counter(found.gaps) + Counter(event["gaps"]))
        found.persons_at_most += event["persons"]
        for entity, digest in event["fingerprints"]:
            if entity in gone:
                values.setdefault(entity, set()).add(digest)
    about = [event for event in events if leaving(event) is not Leaving.STAYED]
    found.values_at_least = {entity: len(digests) for entity, digests in values.items()}
    found.data_classes = sorted({DATA_CLASS_OF[Entity(entity)].value for entity in found.entities})
    found.tools = sorted({event["tool"] for event in about})
    found.rules = sorted({rule for event in about for rule in event["rules"]})
    found.revisions = sorted({event["revision"] for event in about})
    return found


def document(found: Breach, tools: Mapping[str, ToolFacts], organisation: Organisation, now: float) -> Document:
    """The dossier as people read it; what the gateway cannot know is asked of a person, never guessed."""
    return Document(
        f"Incidentdossier {found.dossier.incident}, {organisation.name}",
        (
            _clock(found, now),
            _nature(found),
            Section(
                "Soorten gegevens",
                (", ".join(DATA_CLASSES[name] for name in found.data_classes) or "Geen gevonden gegevens.",),
                ("Gegeven", "Aantal"),
                table_of(found.entities),
            ),
            _people(found),
            _recipients(found, tools),
            Section(
                "Maatregelen vooraf",
                paragraphs(
                    f"""Regels die gaven wat er gebeurde: {", ".join(found.rules) or "geen"}. Uitgave van het regelboek:
                    {", ".join(found.revisions) or "onbekend"}."""
                ),
            ),
            Section("Contact", (_contact(organisation),)),
            Section(
                "Dit moet een mens invullen",
                tuple(f"- {question}" for question in _QUESTIONS),
            ),
        ),
    )


_QUESTIONS = (
    "Wie zijn de betrokkenen, en horen kwetsbare groepen daarbij?",
    "Wat zijn de waarschijnlijke gevolgen voor hen?",
    "Wat zegt de leverancier: is het bewaard, door wie gezien, is het gewist?",
    "Is het een inbreuk, en is een risico voor betrokkenen onwaarschijnlijk (dan is melden niet nodig)?",
    "Moeten de betrokkenen zelf worden ingelicht (AVG art. 34)?",
    "Welke maatregelen zijn daarna genomen?",
)


def _clock(found: Breach, now: float) -> Section:
    left_hours = (found.deadline - now) / HOUR
    state = f"Nog {left_hours:.0f} uur." if left_hours > 0 else f"De termijn is {-left_hours:.0f} uur voorbij."
    if found.dossier.closed_at:
        state = f"Gesloten op {moment(found.dossier.closed_at)}: {found.dossier.result}."
    return Section(
        "Klok",
        (state,),
        ("Wat", "Wanneer (Nederlandse tijd)"),
        (
            ("Ontdekt", moment(found.dossier.aware_at)),
            ("Vroegtijdige waarschuwing (NIS2, 24 uur, bij een significant incident)", moment(found.early_warning)),
            ("Melden bij de AP uiterlijk (AVG art. 33)", moment(found.deadline)),
        ),
    )


def _nature(found: Breach) -> Section:
    lines = list(
        paragraphs(
            f"""
            Naar buiten gegaan: {len(found.breaches)} verzoeken. Misschien naar buiten: {len(found.uncertain)}
            (doorgelaten, maar het einde is niet vastgelegd).

            Tegengehouden of geschoond, dus bijna-incidenten: {len(found.near_misses)}. Dat zijn geen inbreuken.
            """
        )
    )
    if found.first_at:
        lines.append(f"Tussen {moment(found.first_at)} en {moment(found.last_at)}.")
    rows = [("naar buiten", one) for one in found.breaches] + [("misschien", one) for one in found.uncertain]
    rows += [("bijna-incident", one) for one in found.near_misses]
    return Section("Aard van de inbreuk (vertrouwelijkheid)", tuple(lines), ("Wat", "Kenmerk"), tuple(rows))


def _people(found: Breach) -> Section:
    known = ", ".join(f"{count} verschillende {entity}" for entity, count in sorted(found.values_at_least.items()))
    text = [f"Ten minste: {known}." if known else "Er zijn geen vingerafdrukken bewaard; tel met het aantal gegevens."]
    text.append(f"In de teksten gingen volgens de telling ten hoogste {found.persons_at_most} personen om.")
    if found.gaps:
        unread = ", ".join(f"{gap} ({count})" for gap, count in sorted(found.gaps.items()))
        text.append(f"Niet volledig te lezen: {unread}. De aantallen zijn daarom ondergrenzen.")
    return Section("Betrokkenen", tuple(text))


def _recipients(found: Breach, tools: Mapping[str, ToolFacts]) -> Section:
    rows = []
    for tool_id in found.tools:
        tool = tools.get(tool_id, ToolFacts(tool_id, tool_id or "niet geregistreerd", "onbekend", "", "unknown"))
        contract = tool.contract
        rows.append(
            (
                tool.name, tool.supplier, STANDINGS[tool.standing], contract.get("hosting", "onbekend"),
                contract.get("retention_days", "onbekend"), contract.get("processor_agreement", "onbekend"),
            )
        )  # fmt: skip
    columns = ("Toepassing", "Leverancier", "Status", "Plaats", "Bewaart (dagen)", "Verwerkersovereenkomst")
    return Section("Ontvangers", (), columns, tuple(rows))


def _contact(organisation: Organisation) -> str:
    officers = (("FG", organisation.privacy_officer), ("CISO", organisation.security_officer))
    named = [f"{role}: {who}" for role, who in officers if who]
    return "; ".join(named) or f"{organisation.name}, {organisation.contact or 'contact niet ingesteld'}"
