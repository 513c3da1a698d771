"""Kinds nobody reads: sound, film, Office of before 2007, and bytes we cannot name."""

from gateway.documents.content import Content, Nested, UnreadError
from gateway.model.inspection import GapKind

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The stream in which Office hides an encrypted document (MS-OFFCRYPTO 1.3.1)."""


def read_ole(content: bytes, _into: Content, _nested: Nested) -> None:
    """Always raises `UnreadError`: an encrypted new document, or an old one that has to be saved as a new one."""
    if _ENCRYPTED_PACKAGE in content:
        raise UnreadError(GapKind.ENCRYPTED, "office")
    raise UnreadError(GapKind.UNKNOWN_FORMAT, "office-97")


def read_sound(_content: bytes, _into: Content, _nested: Nested) -> None:
    raise UnreadError(GapKind.AUDIO_OR_VIDEO, "sound-or-film")


def read_binary(_content: bytes, _into: Content, _nested: Nested) -> None:
    raise UnreadError(GapKind.UNKNOWN_FORMAT, "binary")


def read_empty(_content: bytes, _into: Content, _nested: Nested) -> None:
    """Nothing to read is read completely."""
