"""What detection found in a text, and what it could not read. No type here carries the matched text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Entity(StrEnum):
    """What can be found; Presidio's name where it has one, else the name the country itself uses."""

    PERSON = "PERSON"
    LOCATION = "LOCATION"
    NL_POSTCODE = "NL_POSTCODE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    NL_BSN = "NL_BSN"
    PHONE_NUMBER = "PHONE_NUMBER"
    EMAIL_ADDRESS = "EMAIL_ADDRESS"
    IBAN_CODE = "IBAN_CODE"
    CREDIT_CARD = "CREDIT_CARD"
    NL_LICENSE_PLATE = "NL_LICENSE_PLATE"
    NL_ID_DOCUMENT = "NL_ID_DOCUMENT"
    NL_V_NUMBER = "NL_V_NUMBER"
    NL_CASE_NUMBER = "NL_CASE_NUMBER"
    NL_KVK = "NL_KVK"
    NL_RSIN = "NL_RSIN"
    NL_VAT_ID = "NL_VAT_ID"
    NL_BIG = "NL_BIG"
    NL_AGB = "NL_AGB"
    NL_A_NUMBER = "NL_A_NUMBER"
    IP_ADDRESS = "IP_ADDRESS"
    MAC_ADDRESS = "MAC_ADDRESS"
    DEVICE_ID = "DEVICE_ID"
    US_SSN = "US_SSN"
    HEALTH = "HEALTH"
    CRIMINAL = "CRIMINAL"
    RELIGION = "RELIGION"
    ETHNICITY = "ETHNICITY"
    POLITICS = "POLITICS"
    UNION = "UNION"
    SEXUALITY = "SEXUALITY"
    FINANCIAL = "FINANCIAL"
    SECRET = "SECRET"
    CONFIDENTIAL_MARKING = "CONFIDENTIAL_MARKING"
    CONFIDENTIAL_TERM = "CONFIDENTIAL_TERM"
    CONFIDENTIAL_DOCUMENT = "CONFIDENTIAL_DOCUMENT"
    CONFIDENTIAL_FACT = "CONFIDENTIAL_FACT"
    DECISION_REQUEST = "DECISION_REQUEST"


class DataClass(StrEnum):
    """Policy's grouping of entities (AVG art. 4, 9, 10 and 87; BIO2 for confidentiality)."""

    PERSONAL = "personal"
    NATIONAL_IDENTIFIER = "national_identifier"
    SPECIAL_CATEGORY = "special_category"
    CRIMINAL = "criminal"
    FINANCIAL = "financial"
    SECRET = "secret"
    CONFIDENTIAL = "confidential"
    DECISION = "decision"


_SPECIAL = (
    Entity.HEALTH,
    Entity.RELIGION,
    Entity.ETHNICITY,
    Entity.POLITICS,
    Entity.UNION,
    Entity.SEXUALITY,
)
_CONFIDENTIAL = (
    Entity.CONFIDENTIAL_MARKING,
    Entity.CONFIDENTIAL_TERM,
    Entity.CONFIDENTIAL_DOCUMENT,
    Entity.CONFIDENTIAL_FACT,
)

DATA_CLASS_OF: Mapping[Entity, DataClass] = MappingProxyType(
    dict.fromkeys(Entity, DataClass.PERSONAL)
    | dict.fromkeys(_SPECIAL, DataClass.SPECIAL_CATEGORY)
    | dict.fromkeys(_CONFIDENTIAL, DataClass.CONFIDENTIAL)
    | {
        Entity.NL_BSN: DataClass.NATIONAL_IDENTIFIER,
        Entity.US_SSN: DataClass.NATIONAL_IDENTIFIER,
        Entity.CRIMINAL: DataClass.CRIMINAL,
        Entity.FINANCIAL: DataClass.FINANCIAL,
        Entity.SECRET: DataClass.SECRET,
        Entity.DECISION_REQUEST: DataClass.DECISION,
    }
)
"""The data class of every entity; total over `Entity`."""


class GapKind(StrEnum):
    """Why something could not be inspected. Policy must answer every kind (law 3: unknown is not clean)."""

    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown_format"
    TOO_DEEP = "too_deep"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    IMAGE_WITHOUT_TEXT = "image_without_text"
    AUDIO_OR_VIDEO = "audio_or_video"
    MACRO = "macro"
    INCOMPLETE = "incomplete"
    UNLINKED_UPLOAD = "unlinked_upload"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something we could not inspect. `part_id` names the prompt part or upload, "" when it is the whole message.

    `detail` is a fixed word of our own code (a codec, a file format, a limit), never text from the traffic.
    """

    kind: GapKind
    part_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit: `[start, end)` in Unicode code points of the part's text, `score` in 0..1. Never the matched text."""

    entity: Entity
    part_id: str
    start: int
    end: int
    score: float
    rule_id: str
    validated: bool = False

    @property
    def data_class(self) -> DataClass:
        return DATA_CLASS_OF[self.entity]


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything one look at a message gave: findings over all its parts, and what stayed unread.

    `persons` is the number of different people the message is about, as far as can be told (bulk rules use it).
    `is_dossier`: a special-category or criminal fact is the very subject of the text, or there are several.
    `shadow`: by detection rule in shadow, how many findings it would have added.
    """

    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    persons: int = 0
    is_dossier: bool = False
    seconds_by_layer: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    shadow: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def counts(self) -> dict[Entity, int]:
        """How many findings there are of each entity found."""
        found: dict[Entity, int] = {}
        for finding in self.findings:
            found[finding.entity] = found.get(finding.entity, 0) + 1
        return found
