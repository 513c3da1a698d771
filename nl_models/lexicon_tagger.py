"""The spaCy component `lexicon_tagger`: what the lexicon knows of each word, as a feature of the network.

It writes a class into `token.tag_` (not a part of speech) and the lower-cased word into `token.lemma_`, which is what
context words are compared with. The class has four signs, for instance `F2-0`:

    given name      `F` listed, `-` no
    family name     `2` among the 1,000 most borne, `1` listed, `p` word of a longer one, `v` prefix, `t` title, `-` no
    place           `L` place, `S` street (listed or by its ending), `M` word of a longer place or street, `-` no
    commonness      0 never seen in lower case … 3 among the most frequent words
"""

import functools
import hashlib
import operator
import re
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import SimpleFrozenList

from nl_models.folding import fold
from nl_models.lexicon import COMMONNESS_SHIFT, Flag, Lexicon, load_lexicon
from nl_models.wording import PREFIXES, TITLES

_STREET_ENDING = re.compile(
    r".{3,}(straat|laan|weg|plein|gracht|kade|singel|dijk|steeg|hof|pad|dreef|plantsoen|markt|baan|wal|brink|park|erf"
    r"|hoek)"
)
_PART = re.compile(r"[-.]")
_LONGEST_PLACE = 4
# Plain integers: a word is asked about several times, and each operation of an IntFlag costs ten of those.
_FIRST_NAME, _SURNAME, _RANK, _STREET, _PLACE, _OPENS_LONGER = map(
    int, (Flag.FIRST_NAME, Flag.SURNAME, Flag.RANK, Flag.STREET, Flag.PLACE, Flag.OPENS_LONGER)
)
_NAMES = _FIRST_NAME | _SURNAME | _RANK
_SOMEWHERE = _STREET | _PLACE


class LexiconTagger:
    """Tags the words of a document. `hide` is the share of listed names that it holds back (only while training)."""

    def __init__(self, lexicon: Lexicon, hide: float = 0.0) -> None:
        self.lexicon = lexicon
        self.hide = hide

    def __call__(self, doc: Doc) -> Doc:
        """Set `tag_` and `lemma_` of every token."""
        words = [fold(token.text) for token in doc]
        flags = [self._visible(word) for word in words]
        inside = self._longer_places(words, flags)
        for token, word, flag, longer in zip(doc, words, flags, inside, strict=True):
            token.tag_ = tag(word, flag, longer=longer)
            token.lemma = token.lower
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterable[Doc]:
        """The same for many documents."""
        del batch_size
        for doc in stream:
            yield self(doc)

    def _visible(self, word: str) -> int:
        flags = self.lexicon.folded_flags(word) or self._of_parts(word)
        if self.hide and flags & _NAMES and _is_hidden(word, self.hide):
            return flags & ~_NAMES
        return flags

    def _of_parts(self, word: str) -> int:
        """Of an unlisted compound ("jansen-yildiz", "j.jansen"): what holds for all its words of two letters up."""
        if "-" not in word and "." not in word:
            return 0
        known = [self.lexicon.folded_flags(part) for part in _PART.split(word) if len(part) > 1]
        return int(functools.reduce(operator.and_, known)) if known else 0

    def _longer_places(self, words: list[str], flags: list[int]) -> list[bool]:
        inside = [False] * len(words)
        for start, flag in enumerate(flags):
            if not flag & _OPENS_LONGER:
                continue
            for length in range(min(_LONGEST_PLACE, len(words) - start), 1, -1):
                if self.lexicon.folded_flags(" ".join(words[start : start + length])) & _SOMEWHERE:
                    inside[start : start + length] = [True] * length
                    break
        return inside

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = SimpleFrozenList()) -> None:
        """Nothing to write: the lexicon is an artefact of its own."""

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = SimpleFrozenList()) -> "LexiconTagger":
        """Nothing to read."""
        del path, exclude
        return self


def tag(word: str, flags: int, *, longer: bool) -> str:
    """The class of a folded word; see the module."""
    if word in TITLES:
        family = "t"
    elif word in PREFIXES:
        family = "v"
    elif flags & _SURNAME:
        family = "2" if flags & _RANK else "1"
    else:
        family = "p" if flags & _RANK else "-"
    if longer:
        place = "M"
    elif flags & _STREET or _STREET_ENDING.fullmatch(word):
        place = "S"
    else:
        place = "L" if flags & _PLACE else "-"
    return f"{'F' if flags & _FIRST_NAME else '-'}{family}{place}{flags >> COMMONNESS_SHIFT & 3}"


def _is_hidden(word: str, share: float) -> bool:
    digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
    return int.from_bytes(digest) < share * 2**32


@Language.factory("lexicon_tagger", default_config={"hide": 0.0}, assigns=["token.tag", "token.lemma"])
def create(nlp: Language, name: str, hide: float) -> LexiconTagger:
    """The component over the shipped lexicon."""
    del nlp, name
    return LexiconTagger(load_lexicon(), hide)
