"""Text that is a row of messages: server-sent events, SignalR records, socket.io packets, labelled lines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from gateway.wire.faults import check_size
from gateway.wire.tree import Layer, Slot, Value, as_text

RECORD_END = "\x1e"
_LINE = re.compile(r"[^\r\n]*(\r\n|\r|\n|\Z)")
_SSE_FIELD = re.compile(r"(data|event|id|retry)(: ?|(?=[\r\n]|\Z))|:")
_SOCKET_IO = re.compile(r"(\d{1,2}(?:/[^,\s]*,)?\d*)(?=[\[{])")
_LABEL = re.compile(r"([A-Za-z][A-Za-z _-]{0,40}): (.*)")


def _plain(_slot: Slot, new: Value, _source: Value) -> str:
    return as_text(new)


def _lines(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        line = _LINE.match(text, position)
        if line is None:  # pragma: no cover - the pattern matches everywhere
            return
        yield line
        position = line.end()


def decode_records(text: str) -> Layer:
    """The layer of SignalR JSON: one slot per record; every record ends in U+001E."""
    check_size(text.count(RECORD_END))
    slots: list[Slot] = []
    position = 0
    for record in text.split(RECORD_END):
        if record.strip():
            slots.append(Slot((len(slots),), position, position + len(record), record))
        position += len(record) + 1
    return Layer("records", text, tuple(slots), _plain)


def looks_like_socket_io(text: str) -> bool:
    """Whether this is an engine.io/socket.io packet: digits, perhaps a namespace, then JSON."""
    return _SOCKET_IO.match(text) is not None


def decode_socket_io(text: str) -> Layer:
    """The layer of one socket.io packet: its JSON, without the packet type and acknowledgement number."""
    head = _SOCKET_IO.match(text)
    start = head.end() if head else 0
    return Layer("socket_io", text, (Slot((), start, len(text), text[start:]),), _plain)


def looks_like_events(text: str) -> bool:
    """Whether the first line that is not blank is one of server-sent events and a data line follows."""
    first = text.lstrip("\ufeff\r\n")
    return _SSE_FIELD.match(first) is not None and ("\ndata:" in f"\n{first}" or "\rdata:" in first)


def decode_events(text: str) -> Layer:
    """The layer of server-sent events: `[n].data`, `[n].event`, `[n].id`; data lines of one event are one slot."""
    check_size(text.count("\n") + text.count("\r"))
    slots: list[Slot] = []
    lines: list[list[str]] = []
    event = 0
    is_open = False
    for line in _lines(text):
        value_end = line.start(1)
        if line.start() == value_end:
            event += is_open
            is_open = False
            continue
        field = _SSE_FIELD.match(text, line.start(), value_end)
        if field is None or field[1] is None:
            continue
        is_open = True
        steps = (event, field[1])
        last = slots[-1] if slots else None
        if (
            last is not None
            and field[1] == "data"
            and last.steps == steps
            and not text[last.end : field.start()].strip()
        ):
            lines[-1].append(text[field.end() : value_end])
            slots[-1] = replace(last, end=value_end, tag=last.tag or text[last.end : field.end()])
        else:
            lines.append([text[field.end() : value_end]])
            slots.append(Slot(steps, field.end(), value_end, ""))
    whole = (replace(slot, value="\n".join(values)) for slot, values in zip(slots, lines, strict=True))
    return Layer("events", text, tuple(whole), _write_event)


def _write_event(slot: Slot, new: Value, source: Value) -> str:
    """A data value with one line per `data:` field; `tag` holds what stood between two of its lines."""
    between = slot.tag or ("\r\ndata: " if "\r\n" in as_text(source) else "\ndata: ")
    return between.join(as_text(new).split("\n"))


def looks_labelled(text: str) -> bool:
    """One to twenty lines `Label: value` and nothing else, such as the first call of a resumable upload."""
    lines = text.strip().splitlines()
    return 0 < len(lines) <= 20 and all(_LABEL.fullmatch(line) for line in lines)


def decode_labelled(text: str) -> Layer:
    """The layer of `Label: value` lines, by label."""
    slots: list[Slot] = []
    for line in _lines(text):
        found = _LABEL.fullmatch(text, line.start(), line.start(1))
        if found is not None:
            slots.append(Slot((found[1],), *found.span(2), found[2]))
    return Layer("labelled", text, tuple(slots), _plain)
