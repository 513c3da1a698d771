"""Texts hidden inside a text: base64 and hexadecimal blobs, and ROT13 where the text says so. One level at a time."""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.detection.reading import Hit
from gateway.model.inspection import Entity, Finding

_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/_-]{4}){5,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?(?![A-Za-z0-9+/_])"
)
_BASE64_LINES = re.compile(r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{60,100}\r?\n)+[A-Za-z0-9+/]*={0,2}")
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ :]?){12,}(?![0-9A-Za-z])")
_ROT13 = re.compile(r"\brot[- ]?13\b|\bcaesar\b", re.IGNORECASE)
_READABLE = 0.9

HIDING_TRIGGERS = (r"[A-Za-z0-9+/_-]{10}[A-Za-z0-9+/_-]{10}", r"(?:[0-9A-Fa-f]{2}[ :]?){12}", r"(?i:rot[- ]?13|caesar)")
"""RE2 patterns, one of which is in every text in which `hidden_texts` finds something."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """A decoded text and the span it stood in. `aligned`: its offsets are those of the span, letter for letter."""

    kind: str
    text: str = field(repr=False)
    start: int
    end: int
    aligned: bool = False

    def hits(self, findings: Sequence[Finding]) -> list[Hit]:
        """What was found inside, as hits on the text around: the whole blob for each entity, or the exact span."""
        if self.aligned:
            return [
                Hit(one.entity, self.start + one.start, self.start + one.end, one.score, one.rule_id, one.validated)
                for one in findings
            ]
        best: dict[Entity, Finding] = {}
        for one in findings:
            if one.entity not in best or best[one.entity].score < one.score:
                best[one.entity] = one
        return [Hit(one.entity, self.start, self.end, one.score, one.rule_id, validated=True) for one in best.values()]


def hidden_texts(text: str) -> Iterator[HiddenText]:
    """Every readable text that is encoded in `text`. Linear; what decodes to bytes that are no text is passed by."""
    if _ROT13.search(text):
        yield HiddenText("rot13", codecs.encode(text, "rot13"), 0, len(text), aligned=True)
    for pattern in (_BASE64_LINES, _BASE64):
        for match in pattern.finditer(text):
            decoded = _readable(_from_base64(match.group()))
            if decoded:
                yield HiddenText("base64", decoded, *match.span())
    for match in _HEXADECIMAL.finditer(text):
        decoded = _readable(bytes.fromhex(re.sub("[ :]", "", match.group())))
        if decoded:
            yield HiddenText("hexadecimal", decoded, *match.span())


def _from_base64(blob: str) -> bytes:
    letters = "".join(blob.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _readable(data: bytes) -> str:
    """The text of these bytes, "" when they are not text."""
    for encoding in ("utf-8", "utf-16-le") if b"\0" in data else ("utf-8",):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        fine = sum(char.isprintable() or char in "\r\n\t" for char in text)
        if text and fine >= _READABLE * len(text):
            return text
    return ""
