"""For the works council (WOR art. 27(1)(k)(l)): what is logged, for how long, who can read it, what nobody can see."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.audit.query import Event
from gateway.audit.reports.document import Document, Section, moment, paragraphs
from gateway.audit.reports.facts import Organisation
from gateway.audit.reports.groups import FLOOR

_LAST = 10


@dataclass(frozen=True, slots=True)
class Oversight:
    """Facts from the running configuration and from the journal of actions. `unmaskings` are the last ten."""

    organisation: Organisation
    approvers: tuple[str, ...]
    has_second_place: bool
    unmaskings: tuple[tuple[str, str, str, str], ...]
    refused_unmaskings: int
    lookups: int
    exports: int


def oversight(
    actions: Sequence[Event], organisation: Organisation, approvers: tuple[str, ...], *, has_second_place: bool
) -> Oversight:
    """Gather the facts from the events of the journal of actions, oldest first."""
    traced = [
        (event["at"], event["fields"]["case"], event["fields"]["purpose"], event["fields"]["approvers"])
        for event in actions
        if event["event"] == "audit.unmasked"
    ]
    names = [event["event"] for event in actions]
    return Oversight(
        organisation,
        approvers,
        has_second_place,
        tuple(traced[-_LAST:]),
        names.count("audit.unmask-refused"),
        names.count("audit.looked-up"),
        names.count("audit.exported"),
    )


def document(found: Oversight, now: float) -> Document:
    """The report, in plain Dutch."""
    organisation = found.organisation
    return Document(
        f"AI-poort: wat de ondernemingsraad moet weten, {organisation.name}",
        (
            Section("Stand", (f"Dit overzicht is van {moment(now)}. Het komt uit de instellingen die nu gelden.",)),
            Section("Wat wordt vastgelegd", paragraphs(_LOGGED)),
            Section("Wat niemand kan zien", paragraphs(_UNSEEN)),
            Section("Hoe lang", paragraphs(_terms(organisation))),
            Section("Wie kan erbij", paragraphs(_readers(found))),
            Section(
                "De laatste herleidingen",
                (f"Geweigerd: {found.refused_unmaskings}.",),
                ("Wanneer", "Zaak", "Doel", "Goedgekeurd door"),
                found.unmaskings,
            ),
            Section("Waarvoor het niet mag dienen", paragraphs(_LIMIT)),
            Section("Bezwaar en inzage", paragraphs(_objection(organisation))),
        ),
    )


_LOGGED = """
    Van elk verzoek aan een AI-toepassing: de tijd, de toepassing, uw afdeling, het besluit en de regel, en hoeveel
    gegevens van welke soort zijn gevonden. Van u staat er een pseudoniem. Dat wisselt elke maand.
"""
_UNSEEN = f"""
    De tekst van een verzoek of een antwoord. De naam of inhoud van een bestand. De gevonden gegevens. Uw naam. Verkeer
    naar andere websites.

    Er is geen overzicht per persoon, geen ranglijst en geen overzicht van werktijden. De programma's die rapporten
    maken, kunnen dat niet.

    Cijfers gaan over ten minste {FLOOR} mensen. Kleinere afdelingen staan samen.
"""
_LIMIT = """
    De gegevens dienen niet om het werk of gedrag van medewerkers te beoordelen. Dat zou ook een toepassing met een hoog
    risico zijn volgens de AI-verordening (bijlage III, punt 4b).
"""


def _terms(organisation: Organisation) -> str:
    return f"""
        Verzoeken: {organisation.exchange_days} dagen. Gebeurtenissen van de poort zelf: {organisation.lifecycle_days}
        dagen. Bij een incident blijven de regels van dat incident langer. Daarna wist de poort ook de sleutel van de
        pseudoniemen: niemand kan ze dan nog herleiden.
    """


def _readers(found: Oversight) -> str:
    approvers = ", ".join(found.approvers) or "nog niemand; herleiden kan nu niet"
    second = "De controlepunten staan ook op een tweede plaats."
    if not found.has_second_place:
        second = "Let op: er is nog geen tweede plaats voor de controlepunten ingesteld."
    return f"""
        De auditor, de CISO en de FG kunnen het logboek lezen. Wat zij ermee doen, staat in een tweede logboek:
        {found.lookups} keer is gevraagd of een gegeven is verstuurd, {found.exports} keer is geëxporteerd.

        Een pseudoniem herleiden tot een naam kan alleen met twee mensen samen, voor een doel van een vaste lijst, met
        een zaaknummer. Wie daarvoor zijn aangewezen: {approvers}.

        Beide logboeken verraden het als iemand er iets in verandert. {second}
    """


def _objection(organisation: Organisation) -> str:
    contact = organisation.privacy_officer or organisation.contact or "de FG"
    return f"""
        Vragen of bezwaar: {contact}. U kunt vragen wat er onder uw pseudoniem staat. De herleiding die daarvoor nodig
        is, staat dan ook in dit overzicht.
    """
