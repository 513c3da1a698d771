"""The look-up layer: names, streets, places and ordinary words in one memory-mapped trie.

Two files in a folder: `words.marisa` (the folded keys) and `flags.bin` (one byte per key, in the trie's own numbering).
Both are mapped read-only, so workers that load the same folder share the pages.
"""

import mmap
from collections.abc import Iterator
from enum import IntFlag
from pathlib import Path

import marisa_trie

from nl_models.errors import ModelError
from nl_models.folding import fold

ARTEFACT = Path(__file__).parent / "artefacts" / "lexicon"
TRIE_FILE = "words.marisa"
FLAGS_FILE = "flags.bin"
COMMONNESS_SHIFT = 3
_ORDINARY = 2


class Flag(IntFlag):
    """What is known of a key; commonness takes the two bits from `COMMONNESS_SHIFT`.

    `RANK` with `SURNAME` is a family name of the top 1,000; without it, a word that occurs in longer family names only.
    """

    NONE = 0
    FIRST_NAME = 1
    SURNAME = 2
    RANK = 4
    STREET = 32
    PLACE = 64
    OPENS_LONGER = 128


class Lexicon:
    """Look-ups that ignore case and accents. Open one with `load_lexicon`; safe to share between threads."""

    __slots__ = ("_flags", "_trie")

    def __init__(self, trie: marisa_trie.Trie, flags: mmap.mmap) -> None:
        self._trie = trie
        self._flags = flags

    def flags(self, words: str) -> int:
        """The raw flag byte of `words` (one word or several separated by single spaces); 0 when unlisted."""
        return self.folded_flags(fold(words))

    def folded_flags(self, key: str) -> int:
        """As `flags`, for a `key` that is folded already."""
        try:
            return int(self._flags[self._trie[key]])
        except (KeyError, UnicodeEncodeError):  # a lone surrogate has no UTF-8 form and so is in no list
            return 0

    def first_name(self, word: str) -> bool:
        """Whether `word` is a given name in use anywhere in our lists."""
        return bool(self.flags(word) & Flag.FIRST_NAME)

    def surname(self, words: str) -> int:
        """0: not a family name; 1: a family name; 2: one of the 1,000 most borne in the Netherlands.

        Prefixes belong to the name: "van den Berg" is one, and so is "Berg".
        """
        flags = self.flags(words)
        return 1 + bool(flags & Flag.RANK) if flags & Flag.SURNAME else 0

    def surname_part(self, word: str) -> bool:
        """Whether `word` is no family name but a word of a longer one ("Jonge" of "van Jonge Poerink")."""
        return self.flags(word) & (Flag.SURNAME | Flag.RANK) == Flag.RANK

    def commonness(self, word: str) -> int:
        """How ordinary `word` is in lower case: 0 never seen, 1 rare, 2 ordinary, 3 among the most frequent words."""
        return self.flags(word) >> COMMONNESS_SHIFT & 3

    def ordinary_words(self) -> Iterator[str]:
        """The single words, folded, that are ordinary or more frequent still; some five thousand."""
        for key in self._trie.iterkeys():
            if " " not in key and self.folded_flags(key) >> COMMONNESS_SHIFT & 3 >= _ORDINARY:
                yield key

    def street(self, words: str) -> bool:
        """Whether `words` is the name of a Dutch street or other public space."""
        return bool(self.flags(words) & Flag.STREET)

    def place(self, words: str) -> bool:
        """Whether `words` is a Dutch residence, municipality or province, a country, or a larger city elsewhere."""
        return bool(self.flags(words) & Flag.PLACE)


def load_lexicon(path: Path | None = None) -> Lexicon:
    """Open the lexicon in the folder `path`, or the shipped one. Raises `ModelError` when it is missing or damaged."""
    folder = path or ARTEFACT
    advice = "Run `make lexicon`, or set the lexicon path to a folder that this command made"
    try:
        trie = marisa_trie.Trie()
        trie.mmap(str(folder / TRIE_FILE))
        with (folder / FLAGS_FILE).open("rb") as file:
            flags = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelError(folder, "the lexicon cannot be opened", advice) from error
    if len(flags) != len(trie):
        raise ModelError(folder, f"the lexicon has {len(trie)} keys but {len(flags)} flags", advice)
    return Lexicon(trie, flags)
