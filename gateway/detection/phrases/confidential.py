"""Confidentiality: marks and claims that apply to the text itself, and facts that are sealed until somebody opens them.

Marks follow Dutch administrative practice: Gemeentewet art. 25, 86 and 87 and Woo art. 5.1, BIO and departmental
classification, embargo, TLP. A sentence *about* secrecy (`wat betekent geheimhouding?`) marks nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import regex

from gateway.detection.phrases.vocabulary import Hit, Vocabularies
from gateway.detection.phrases.words import Words

_AMOUNT = regex.compile(
    r"(?:€|\beur\b|\beuros?\b)\s?\d(?:[\d.,]*\d)?(?:\s?(?:k|m|mln|miljoen|ton|million)\b)?"
    r"|\b\d(?:[\d.,]*\d)?\s?(?:€|(?:k|m|mln|miljoen|mio|ton|duizend|euro|eur|million|procent)\b|%)(?:\s?euro\b)?"
    r"|\b\d{1,3}(?:\.\d{3})+\b|\b\d+,-|(?<![\w.,])\d{1,4},\d\d(?![\w]|[.,]\d|\s?%)"
    r"|\b\d+(?:,\d+)?\s(?:per|/)\s?(?:(?:beladen )?uur|m2|m²|stuk|dag(?:deel)?|maand|jaar|ton|rit|km|leerling)\b",
    regex.IGNORECASE,
)
_LABELS = frozenset(
    {"classificatie", "rubricering", "status", "label", "vertrouwelijkheid", "let", "nb", "op", "gemarkeerd",
     "classification", "markering", "niveau", "openbaarheid", "onderwerp", "betreft", "subject", "tlp", "note"}
)  # fmt: skip
_LONGEST_LINE = 8
_OPENERS = "([{*<|#"
_CLOSERS = ")]}*>|#:,.;-–—"
_PAPERS = frozenset(
    {"stuk", "document", "memo", "notitie", "nota", "brief", "rapport", "verslag", "bijlage", "advies", "mail",
     "concept", "collegenota", "raadsnota", "raadsvoorstel", "voorstel", "dossier", "besluit", "report", "draft"}
)  # fmt: skip
_QUOTES = "'\"‘’“”„`"
_BEFORE = 12


class MarkingFinder:
    """Finds confidentiality marks. `form` mark: the words must stand as a mark; claim: a sentence that says so.

    The matcher's vocabularies are the marks, and what says that a sentence is about secrecy in general.
    """

    def __init__(self, matcher: Vocabularies, *, is_claim: bool) -> None:
        self._matcher = matcher
        self._is_claim = is_claim

    def find(self, words: Words) -> Iterator[tuple[int, int, float]]:
        """(start, end, score) of each mark in the text."""
        about: dict[int, int] = {}
        for hit in self._matcher.find(words):
            home = words.sentence[hit.first]
            if hit.vocabulary == 1:
                about[home] = hit.last
                continue
            is_about = hit.first - about.get(home, -_BEFORE - 1) <= _BEFORE
            score = (0.0 if is_about else 0.9) if self._is_claim else _mark_score(words, hit, is_about=is_about)
            if score:
                yield words.starts[hit.first], words.ends[hit.last], score


def _mark_score(words: Words, hit: Hit, *, is_about: bool) -> float:
    """How surely the words stand as a mark: alone on a line, in capitals, in brackets, after a label."""
    text = words.text
    start, end = words.starts[hit.first], words.ends[hit.last]
    written = text[start:end]
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if (before and before in _QUOTES and after and after in _QUOTES) or "_" in (before, after):
        return 0.0
    if _opens_a_line(words, hit):
        return 0.9
    if is_about:
        return 0.0
    is_enclosed = bool(before) and before in _OPENERS and (hit.last > hit.first or (bool(after) and after in _CLOSERS))
    if is_enclosed or _stands_out(words, hit, written):
        return 0.95
    return 0.9 if _is_labelled(words, hit) else 0.0


def _stands_out(words: Words, hit: Hit, written: str) -> bool:
    """Written in capitals in a text that is not."""
    letters = [char for char in written if char.isalpha()]
    if len(letters) < 4 or not all(char.isupper() for char in letters):
        return False
    others = [*range(max(0, hit.first - 6), hit.first), *range(hit.last + 1, min(len(words), hit.last + 7))]
    capitals = sum(words.written(at).isupper() for at in others)
    return capitals * 2 <= len(others) or _opens_a_line(words, hit)


def _is_labelled(words: Words, hit: Hit) -> bool:
    if hit.first == 0:
        return False
    return words.folded[hit.first - 1] in _LABELS and ":" in words.between(hit.first - 1, hit.first)


def _opens_a_line(words: Words, hit: Hit) -> bool:
    """Nothing stands before it on its line, and after it a sign, the line's end, or a few words when it is a phrase."""
    if _is_sentence(words, hit):
        return True
    line = words.line[hit.first]
    if hit.first and words.line[hit.first - 1] == line:
        return False
    last = hit.last
    while last + 1 < len(words) and words.line[last + 1] == line and last - hit.first < _LONGEST_LINE:
        last += 1
    rest = words.text[words.ends[hit.last] : words.ends[last] + 2]
    if "?" in rest:
        return False
    if last == hit.last or (hit.last > hit.first and last - hit.first < _LONGEST_LINE):
        return True
    if words.folded[hit.last + 1] in _PAPERS:
        return True
    return any(sign in words.between(hit.last, hit.last + 1) for sign in ":-–—|/!.([\t;,")


