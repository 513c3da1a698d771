"""AVG art. 30: the two processings of the gateway itself, filled in from settings, so that text and practice agree."""

from dataclasses import asdict, dataclass

from gateway.audit.reports.document import Document, Section
from gateway.audit.reports.facts import Organisation, ToolFacts


@dataclass(frozen=True, slots=True)
class Processing:
    """One entry of the register of processing activities: the seven facts of art. 30(1). `id` never changes."""

    id: str
    name: str
    controller: str
    officer: str
    purposes: str
    data_subjects: str
    data: str
    recipients: str
    transfers: str
    terms: str
    measures: str


def processings(organisation: Organisation, tools: tuple[ToolFacts, ...]) -> tuple[Processing, Processing]:
    """A: making AI use safe; B: being able to show it. They have different purposes and terms and stay apart."""
    officer = organisation.privacy_officer or "Veld niet ingevuld"
    screened = [tool for tool in tools if tool.standing == "screened"]
    recipients = ", ".join(f"{tool.supplier} ({tool.name})" for tool in screened) or "geen"
    outside = [tool.name for tool in screened if tool.contract.get("hosting", "").startswith("third_country")]
    unknown = [tool.name for tool in screened if not tool.contract.get("hosting")]
    transfers = f"Buiten de EER: {', '.join(outside) or 'geen'}."
    if unknown:
        transfers += f" Plaats van verwerking niet ingevuld: {', '.join(unknown)}."
    safe = Processing(
        id="prompt-gateway-inspection",
        name="AI-gebruik veilig maken",
        controller=organisation.name,
        officer=officer,
        purposes="""Voorkomen dat gegevens van inwoners en vertrouwelijke informatie bij AI-leveranciers
            terechtkomen. Niet: beoordelen van medewerkers.""",
        data_subjects="Medewerkers die AI-toepassingen gebruiken; inwoners over wie in een tekst iets staat.",
        data="De tekst en bestanden van een verzoek, alleen in het geheugen en alleen tijdens de behandeling.",
        recipients=f"Na controle en schoning: {recipients}.",
        transfers=transfers,
        terms="""Niet bewaard. Weggehaalde waarden blijven kort in een versleuteld geheugen om het antwoord te
            herstellen.""",
        measures="""Weigeren bij twijfel of storing; versleutelde verbindingen; sleutels apart; alleen AI-verkeer wordt
            geopend.""",
    )
    shown = Processing(
        id="prompt-gateway-journal",
        name="AI-gebruik aantoonbaar maken",
        controller=organisation.name,
        officer=officer,
        purposes="""Verantwoorden van AI-gebruik, onderzoeken van incidenten en datalekken, verbeteren van de regels.
            Niet: beoordelen van medewerkers.""",
        data_subjects="Medewerkers die AI-toepassingen gebruiken.",
        data="""Pseudoniem dat elke maand wisselt, afdeling, toepassing, tijd, besluit, regels, aantallen per soort
            gegeven, sleutelgebonden vingerafdrukken van gevonden waarden. Geen tekst, geen waarden, geen namen.""",
        recipients="CISO, FG en auditor van de gemeente.",
        transfers="Geen.",
        terms=f"""Verzoeken {organisation.exchange_days} dagen, gebeurtenissen van de poort
            {organisation.lifecycle_days} dagen, gegevens bij een incident zolang het dossier loopt. Sleutels van
            pseudoniemen gaan mee weg.""",
        measures="""Alleen toevoegen, hashketen met ondertekende controlepunten; herleiden alleen met twee mensen,
            een doel en een vastgelegde gebeurtenis; rapporten vanaf tien mensen.""",
    )
    return _on_one_line(safe), _on_one_line(shown)


def _on_one_line(entry: Processing) -> Processing:
    return Processing(**{key: " ".join(value.split()) for key, value in asdict(entry).items()})


_LABELS = (
    ("id", "Kenmerk"),
    ("controller", "Verwerkingsverantwoordelijke"),
    ("officer", "Functionaris gegevensbescherming"),
    ("purposes", "Doelen"),
    ("data_subjects", "Betrokkenen"),
    ("data", "Persoonsgegevens"),
    ("recipients", "Ontvangers"),
    ("transfers", "Doorgifte"),
    ("terms", "Bewaartermijn"),
    ("measures", "Beveiliging"),
)


def document(entries: tuple[Processing, ...], organisation: Organisation) -> Document:
    """The register text."""
    return Document(
        f"Register van verwerkingen: AI-poort, {organisation.name}",
        tuple(
            Section(
                one.name, (), ("Onderdeel", "Invulling"), tuple((label, getattr(one, key)) for key, label in _LABELS)
            )
            for one in entries
        ),
    )
