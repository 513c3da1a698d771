"""What stands before a name and says that a person follows: a title, a greeting, a label, a column, a line of chat."""

from collections.abc import Sequence

from gateway.detection.persons.grammar import NameGrammar
from gateway.detection.persons.namesakes import is_called
from gateway.detection.persons.tokens import Kind, Token
from gateway.detection.persons.vocabulary import NameVocabulary
from gateway.detection.reading import Reading

ANNOUNCED = 0.9
"""Behind a title."""
LABELLED = 0.85
"""In a field, or behind a greeting or a closing."""
BEHIND_A_PERSON_WORD = 0.75
"""Behind *collega* or *melding van*."""

_FOR_THE_ATTENTION = frozenset(["t.a.v.", "t.n.v.", "a.k.a."])
_LABEL_SIGNS = frozenset(":=|>\";',;\t-([{")
_MOST_SIGNS = 4
_MOST_BETWEEN = 6
"""Signs and line ends between a closing and the name below it."""
_ASKING = frozenset(["kun", "kan", "wil", "zou", "heb", "ben", "weet", "graag", "kunnen"])
_LIKE = ("like", "ilike")
"""What SQL compares a column with."""


class Announcements:
    """Reads what stands before a token."""

    def __init__(self, vocabulary: NameVocabulary, grammar: NameGrammar) -> None:
        self._vocabulary = vocabulary
        self._grammar = grammar

    def before(self, reading: Reading, tokens: Sequence[Token], at: int) -> float:
        """How strongly what stands before token `at` says that a person follows; 0 when nothing does."""
        before = self._word_before(tokens, at)
        if before is None:
            return self._opening(reading, tokens, at)
        token = tokens[before]
        word = token.lower
        if word in self._vocabulary.titles or word in _FOR_THE_ATTENTION:
            return ANNOUNCED
        if word in ("en", "of") and before >= 1 and tokens[before - 1].lower in self._vocabulary.titles:
            return 0
        is_greeting = word in self._vocabulary.greetings and token.opens
        if is_greeting or word in self._vocabulary.closings or (word == "met" and self._is_speaking(tokens, before)):
            return LABELLED
        is_kin = word in self._vocabulary.people and token.end < tokens[at].start
        is_met = word == "met" and self._is_met(tokens, before, at)
        if is_kin or is_met or (word == "van" and self._is_sent(tokens, before, at)):
            return BEHIND_A_PERSON_WORD
        foreign = tokens[at].is_word and tokens[at].is_caseless and self._is_label(word)
        return LABELLED if foreign else self._opening(reading, tokens, at)

    def _is_in_brackets(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a capitalised word alone in brackets says who a person word means: "moeder (Sharlaine)"."""
        if at < 2 or tokens[at - 1].text != "(":
            return False
        around = tokens[at - 2 : at + 2]
        if len(around) < 4 or around[3].text != ")":
            return False
        written = around[2].is_capital and not around[2].text.isupper() and around[2].commonness == 0
        return written and around[0].lower in self._vocabulary.people

    def _is_sent(self, tokens: Sequence[Token], van: int, at: int) -> bool:
        """Whether *melding van* or the like stands before `at`, and there the name of a person, no place or firm."""
        if not van or tokens[van - 1].lower not in self._vocabulary.messages:
            return False
        head = tokens[at + self._grammar.prefix(tokens, at)] if tokens[at].is_word else tokens[at]
        written = head.is_capital and not head.is_flat and not head.is_place
        return written and (head.commonness < 2 or head.is_top_surname) and (head.is_surname or head.is_first_name)

    def _is_speaking(self, tokens: Sequence[Token], met: int) -> bool:
        """Whether somebody says who is on the line: "u spreekt met", "goedemorgen met"."""
        return any(token.lower in self._vocabulary.speaking for token in tokens[max(0, met - 3) : met])

    def _is_met(self, tokens: Sequence[Token], met: int, at: int) -> bool:
        """Whether somebody meets who is named at `at`: "overleg morgen met Iris"."""
        name = tokens[at]
        written = name.is_capital and not name.is_flat and (name.is_first_name or name.is_top_surname)
        return written and any(one.lower in self._vocabulary.meeting for one in tokens[max(0, met - 3) : met])

    def _word_before(self, tokens: Sequence[Token], at: int) -> int | None:
        """The word before `at`, over a full stop of an abbreviation, a comma of a closing, or a line end after one."""
        before = at - 1
        signs = 0
        while before >= 0 and signs < _MOST_BETWEEN:
            token = tokens[before]
            if token.kind in (Kind.WORD, Kind.ABBREVIATED):
                closing = token.lower in self._vocabulary.closings
                wrapped = token.lower in self._vocabulary.titles and _is_wrapped(tokens, before, at)
                allowed = signs == 0 or closing or wrapped or (signs == 1 and tokens[before + 1].text == ".")
                return before if allowed else None
            if token.kind is Kind.INITIALS and signs == 0:
                return None
            if token.text not in ".,!>" and token.kind is not Kind.LINE:
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
        if before > 0 and tokens[before].lower in _LIKE:
            before, signs = before - 1, signs + 1
        if signs and before >= 0 and tokens[before].is_word and self._is_label(tokens[before].lower):
            signs_text = "".join(tokens[index].lower for index in range(before + 1, at))
            if any(sign in signs_text for sign in (":", "=", ">", *_LIKE)) or (
                ";" in signs_text and tokens[before].lower == "n"
            ):
                return LABELLED
            if "|" in signs_text and (token.is_capital or (token.is_first_name and not token.commonness)):
                return LABELLED
        if self._is_below_a_label(tokens, at):
            return LABELLED
        is_spoken_to = is_called(tokens, at) or self._is_asked(tokens, at)
        if self._speaks_in_a_chat(tokens, at) or is_spoken_to or self._is_in_brackets(tokens, at):
            return BEHIND_A_PERSON_WORD
        if self._starts_cell(reading, token.start) and (head := reading.tables.head_of(token.start)):
            words = {word.strip(" _.:\"'").lower() for word in reading.text[slice(*head)].replace("_", " ").split()}
            if words.isdisjoint(self._vocabulary.thing_labels) and any(map(self._is_label, words)):
                return LABELLED if self._may_fill_a_column(tokens, at) else 0
        return 0

    def _is_below_a_label(self, tokens: Sequence[Token], at: int) -> bool:
        """A line of a form that opens with a known name, under a line that is nothing but *naam* or the like."""
        if at < 2 or tokens[at - 1].kind is not Kind.LINE or not (tokens[at].is_known and tokens[at].is_capital):
            return False
        label = tokens[at - 2]
        return label.opens and label.lower.endswith(("naam", "name")) and self._is_label(label.lower)

    def _is_label(self, word: str) -> bool:
        """A field for a person: a listed one, or a compound of "naam" that is not the name of a thing."""
        if word in self._vocabulary.labels:
            return True
        return word.endswith(("naam", "name")) and word not in self._vocabulary.thing_labels

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

    def _is_asked(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a given name opens a sentence that asks its bearer for something: "Mark, kun jij dit oppakken?"."""
        token = tokens[at]
        if not token.opens or not token.is_first_name or token.is_flat or not token.is_capital:
            return False
        behind = tokens[at + 1 : at + 3]
        return len(behind) == 2 and behind[0].text == "," and behind[1].lower in _ASKING

    def _may_fill_a_column(self, tokens: Sequence[Token], at: int) -> bool:
        """A cell under a label is a person when it opens with initials or with a word that is somebody's name."""
        token = tokens[at]
        if token.kind is Kind.INITIALS or token.kind is Kind.ABBREVIATED:
            return True
        if token.lower in self._vocabulary.particles:
            return at + 1 < len(tokens) and tokens[at + 1].is_surname
        return token.is_known or (token.commonness == 0 and token.is_capital and len(token.text) > 3)

    def _starts_cell(self, reading: Reading, start: int) -> bool:
        before = reading.text[max(0, start - 3) : start].rstrip(" \"'")
        return not before or before[-1] in "|;,\t\n"


def _is_wrapped(tokens: Sequence[Token], title: int, at: int) -> bool:
    """Whether only a line end (and signs of quoting) parts a title from a listed name, as mail programs wrap lines."""
    between = tokens[title + 1 : at]
    lines = sum(token.kind is Kind.LINE for token in between)
    is_name = tokens[at].is_capital and (tokens[at].is_known or tokens[at].lower in ("van", "de", "den", "ter", "ten"))
    return lines == 1 and is_name and all(token.kind is Kind.LINE or token.text in ".>" for token in between)
