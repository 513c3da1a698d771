"""Bytes to text and back, exactly: UTF-8 first because labels lie, then what is declared, then what the zeros show."""

import codecs
import re

from gateway.wire.tree import Layer, Slot, Value, as_text

_KNOWN = {
    "utf-8": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "iso8859-1": "cp1252",
    "iso8859-15": "iso8859-15",
    "cp1252": "cp1252",
}
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c\x1d\x1f]")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, declared: str = "", is_text: bool = False) -> Layer | None:
    """The text layer of the bytes, or None when they are no text. A byte-order mark stays in as U+FEFF.

    Bytes that are no UTF-8 are read as Latin-1 when `is_text` says that the message promises text.
    """
    for name in _candidates(data, declared, is_text):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if text.encode(name) == data:
            return Layer("charset", data, (Slot((), 0, len(data), text, tag=name),), _write)
    return None


def _candidates(data: bytes, declared: str, is_text: bool) -> list[str]:
    names = [name for mark, name in _MARKS if data.startswith(mark)]
    sample = data[:4096]
    if not _CONTROL.search(sample):
        names.append("utf-8")
    try:
        known = _KNOWN.get(codecs.lookup(declared).name) if declared else None
    except (LookupError, ValueError):
        known = None
    if known:
        names.append(known)
    if b"\0" not in sample:
        names.append("utf-8")
    if b"\0" in sample and len(data) % 2 == 0:
        zeros = sample[0::2].count(0), sample[1::2].count(0)
        if max(zeros) > len(sample) // 4 and min(zeros) == 0:
            names.append("utf-16-be" if zeros[0] else "utf-16-le")
    if is_text or known == "cp1252":
        names.extend(("cp1252", "latin-1"))
    return names


def _write(slot: Slot, new: Value, _source: Value) -> bytes:
    """The new text in the old charset; UTF-8 where that cannot hold it."""
    text = as_text(new)
    try:
        return text.encode(slot.tag)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
