"""One sentence in every wrapping we know: found, replaced, found again, and the rest of the wrapping in order."""

import base64
import gzip
import html
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote, urlencode

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.traffic import EndpointFormat, EndpointKind, Message
from gateway.wire.codecs.google_frames import utf16_length
from gateway.wire.codecs.protobuf import write_varint
from gateway.wire.message import extract

GENERIC = EndpointFormat("", EndpointKind.UNKNOWN)
TEXT = 'Brief aan Zoë "Vos" 😀 & co <x> 50%'
NEW = 'Brief aan [P] "é" 😀 + 1/2 = <y>'
JSON = json.dumps({"id": "a1", "prompt": TEXT}, ensure_ascii=False)


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def field(number: int, data: bytes) -> bytes:
    return write_varint(number << 3 | 2) + write_varint(len(data)) + data


def frame(payload: bytes, flag: int = 0) -> bytes:
    return bytes([flag]) + len(payload).to_bytes(4, "big") + payload


PROTO = field(1, b"nl") + field(3, field(2, TEXT.encode()) + b"\x08\x07") + b"\x20\x01"
PART = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n%s\r\n--B--\r\n'
FRAMES = ")]}'\n\n" + "".join(
    f"{utf16_length(body) + 2}\n{body}\n" for body in (json.dumps([["x", None, JSON]]), "[1]")
)

WRAPPINGS: dict[str, tuple[str, bytes, str]] = {
    "json": ("application/json", JSON.encode(), ""),
    "json as plain text": ("text/plain;charset=UTF-8", JSON.encode(), ""),
    "json without a type": ("", JSON.encode(), ""),
    "json with a mark": ("application/json", b"\xef\xbb\xbf" + JSON.encode(), ""),
    "json in utf-16": ("application/json", JSON.encode("utf-16"), ""),
    "json in json": ("application/json", json.dumps({"a": json.dumps([JSON])}).encode(), ""),
    "json array": ("application/json", f"[[1,{JSON}]]".encode(), ""),
    "json lines": ("application/x-ndjson", f'{{"a":1}}\r\n{JSON}\r\n'.encode(), ""),
    "json with no line between": ("application/json", f'{{"a":1}}{JSON}'.encode(), ""),
    "events": ("text/event-stream", f"event: x\ndata: {JSON}\n\ndata: [DONE]\n\n".encode(), ""),
    "records": ("", f'{{"type":6}}\x1e{JSON}\x1e'.encode(), ""),
    "socket.io": ("", f'42/chat,7["message",{JSON}]'.encode(), ""),
    "google frames": ("application/json", FRAMES.encode(), ""),
    "form": ("application/x-www-form-urlencoded", urlencode({"a": "1", "prompt": TEXT}).encode(), ""),
    "form without a type": ("", urlencode({"a": "1", "prompt": TEXT}).encode(), ""),
    "json in json in a form": (
        "application/x-www-form-urlencoded",
        urlencode({"f.req": json.dumps([None, JSON]), "at": "x:1"}).encode(),
        "",
    ),
    "form in json": ("application/json", json.dumps({"body": f"x=1&prompt={quote(TEXT)}"}).encode(), ""),
    "multipart field": ("multipart/form-data; boundary=B", PART % (b"prompt", b"", TEXT.encode()), ""),
    "json in multipart": ("multipart/form-data; boundary=B", PART % (b"data", b"", JSON.encode()), ""),
    "multipart in base64": (
        "multipart/form-data; boundary=B",
        PART % (b"data", b"Content-Transfer-Encoding: base64\r\n", b64(TEXT).encode()),
        "",
    ),
    "multipart without a type": ("", PART % (b"data", b"", JSON.encode()), ""),
    "base64 in json": ("application/json", json.dumps({"payload": b64(JSON)}).encode(), ""),
    "data url in json": ("application/json", json.dumps({"doc": f"data:text/plain;base64,{b64(TEXT)}"}).encode(), ""),
    "url in json": ("application/json", json.dumps({"next": f"https://a.example/x?q={quote(TEXT)}"}).encode(), ""),
    "gzip": ("application/json", gzip.compress(JSON.encode()), "gzip"),
    "deflate": ("application/json", zlib.compress(JSON.encode()), "deflate"),
    "brotli": ("application/json", brotli.compress(JSON.encode()), "br"),
    "zstd": ("application/json", zstandard.ZstdCompressor().compress(JSON.encode()), "zstd"),
    "gzip in brotli": ("application/json", brotli.compress(gzip.compress(JSON.encode())), "gzip, br"),
    "gzip nobody told of": ("application/octet-stream", gzip.compress(JSON.encode()), ""),
    "zstd nobody told of": ("", zstandard.ZstdCompressor().compress(JSON.encode()), ""),
    "gzip in base64 in json": (
        "application/json",
        json.dumps({"z": base64.b64encode(gzip.compress(JSON.encode())).decode()}).encode(),
        "",
    ),
    "grpc-web": ("application/grpc-web+proto", frame(PROTO), ""),
    "grpc-web-text": ("application/grpc-web-text", base64.b64encode(frame(PROTO)), ""),
    "connect with gzip": ("application/connect+json", frame(gzip.compress(JSON.encode()), 1), ""),
    "protobuf": ("application/x-protobuf", PROTO, ""),
    "protobuf nobody told of": ("application/octet-stream", PROTO, ""),
    "json+protobuf": ("application/json+protobuf", json.dumps([["x", TEXT], 1]).encode(), ""),
    "html": ("text/html", f'<p class="a">{html.escape(TEXT)}</p>'.encode(), ""),
    "json in html": ("text/html", f'<div data-state="{html.escape(JSON)}"></div>'.encode(), ""),
    "xml": ("application/xml", f"<?xml version='1.0'?><a><b>{html.escape(TEXT)}</b></a>".encode(), ""),
    "text": ("text/plain", TEXT.encode(), ""),
}


