"""Bytes to a tree: which codec reads which part of a message, by what is declared and by what it looks like."""

from collections.abc import Callable
from functools import partial

from gateway.model.inspection import Gap, GapKind
from gateway.wire import choosing, media
from gateway.wire.codecs import (
    base64_text,
    charset,
    compression,
    grpc_frames,
    json_text,
    multipart,
    protobuf,
    records,
    url_text,
)
from gateway.wire.faults import CodecError
from gateway.wire.limits import Limits
from gateway.wire.locators import nearest_key
from gateway.wire.tree import Layer, Node, Path, Slot, SlotKind, Value, as_bytes

_OPAQUE_BYTES = 64
_LEAST_GROWTH = 1024 * 1024
_OVER_A_LIMIT = (GapKind.TOO_DEEP, GapKind.TOO_LARGE)


class Reader:
    """Reads one message. `gaps` collects what could not be read, with the path it was met at."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.gaps: list[tuple[Path, Gap]] = []
        self._count = 0
        self._expandable = limits.expanded

    def read_url(self, url: str) -> Node:
        """The tree of a request target: `path[n]` and `query.name`."""
        node = self._node(url, ())
        layer = self._attempt(node, partial(url_text.decode_url, url))
        if layer is not None:
            self._grow(node, layer, 1)
        return node

    def read_header(self, name: str, value: str) -> Node:
        """The tree of one header value."""
        node = self._node(value, ("header", name))
        if name == "content-disposition":
            self._grow(node, multipart.decode_disposition(value), 1)
        else:
            self._read_string(node, 1)
        return node

    def read_body(self, data: bytes, media_type: str, encodings: tuple[str, ...], whole: bool) -> Node:
        """The tree of a body. `encodings` in the order they were applied; `whole` leaves the bytes inside unread."""
        node = inner = self._node(data, ("body",), media_type=media_type)
        self._expandable = min(self._expandable, max(_LEAST_GROWTH, self.limits.growth * len(data)))
        depth = 1
        for encoding in reversed(encodings):
            layer = self._attempt(inner, partial(self._expand, as_bytes(inner.value), encoding))
            if layer is None:
                return node
            self._grow(inner, layer, depth, read=False)
            inner, depth = inner.children[0], depth + 1
        inner.media_type = media_type
        if whole and multipart.sniff_boundary(data) == "":
            inner.kind = SlotKind.FILE
        else:
            self._read_bytes(inner, depth)
        return node

    # --- building -----------------------------------------------------------------------------------------------

    def _node(self, value: Value, path: Path, kind: SlotKind = SlotKind.TEXT, media_type: str = "") -> Node:
        self._count += 1
        return Node(self._count, path, value, kind, media_type)

    def _gap(self, node: Node, kind: GapKind, detail: str) -> None:
        self.gaps.append((node.path, Gap(kind, detail=detail)))

    def _attempt(self, node: Node, codec: Callable[[], Layer | None]) -> Layer | None:
        """The layer, or None with the gap noted."""
        try:
            return codec()
        except CodecError as error:
            self._gap(node, error.kind, error.codec)
            return None

    def _grow(self, node: Node, layer: Layer, depth: int, read: bool = True) -> None:
        """Hangs the layer's slots under the node and reads each of them further."""
        if depth > self.limits.depth:
            self._gap(node, GapKind.TOO_DEEP, layer.codec)
            return
        if self._count + len(layer.slots) > self.limits.nodes:
            self._gap(node, GapKind.TOO_LARGE, "values")
            return
        node.layer = layer
        for slot in layer.slots:
            child = self._node(slot.value, node.path + slot.steps, slot.kind, slot.media_type)
            node.children.append(child)
            if read:
                self._read_slot(child, slot, layer, depth + 1)

    def _read_slot(self, child: Node, slot: Slot, layer: Layer, depth: int) -> None:
        if isinstance(child.value, str):
            if slot.kind == SlotKind.TEXT:
                self._read_string(child, depth)
        elif layer.codec == "multipart":
            self._read_field(child, slot, depth)
        elif slot.tag == "message":
            self._read_protobuf(child, depth)
        elif layer.codec == "protobuf":
            self._read_opaque(child, depth)
        elif layer.codec in ("base64", "data_url"):
            self._read_file(child, depth)
        else:
            self._read_bytes(child, depth)

    # --- bytes --------------------------------------------------------------------------------------------------

    def _expand(self, data: bytes, encoding: str) -> Layer:
        if encoding not in compression.ENCODINGS:
            raise CodecError("content_encoding", GapKind.UNKNOWN_FORMAT)
        try:
            layer = compression.decode(data, encoding, self._expandable)
        except CodecError as error:
            if error.kind == GapKind.TOO_LARGE:
                self._expandable = 0
            raise
        self._expandable -= len(layer.slots[0].value)
        return layer

    def _read_bytes(self, node: Node, depth: int) -> None:
        """Reads bytes that should be a message: unpacks, then by the declared type, then by their looks."""
        data = as_bytes(node.value)
        kind = media.essence(node.media_type)
        packed = compression.sniff(data)
        if not data:
            return
        if packed:
            layer = self._attempt(node, partial(self._expand, data, packed))
            if layer is not None:
                self._grow(node, layer, depth, read=False)
                if node.children:
                    node.children[0].media_type = node.media_type
                    self._read_bytes(node.children[0], depth + 1)
            return
        boundary = multipart.sniff_boundary(data) or media.parameter(node.media_type, "boundary")
        if kind.startswith("multipart/") or (boundary and not media.sniff_file(data)):
            layer = self._attempt(node, partial(multipart.decode, data, boundary))
            if layer is not None:
                self._grow(node, layer, depth)
            return
        if media.is_framed(kind) or media.is_protobuf(kind):
            self._read_binary(node, kind, depth)
            return
        if not media.sniff_file(data):
            text = charset.decode(data, media.parameter(node.media_type, "charset"), media.is_textual(kind))
            if text is not None and choosing.is_printable(text.slots[0].value):
                self._grow(node, text, depth, read=False)
                if node.children:
                    self._read_body_text(node.children[0], kind, depth + 1)
                return
        self._read_binary(node, kind, depth)

    def _read_binary(self, node: Node, kind: str, depth: int) -> None:
        """Frames, protobuf, a known file, or bytes nobody can read."""
        data = as_bytes(node.value)
        sniffed = media.sniff_file(data)
        if kind.startswith("application/grpc-web-text"):
            text = charset.decode(data)
            content = base64_text.unpack(data.decode("latin-1"))
            if text is not None and content is not None:
                self._grow(node, text, depth, read=False)
                inner = node.children[0]
                self._grow(inner, base64_text.decode(str(inner.value), content, SlotKind.TEXT), depth + 1, read=False)
                self._read_binary(inner.children[0], "application/grpc", depth + 2)
                return
        if sniffed and not media.is_framed(kind) and not media.is_protobuf(kind):
            node.kind = SlotKind.FILE
            node.media_type = node.media_type or sniffed
        elif media.is_framed(kind) or (not media.is_protobuf(kind) and grpc_frames.looks_like_frames(data)):
            layer = self._attempt(node, partial(self._read_frames, data))
            if layer is not None:
                self._grow(node, layer, depth)
        elif media.is_protobuf(kind) or protobuf.looks_like_protobuf(data):
            self._read_protobuf(node, depth)
        else:
            node.kind = SlotKind.FILE
            self._gap(node, GapKind.UNKNOWN_FORMAT, "bytes")

    def _read_frames(self, data: bytes) -> Layer:
        layer = grpc_frames.decode(data, limit=self._expandable)
        self._expandable -= sum(len(slot.value) for slot in layer.slots if slot.tag)
        return layer

    def _read_protobuf(self, node: Node, depth: int) -> None:
        layer = self._attempt(node, partial(protobuf.decode, as_bytes(node.value), self.limits))
        if layer is not None:
            self._grow(node, layer, depth)

    def _read_opaque(self, node: Node, depth: int) -> None:
        """Bytes in a protobuf field: a packed payload, a file, or something short enough to be an id or a hash."""
        data = as_bytes(node.value)
        if compression.sniff(data) or media.sniff_file(data):
            self._read_bytes(node, depth)
        elif len(data) > _OPAQUE_BYTES:
            node.kind = SlotKind.FILE
            self._gap(node, GapKind.UNKNOWN_FORMAT, "bytes")

    def _read_field(self, node: Node, slot: Slot, depth: int) -> None:
        """One part of a multipart body: a file stays whole, a field is text unless it is plainly not."""
        data = as_bytes(node.value)
        if slot.tag == "quoted-printable":
            self._gap(node, GapKind.UNKNOWN_FORMAT, "quoted_printable")
        elif slot.tag == "base64":
            text = charset.decode(data)
            content = base64_text.unpack(str(text.slots[0].value)) if text is not None else None
            if text is None or content is None:
                self._gap(node, GapKind.UNREADABLE, "base64")
                return
            self._grow(node, text, depth, read=False)
            inner = node.children[0]
            self._grow(inner, base64_text.decode(str(inner.value), content, SlotKind.FILE, slot.media_type), depth + 1)
        elif slot.kind == SlotKind.TEXT:
            node.media_type = slot.media_type or "text/plain"
            self._read_bytes(node, depth)

    def _read_file(self, node: Node, depth: int) -> None:
        """Bytes from base64: text is read as text, a packed or framed message further, the rest is a file."""
        data = as_bytes(node.value)
        if compression.sniff(data) and "gzip" not in node.media_type:
            self._read_bytes(node, depth)
            return
        text = None if media.sniff_file(data) else charset.decode(data, media.parameter(node.media_type, "charset"))
        if text is not None and choosing.is_printable(text.slots[0].value):
            self._grow(node, text, depth)
        else:
            node.kind = SlotKind.FILE

    # --- text ---------------------------------------------------------------------------------------------------

    def _read_body_text(self, node: Node, kind: str, depth: int) -> None:
        """A whole body as text: the declared form first when it fits, then the looks; else running text."""
        text = str(node.value)
        first = text.lstrip("\ufeff \t\r\n")[:1]
        if kind == choosing.FORM and url_text.looks_like_form(text, declared=True):
            layer = self._attempt(node, partial(url_text.decode_form, text))
            if layer is not None:
                self._grow(node, layer, depth)
            return
        if first in ("{", "[", '"') and self._read_json(
            node, depth, declared="json" in kind or (first == "{" and not kind.startswith("text/"))
        ):
            return
        codec = choosing.for_packed(text, nearest_key(node.path)) or choosing.for_body(text, kind)
        if codec is not None:
            layer = self._attempt(node, partial(codec, text))
            if layer is not None:
                self._grow(node, layer, depth)
        elif "json" in kind and text.strip():
            self._gap(node, GapKind.UNREADABLE, "json")

    def _read_json(self, node: Node, depth: int, declared: bool) -> bool:
        """Tries JSON, then records or lines of JSON; over a limit, or damaged though declared, it is a gap."""
        text = str(node.value)
        try:
            layer = self._json(text)
        except CodecError as error:
            if error.kind in _OVER_A_LIMIT:
                self._gap(node, error.kind, error.codec)
            elif declared:
                self._gap(node, GapKind.INCOMPLETE, "json")
            return declared or error.kind in _OVER_A_LIMIT
        self._grow(node, layer, depth)
        return True

    def _json(self, text: str) -> Layer:
        """One JSON value, or SignalR records or lines of them; raises `CodecError`."""
        try:
            return json_text.decode(text, self.limits)
        except CodecError as error:
            if error.kind in _OVER_A_LIMIT:
                raise
        if records.RECORD_END in text:
            return records.decode_records(text)
        return json_text.decode_sequence(text, self.limits)

    def _read_string(self, node: Node, depth: int) -> None:
        """A string inside a message: entered when all of it is JSON, a URL, a form, base64, an event stream."""
        text = str(node.value)
        codec = choosing.for_string(text, nearest_key(node.path), self.limits)
        if codec is None:
            return
        try:
            layer = codec(text)
        except CodecError as error:
            if error.kind in _OVER_A_LIMIT:
                self._gap(node, error.kind, error.codec)
            return
        if layer is not None:
            self._grow(node, layer, depth)
