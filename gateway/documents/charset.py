"""Bytes to text, in whatever encoding an office left them."""

import re
import unicodedata

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE_BYTES = 64_000
_LEGACY = ("cp1252", "cp1254", "cp1250", "mac_roman", "cp850", "cp1251", "cp1253")
"""Sets an office in the Netherlands meets; the first of equals wins."""
_USUAL = frozenset("éëèêïíîìöóòôüúùûáàâäãåçñßøæœÉËÈÖÓÜÁÄÇŞİŠŽšžışğłńśźżąęćčřůőűđ")
"""Letters with marks in names and words people in the Netherlands write."""
_CONTROL = bytes(sorted(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}))
_MAX_CONTROL_SHARE = 0.001


def decode(content: bytes) -> str | None:
    """The text of `content`, or None when it is no text: UTF-8, UTF-16/32 (also without a mark), or a legacy set."""
    encoding = encoding_of(content)
    return None if encoding is None else content.decode(encoding)


def encoding_of(content: bytes) -> str | None:
    """An encoding in which `content` decodes without loss, or None when it is no text.

    Where no legacy set fits, Latin-1 keeps every byte, so that nothing is lost.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding if _decodes(content, encoding) else None
    wide = _utf16_without_mark(content)
    if wide is not None:
        return wide
    if _share_of_control(content) > _MAX_CONTROL_SHARE:
        return None
    if _decodes(content, "utf-8"):
        return "utf-8"
    sample = content[:_SAMPLE_BYTES]
    fitting = [encoding for encoding in _LEGACY if _decodes(content, encoding)]
    return max(fitting, key=lambda encoding: _plausible(sample.decode(encoding)), default="latin-1")


_MARKED_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f]+\w*")


def _plausible(text: str) -> float:
    """How much the marked letters of `text` look like those of words: strange signs inside words count against it."""
    score = 0.0
    for match in _MARKED_WORD.finditer(text):
        word = match[0]
        cased = [letter for letter in word if letter.isalpha()]
        scripts = {unicodedata.name(letter, "X").split(" ", 1)[0] for letter in cased}
        if len(scripts) > 1:
            score -= 2
        for place, letter in enumerate(word):
            if letter.isascii():
                continue
            if letter in _USUAL:
                score += 1 if not (letter.isupper() and place and word[place - 1].islower()) else -1
            elif not letter.isalpha():
                score -= 0.5 if 0 < place < len(word) - 1 else 0.1
            elif scripts & {"CYRILLIC", "GREEK"} and len(cased) > 2:
                score += 0.5
    return score


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_control(content: bytes) -> float:
    return 1 - len(content.translate(None, _CONTROL)) / len(content) if content else 0.0


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:_SAMPLE_BYTES]
    if len(sample) < 4 or len(content) % 2:
        return None
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        zeros = sample[first::2].count(0) / (len(sample) // 2)
        others = sample[1 - first :: 2].count(0) / (len(sample) // 2)
        if zeros > 0.6 and others < 0.05 and _decodes(content, encoding):
            return encoding
    return None
