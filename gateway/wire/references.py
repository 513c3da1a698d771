"""What links the calls of one upload: announce (a name), bytes (no name), process or reference (a file id).

The announcing answer names the place for the bytes; the call with the bytes carries that place. `answer_references`
gives the ids an answer hands out, `upload_reference` the one a call uses; they are equal when they belong together.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from gateway.wire.locators import nearest_key
from gateway.wire.tree import Path

type Headers = tuple[tuple[str, str], ...]

_QUERY_IDS = ("upload_id", "uploadid", "guid", "uploadguid")
_ID_SEGMENT = re.compile(r"file[-_][A-Za-z0-9_-]{8,}|upload[-_][A-Za-z0-9_-]{8,}")
_ID_KEY = re.compile(r"(?:file|upload|source|attachment|document)_?(?:id|uuid)", re.IGNORECASE)
_ANSWER_ID_KEY = re.compile(r"(?:(?:file|upload|source|attachment|document)_?)?(?:id|uuid)|key", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_ANY_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S{1,2000}")
_MENTION_KEY = re.compile(
    r"(?:ref_?)?(?:file|upload|source|attachment|document|image|asset)_?(?:attachment)?s?_?(?:(?:id|uuid|url)s?|pointer)?",
    re.IGNORECASE,
)
_LONGEST_ID = 300
_UPLOAD_URL_HEADERS = ("x-goog-upload-url", "location")


def url_reference(url: str) -> str:
    """The id in an upload URL: its `upload_id` or `guid`, a file id in its path, else host and path without query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
    for name in _QUERY_IDS:
        if name in query:
            return query[name]
    for segment in parts.path.split("/"):
        if _ID_SEGMENT.fullmatch(segment):
            return segment
    return f"{parts.netloc}{parts.path}".rstrip("/")


def upload_reference(url: str, leaves: Iterable[tuple[str, str]]) -> str:
    """The id by which a file with its bytes is known: a file id beside it, a form's object key, or its URL.

    `leaves` are `(key, text)` of the strings of the message.
    """
    for key, text in leaves:
        if _ID_KEY.fullmatch(key) or key == "key":
            return text
    return url_reference(url)


def mention_reference(name: Path, leaves: Iterable[tuple[Path, str]]) -> str:
    """The id of a file that is only mentioned: the one beside its name, else a file id anywhere in the message.

    `name` is the path of the file's name, `leaves` are path and text of the strings of the message.
    """
    elsewhere = ""
    for path, text in leaves:
        key = nearest_key(path)
        if path[:-1] == name[:-1] and _ANSWER_ID_KEY.fullmatch(key):
            return text
        if not elsewhere and _ID_KEY.fullmatch(key):
            elsewhere = text
    return elsewhere


def mentions(leaves: Iterable[tuple[Path, str]]) -> tuple[str, ...]:
    """Every id a message may speak of a file by, with its name beside it or not: URLs, and ids under a key of files.

    `leaves` are path and text of the strings of the message.
    """
    found: dict[str, None] = {}
    for path, text in leaves:
        if _ANY_URL.fullmatch(text):
            found[url_reference(text)] = None
        elif len(text) <= _LONGEST_ID and _MENTION_KEY.fullmatch(nearest_key(path)):
            found[text] = None
    found.pop("", None)
    return tuple(found)


def answer_references(headers: Headers, body: bytes) -> tuple[str, ...]:
    """Every id and upload URL the answer to an announcing call hands out, in the form `upload_reference` gives."""
    found = [url_reference(value) for name, value in headers if name.lower() in _UPLOAD_URL_HEADERS]
    with suppress(ValueError, RecursionError):
        found.extend(_references(json.loads(body)))
    return tuple(dict.fromkeys(reference for reference in found if reference))


def _references(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _references(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner, key)
    elif isinstance(value, str):
        if _URL.fullmatch(value):
            yield url_reference(value)
        elif _ANSWER_ID_KEY.fullmatch(key):
            yield value