def _is_sentence(words: Words, hit: Hit) -> bool:
    """The words are a whole sentence (`Geheim.`), and no question."""
    begins = not hit.first or words.sentence[hit.first - 1] != words.sentence[hit.first]
    following = hit.last + 1
    ends = following == len(words) or words.sentence[following] != words.sentence[hit.last]
    return begins and ends and "?" not in words.text[words.ends[hit.last] : words.ends[hit.last] + 2]


class Needs(StrEnum):
    """What must stand in the sentence of a sealed term: a sum of money, a word that makes it ours, or nothing.

    `pair`: a sum of money, and in the text a second, different term.
    """

    AMOUNT = "amount"
    PAIR = "pair"
    OWNER = "owner"
    NOTHING = "nothing"


class SealedFactFinder:
    """Finds sealed facts: terms with in their sentence what the rule needs to believe them.

    The matcher's vocabularies are what may be sealed, the words that make it ours, and those that say it is spoken of
    in general or public already.
    """

    def __init__(self, matcher: Vocabularies, needs: Needs) -> None:
        self._matcher = matcher
        self._needs = needs

    def find(self, words: Words, *, is_marked: bool = False) -> Iterator[tuple[int, int, float]]:
        """(start, end, score) of each sealed fact; with an amount the span runs to the amount.

        In a text that `is_marked` as confidential an amount needs no term beside it.
        """
        if is_marked and self._needs is Needs.AMOUNT:
            yield from ((*amount.span(), 0.8) for amount in _AMOUNT.finditer(words.text))
            return
        by_sentence: Mapping[int, _Sentence] = self._sentences(words)
        if self._needs is Needs.PAIR and len(_different(words, by_sentence.values())) < 2:
            return
        for sentence in by_sentence.values():
            if not sentence.terms or sentence.is_about:
                continue
            if self._needs in (Needs.AMOUNT, Needs.PAIR):
                yield from _with_amount(words, sentence.terms)
            elif sentence.has_owner or self._needs is Needs.NOTHING:
                first, last = sentence.terms[0], sentence.terms[-1]
                yield words.starts[first.first], words.ends[last.last], 0.8

    def _sentences(self, words: Words) -> dict[int, "_Sentence"]:
        found: dict[int, _Sentence] = {}
        for hit in self._matcher.find(words):
            sentence = found.setdefault(words.sentence[hit.first], _Sentence())
            if hit.vocabulary == 0:
                sentence.terms.append(hit)
            elif hit.vocabulary == 1:
                sentence.has_owner = True
            else:
                sentence.is_about = True
        return found


class _Sentence:
    """What stands in one sentence."""

    def __init__(self) -> None:
        self.terms: list[Hit] = []
        self.has_owner = False
        self.is_about = False


def _different(words: Words, sentences: Iterable[_Sentence]) -> set[str]:
    """The different terms of a text, by the first letters of their first word (`bod`, `biedt` and `bieder` differ)."""
    return {words.folded[hit.first][:5] for sentence in sentences for hit in sentence.terms}


def _with_amount(words: Words, terms: Sequence[Hit]) -> Iterator[tuple[int, int, float]]:
    first, last = terms[0], terms[-1]
    home = words.sentence[first.first]
    left = right = first.first
    while left > 0 and words.sentence[left - 1] == home:
        left -= 1
    while right + 1 < len(words) and words.sentence[right + 1] == home:
        right += 1
    begin = max(0, words.starts[left] - 2)
    amounts = [match.span() for match in _AMOUNT.finditer(words.text, begin, words.ends[right] + 1)]
    if amounts:
        start = min(words.starts[first.first], amounts[0][0])
        yield start, max(words.ends[last.last], amounts[-1][1]), 0.8
