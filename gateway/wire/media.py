"""Media types and the first bytes of files: what a message says it holds, and what it looks like it holds."""

import re

_PARAMETER = re.compile(r';\s*([A-Za-z0-9_-]+)\s*=\s*(?:"([^"]*)"|([^;\s]*))')

_SIGNATURES = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"{\\rtf", "application/rtf"),
)
_WEAK = ("image/bmp",)


def essence(media_type: str) -> str:
    """`type/subtype` in lower case, without parameters."""
    return media_type.partition(";")[0].strip().lower()


def parameter(media_type: str, name: str) -> str:
    """One parameter of a media type, "" when absent."""
    for found in _PARAMETER.finditer(media_type):
        if found[1].lower() == name:
            return found[2] if found[2] is not None else found[3]
    return ""


def sniff_file(data: bytes) -> str:
    """The media type of a binary file by its first bytes, "" when none fits."""
    for offset, mark, name in _SIGNATURES:
        if data.startswith(mark, offset) and not (name in _WEAK and b"\0" not in data[:64]):
            return name
    return ""


def is_textual(kind: str) -> bool:
    """Whether an essence promises text."""
    return kind.startswith("text/") or "json" in kind or "xml" in kind or kind == "application/x-www-form-urlencoded"


def is_framed(kind: str) -> bool:
    """gRPC, gRPC-web and streaming Connect bodies come in frames."""
    return kind.startswith(("application/grpc", "application/connect+"))


def is_protobuf(kind: str) -> bool:
    return kind in (
        "application/proto",
        "application/protobuf",
        "application/x-protobuf",
        "application/vnd.google.protobuf",
    )
