"""The yearly evaluation: how AI was used, which rules worked, what failed, and on how few suppliers we depend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.audit.query import Event
from gateway.audit.reports.document import Document, Section, day, table_of
from gateway.audit.reports.facts import Organisation, ToolFacts
from gateway.audit.reports.words import STANDINGS, VERDICTS

_FAILURES = frozenset(
    {
        "inspection-failed",
        "inspection-timeout",
        "inspection-busy",
        "worker-died",
        "journal-unwritable",
        "internal-error",
    }
)


@dataclass(slots=True)
class Evaluation:
    """Figures of a period. Months are `YYYY-MM`; `failures` are refusals that the gateway itself caused."""

    since: float
    until: float
    exchanges: int = 0
    by_month: dict[str, dict[str, int]] = field(default_factory=dict)
    by_supplier: dict[str, int] = field(default_factory=dict)
    by_hosting: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, int] = field(default_factory=dict)
    shadow: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    incidents: dict[str, int] = field(default_factory=dict)
    unregistered: int = 0
    unused_tools: list[str] = field(default_factory=list)
    gateway_events: dict[str, int] = field(default_factory=dict)
    people_events: dict[str, int] = field(default_factory=dict)


def evaluate(
    events: Sequence[Event], actions: Sequence[Event], tools: Mapping[str, ToolFacts], since: float, until: float
) -> Evaluation:
    """Gather the figures: `events` of the journal with their outcomes, `actions` of the second one."""
    found = Evaluation(since, until)
    used: set[str] = set()
    by_supplier, by_hosting, by_rule = Counter[str](), Counter[str](), Counter[str]()
    failures, incidents = Counter[str](), Counter[str]()
    for event in events:
        if "verdict" not in event:
            continue
        found.exchanges += 1
        verdict = event["verdict"]
        month = found.by_month.setdefault(event["at"][:7], {})
        month[verdict] = month.get(verdict, 0) + 1
        tool = tools.get(event["tool"])
        found.unregistered += tool is None
        if tool is not None:
            used.add(tool.id)
            by_supplier[tool.supplier] += 1
            by_hosting[tool.contract.get("hosting", "onbekend")] += 1
        by_rule.update(event["rules"])
        failures.update({code for code, _ in event["reasons"]} & _FAILURES)
        incidents.update({event["incident"]} - {"none"})
        for rule, would in event["shadow"]:
            found.shadow.setdefault(rule, {})
            found.shadow[rule][would] = found.shadow[rule].get(would, 0) + 1
    found.by_supplier, found.by_hosting, found.by_rule = dict(by_supplier), dict(by_hosting), dict(by_rule)
    found.failures, found.incidents = dict(failures), dict(incidents)
    found.unused_tools = sorted(
        tool.id for tool in tools.values() if tool.standing == "screened" and tool.id not in used
    )
    found.gateway_events = dict(Counter(event["event"] for event in events if "verdict" not in event))
    found.people_events = dict(Counter(event["event"] for event in actions))
    return found


def document(found: Evaluation, tools: Mapping[str, ToolFacts], organisation: Organisation) -> Document:
    """The evaluation as people read it, with the questions it should answer."""
    months = tuple(
        (month, *(str(counts.get(verdict, 0)) for verdict in VERDICTS))
        for month, counts in sorted(found.by_month.items())
    )
    register = tuple(
        (tool.name, STANDINGS[tool.standing], tool.valid_until or "–", "ja" if tool.assessments else "nee")
        for tool in sorted(tools.values(), key=lambda tool: tool.name)
    )
    shadow = tuple(
        (rule, ", ".join(f"{VERDICTS[verdict]}: {count}" for verdict, count in sorted(counts.items())))
        for rule, counts in sorted(found.shadow.items())
    )
    failed = sum(found.failures.values())
    share = f"{100 * failed / found.exchanges:.2f} %" if found.exchanges else "–"
    return Document(
        f"Jaarlijkse evaluatie AI-gebruik, {organisation.name}",
        (
            Section(
                "Gebruik",
                (f"{day(found.since)} tot {day(found.until)}: {found.exchanges} verzoeken.",),
                ("Maand", *VERDICTS.values()),
                months,
            ),
            Section(
                "Afhankelijkheid van leveranciers",
                (f"Verzoeken naar AI-toepassingen die niemand heeft geregistreerd: {found.unregistered}.",),
                ("Leverancier", "Verzoeken"),
                table_of(found.by_supplier),
            ),
            Section("Plaats van verwerking", (), ("Plaats", "Verzoeken"), table_of(found.by_hosting)),
            Section(
                "Register van toepassingen",
                (f"Getoetst en niet gebruikt: {', '.join(found.unused_tools) or 'geen'}.",),
                ("Toepassing", "Status", "Geldig tot", "Beoordelingen"),
                register,
            ),
            Section("Regels die werkten", (), ("Regel", "Verzoeken"), table_of(found.by_rule)),
            Section("Regels in schaduw", (), ("Regel", "Zou hebben gegeven"), shadow),
            Section(
                "Betrouwbaarheid van de poort",
                (f"Geweigerd door een storing van de poort zelf: {failed} verzoeken ({share}).",),
                ("Oorzaak", "Verzoeken"),
                table_of(found.failures),
            ),
            Section("Mogelijke inbreuken volgens de regels", (), ("Ernst", "Verzoeken"), table_of(found.incidents)),
            Section("Gebeurtenissen van de poort", (), ("Gebeurtenis", "Keren"), table_of(found.gateway_events)),
            Section("Gebruik van het logboek door mensen", (), ("Gebeurtenis", "Keren"), table_of(found.people_events)),
            Section(
                "Vragen voor het gesprek",
                (
                    "- Passen de regels nog bij het gebruik en bij de wet?",
                    "- Welke schaduwregels gaan gelden, welke vervallen?",
                    "- Welke toetsing loopt binnen een kwartaal af?",
                    "- Is er genoeg scholing, en weten medewerkers wie helpt?",
                    "- Zijn we te afhankelijk van één leverancier?",
                    "- Wat de poort niet kan: beoordelen of een antwoord van AI klopt, en vooringenomenheid vinden.",
                ),
            ),
        ),
    )
