"""Law 6 for every codec: reading and writing back is the identity, and one edit changes one slot and nothing else."""

import base64
import gzip
import json
import string
import zlib
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

import brotli
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.wire.codecs import (
    base64_text,
    charset,
    compression,
    google_frames,
    grpc_frames,
    html_text,
    json_text,
    multipart,
    protobuf,
    records,
    url_text,
)
from gateway.wire.tree import Layer, SlotKind, Value

TEXT = st.text(max_size=40)
CLEAN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
NAMES = st.text(string.ascii_letters + "_-.", min_size=1, max_size=12)
TOKEN = '[PERSOON-1] é 😀 " & < + % \\ /'


def check(layer: Layer, again: Callable[[Value], Layer], token: Value = TOKEN) -> None:
    """The two laws for one decoded source."""
    assert layer.rebuild({}) is layer.source
    for number in range(len(layer.slots)):
        edited = again(layer.rebuild({number: token}))
        assert [slot.value for slot in edited.slots] == [
            token if other == number else slot.value for other, slot in enumerate(layer.slots)
        ]
        assert [slot.steps for slot in edited.slots] == [slot.steps for slot in layer.slots]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES, st.sampled_from([None, 1, "\t"]), st.booleans(), st.sampled_from(["", "\ufeff"]))
def test_json(value: object, indent: int | str | None, ascii_only: bool, mark: str) -> None:
    text = mark + json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    layer = json_text.decode(text)
    assert layer.rebuild({}) is layer.source
    for number, slot in enumerate(layer.slots):
        if slot.kind == SlotKind.KEY:
            continue
        edited = layer.rebuild({number: TOKEN})
        assert isinstance(edited, str)
        assert json_text.decode(edited).slots[number].value == TOKEN
        assert edited[: slot.start] == text[: slot.start]
        assert edited.endswith(text[slot.end :])


@given(JSON_VALUES)
def test_json_reads_what_the_standard_library_reads(value: object) -> None:
    texts = [slot.value for slot in json_text.decode(json.dumps(value)).slots if slot.kind == SlotKind.TEXT]
    assert texts == list(_strings(value))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _strings(item)]


@given(st.lists(JSON_VALUES, min_size=2, max_size=4), st.sampled_from(["\n", "\r\n", "\n\n", ""]))
def test_json_lines(values: list[object], between: str) -> None:
    values = [[value] for value in values]
    layer = json_text.decode_sequence(between.join(map(json.dumps, values)))
    assert layer.rebuild({}) is layer.source
    assert {slot.steps[0] for slot in layer.slots} <= set(range(len(values)))


@given(st.lists(st.tuples(NAMES, CLEAN), min_size=1, max_size=5))
def test_form(pairs: list[tuple[str, str]]) -> None:
    check(url_text.decode_form(urlencode(pairs)), lambda text: url_text.decode_form(str(text)))


@given(st.lists(CLEAN.filter(bool), max_size=4), st.lists(st.tuples(NAMES, CLEAN), max_size=3))
def test_url(segments: list[str], pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import quote

    path = "/".join(quote(segment, safe="") for segment in segments)
    check(
        url_text.decode_url(f"https://ai.example.nl/{path}?{urlencode(pairs)}"),
        lambda text: url_text.decode_url(str(text)),
    )


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_compression(data: bytes, encoding: str) -> None:
    packed = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.ZstdCompressor().compress,
    }[encoding](data)
    layer = compression.decode(packed, encoding, 1 << 20)
    assert layer.slots[0].value == data
    check(layer, lambda value: compression.decode(bytes(value), encoding, 1 << 20), b"nieuw")  # type: ignore[arg-type]


@given(
    CLEAN.filter(lambda text: text[:1] != "\ufeff" and "\0" not in text),
    st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-32"]),
)
@example("\U00034e80", "utf-16-be")
def test_charset(text: str, name: str) -> None:
    """Bytes that are good UTF-8 as well (no control characters among them) are read as that: labels lie."""
    data = text.encode(name)
    layer = charset.decode(data, name)
    assert layer is not None
    assert str(layer.slots[0].value).lstrip("\ufeff") == (_as_utf_8(data) or text).lstrip("\ufeff")
    assert layer.rebuild({0: layer.slots[0].value}) == data


def _as_utf_8(data: bytes) -> str:
    """The bytes as UTF-8 text; empty when they are none, or hold control characters."""
    if min(data, default=0x20) < 0x20:
        return ""
    with suppress(UnicodeDecodeError):
        return data.decode()
    return ""


@given(st.binary(max_size=60))
def test_charset_never_changes_a_byte(data: bytes) -> None:
    layer = charset.decode(data, "windows-1252", is_text=True)
    assert layer is None or layer.rebuild({0: layer.slots[0].value}) == data


@given(st.lists(st.tuples(NAMES, CLEAN, st.booleans()), min_size=1, max_size=4), st.sampled_from([b"\r\n", b"\n"]))
def test_multipart(fields: list[tuple[str, str, bool]], end: bytes) -> None:
    body = b"".join(
        b'--B%sContent-Disposition: form-data; name="%s"%s%s%s%s%s'
        % (end, name.encode(), f'; filename="{name}.txt"'.encode() if is_file else b"", end, end, text.encode(), end)
        for name, text, is_file in fields
    )
    body += b"--B--" + end
    layer = multipart.decode(body, "B")
    assert [slot.value for slot in layer.slots if slot.kind != SlotKind.FILE_NAME] == [
        text.encode() for _, text, _ in fields
    ]
    for number, slot in enumerate(layer.slots):
        new = 'nieuwe naam "é".txt' if slot.kind == SlotKind.FILE_NAME else b"nieuw"
        again = multipart.decode(bytes(layer.rebuild({number: new})), "B")  # type: ignore[arg-type]
        expected = [new if other == number else slot.value for other, slot in enumerate(layer.slots)]
        assert [slot.value for slot in again.slots] == expected


