"""Folding of words for look-ups: case, accents and the kinds of apostrophe and hyphen do not count."""

import unicodedata

_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ə": "e", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
        "ŋ": "n", "ĳ": "ij", "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "ʻ": "'", "\u2010": "-", "\u2011": "-",
        "\u2013": "-",
    }
)  # fmt: skip


def fold(word: str) -> str:
    """`word` in lower case, without accents, with plain apostrophes and hyphens. `fold(fold(w)) == fold(w)`."""
    if word.isascii():
        return word.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFKC", letters.translate(_LETTERS)).lower()
