"""Bytes to text, in whatever encoding an office left them."""

from charset_normalizer import from_bytes

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE_BYTES = 64_000
_LEGACY = ["cp1252", "cp1250", "cp1254", "cp1251", "cp850"]
_CONTROL = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}
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
    best = from_bytes(content[:_SAMPLE_BYTES], cp_isolation=_LEGACY).best()
    for encoding in (best.encoding if best else "cp1252", "cp1252"):
        if _decodes(content, encoding):
            return encoding
    return "latin-1"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_control(content: bytes) -> float:
    sample = content[:_SAMPLE_BYTES]
    return sum(byte in _CONTROL for byte in sample) / len(sample) if sample else 0.0


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
