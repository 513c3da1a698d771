"""When facts make a dossier: two or more special or criminal facts, or one that is what the text is to judge."""

from collections.abc import Sequence
from zlib import crc32

import regex

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity

_SENSITIVE = frozenset({DataClass.SPECIAL_CATEGORY, DataClass.CRIMINAL})
_ONE_FACT = regex.compile(r"\s*(?:van|met|aan|in|op|tegen|of|bij)?\s*(?:een|de|het|zijn|haar)?\s*")
_ASSESSMENT = regex.compile(
    r"(?<![^\W_])(?:"
    r"beoordeel\w*|beoordeling\w*|indicatie\w*|keukentafelgesprek\w*|huisbezoek|onderzoeksverslag\w*|medisch\w* advies|"
    r"sociaal-medisch\w*|belastbaarheid\w*|verzuim(?:gesprek|dossier|traject|verslag|protocol)\w*|probleemanalyse\w*|"
    r"re-?[iï]ntegratie\w*|plan van aanpak|actieplan|ondersteuningsplan\w*|zorgplan\w*|hulpverleningsplan\w*|"
    r"behandelplan\w*|gezinsplan\w*|jeugdhulpplan\w*|nazorgplan\w*|casus\w*|dossier\w*|beschikking\w*|besluit|"
    r"bezwaar\w*|beroepschrift\w*|verweerschrift\w*|zorgmelding\w*|zorgmachtiging\w*|veilig thuis|oggz|intake\w*|mdo|"
    r"wmo\w*|wmo-\w+|jeugdwet|maatwerkvoorziening\w*|gehandicaptenparkeerkaart\w*|gpk|leerlingenvervoer|"
    r"urgentie\w*|aanvraag|hulpvraag|rapportage|onderzoeksrapport\w*|screening\w*|integriteits\w*|vog|"
    r"ontslag\w*|disciplinair\w*|sollicitatie\w*|functioneringsgesprek\w*|personeelsdossier\w*|persverklaring\w*|"
    r"overdracht|evaluatie|diagnostiek|anamnese|assess\w*|case report|case notes?|eligib\w+"
    r")(?![^\W_])",
    regex.IGNORECASE,
)


def different_facts(text: str, facts: Sequence[tuple[int, int, Entity]]) -> frozenset[int]:
    """A number for each different special or criminal fact; `facts` are (start, end, entity) over `text`.

    Two finds that make one phrase (*verdacht van diefstal*) are one fact, as is the same fact said twice.
    """
    different: set[int] = set()
    last: tuple[int, int, Entity] | None = None
    for start, end, entity in sorted(fact for fact in facts if DATA_CLASS_OF[fact[2]] in _SENSITIVE):
        is_same_phrase = last is not None and (
            start < last[1] or (entity is last[2] and _ONE_FACT.fullmatch(text, last[1], start) is not None)
        )
        last = (start, end, entity)
        if not is_same_phrase:
            different.add(crc32(text[start:end].casefold().encode()))
    return frozenset(different)


def is_assessment(text: str) -> bool:
    """The text judges somebody's case: a report, an indication, an objection, a screening."""
    return _ASSESSMENT.search(text) is not None
