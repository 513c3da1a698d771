"""File names among strings: by the key they stand under and the extension they end in."""

import re

_CERTAIN = ("filename", "attachmentname", "documentname", "docname", "sourcename")
_LIKELY = (
    "name",
    "title",
    "file",
    "files",
    "path",
    "document",
    "documents",
    "attachment",
    "attachments",
    "key",
    "slug",
)
_EXTENSION = re.compile(
    r"[^/\\\r\n]{1,200}\.(?:pdf|docx?|docm|xlsx?|xlsm|pptx?|odt|ods|odp|rtf|txt|csv|tsv|md|html?|xml|json|eml|msg|zip|7z|"
    r"png|jpe?g|gif|webp|tiff?|bmp|heic|svg|mp3|mp4|m4a|wav|webm|ogg|mov|avi|epub|pages|numbers|vsdx?|gpkg|geojson|sql|log)",
    re.IGNORECASE,
)


_OF_PROGRAMS = re.compile(r"\S+\.(?:json|xml|html?|txt|md|svg|sql|log)", re.IGNORECASE)


def is_document_in_path(segment: str) -> bool:
    """Whether a segment of a request path is the name of a person's document, not of a program's resource."""
    return _EXTENSION.fullmatch(segment) is not None and _OF_PROGRAMS.fullmatch(segment) is None


def is_file_name(text: str, key: str) -> bool:
    """Whether a string is the name of a file: any value under a key that says so, or a name with an extension."""
    stripped = text.strip()
    if not stripped or "\n" in stripped:
        return False
    bare = re.sub(r"[^a-z]", "", key.lower())
    if bare.endswith(_CERTAIN):
        return True
    return _EXTENSION.fullmatch(stripped) is not None and (bare.endswith(_LIKELY) or " " in stripped)
