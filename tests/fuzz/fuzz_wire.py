"""Fuzzing the codecs: any bytes, no exception but `CodecError`, and the laws of exactness for what does decode.

    python tests/fuzz/fuzz_wire.py TARGET [libFuzzer options, for example -max_total_time=60]

Targets are the names of `TARGETS`. A finding is written to a file `crash-…` in the working folder.
"""

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["gateway.wire"]):
    from gateway.errors import WireError
    from gateway.model.traffic import EndpointFormat, EndpointKind, Message, PartRole, Selector, Transport
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
    from gateway.wire.faults import CodecError
    from gateway.wire.limits import Limits
    from gateway.wire.message import extract
    from gateway.wire.structure import outline
    from gateway.wire.tree import Layer, SlotKind

TOKEN = "[PERSOON-1]"
LIMITS = Limits(depth=12, nesting=60, nodes=4000, expanded=1 << 20)
FORM = EndpointFormat(
    "fuzz",
    EndpointKind.PROMPT,
    texts=(
        Selector("body.messages[*].content", PartRole.USER, "^.role"),
        Selector("body..text"),
        Selector("body.data.."),
    ),
    joins=("body.runs[*][0]",),
)
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=B",
    "text/event-stream",
    "application/grpc-web+proto",
    "application/connect+json",
    "application/x-protobuf",
    "text/html; charset=utf-16",
    "text/plain; charset=latin-1",
    "",
)


def _layer(layer: Layer | None) -> None:
    """A decoded layer keeps its source, and its slots are where they say, in order."""
    if layer is None:
        return
    assert layer.rebuild({}) is layer.source
    position = 0
    for slot in layer.slots:
        assert position <= slot.start <= slot.end <= len(layer.source)
        position = slot.end
    for number in range(min(len(layer.slots), 3)):
        layer.rebuild({number: TOKEN})


def _text(codec: Callable[[str], Layer | None]) -> Callable[[bytes], None]:
    return lambda data: _layer(codec(data.decode("utf-8", "replace")))


def _bytes(codec: Callable[[bytes], Layer | None]) -> Callable[[bytes], None]:
    return lambda data: _layer(codec(data))


def _base64(text: str) -> Layer | None:
    content = base64_text.unpack(text)
    return None if content is None else base64_text.decode(text, content, SlotKind.FILE)


def _whole(data: bytes) -> None:
    """A message: reading never raises, no edit is the same object, and what is edited can be read again."""
    provider = atheris.FuzzedDataProvider(data)
    kind = TYPES[provider.ConsumeIntInRange(0, len(TYPES) - 1)]
    encoding = ("", "gzip", "br", "zstd", "deflate")[provider.ConsumeIntInRange(0, 4)]
    transport = Transport.WEBSOCKET if provider.ConsumeBool() else Transport.HTTP
    odd = kind + provider.ConsumeUnicode(12) if provider.ConsumeBool() else kind
    url = "https://a.example/x/" + provider.ConsumeUnicode(20) + "?q=" + provider.ConsumeUnicode(20)
    body = provider.ConsumeBytes(provider.remaining_bytes())
    headers = (("content-type", odd), ("content-encoding", encoding), ("x-file-name", url))
    message = Message("POST", url, headers, body, False, transport)
    decoded = extract(message, FORM, LIMITS)
    outline(message, LIMITS)
    assert decoded.rewrite({part.id: part.text for part in decoded.extraction.parts}) is message
    for part in decoded.extraction.parts[:3]:
        try:
            changed = decoded.rewrite({part.id: TOKEN})
        except WireError:
            continue
        extract(changed, FORM, LIMITS)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "json": _text(lambda text: json_text.decode(text, LIMITS)),
    "json_lines": _text(lambda text: json_text.decode_sequence(text, LIMITS)),
    "form": _text(url_text.decode_form),
    "url": _text(url_text.decode_url),
    "multipart": _bytes(lambda data: multipart.decode(data, "B")),
    "gzip": _bytes(lambda data: compression.decode(data, "gzip", 1 << 20)),
    "deflate": _bytes(lambda data: compression.decode(data, "deflate", 1 << 20)),
    "brotli": _bytes(lambda data: compression.decode(data, "br", 1 << 20)),
    "zstd": _bytes(lambda data: compression.decode(data, "zstd", 1 << 20)),
    "charset": _bytes(lambda data: charset.decode(data, "utf-16", is_text=True)),
    "records": _text(records.decode_records),
    "events": _text(records.decode_events),
    "google_frames": _text(google_frames.decode),
    "grpc_frames": _bytes(lambda data: grpc_frames.decode(data, limit=1 << 20)),
    "protobuf": _bytes(lambda data: protobuf.decode(data, LIMITS)),
    "base64": _text(_base64),
    "data_url": _text(base64_text.decode_data_url),
    "html": _text(html_text.decode),
    "message": _whole,
}


def main() -> None:
    """Runs one target until libFuzzer stops."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"target: one of {', '.join(TARGETS)}")
    run = TARGETS[sys.argv.pop(1)]

    def once(data: bytes) -> None:
        try:
            run(data)
        except CodecError:
            return

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
