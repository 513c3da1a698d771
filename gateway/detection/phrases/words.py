"""A text as folded words, clauses, sentences and lines, each with its place in the text; one linear pass."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’`\-\u2010\u2011][^\W_]+)*")
_JOINERS = str.maketrans("", "", "'’`-\u2010\u2011")
_ABBREVIATIONS = frozenset(
    {
        "dhr",
        "mw",
        "mevr",
        "mej",
        "dr",
        "drs",
        "ing",
        "ir",
        "mr",
        "prof",
        "st",
        "bv",
        "nv",
        "ca",
        "nr",
        "tel",
        "art",
        "lid",
        "bijv",
        "evt",
        "incl",
        "excl",
        "geb",
        "resp",
        "vgl",
        "vs",
        "blz",
        "pag",
        "fam",
        "jr",
        "sr",
        "zgn",
        "min",
        "max",
        "gem",
        "wed",
        "hr",
        "mrs",
        "ms",
    }
)
_LONGEST_WORD = 60
_CACHED_WORDS = 8_192


@lru_cache(maxsize=_CACHED_WORDS)
def fold(word: str) -> str:
    """Lower case without accents, hyphens and apostrophes: `Burn-out` is `burnout`, `café` is `cafe`."""
    plain = word.translate(_JOINERS).lower()
    if plain.isascii():
        return plain
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Words:
    """A text cut into words. Of word `i`: `[starts[i], ends[i])` in the text, its folded form, and the numbers of the
    sentence and the line it stands in."""

    text: str = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)
    folded: tuple[str, ...] = field(repr=False)
    sentence: tuple[int, ...] = field(repr=False)
    line: tuple[int, ...] = field(repr=False)
    distinct: frozenset[str] = field(repr=False, default=frozenset())
    """Every folded word once: most vocabularies have nothing in most texts, and this tells it cheaply."""

    def __len__(self) -> int:
        return len(self.starts)

    def written(self, at: int) -> str:
        """Word `at` as it stands in the text."""
        return self.text[self.starts[at] : self.ends[at]]

    def at(self, offset: int) -> int:
        """Index of the last word that starts at or before `offset`; -1 before the first word."""
        return bisect_right(self.starts, offset) - 1

    def between(self, left: int, right: int) -> str:
        """The text between word `left` and word `right`."""
        return self.text[self.ends[left] : self.starts[right]]


def read(text: str) -> Words:
    """Cut `text` into words, sentences and lines. Words over 60 characters carry no meaning and are cut."""
    starts: list[int] = []
    ends: list[int] = []
    folded: list[str] = []
    sentence: list[int] = []
    line: list[int] = []
    at_sentence = at_line = 0
    last_end = 0
    last = ""
    for match in _WORD.finditer(text):
        start, end = match.span()
        if (start - last_end != 1 or text[last_end] != " ") and starts:
            gap = text[last_end:start]
            line_breaks = gap.count("\n")
            if line_breaks:
                at_line += 1
            if _ends_sentence(gap, last, text[start], bool(line_breaks)):
                at_sentence += 1
        last = text[start : min(end, start + _LONGEST_WORD)]
        starts.append(start)
        ends.append(end)
        folded.append(fold(last))
        sentence.append(at_sentence)
        line.append(at_line)
        last_end = end
    return Words(
        text,
        tuple(starts),
        tuple(ends),
        tuple(folded),
        tuple(sentence),
        tuple(line),
        frozenset(folded),
    )


def _ends_sentence(gap: str, before: str, following: str, is_new_line: bool) -> bool:
    if "?" in gap or "!" in gap or gap.count("\n") > 1:
        return True
    if is_new_line and (following.isupper() or gap.strip()):
        return True
    if "." not in gap:
        return False
    lowered = before.lower()
    if len(before) == 1 or lowered in _ABBREVIATIONS:
        return False
    return not gap.startswith(".") or len(gap) > 1
