"""The word pieces of model B: words with their offsets, and the pieces of each word.

A SentencePiece unigram vocabulary with NFKC and the metaspace sign. Words are split on white space and punctuation
first, so that a piece never crosses the border of a name. A word that is a piece by itself stays whole; other words
get the most probable split (Viterbi).
"""

import gzip
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

METASPACE = "\u2581"
_WORD = re.compile(r"\w+|[^\w\s]")
_UNKNOWN_PENALTY = 10.0
_LONGEST_WORD = 64  # a longer "word" is data, not language; only its head is read


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text: where it stands, and the ids of its pieces (at least one)."""

    start: int
    end: int
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WordPieces:
    """A vocabulary; `split` is its only use."""

    scores: Mapping[str, tuple[int, float]]
    longest: int
    bos: int
    eos: int
    pad: int
    unknown: int

    def split(self, text: str, start: int = 0, end: int | None = None) -> list[Word]:
        """The words between `start` and `end` of `text`, offsets in code points of `text`."""
        words: list[Word] = []
        for match in _WORD.finditer(text, start, len(text) if end is None else end):
            at = match.start()
            spaced = at == 0 or text[at - 1].isspace()
            words.append(Word(at, match.end(), self._pieces(match[0], spaced=spaced)))
        return words

    def _pieces(self, word: str, *, spaced: bool) -> tuple[int, ...]:
        normal = word if word.isascii() else unicodedata.normalize("NFKC", word)
        symbol = (METASPACE + normal if spaced else normal)[:_LONGEST_WORD]
        if whole := self.scores.get(symbol):
            return (whole[0],)
        return tuple(self._viterbi(symbol)) or (self.unknown,)

    def _viterbi(self, symbol: str) -> Sequence[int]:
        length = len(symbol)
        best = [0.0] + [float("-inf")] * length
        back = [(0, self.unknown)] * (length + 1)
        for at in range(length):
            reached = best[at]
            for stop in range(at + 1, min(length, at + self.longest) + 1):
                if (piece := self.scores.get(symbol[at:stop])) and reached + piece[1] > best[stop]:
                    best[stop] = reached + piece[1]
                    back[stop] = (at, piece[0])
            if best[at + 1] == float("-inf"):
                best[at + 1] = reached - _UNKNOWN_PENALTY
                back[at + 1] = (at, self.unknown)
        ids: list[int] = []
        at = length
        while at > 0:
            at, piece_id = back[at]
            ids.append(piece_id)
        return ids[::-1]


def load_word_pieces(path: Path) -> WordPieces:
    """The vocabulary in gzipped JSON: `bos`, `pad`, `eos`, `unk`, and `pieces` ([[piece, log probability], ...])."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table = json.load(file)
    special = {table["bos"], table["pad"], table["eos"], table["unk"]}
    scores = {piece: (index, score) for index, (piece, score) in enumerate(table["pieces"]) if index not in special}
    longest = max(map(len, scores))
    return WordPieces(scores, longest, table["bos"], table["eos"], table["pad"], table["unk"])