@pytest.mark.parametrize("name", WRAPPINGS)
def test_found_and_replaced_in_every_wrapping(name: str) -> None:
    media_type, body, encoding = WRAPPINGS[name]
    headers = (("content-type", media_type), ("content-encoding", encoding), ("content-length", str(len(body))))
    message = Message("POST", "https://a.example/x", headers, body)
    decoded = extract(message, GENERIC)
    assert [part.text for part in decoded.extraction.parts] == [TEXT]
    assert decoded.extraction.gaps == ()
    (part,) = decoded.extraction.parts
    changed = decoded.rewrite({part.id: NEW})
    again = extract(changed, GENERIC)
    assert [found.text for found in again.extraction.parts] == [NEW]
    assert again.skipped() == decoded.skipped()
    assert dict(changed.headers)["content-length"] == str(len(changed.body))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from([json.dumps, lambda value: json.dumps(value, indent=1, ensure_ascii=False)]))
def test_an_edit_in_any_json_changes_one_string_and_nothing_else(value: object, dumps: Callable[[object], str]) -> None:
    """Law 6 over whole messages: parsed again, all is equal but the one text."""
    body = dumps({"before": value, "prompt": TEXT, "after": value}).encode()
    decoded = extract(Message("POST", "https://a.example/x", (("content-type", "application/json"),), body), GENERIC)
    part = next(part for part in decoded.extraction.parts if part.locator == "body.prompt")
    changed = decoded.rewrite({part.id: NEW}).body
    assert json.loads(changed) == {"before": value, "prompt": NEW, "after": value}
    assert len(changed) - len(body) == len(dumps(NEW).encode()) - len(dumps(TEXT).encode())


PACKED = b"data:text/csv;base64,bmFhbTtic24KeDsxMTEyMjIzMzMK"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PACKED, "text/plain"),
        (b"bmFhbTtic24KeDsxMTEyMjIzMzMK", "text/plain"),
        (
            b'--b\r\ncontent-disposition: form-data; name="FileBase64"\r\n\r\n' + PACKED + b"\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["a data URL as the whole body, which looks like an event", "base64 as the whole body", "a form field"],
)
def test_what_is_packed_as_a_whole_is_entered(body: bytes, media_type: str) -> None:
    message = Message("POST", "https://a.example/upload", (("content-type", media_type),), body)
    texts = [
        part.text for part in extract(message, EndpointFormat("upload", EndpointKind.UPLOAD_META)).extraction.parts
    ]
    assert any("x;111222333" in text for text in texts)
