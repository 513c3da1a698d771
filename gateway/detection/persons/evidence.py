"""What makes a name a person: the word before it, the field it stands in, or its own parts. Each case has its score."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.detection.persons.grammar import Name, NameGrammar
from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.reading import Reading

_ANNOUNCED = 0.9
_LABELLED = 0.85
_PAIR = 0.8
_ALONE = 0.62
_UNSURE = 0.5
_LABEL_SIGNS = frozenset(":=|>\";',;\t-([{")
_MOST_SIGNS = 4
_NAME_ONLY = frozenset(["der", "den", "ter", "ten", "vd", "vander", "vanden", "van't", "op't", "'t"])
_ROMAN = re.compile(r"[IVX]{2,}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A name with its score."""

    name: Name
    score: float


class NameFinder:
    """Walks the tokens of a text once and yields the names for which something speaks."""

    def __init__(self, vocabulary: NameVocabulary) -> None:
        self._vocabulary = vocabulary
        self._grammar = NameGrammar(vocabulary)

    def find(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[Evidence]:
        """Every name that is announced or speaks for itself, in order, never overlapping."""
        at = 0
        while at < len(tokens):
            found = self._at(reading, tokens, at)
            if found is None:
                at += 1
                continue
            at = max(at, found.name.last) + 1
            if found.score:
                yield found

    def _at(self, reading: Reading, tokens: Sequence[Token], at: int) -> Evidence | None:
        token = tokens[at]
        if token.kind in (Kind.LINE, Kind.SIGN, Kind.NUMBER):
            return None
        announced = self._announcement(reading, tokens, at)
        if announced:
            name = self._grammar.read(tokens, at, sure=True)
            if name and self._is_credible(tokens, name, announced):
                backwards = self._grammar.read_reversed(tokens, at)
                longest = backwards if backwards and backwards.last > name.last else name
                return Evidence(longest, 0 if self._is_something_else(tokens, longest) else announced)
        backwards = self._grammar.read_reversed(tokens, at)
        if backwards and self._speaks_backwards(tokens, backwards) and not self._is_something_else(tokens, backwards):
            return Evidence(backwards, _PAIR)
        name = self._grammar.read(tokens, at)
        if name is None:
            return None
        if self._is_something_else(tokens, name):
            return Evidence(name, 0)
        score = self._own_score(tokens, name)
        return Evidence(name, score) if score else None

    def _announcement(self, reading: Reading, tokens: Sequence[Token], at: int) -> float:
        """How strongly what stands before token `at` says that a person follows; 0 when nothing does."""
        before = self._before(tokens, at)
        if before is None:
            return self._opening(reading, tokens, at)
        word = tokens[before].lower
        if tokens[before].kind is Kind.ABBREVIATED:
            return _ANNOUNCED if word in {"t.a.v.", "t.n.v.", "a.k.a."} else 0
        if word in self._vocabulary.titles:
            return _ANNOUNCED
        if word in ("en", "of") and before >= 1 and tokens[before - 1].lower in self._vocabulary.titles:
            return 0
        if word in self._vocabulary.greetings and tokens[before].opens:
            return _LABELLED
        if word in self._vocabulary.closings:
            return _LABELLED
        if word in self._vocabulary.people and tokens[before].end < tokens[at].start:
            return 0.75
        return self._opening(reading, tokens, at)

    def _before(self, tokens: Sequence[Token], at: int) -> int | None:
        """The word before `at`, over a full stop of an abbreviation, a comma of a closing, or a line end after one."""
        before = at - 1
        signs = 0
        while before >= 0 and signs < 3:
            token = tokens[before]
            if token.kind in (Kind.WORD, Kind.ABBREVIATED):
                closing = token.lower in self._vocabulary.closings
                allowed = signs == 0 or closing or (signs == 1 and tokens[before + 1].text == ".")
                return before if allowed else None
            if token.kind is Kind.INITIALS and signs == 0:
                return None
            if token.text not in ".,!" and token.kind is not Kind.LINE:
                return None
            signs += 1
            before -= 1
        return None

    def _opening(self, reading: Reading, tokens: Sequence[Token], at: int) -> float:
        """A field, a column or a line of chat that holds a name."""
        token = tokens[at]
        before, signs = at - 1, 0
        while before >= 0 and signs < _MOST_SIGNS and tokens[before].text in _LABEL_SIGNS:
            before, signs = before - 1, signs + 1
        if signs and before >= 0 and tokens[before].is_word and tokens[before].lower in self._vocabulary.labels:
            signs_text = "".join(tokens[index].text for index in range(before + 1, at))
            if any(sign in signs_text for sign in ":=>|") or (";" in signs_text and tokens[before].lower == "n"):
                return _LABELLED
        if self._speaks_in_a_chat(tokens, at):
            return 0.75
        if token.opens and (head := reading.tables.head_of(token.start)):
            words = {word.strip(" _.:\"'").lower() for word in reading.text[slice(*head)].replace("_", " ").split()}
            if words & self._vocabulary.labels and self._starts_cell(reading, token.start):
                return _LABELLED if self._may_fill_a_column(tokens, at) else 0
        return 0

    def _speaks_in_a_chat(self, tokens: Sequence[Token], at: int) -> bool:
        """A line that opens with a name and a colon, perhaps behind a time."""
        token = tokens[at]
        if not (token.opens and token.is_capital and token.is_first_name and token.commonness < 2):
            return False
        if at + 1 >= len(tokens) or tokens[at + 1].text != ":" or tokens[at + 1].start != token.end:
            return False
        before = at - 1
        while before >= 0 and (tokens[before].kind is Kind.NUMBER or tokens[before].text in "[]()-,"):
            before -= 1
        return before < 0 or tokens[before].kind is Kind.LINE

    def _may_fill_a_column(self, tokens: Sequence[Token], at: int) -> bool:
        """A cell under a label is a person when it opens with initials or with a word that is somebody's name."""
        token = tokens[at]
        if token.kind is Kind.INITIALS or token.kind is Kind.ABBREVIATED:
            return True
        if token.lower in self._vocabulary.particles:
            return at + 1 < len(tokens) and tokens[at + 1].is_surname
        return token.is_known or (token.commonness == 0 and token.is_capital and len(token.text) > 3)

    def _starts_cell(self, reading: Reading, start: int) -> bool:
        before = reading.text[:start][-3:].rstrip(" \"'")
        return not before or before[-1] in "|;,\t\n"

    def _is_credible(self, tokens: Sequence[Token], name: Name, announced: float) -> bool:
        """An announced name still has to look like one: no ordinary word in its place."""
        first = tokens[name.names[0]]
        if announced < _LABELLED and not self._fits_a_person_word(tokens, name):
            return False
        if name.initials or len(name.names) > 1 or name.particles:
            return any(tokens[index].is_known or tokens[index].commonness < 2 for index in name.names)
        if first.is_flat:
            if first.is_capital:
                return first.commonness < 2 or first.is_top_surname
            ordinary = first.commonness > 1 and not (announced >= _ANNOUNCED and first.is_top_surname)
            return first.is_known and not ordinary and (first.is_sloppy or first.is_top_surname or first.is_first_name)
        return first.commonness < 2 or first.is_known

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
        return family.is_capital and given.is_capital and family.is_surname and given.commonness < 2 and (
            family.commonness < 2 or family.is_top_surname
        ) and not family.is_first_name

    def _own_score(self, tokens: Sequence[Token], name: Name) -> float:
        """The score of a name that nothing announces."""
        words = [tokens[index] for index in name.names]
        head, family = words[0], words[-1]
        if name.initials:
            return self._initials_score(tokens, name, family)
        if len(words) == 1:
            return self._single_score(tokens, name, head)
        if head.is_place and family.is_place:
            return 0
        if self._opens_with_der(tokens, name) and family.is_surname and family.commonness < 2:
            return 0.7
        hyphens = any(token.text == "-" for token in tokens[name.first : name.last])
        if hyphens and (head.is_place or family.is_place):
            return 0
        if head.is_first_name and (family.is_surname or family.is_surname_part or family.commonness == 0):
            ordinary = head.commonness >= 2
            if ordinary and (family.commonness >= 2 or (head.opens and not family.is_surname)):
                return _ALONE if name.particles and not head.opens else 0
            if family.commonness >= 2 and not family.is_top_surname and not name.particles:
                return 0
            return _PAIR
        if all(word.commonness == 0 for word in words) and not any(word.is_place for word in words):
            known = sum(word.is_known for word in words)
            return 0.7 if known >= 2 else _ALONE if known and len(words) <= 3 and words[0].is_capital else 0
        return 0

    def _opens_with_der(self, tokens: Sequence[Token], name: Name) -> bool:
        """Prefixes that ordinary Dutch no longer uses before a noun: "van der", "van den", "ter", "vd"."""
        opening = {token.lower for token in tokens[name.first : name.first + name.particles]}
        return bool(opening & _NAME_ONLY)

    def _initials_score(self, tokens: Sequence[Token], name: Name, family: Token) -> float:
        first = tokens[name.first]
        if first.kind is Kind.ABBREVIATED:
            return _PAIR if family.is_surname and (family.commonness < 2 or family.is_top_surname) else 0
        letters = first.text.count(".")
        if family.is_surname and (family.commonness < 2 or letters > 1 or name.particles or family.is_top_surname):
            return _PAIR + 0.05
        if family.commonness == 0 and family.is_capital:
            return _PAIR - 0.05
        return 0

    def _single_score(self, tokens: Sequence[Token], name: Name, word: Token) -> float:
        """One word alone: a given name no ordinary word looks like, or a frequent family name, in running text."""
        if self._opens_with_der(tokens, name) and word.is_surname and word.commonness < 2:
            return 0.7 if word.is_capital or word.is_top_surname else 0
        if word.is_place or not word.is_capital or word.is_flat or len(word.text) < 3:
            return 0
        if name.particles:
            return _ALONE if word.is_top_surname and not tokens[name.first].is_capital else 0
        if word.is_first_name and word.commonness == 0:
            return _ALONE + 0.03 if not word.opens else _UNSURE
        article = name.first > 0 and tokens[name.first - 1].text in ("Het", "De")
        if word.is_top_surname and word.commonness == 0 and not word.opens and not article:
            return _ALONE
        return 0

    def _is_something_else(self, tokens: Sequence[Token], name: Name) -> bool:
        """A street, an organisation, a law or a compound that is named after somebody."""
        last = tokens[name.last]
        if last.lower.endswith(self._vocabulary.street_ends) and not last.is_surname:
            return True
        if name.last + 1 < len(tokens) and _ROMAN.fullmatch(tokens[name.last + 1].text):
            return True
        if name.first > 0:
            before = tokens[name.first - 1]
            glued = before.end == tokens[name.first].start
            if before.kind is Kind.NUMBER and len(tokens[name.first].text) == 2 and len(before.text) == 4:
                return True
            if glued and before.text in "-@/\\_&#.":
                return before.text != "/" or not tokens[name.first].is_capital
            if before.lower in self._vocabulary.organisation_leads and before.is_word:
                return not name.initials
        if tokens[name.first].is_glued or last.is_glued:
            return True
        following = tokens[name.last + 1] if name.last + 1 < len(tokens) else None
        if following is None or following.kind is Kind.LINE:
            return False
        glued = following.start == last.end
        if glued and following.text in "-@_&" and name.last + 2 < len(tokens) and tokens[name.last + 2].start == following.end:
            return True
        if following.is_word and following.is_capital and following.lower in self._vocabulary.organisation_tails:
            return not following.is_flat
        if following.is_word and following.lower.endswith(self._vocabulary.street_ends) and following.is_capital:
            return not following.is_flat and following.start - last.end <= 1
        return False
