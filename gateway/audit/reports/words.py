"""Dutch words for our codes, as reports show them."""

from collections.abc import Mapping
from types import MappingProxyType

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "allow": "toegestaan",
        "warn": "toegestaan met waarschuwing",
        "coach": "eerst uitleg getoond",
        "redact": "gegevens weggehaald",
        "refuse": "tegengehouden",
    }
)

DATA_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "personal": "gewone persoonsgegevens",
        "national_identifier": "burgerservicenummer",
        "special_category": "bijzondere persoonsgegevens",
        "criminal": "strafrechtelijke gegevens",
        "financial": "financiële gegevens",
        "secret": "wachtwoorden en sleutels",
        "confidential": "vertrouwelijke informatie",
        "decision": "vraag om een besluit over een persoon",
    }
)

STANDINGS: Mapping[str, str] = MappingProxyType(
    {
        "screened": "getoetst en toegestaan",
        "pending": "toetsing loopt",
        "rejected": "afgewezen",
        "withdrawn": "ingetrokken",
        "expired": "toetsing verlopen",
        "unknown": "niet geregistreerd",
    }
)
