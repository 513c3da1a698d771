"""Multipart bodies over the raw bytes: fields, files and file names by their own spans; line ends stay as they are."""

import re
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

from gateway.model.inspection import GapKind
from gateway.wire.codecs.url_text import unquote
from gateway.wire.faults import CodecError, check_size
from gateway.wire.tree import Layer, Path, Slot, SlotKind, Value, as_bytes, as_text

_HEADER = re.compile(rb"(?P<name>[^\r\n:]+):[ \t]*(?P<value>(?:[^\r\n]|\r?\n[ \t])*)(?:\r?\n|\Z)")
_PARAMETER = re.compile(
    rb';[ \t]*(?P<name>[A-Za-z0-9*-]+)[ \t]*=[ \t]*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^;\s]*))', re.DOTALL
)
_FIRST_LINE = re.compile(rb"\s*--(?P<boundary>[^\r\n]{1,200}?)[ \t]*\r?\nContent-", re.IGNORECASE)
_MESSAGE = re.compile(r"application/(?:http|(?:[\w.+-]+\+)?json)|multipart/", re.IGNORECASE)
_BLOB_NAMES = ("blob", "")
_HUGGING_CHAT_MARK = "base64;"


def sniff_boundary(data: bytes) -> str:
    """The boundary the first line shows when the body is multipart, else ""."""
    found = _FIRST_LINE.match(data[:4096])
    return found["boundary"].decode("utf-8", "replace") if found else ""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a header, with the place of its raw form."""

    text: str
    start: int
    end: int
    tag: str


def decode(data: bytes, boundary: str) -> Layer:
    """The layer of a multipart body; raises `CodecError`.

    A field is a text slot `name`, a file a slot `name` of kind FILE and its file name a slot `name.@filename`;
    parts without a name (multipart/related, multipart/mixed) are numbered.
    """
    check_size(data.count(boundary.encode("utf-8", "surrogatepass")))
    marks = list(
        re.finditer(
            rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "surrogatepass")) + rb"(--)?[ \t]*(?:\r?\n|\Z)",
            data,
        )
    )
    if not marks:
        raise CodecError("multipart")
    if not any(mark[1] for mark in marks):
        raise CodecError("multipart", GapKind.INCOMPLETE)
    slots: list[Slot] = []
    if data[: marks[0].start()].strip():
        slots.append(Slot(("@preamble",), 0, marks[0].start(), data[: marks[0].start()]))
    for number, (mark, following) in enumerate(pairwise(marks)):
        if mark[1]:
            break
        slots.extend(_part(data, mark.end(), following.start(), number))
    return Layer("multipart", data, tuple(slots), _write)


def _part(data: bytes, start: int, end: int, number: int) -> list[Slot]:
    name: _Name | None = None
    file_names: list[_Name] = []
    media_type = ""
    transfer = ""
    position = start
    while position < end and (header := _HEADER.match(data, position, end)):
        label = header["name"].strip().lower()
        if label == b"content-disposition":
            name, file_names = _disposition(data, *header.span("value"))
        elif label == b"content-type":
            media_type = header["value"].decode("latin-1")
        elif label == b"content-transfer-encoding":
            transfer = header["value"].decode("latin-1").strip().lower()
        position = header.end()
    blank = re.compile(rb"\r?\n").match(data, position, end)
    content_start = blank.end() if blank else position
    steps: Path = (name.text,) if name else (number,)
    slots = [
        Slot((*steps, "@filename"), file_name.start, file_name.end, file_name.text, SlotKind.FILE_NAME, file_name.tag)
        for file_name in sorted(file_names, key=lambda file_name: file_name.start)
        if file_name.text
    ]
    is_attached = not name and number > 0 and not _MESSAGE.match(media_type)
    is_file = is_attached or any(file_name.text not in _BLOB_NAMES for file_name in file_names)
    in_base64 = transfer == "base64" or any(file_name.tag.startswith(_HUGGING_CHAT_MARK) for file_name in file_names)
    kind = SlotKind.FILE if is_file else SlotKind.TEXT
    tag = "base64" if in_base64 else transfer
    slots.append(Slot(steps, content_start, end, data[content_start:end], kind, tag, media_type))
    return slots


def decode_disposition(text: str) -> Layer:
    """The layer of a `content-disposition` header: its file names, `@filename`."""
    _, names = _disposition(text.encode("latin-1", "replace"), 0, len(text))
    slots = (
        Slot(
            ("@filename",),
            name.start,
            name.end,
            name.text if name.tag == "percent" else text[name.start : name.end],
            SlotKind.FILE_NAME,
            name.tag,
        )
        for name in names
    )
    return Layer("disposition", text, tuple(slots), lambda slot, new, source: _write(slot, new, source).decode())


def _disposition(data: bytes, start: int, end: int) -> tuple[_Name | None, list[_Name]]:
    name: _Name | None = None
    file_names: list[_Name] = []
    for found in _PARAMETER.finditer(data, start, end):
        label = found["name"].decode("latin-1").lower()
        group = "quoted" if found["quoted"] is not None else "bare"
        raw = found[group]
        place = found.span(group)
        if label == "name":
            name = _Name(_read_name(raw), *place, group)
        elif label == "filename":
            text = _read_name(raw)
            if text.startswith(_HUGGING_CHAT_MARK):
                skip = len(_HUGGING_CHAT_MARK)
                file_names.append(_Name(text[skip:], place[0] + skip, place[1], _HUGGING_CHAT_MARK + group))
            else:
                file_names.append(_Name(text, *place, group))
        elif label == "filename*":
            encoded = raw.decode("latin-1")
            head = encoded[: encoded.rfind("'") + 1]
            file_names.append(_Name(unquote(encoded[len(head) :]), place[0] + len(head), place[1], "percent"))
    return name, file_names


def _read_name(raw: bytes) -> str:
    """A quoted name as browsers write it: UTF-8, `"` as `%22` or with a backslash."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace('\\"', '"').replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _write(slot: Slot, new: Value, _source: Value) -> bytes:
    if slot.kind != SlotKind.FILE_NAME:
        return as_bytes(new)
    text = as_text(new)
    if slot.tag == "percent":
        return quote(text, safe="").encode("ascii")
    text = text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    return (text if slot.tag.endswith("quoted") else f'"{text}"').encode("utf-8", "surrogatepass")
