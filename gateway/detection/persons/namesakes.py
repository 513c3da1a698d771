"""What is named after people and is none: streets, organisations, laws, kings with a number, parts of identifiers."""

import re
from collections.abc import Sequence

from gateway.detection.persons.grammar import Name
from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary

_ORGANISATIONS = (
    "bedrijf", "bureau", "winkel", "handel", "groep", "praktijk", "kantoor", "vereniging", "stichting", "lyceum",
    "college", "gilde", "viaduct", "brugje",
)  # fmt: skip
_ROMAN = re.compile(r"[IVX]{2,}")


def is_namesake(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary, *, is_titled: bool = False) -> bool:
    """Whether the name is that of a thing, by its own ending or by what stands against it.

    Behind *mevrouw* or another title the ending says nothing: Wolfswinkel is no shop.
    """
    first, last = tokens[name.first], tokens[name.last]
    if first.is_glued or last.is_glued or (len(name.names) > 1 and _ROMAN.fullmatch(last.text)):
        return True
    if not is_titled and any(_is_firm(word, tokens[name.names[0]]) for word in (first, last)):
        return True
    if any(_is_tail(tokens[index], tokens[name.names[0]], vocabulary) for index in name.names[1:]):
        return True
    if last.lower.endswith(vocabulary.street_ends) and not last.is_surname:
        return True
    return _is_part_of_thing_before(tokens, name, vocabulary) or _is_part_of_thing_behind(tokens, name, vocabulary)


def _is_firm(word: Token, head: Token) -> bool:
    """Whether a word ends like a firm, and is no family name behind a given name (*Ravi Jagroep*)."""
    is_family = word is not head and word.is_surname and head.is_first_name
    return word.lower.endswith(_ORGANISATIONS) and not is_family


def is_called(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` is somebody called in a chat: "@Vikram kun jij", no address and no log-in."""
    if at < 1 or tokens[at - 1].text != "@" or tokens[at - 1].end != tokens[at].start:
        return False
    return at < 2 or tokens[at - 2].end < tokens[at - 1].start


def _is_tail(word: Token, head: Token, vocabulary: NameVocabulary) -> bool:
    """Whether a word says what a firm does (*Heijmans Infra*) and is no family name (*Wendy Groen*, *Thijmen Zaal*)."""
    is_family = word.is_top_surname or (word.is_surname and head.is_first_name)
    return word.is_capital and word.lower in vocabulary.organisation_tails and not is_family


def _is_part_of_thing_before(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    if name.first == 0:
        return False
    before, first = tokens[name.first - 1], tokens[name.first]
    if before.kind is Kind.NUMBER and len(before.text) == 4 and len(first.text) == 2:
        return True  # the letters of a postcode
    if len(before.text) == 2 and before.text.isupper() and name.first > 1:
        number = tokens[name.first - 2]
        if number.kind is Kind.NUMBER and len(number.text) == 4:
            return True  # the place behind a postcode
    is_titled = before.text == "." and tokens[name.first - 2].lower in vocabulary.titles
    if before.end == first.start and before.text in "-@/\\_&#." and not is_titled and not is_called(tokens, name.first):
        return before.text != "/" or not first.is_capital
    return before.is_word and before.lower in vocabulary.organisation_leads and not name.initials


def _is_part_of_thing_behind(tokens: Sequence[Token], name: Name, vocabulary: NameVocabulary) -> bool:
    if name.last + 1 >= len(tokens):
        return False
    last, behind = tokens[name.last], tokens[name.last + 1]
    if _ROMAN.fullmatch(behind.text):
        return True
    is_query = behind.text == "&" and name.first > 0 and tokens[name.first - 1].text == "="  # `?naam=Jansen&nr=3`
    if behind.text in "-@_&" and not is_query and behind.start == last.end and name.last + 2 < len(tokens):
        return tokens[name.last + 2].start == behind.end
    if not behind.is_word or not behind.is_capital or behind.is_flat:
        return False
    street = behind.lower.endswith(vocabulary.street_ends) and behind.start - last.end <= 1
    return street or behind.lower in vocabulary.organisation_tails