@given(st.binary(min_size=12, max_size=90), st.booleans(), st.booleans())
def test_base64(data: bytes, url_alphabet: bool, padded: bool) -> None:
    text = (base64.urlsafe_b64encode if url_alphabet else base64.b64encode)(data).decode()
    text = text if padded else text.rstrip("=")
    content = base64_text.unpack(text)
    assert content == data
    layer = base64_text.decode(text, data, SlotKind.FILE)
    assert base64_text.unpack(str(layer.rebuild({0: b"nieuwe inhoud"}))) == b"nieuwe inhoud"


@given(st.binary(max_size=90))
def test_data_url(data: bytes) -> None:
    text = f"data:text/plain;charset=utf-8;base64,{base64.b64encode(data).decode()}"
    layer = base64_text.decode_data_url(text)
    assert layer is not None
    assert layer.slots[0].value == data
    check(layer, lambda value: base64_text.decode_data_url(str(value)), b"nieuw")  # type: ignore[arg-type, return-value]


@given(st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_google_frames(values: list[object]) -> None:
    bodies = [json.dumps(value, ensure_ascii=False) for value in values]
    text = ")]}'\n\n" + "".join(f"{google_frames.utf16_length(body) + 2}\n{body}\n" for body in bodies)
    layer = google_frames.decode(text)
    assert [slot.value for slot in layer.slots] == bodies
    check(layer, lambda value: google_frames.decode(str(value)))


@given(CLEAN, st.integers(0, 60), st.integers(0, 60))
def test_utf16_positions(text: str, start: int, units: int) -> None:
    end = google_frames.utf16_end(text, start, units)
    if end is not None:
        assert google_frames.utf16_length(text[start:end]) == units


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30), min_size=1, max_size=4)
)
def test_records(texts: list[str]) -> None:
    kept = [text for text in texts if text.strip()]
    layer = records.decode_records("".join(text + records.RECORD_END for text in kept))
    assert [slot.value for slot in layer.slots] == kept
    check(layer, lambda value: records.decode_records(str(value)), "nieuw")


@given(
    st.lists(st.lists(CLEAN.map(lambda text: text.lstrip(" ")), min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n"]),
)
def test_events(events: list[list[str]], end: str) -> None:
    lines = [line for event in events for line in [*(f"data: {text}" for text in event), ""]]
    clean = [[line for line in event if not set("\x85\u2028\u2029") & set(line)] for event in events]
    if clean != events:
        return
    layer = records.decode_events(end.join(lines) + end)
    assert [slot.value for slot in layer.slots] == ["\n".join(event) for event in events]
    check(layer, lambda value: records.decode_events(str(value)), "een\ntwee")


@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.binary(min_size=1, max_size=40)), min_size=1, max_size=4))
def test_grpc_frames(messages: list[tuple[int, bytes]]) -> None:
    packed = [(flag, gzip.compress(data, mtime=0) if flag else data) for flag, data in messages]
    source = b"".join(bytes([flag]) + len(data).to_bytes(4, "big") + data for flag, data in packed)
    layer = grpc_frames.decode(source)
    assert [slot.value for slot in layer.slots] == [data for _, data in messages]
    check(layer, lambda value: grpc_frames.decode(bytes(value)), b"nieuw")  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 200), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=5, max_size=200)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_protobuf(fields: list[tuple[int, str]]) -> None:
    source = b"".join(_field(number, text.encode()) for number, text in fields) + b"\x08\x01"
    layer = protobuf.decode(source)
    assert [slot.value for slot in layer.slots] == [text for _, text in fields]
    check(layer, lambda value: protobuf.decode(bytes(value)))  # type: ignore[arg-type]


def _field(number: int, data: bytes) -> bytes:
    return protobuf.write_varint(number << 3 | 2) + protobuf.write_varint(len(data)) + data


@given(st.integers(0, 2**63))
def test_varints(number: int) -> None:
    data = protobuf.write_varint(number)
    assert protobuf.read_varint(data, 0) == (number, len(data))


@given(st.lists(CLEAN.filter(str.strip), min_size=1, max_size=4), CLEAN)
def test_html(texts: list[str], attribute: str) -> None:
    import html

    source = "".join(f'<p data-x="{html.escape(attribute)}">{html.escape(text)}</p>' for text in texts)
    layer = html_text.decode(source)
    assert layer.rebuild({}) is layer.source
    check(layer, lambda value: html_text.decode(str(value)))


@given(st.lists(CLEAN, min_size=1, max_size=3))
def test_html_frames(contents: list[str]) -> None:
    frames = [f"<p>{content.replace('<', '')}</p>" for content in contents]
    source = "".join(
        f'<template data-web-mobile-dpu-frame="{google_frames.utf16_length(frame)}">{frame}</template>'
        for frame in frames
    )
    layer = html_text.decode(source)
    assert [slot.value for slot in layer.slots] == frames
    check(layer, lambda value: html_text.decode(str(value)), "<p>😀 nieuw</p>")


@pytest.mark.parametrize(
    "text", ['{"a":1,}', "[1 2]", '{"a"}', "{a:1}", "[", "]", '"open', '{"a":"\\x"}', "nul", "[1]x", "", "{]"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    from gateway.wire.faults import CodecError

    with pytest.raises(CodecError):
        json_text.decode(text)


settings.register_profile("wire", max_examples=60, deadline=None)
settings.load_profile("wire")
