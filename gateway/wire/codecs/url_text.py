"""Form-encoded text, query strings, whole URLs and percent-encoded strings, each value replaceable by itself."""

import re
from urllib.parse import quote, unquote_to_bytes

from gateway.wire.faults import check_size
from gateway.wire.tree import Layer, Slot, SlotKind, Value, as_text

_PAIR = re.compile(r"[^&]+")
_URL = re.compile(
    r"(?P<origin>(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#\s]*)?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_SEGMENT = re.compile(r"[^/]+")
_FORM_NAME = re.compile(r"[A-Za-z0-9_.$\[\]%~*+-]+")
_SPACE = re.compile(r"\s")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNUSUAL_NAME = re.compile(r"[+\s@]|%20|\d{6}|%[c-fC-F]")


def decode_form(text: str) -> Layer:
    """The layer of `a=1&b=2`: one slot per value, by name; a name that holds words or numbers is a slot as well."""
    return Layer("form", text, tuple(_pairs(text, 0, len(text), ())), write)


def looks_like_form(text: str, declared: bool = False) -> bool:
    """Whether this is a form body: named pairs, and (unless `declared` so) nothing a form would have escaped."""
    if not text or (not declared and any(sign.isspace() for sign in text.strip("\r\n"))):
        return False
    named = [pair for pair in text.split("&") if pair]
    return all(_FORM_NAME.fullmatch(pair.partition("=")[0]) or pair == "=" for pair in named) and "=" in text


def looks_like_form_in_text(text: str) -> bool:
    """Whether a whole string is a form: two pairs or more, or one with a percent escape. Linear in its length."""
    if "=" not in text or _SPACE.search(text):
        return False
    pairs = text.split("&")
    if not all("=" in pair and _FORM_NAME.fullmatch(pair.partition("=")[0]) for pair in pairs):
        return False
    return len(pairs) > 1 or _ESCAPE.search(text) is not None


def decode_url(text: str) -> Layer:
    """The layer of a URL: `path[n]`, `query.name` and `fragment`; scheme and host are no slots."""
    check_size(text.count("/"))
    found = _URL.fullmatch(text)
    slots: list[Slot] = []
    if found is not None:
        start, end = found.span("path")
        for number, segment in enumerate(_SEGMENT.finditer(text, start, end)):
            raw = segment[0]
            left = segment.start() + (len(raw) - len(raw.lstrip(":")))
            right = max(left, segment.end() - (len(raw) - len(raw.rstrip(":"))))
            slots.append(Slot(("path", number), left, right, unquote(text[left:right])))
        if found["query"]:
            slots.extend(_pairs(text, *found.span("query"), ("query",)))
        if found["fragment"]:
            slots.append(Slot(("fragment",), *found.span("fragment"), unquote(found["fragment"])))
    return Layer("url", text, tuple(slots), write)


def decode_percent(text: str) -> Layer:
    """The layer of one percent-encoded string."""
    return Layer("percent", text, (Slot((), 0, len(text), unquote(text)),), write)


def _pairs(text: str, start: int, end: int, above: tuple[str, ...]) -> list[Slot]:
    check_size(text.count("&", start, end))
    slots: list[Slot] = []
    for pair in _PAIR.finditer(text, start, end):
        raw_name, equals, raw = pair[0].partition("=")
        name = unquote(raw_name, plus=True)
        if not equals:
            slots.append(Slot((*above, ""), pair.start(), pair.end(), name, SlotKind.TEXT, "plus"))
            continue
        if _UNUSUAL_NAME.search(raw_name):
            place = pair.start(), pair.start() + len(raw_name)
            slots.append(Slot((*above, name, "@key"), *place, name, SlotKind.KEY, "plus"))
        slots.append(Slot((*above, name), pair.end() - len(raw), pair.end(), unquote(raw, plus=True), tag="plus"))
    return slots


def unquote(raw: str, plus: bool = False) -> str:
    """Percent-decoded text; what is no UTF-8 is read as Latin-1, so that no byte is lost from sight."""
    if plus:
        raw = raw.replace("+", " ")
    if "%" not in raw:
        return raw
    decoded = unquote_to_bytes(raw.encode("utf-8", "surrogatepass"))
    try:
        return decoded.decode("utf-8")
    except UnicodeDecodeError:
        return decoded.decode("latin-1")


def write(slot: Slot, new: Value, source: Value) -> str:
    """The new value percent-encoded in the habits of the source: `+` or `%20`, and the signs it left bare."""
    raw = as_text(source[slot.start : slot.end])
    plus = slot.tag == "plus" and "+" in as_text(source) and "%20" not in raw
    bare = "".join(sign for sign in "-_.~!*'(),:;@/?$[]" if sign in raw)
    text = quote(as_text(new), safe=bare + (" " if plus else ""), errors="surrogatepass")
    return text.replace(" ", "+") if plus else text
