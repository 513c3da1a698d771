"""What makes a name a person: the word before it, the field it stands in, or its own parts. Each case has its score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from gateway.detection.persons.announcement import ANNOUNCED, BEHIND_A_PERSON_WORD, LABELLED, Announcements
from gateway.detection.persons.grammar import Name, NameGrammar
from gateway.detection.persons.namesakes import is_namesake
from gateway.detection.persons.plausibility import PAIR, is_plausible, own_score
from gateway.detection.persons.rows import is_before_a_number, is_item, next_item
from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.persons.wording import is_camel
from gateway.detection.reading import Reading
from nl_models import Lexicon

_NO_NAMES = frozenset([Kind.LINE, Kind.SIGN, Kind.NUMBER])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A name with its score."""

    name: Name
    score: float


class NameFinder:
    """Walks the tokens of a text once and yields the names for which something speaks."""

    def __init__(self, vocabulary: NameVocabulary, lexicon: Lexicon | None) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._grammar = NameGrammar(vocabulary)
        self._announcements = Announcements(vocabulary, self._grammar)
        self._openers = vocabulary.particles.union(ascii_lowercase)
        """Ordinary words with which a name can open: prefixes, and an initial in lower case."""

    def find(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[Evidence]:
        """Every name that is announced or speaks for itself, in order, never overlapping."""
        at, item, sure = 0, -1, False
        while at < len(tokens):
            token = tokens[at]
            if token.kind in _NO_NAMES or (token.is_ordinary and token.lower not in self._openers):
                at += 1  # most of a text
                continue
            found = self._at(reading, tokens, at)
            if at == item and (found is None or found.score < BEHIND_A_PERSON_WORD):
                found = self._in_a_row(tokens, at, sure=sure) or found
            if found is None:
                at += 1
                continue
            if found.score:
                sure = (sure and at == item) or found.score >= LABELLED
                item = next_item(tokens, found.name.last)
                yield found
            at = max(at, found.name.last) + 1

    def _in_a_row(self, tokens: Sequence[Token], at: int, *, sure: bool) -> Evidence | None:
        """The item of an enumeration of people that opens at `at`, if it is a name."""
        name = self._grammar.read(tokens, at, sure=True)
        if name is None or self._is_thing(tokens, name) or not is_item(tokens, name, sure=sure):
            return None
        return Evidence(name, BEHIND_A_PERSON_WORD)

    def named(self, tokens: Sequence[Token], first: int, last: int) -> Name | None:
        """The tokens a model called a person, as a name; None when the rules know better."""
        while first <= last and (self._is_no_part(tokens[first]) or tokens[first].lower in self._vocabulary.titles):
            first += 1
        while first <= last and (self._is_no_part(tokens[last]) or tokens[last].lower in self._vocabulary.particles):
            last -= 1
        words = [index for index in range(first, last + 1) if tokens[index].is_word]
        names = tuple(index for index in words if tokens[index].lower not in self._vocabulary.particles)
        if not names or any(
            tokens[index].text == "@" or tokens[index].kind is Kind.NUMBER for index in range(first, last + 1)
        ):
            return None
        initials = tokens[first].kind in (Kind.INITIALS, Kind.ABBREVIATED)
        parts = [tokens[index] for index in names]
        if any(part.lower in self._vocabulary.never or is_camel(part.text) for part in parts):
            return None
        if not is_plausible(parts, initials=initials):
            return None
        name = Name(first, last, names, initials=initials)
        return None if self._is_thing(tokens, name) else name

    def _is_thing(self, tokens: Sequence[Token], name: Name) -> bool:
        """Whether the name is that of a thing, or of a place with its article ("Den Haag")."""
        if is_namesake(tokens, name, self._vocabulary):
            return True
        article = name.names[0] - 1
        if self._lexicon is None or article < name.first or not tokens[article].is_capital:
            return False
        return self._lexicon.place(" ".join(token.text for token in tokens[article : name.last + 1]))

    def _is_no_part(self, token: Token) -> bool:
        return token.kind in (Kind.SIGN, Kind.LINE, Kind.NUMBER)

    def _at(self, reading: Reading, tokens: Sequence[Token], at: int) -> Evidence | None:
        token = tokens[at]
        if token.is_ordinary and len(token.text) > 1 and not self._opens_with_prefix(tokens, at):
            return None
        announced = self._announcements.before(reading, tokens, at)
        if announced:
            name = self._grammar.read(tokens, at, sure=True)
            if name and self._is_credible(tokens, name, announced):
                backwards = self._grammar.read_reversed(tokens, at)
                longest = backwards if backwards and backwards.last > name.last else name
                is_titled = announced == ANNOUNCED
                is_thing = is_namesake(tokens, longest, self._vocabulary, is_titled=is_titled)
                return Evidence(longest, 0 if is_thing else announced)
        backwards = self._grammar.read_reversed(tokens, at) if token.is_capital or self._opens_a_cell(token) else None
        if (
            backwards
            and self._speaks_backwards(tokens, backwards)
            and not is_namesake(tokens, backwards, self._vocabulary)
        ):
            return Evidence(backwards, PAIR)
        name = self._grammar.read(tokens, at)
        if name is None:
            return None
        if self._is_thing(tokens, name):
            return Evidence(name, 0)
        score = own_score(tokens, name)
        if score < BEHIND_A_PERSON_WORD and is_before_a_number(reading.text, tokens, name):
            score = BEHIND_A_PERSON_WORD
        return Evidence(name, score) if score else None

    def _opens_a_cell(self, token: Token) -> bool:
        """Whether a prefix in lower case opens a line or a cell: "van Oosten, R."."""
        return token.opens and token.lower in self._vocabulary.particles

    def _opens_with_prefix(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether the prefix at `at` has more prefix, or something written as a name, behind it."""
        if at + 1 >= len(tokens):
            return False
        following = tokens[at + 1]
        written = tokens[at].is_capital and following.is_capital and not following.is_flat
        return written or not following.is_ordinary or following.lower in self._vocabulary.particles

    def _is_credible(self, tokens: Sequence[Token], name: Name, announced: float) -> bool:
        """An announced name still has to look like one: no ordinary word in its place."""
        first = tokens[name.names[0]]
        if first.is_caseless:
            return True
        if announced < LABELLED and not self._fits_a_person_word(tokens, name):
            return False
        if len(name.names) > 1 and not name.initials and announced == LABELLED:
            return self._may_be_given_and_family(tokens[name.names[0]], tokens[name.names[-1]], name)
        if name.initials or len(name.names) > 1 or name.particles:
            return any(tokens[index].is_known or tokens[index].commonness < 2 for index in name.names)
        return self._is_credible_alone(first, announced)

    def _is_credible_alone(self, word: Token, announced: float) -> bool:
        if not word.is_flat:
            is_name = word.is_first_name or word.is_top_surname  # "haar dochter Merel", "bewoner Bakker"
            return word.commonness < 2 or (word.is_known and announced >= LABELLED) or (is_name and word.commonness < 3)
        if word.is_capital:
            return word.commonness < 2 or word.is_top_surname
        ordinary = word.commonness > 1 and not (announced >= ANNOUNCED and word.is_top_surname)
        is_rare = word.is_sloppy and word.commonness == 0
        return word.is_known and not ordinary and (is_rare or word.is_top_surname or word.is_first_name)

    def _may_be_given_and_family(self, head: Token, family: Token, name: Name) -> bool:
        """In a field two words are a person when the first is somebody's name and neither is an ordinary noun."""
        if head.is_first_name and (head.commonness < 2 or family.is_surname):
            return True
        if head.commonness > 1 and not (name.particles and head.is_surname):
            return False
        return head.is_known or family.is_known

    def _fits_a_person_word(self, tokens: Sequence[Token], name: Name) -> bool:
        """Behind "collega" or "directeur" a prefix may also be a preposition, and lower case any word."""
        head = tokens[name.names[0]]
        if name.particles and not tokens[name.first].is_capital:
            return head.is_surname and head.commonness < 2 and (head.is_top_surname or name.particles > 1)
        if head.is_flat and not head.is_capital and not name.initials:
            return head.is_first_name and head.commonness == 0 and not head.is_foreign
        return True

    def _speaks_backwards(self, tokens: Sequence[Token], name: Name) -> bool:
        family = tokens[name.names[0]]
        if family.is_place and not name.initials:
            return False
        if name.initials:
            return family.is_capital and (family.is_surname or family.commonness == 0)
        given = tokens[name.names[-1]]
        return (
            family.is_capital
            and given.is_capital
            and family.is_surname
            and given.commonness < 2
            and (family.commonness < 2 or family.is_top_surname)
            and not family.is_first_name
        )
