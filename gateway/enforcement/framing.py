"""Cutting an answer into units that can be read on their own (SSE events, lines, JSON values), and opening one.

Every unit keeps its bytes: `Frame.build` with the payload it came with gives exactly the bytes that were cut.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from gateway.wire.codecs.google_frames import utf16_length

_SSE_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)+")
_USUAL_EVENT = re.compile(r"(?:event: ?([^\r\n]*)\r?\n)?data: ?([^\r\n]*)[\r\n]*")
_LINE = re.compile(r"(?>\r\n|\n|\r)")
_OUTSIDE = re.compile(rb'"(?:[^"\\]*+(?:\\.[^"\\]*+)*+")?|[{}\[\]]', re.DOTALL)
_QUOTE, _BRACKET = ord('"'), ord("[")
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+(")?', re.DOTALL)
_FIRST_OF_ARRAY = re.compile(rb"\s*(.)", re.DOTALL)
_LINES = re.compile(rb"[^\n]*\n|[^\n]+")
_LINE_PREFIX = re.compile(r"\s*(?:\w{1,8}:)?\s*(?=[{\[\"])")
_OPENER = {"}": "{", "]": "[", '"': '"'}
_COUNTED = re.compile(r"\d+\n\Z")


@dataclass(frozen=True, slots=True)
class Frame:
    """A unit opened: `payload` is the text that may change, `name` the event it says it is.

    `again` builds a unit that can stand after this one, with whatever must be between the two. `is_item`: an item of
    a JSON array.
    """

    payload: str
    build: Callable[[str], str]
    again: Callable[[str], str]
    name: str = ""
    is_item: bool = False


class Framing(Protocol):
    """How one kind of answer is cut. `cut` and `units` work on bytes, so that nothing is decoded in vain."""

    is_readable: bool
    """Whether a token can be seen in the bytes themselves; else every unit must be opened."""

    def cut(self, buffer: bytearray, start: int) -> int:
        """Where the last complete unit in `buffer` ends; 0 when there is none. Before `start` there is no end."""
        ...

    def units(self, data: bytes) -> Iterator[bytes]:
        """The complete units of `data`, which is what `cut` just cut off; joined they are `data`."""
        ...

    def forget(self, size: int) -> None:
        """The first `size` bytes of the buffer were taken out of it without being cut."""
        ...

    def open(self, unit: str) -> Frame | None:
        """The text in a unit; None when there is none."""
        ...


class SseFraming:
    """Server-sent events: fields in lines, a blank line ends an event. A BOM, comments and `id:` are kept."""

    is_readable = True

    def cut(self, buffer: bytearray, start: int) -> int:
        if buffer.endswith(b"\n\n"):
            return len(buffer)
        end = 0
        for match in _SSE_END.finditer(buffer, max(0, start - 3)):
            if match.end() == len(buffer) and match[0].endswith(b"\n\r"):
                break  # half of a CRLF: its other half is still to come
            end = match.end()
        return end

    def units(self, data: bytes) -> Iterator[bytes]:
        at = 0
        for match in _SSE_END.finditer(data):
            yield data[at : match.end()]
            at = match.end()
        if at < len(data):
            yield data[at:]

    def forget(self, size: int) -> None:
        """Nothing to keep: an end is recognised by itself."""

    def open(self, unit: str) -> Frame | None:
        if usual := _USUAL_EVENT.fullmatch(unit):
            first, last = usual.span(2)
            head, tail = unit[:first], unit[last:]
            build: Callable[[str], str] = lambda new: head + _data_lines(new) + tail  # noqa: E731
            return Frame(usual[2], build, build, usual[1] or "")
        return self._open_unusual(unit)

    def _open_unusual(self, unit: str) -> Frame | None:
        """Comments, ids, several data lines, a byte-order mark."""
        spans, name, at = [], "", 0
        for end in [*(match.start() for match in _LINE.finditer(unit)), len(unit)]:
            field, _, rest = unit[at:end].lstrip("\n\r\ufeff").partition(":")
            value = rest.removeprefix(" ")
            if field == "data":
                spans.append((end - len(value), end))
            elif field == "event":
                name = value
            at = end + 1
        if not spans:
            return None
        first, last = spans[0][0], spans[-1][1]
        payload = "\n".join(unit[start:end] for start, end in spans)

        def build(new: str) -> str:
            if new == payload:
                return unit
            return unit[:first] + _data_lines(new) + unit[last:]

        return Frame(payload, build, build, name)


def _data_lines(payload: str) -> str:
    """A payload with line breaks takes a data field for each line."""
    return _LINE.sub("\ndata: ", payload) if "\n" in payload or "\r" in payload else payload


class LineFraming:
    """One value per line: NDJSON, or `15:{…}` as some web apps number their lines."""

    is_readable = True

    def cut(self, buffer: bytearray, start: int) -> int:
        return buffer.rfind(b"\n", start) + 1

    def units(self, data: bytes) -> Iterator[bytes]:
        yield from _LINES.findall(data)

    def forget(self, size: int) -> None:
        """Nothing to keep: an end is recognised by itself."""

    def open(self, unit: str) -> Frame | None:
        body = unit.rstrip("\r\n")
        prefix = _LINE_PREFIX.match(body)
        at = prefix.end() if prefix else 0
        if at == len(body):
            return None
        end = unit[len(body) :]
        return Frame(body[at:], lambda new: unit[:at] + new + end, lambda new: unit[:at] + new + (end or "\n"))


class JsonFraming:
    """JSON values one after another, whatever stands between: one document, NDJSON in disguise, SignalR records,
    parts of a multipart answer, an array whose items arrive in pieces (each item is a unit), or Google's frames
    (`counted`: a length goes before).
    """

    is_readable = True

    def __init__(self, *, counted: bool = False, series: bool = False) -> None:
        """`series`: from the first value on, a text may go on in the next."""
        self.is_counted = counted
        self.is_series = counted or series
        self._at = 0
        self._depth = 0
        self._ground = 0
        self._in_string = False
        self._ends: list[int] = []
        self._skip_anti_hijack = counted

    def cut(self, buffer: bytearray, start: int) -> int:
        """As the protocol says; keeps its place, so each byte is looked at once."""
        del start
        self._ends.clear()
        if self._skip_anti_hijack:
            end = buffer.find(b"\n")
            if end < 0:
                return 0
            self._at, self._skip_anti_hijack = end, False
        if not self._in_string or self._string(buffer):
            self._structure(buffer)
        end = self._ends[-1] if self._ends else 0
        self._at -= end
        return end

    def units(self, data: bytes) -> Iterator[bytes]:
        at = 0
        for end in self._ends:
            yield data[at:end]
            at = end
        if at < len(data):
            yield data[at:]

    def forget(self, size: int) -> None:
        self._at -= size

    @property
    def is_open(self) -> bool:
        """Whether the bytes seen end inside a value."""
        return self._in_string or self._depth > self._ground

    def open(self, unit: str) -> Frame | None:
        body = unit.rstrip()
        opener = _OPENER.get(body[-1:])
        start = -1 if opener is None else unit.find(opener, unit.find("\n") + 1 if unit.startswith(")]}'") else 0)
        if start < 0:
            return None
        before, payload = unit[:start], unit[start:]
        if "content-length" in before.lower():
            return None
        count = _COUNTED.search(before) if self.is_counted else None
        if count is not None:
            before = before[: count.start()]
            return Frame(payload, lambda new: before + _counted(new), lambda new: "\n" + _counted(new))
        is_item = before.rstrip()[-1:] in ("[", ",")
        between = "," if is_item else "\r\n" + before.lstrip() if before.lstrip().startswith("--") else "\n"
        return Frame(payload, lambda new: before + new, lambda new: between + new, is_item=is_item)

    def _string(self, buffer: bytearray) -> bool:
        match = _INSIDE.match(buffer, self._at)
        self._at = match.end() if match else self._at
        if match is None or match[1] is None:
            return False
        self._in_string = False
        if self._depth == self._ground == 0:
            self._ends.append(self._at)
        return True

    def _structure(self, buffer: bytearray) -> None:
        """From outside a string to the end of the buffer, or to a string that is not complete yet."""
        depth, at = self._depth, self._at
        for match in _OUTSIDE.finditer(buffer, at):
            at = match.end()
            sign = buffer[match.start()]
            if sign == _QUOTE:
                if at - match.start() == 1:
                    self._depth, self._at, self._in_string = depth, at, True
                    self._string(buffer)
                    return
                if depth == self._ground == 0:
                    self._ends.append(at)
            elif sign in b"{[":
                if depth == 0 and sign == _BRACKET and not self.is_counted:
                    first = _FIRST_OF_ARRAY.match(buffer, at)
                    if first is None:
                        self._depth, self._at = depth, match.start()
                        return
                    self._ground = int(first[1] == b"{")
                depth += 1
            elif depth:
                depth -= 1
                if depth < self._ground:
                    self._ground = 0
                elif depth == self._ground:
                    self._ends.append(at)
        self._depth, self._at = depth, len(buffer)


def _counted(payload: str) -> str:
    """Google's length: UTF-16 units from the newline after the number through the newline after the value."""
    return f"{utf16_length(payload) + 2}\n{payload}"
