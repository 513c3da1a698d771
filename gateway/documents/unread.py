"""Kinds nobody reads: sound, film, and bytes we cannot name."""

from gateway.documents.content import Content, Nested, UnreadError
from gateway.model.inspection import GapKind


def read_sound(_content: bytes, _into: Content, _nested: Nested) -> None:
    raise UnreadError(GapKind.AUDIO_OR_VIDEO, "sound-or-film")


def read_binary(_content: bytes, _into: Content, _nested: Nested) -> None:
    raise UnreadError(GapKind.UNKNOWN_FORMAT, "binary")


def read_empty(_content: bytes, _into: Content, _nested: Nested) -> None:
    """Nothing to read is read completely."""
