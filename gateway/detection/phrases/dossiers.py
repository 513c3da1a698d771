"""When facts make a dossier: two or more special or criminal facts, or one that is what the text is to judge."""

from collections.abc import Sequence
from zlib import crc32

import regex

from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity

_SENSITIVE = frozenset({DataClass.SPECIAL_CATEGORY, DataClass.CRIMINAL})
_LINK = r"\s*(?:(?:heeft|is|was|wordt|werd)\s+)?(?:{})?\s*(?:een|de|het|zijn|haar|a|an|the)?\s*"
_PREPOSITIONS = "van|met|aan|in|op|tegen|of|bij|voor|na|for|with"
_ONE_FACT = regex.compile(_LINK.format(_PREPOSITIONS))
_ONE_CRIME = regex.compile(_LINK.format(_PREPOSITIONS + "|wegens|vanwege|door"))
"""What may stand between a sentence and its offence; an illness and what it led to are two facts."""

_ONE_A_SENTENCE = frozenset({Entity.RELIGION, Entity.ETHNICITY, Entity.POLITICS, Entity.UNION, Entity.SEXUALITY})
"""A belief and its feast day in one sentence are one fact."""

_SENTENCE_END = regex.compile(r"[.!?]\s|\n")
_ASSESSMENT = regex.compile(
    r"(?<![^\W_])(?:"
    r"beoordeel\w*|beoordeling\w*|indicatie\w*|keukentafelgesprek\w*|huisbezoek|onderzoeksverslag\w*|medisch\w* advies|"
    r"sociaal-medisch\w*|belastbaarheid\w*|verzuim(?:gesprek|dossier|traject|verslag|protocol)\w*|probleemanalyse\w*|"
    r"re-?[iï]ntegratie\w*|plan van aanpak|actieplan|ondersteuningsplan\w*|zorgplan\w*|hulpverleningsplan\w*|"
    r"behandelplan\w*|gezinsplan\w*|jeugdhulpplan\w*|nazorgplan\w*|casus\w*|dossier\w*|beschikking\w*|besluit|"
    r"bezwaar\w*|beroepschrift\w*|verweerschrift\w*|zorgmelding\w*|zorgmachtiging\w*|veilig thuis|oggz|intake\w*|mdo|"
    r"wmo-?(?:aanvraag|onderzoek|melding|verslag|advies|indicatie|gesprek|rapport)\w*|maatwerkvoorziening\w*|"
    r"urgentie(?:aanvraag|verklaring|verzoek)|aanvraag|aanvragen|hulpvraag|rapportage|onderzoeksrapport\w*|"
    r"screening\w*|integriteits\w*|vog|"
    r"ontslag\w*|disciplinair\w*|sollicitatie\w*|functioneringsgesprek\w*|personeelsdossier\w*|persverklaring\w*|"
    r"overdracht|evaluatie|diagnostiek|anamnese|assess\w*|case report|case notes?|eligib\w+"
    r")(?![^\W_])",
    regex.IGNORECASE,
)


def different_facts(text: str, facts: Sequence[tuple[int, int, Entity]]) -> frozenset[int]:
    """A number for each different special or criminal fact; `facts` are (start, end, entity) over `text`.

    Two finds that make one phrase (*verdacht van diefstal*, *celstraf wegens diefstal*) are one fact, as is the
    same fact said twice.
    """
    different: set[int] = set()
    last: tuple[int, int, Entity] | None = None
    for start, end, entity in sorted(fact for fact in facts if DATA_CLASS_OF[fact[2]] in _SENSITIVE):
        link = _ONE_CRIME if entity is Entity.CRIMINAL else _ONE_FACT
        is_same_phrase = last is not None and (
            start < last[1]
            or (entity is last[2] and link.fullmatch(text, last[1], start) is not None)
            or (entity is last[2] and entity in _ONE_A_SENTENCE and _SENTENCE_END.search(text, last[1], start) is None)
        )
        last = (start, end, entity)
        if not is_same_phrase:
            different.add(crc32(text[start:end].casefold().encode()))
    return frozenset(different)


def is_assessment(text: str) -> bool:
    """The text judges somebody's case: a report, an indication, an objection, a screening."""
    return _ASSESSMENT.search(text) is not None
