"""Dutch and English words for the codes that pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.model.inspection import DataClass
from gateway.model.policy import Verdict
from gateway.model.traffic import Standing


@dataclass(frozen=True, slots=True)
class Both:
    """One text in both languages."""

    nl: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.nl


STANDINGS: Mapping[Standing, Both] = MappingProxyType(
    {
        Standing.SCREENED: Both("Getoetst en toegestaan", "Screened and allowed"),
        Standing.PENDING: Both("Toetsing loopt: nog niet toegestaan", "Being screened: not allowed yet"),
        Standing.EXPIRED: Both("Toetsing verlopen: niet toegestaan", "Screening expired: not allowed"),
        Standing.REJECTED: Both("Afgewezen: niet toegestaan", "Rejected: not allowed"),
        Standing.WITHDRAWN: Both("Ingetrokken: niet toegestaan", "Withdrawn: not allowed"),
        Standing.UNKNOWN: Both("Niet geregistreerd: niet toegestaan", "Not registered: not allowed"),
    }
)
"""In the order pages show them."""

DATA_CLASSES: Mapping[DataClass, Both] = MappingProxyType(
    {
        DataClass.PERSONAL: Both("persoonsgegevens", "personal data"),
        DataClass.NATIONAL_IDENTIFIER: Both("burgerservicenummers", "citizen service numbers"),
        DataClass.SPECIAL_CATEGORY: Both("bijzondere persoonsgegevens", "special categories of personal data"),
        DataClass.CRIMINAL: Both("strafrechtelijke gegevens", "criminal-law data"),
        DataClass.FINANCIAL: Both("financiële gegevens over mensen", "people's financial data"),
        DataClass.SECRET: Both("wachtwoorden en sleutels", "passwords and keys"),
        DataClass.CONFIDENTIAL: Both("vertrouwelijke informatie", "confidential information"),
        DataClass.DECISION: Both("vragen om een besluit over iemand", "requests to decide about a person"),
    }
)

VERDICTS: Mapping[Verdict, Both] = MappingProxyType(
    {
        Verdict.ALLOW: Both("Mag", "Allowed"),
        Verdict.WARN: Both("Mag, met een waarschuwing", "Allowed, with a warning"),
        Verdict.COACH: Both("Eerst leest u een uitleg", "You read an explanation first"),
        Verdict.REDACT: Both("De gegevens worden eruit gehaald", "The data are taken out"),
        Verdict.REFUSE: Both("Wordt tegengehouden", "Is stopped"),
    }
)

PURPOSES: Mapping[str, Both] = MappingProxyType(
    {
        "writing": Both("schrijven", "writing"),
        "editing": Both("redigeren", "editing"),
        "summarising": Both("samenvatten", "summarising"),
        "ideas": Both("ideeën opdoen", "finding ideas"),
        "translating": Both("vertalen", "translating"),
        "analysis": Both("gegevens ontleden", "analysing data"),
        "programming": Both("programmeren", "programming"),
        "searching": Both("zoeken", "searching"),
    }
)
"""Words for purposes; one that is not here is shown as the register writes it."""

PROBLEMS: Mapping[str, Both] = MappingProxyType(
    {
        "drain": Both("De poort wordt opnieuw gestart.", "The gateway is being restarted."),
        "journal": Both("Het logboek kan niet worden geschreven.", "The journal cannot be written."),
        "sentinel": Both("De zelfcontrole is niet geslaagd.", "The self-check did not succeed."),
    }
)
"""What a readiness check that does not hold means for staff."""

OTHER_PROBLEM = Both("Een onderdeel werkt niet.", "A part does not work.")
