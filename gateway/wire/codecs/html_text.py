"""HTML and XML: text between tags, attribute values, entities decoded; frame lengths of guest ChatGPT recounted."""

import html
import re

from gateway.wire.codecs.google_frames import utf16_end, utf16_length
from gateway.wire.faults import check_size
from gateway.wire.tree import Layer, Slot, Value, as_text

_TAG = re.compile(r"<!--.*?-->|<[/!?]?[A-Za-z](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>|<\?[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"\s(?P<name>[^\s=\"'<>/]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))"
)
_FRAME = re.compile(r'<template data-web-mobile-dpu-frame="(?P<length>\d{1,9})">')
_FRAME_END = "</template>"
_LOOKS = re.compile(r"\s*(?:<\?xml|<!doctype html|<html|<template|<(?:p|div|span|body|form|h1)[\s>])", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    return _LOOKS.match(text) is not None


def decode(text: str) -> Layer:
    """The layer of HTML: text slots `text`, attribute slots `@name`; white space between tags is no slot.

    Frames whose number counts the UTF-16 units of their content are slots of their own, `[n]`, holding HTML.
    """
    check_size(text.count("<"))
    if _FRAME.match(text.lstrip()):
        frames = _frames(text)
        if frames:
            return Layer("html_frames", text, tuple(frames), _write_frame)
    slots: list[Slot] = []
    position = 0
    for tag in _TAG.finditer(text):
        _add_text(slots, text, position, tag.start())
        if not tag[0].startswith("<!--"):
            _add_attributes(slots, text, tag)
        position = tag.end()
    _add_text(slots, text, position, len(text))
    return Layer("html", text, tuple(slots), _write)


def _frames(text: str) -> list[Slot]:
    slots: list[Slot] = []
    position = 0
    while head := _FRAME.search(text, position):
        end = utf16_end(text, head.end(), int(head["length"]))
        if end is None or not text.startswith(_FRAME_END, end):
            return []
        slots.append(Slot((len(slots),), head.start(), end, text[head.end() : end]))
        position = end + len(_FRAME_END)
    return slots


def _add_text(slots: list[Slot], text: str, start: int, end: int) -> None:
    if text[start:end].strip():
        slots.append(Slot(("text",), start, end, html.unescape(text[start:end])))


def _add_attributes(slots: list[Slot], text: str, tag: re.Match[str]) -> None:
    for attribute in _ATTRIBUTE.finditer(text, tag.start(), tag.end()):
        group = next(name for name in ("double", "single", "bare") if attribute[name] is not None)
        slots.append(Slot((f"@{attribute['name']}",), *attribute.span(group), html.unescape(attribute[group])))


def _write(_slot: Slot, new: Value, _source: Value) -> str:
    return html.escape(as_text(new), quote=True)


def _write_frame(_slot: Slot, new: Value, _source: Value) -> str:
    content = as_text(new)
    return f'<template data-web-mobile-dpu-frame="{utf16_length(content)}">{content}'
