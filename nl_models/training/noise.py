"""How people really type: lower case, capitals, missing accents, slips of the finger."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nl_models.training.examples import Piece


@dataclass(frozen=True, slots=True)
class Noise:
    """The share of texts that get each kind; the rest stays as written."""

    lower: float = 0.14
    upper: float = 0.05
    names_lower: float = 0.07
    names_upper: float = 0.05
    slips: float = 0.08
    no_accents: float = 0.05

    def apply(self, pieces: Sequence[Piece], rng: random.Random) -> list[Piece]:
        """The pieces with at most one change of case, and slips and accents on their own."""
        changed = list(pieces)
        if rng.random() < self.slips:
            changed = [_with_text(piece, lambda text: slip(text, rng)) for piece in changed]
        if rng.random() < self.no_accents:
            changed = [_with_text(piece, without_accents) for piece in changed]
        roll = rng.random()
        for share, only_names, change in (
            (self.lower, False, str.lower),
            (self.upper, False, str.upper),
            (self.names_lower, True, str.lower),
            (self.names_upper, True, str.upper),
        ):
            roll -= share
            if roll < 0:
                return [_with_text(piece, change) if piece.label or not only_names else piece for piece in changed]
        return changed


def _with_text(piece: Piece, change: Callable[[str], str]) -> Piece:
    return replace(piece, text=change(piece.text))


def without_accents(text: str) -> str:
    """ "Zoë" -> "Zoe"."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def slip(text: str, rng: random.Random, rate: float = 0.02) -> str:
    """Some letters swapped, doubled or dropped; white space, digits and marks stay."""
    letters: list[str] = []
    index = 0
    while index < len(text):
        letter = text[index]
        following = text[index + 1] if index + 1 < len(text) else " "
        if letter.isalpha() and following.isalpha() and rng.random() < rate:
            kind = rng.randrange(3)
            letters += ([following, letter], [letter, letter], [])[kind]
            index += 2 if kind == 0 else 1
        else:
            letters.append(letter)
            index += 1
    return "".join(letters)
