"""Normalisation: the text as a person reads it, with a map back to the offsets of the text as it was sent.

Undone here are the tricks (and accidents) that hide a value from a pattern: zero-width, control, private-use and
soft-hyphen characters, full-width and mathematical letters, digits of other scripts and shapes, Cyrillic and Greek
look-alikes inside Latin words, separate accents, HTML entities and tags inside words, percent and `\\u` escapes;
typographic spaces, dashes and quotes become plain ones.
"""

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\uffa0\U000e0000-\U000e0fff"
)
_COMPATIBLE = (
    "\u2070\u2074-\u2079\u2080-\u2089\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2460-\u24ff\u2776-\u2793\u3251-\u325f\ufb00-\ufb06"
    "\uff01-\uff5e\uffe0-\uffe6\U0001d400-\U0001d7ff\U0001f100-\U0001f169"
)
_MARKS = "\u0300-\u036f\u0483-\u0487\u1dc0-\u1dff\u20d0-\u20f0"

_INLINE_TAGS = r"(?:</?(?:b|i|u|s|em|strong|span|mark|wbr|font|small|su[bp])(?:\s[\w-]{1,20}=[^<>]{0,80})?/?>){1,20}"

_EDIT = re.compile(
    rf"(?P<invisible>[{_INVISIBLE}]+)"
    rf"|(?P<accented>\w[{_MARKS}]+)"
    rf"|(?P<compatible>[{_COMPATIBLE}])"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});)"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<escape>\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2})"
    rf"|(?P<tags>(?<=\w){_INLINE_TAGS}(?=\w))"
)
_NEEDS_EDIT = re.compile(
    rf"[{_INVISIBLE}{_MARKS}{_COMPATIBLE}]|&#?[0-9A-Za-z]{{2,8}};|%[0-9A-Fa-f]{{2}}|\\[ux][0-9a-fA-F]{{2}}|\w</?[a-z]"
)

_PLAIN = str.maketrans(
    dict.fromkeys(
        ["\u00a0", "\u1680", *map(chr, range(0x2000, 0x200B)), "\u202f", "\u205f", "\u2800", "\u3000", "\u3164"], " "
    )
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63", "-")
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u00b4\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2024\ufe52\u3002", ".")
    | {"\u2028": "\n", "\u2029": "\n", "\u0085": "\n"}
)
_SURROGATE = re.compile("[\ud800-\udfff]")

_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗабеѕіјкмнорстухһԁɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρυօոսք",
    "ABESIJKMHOPCTYX3abesijkmhopctyxhdgABEZHIKMNOPTYXaiovpuonuf",
)
_FOREIGN_LETTER = re.compile("[\u0370-\u03ff\u0400-\u052f\u0531-\u0587ɡ]")
_FOREIGN_WORD = re.compile("[\\w.@-]*[\u0370-\u03ff\u0400-\u052f\u0531-\u0587ɡ][\\w.@-]*")
_LATIN = re.compile("[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Offsets:
    """Where edits changed lengths: `[folded start, folded end) ← [original start, original end)`, in order."""

    folded_starts: tuple[int, ...] = ()
    edits: tuple[tuple[int, int, int, int], ...] = ()

    def start_of(self, position: int) -> int:
        """The original offset of a span start at `position` of the folded text."""
        at = bisect_right(self.folded_starts, position) - 1
        if at < 0:
            return position
        _, folded_end, start, end = self.edits[at]
        return start if position < folded_end else end + position - folded_end

    def end_of(self, position: int) -> int:
        """The original offset of a span end at `position` of the folded text."""
        at = bisect_left(self.folded_starts, position) - 1
        if at < 0:
            return position
        _, folded_end, _, end = self.edits[at]
        return end if position <= folded_end else end + position - folded_end


def fold(text: str) -> tuple[str, Offsets]:
    """The folded text and the map back. Linear; plain ASCII without escapes comes back as it is, at once."""
    offsets = Offsets()
    if _NEEDS_EDIT.search(text):
        text, offsets = _edited(text)
    if text.isascii():
        return text, offsets
    text = _SURROGATE.sub("?", text.translate(_PLAIN))
    if _FOREIGN_LETTER.search(text):
        text = _FOREIGN_WORD.sub(_without_look_alikes, text)
    return text, offsets


def _edited(text: str) -> tuple[str, Offsets]:
    pieces: list[str] = []
    edits: list[tuple[int, int, int, int]] = []
    done = length = 0
    for match, replacement in _replacements(text):
        start, end = match.span()
        length += start - done
        pieces += (text[done:start], replacement)
        edits.append((length, length + len(replacement), start, end))
        length += len(replacement)
        done = end
    pieces.append(text[done:])
    return "".join(pieces), Offsets(tuple(edit[0] for edit in edits), tuple(edits))


def _replacements(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _EDIT.finditer(text):
        found = match.group()
        replacement = _UNDO[match.lastgroup or ""](found)
        if replacement != found:
            yield match, replacement


def _left_out(_: str) -> str:
    return ""


def _composed(found: str) -> str:
    composed = unicodedata.normalize("NFC", found)
    return composed[0] if len(composed) > 1 else composed


def _compatible(found: str) -> str:
    digit = unicodedata.digit(found, None)
    return unicodedata.normalize("NFKC", found) if digit is None else str(digit)


def _unquoted(found: str) -> str:
    try:
        plain = unquote(found, errors="strict")
    except UnicodeDecodeError:
        return found
    return plain if plain.isprintable() else found


def _unescaped(found: str) -> str:
    plain = chr(int(found[2:], 16))
    return plain if plain.isprintable() else found


def _entity(found: str) -> str:
    plain = html.unescape(found)
    return "" if plain == "\u00ad" or re.fullmatch(f"[{_INVISIBLE}]", plain) else plain


_UNDO: Mapping[str, Callable[[str], str]] = {
    "invisible": _left_out,
    "accented": _composed,
    "compatible": _compatible,
    "entity": _entity,
    "percent": _unquoted,
    "escape": _unescaped,
    "tags": _left_out,
}


def _without_look_alikes(match: re.Match[str]) -> str:
    """A word that mixes scripts is read as Latin; a word wholly in another script stays as it is."""
    word = match.group()
    return word.translate(_LOOK_ALIKES) if _LATIN.search(word) else word
