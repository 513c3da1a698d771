"""The hash chain: canonical JSON, the hash that links a row to the one before, and the time format of rows."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

GENESIS = "0" * 64
"""What the first row of a journal names as the hash before it."""

_DOMAIN = b"prompt-gateway journal row v1\n"
_CODEWORD = re.compile(r"[\w.,:*/@+=#-]{0,512}")
_NAME = re.compile(r"[\w .,&()/-]{0,80}")

MALFORMED = "malformed"
"""Written instead of a value that does not look like the code or id it should be."""

type Json = str | int | bool | list[Json] | dict[str, Json] | None
"""What a row may hold: no floats, whose text form differs between readers."""


def canonical(body: Mapping[str, Json]) -> bytes:
    """RFC 8785 for rows: keys sorted (ours are ASCII), no spaces, UTF-8, and no floats by type."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def link(previous: str, body: bytes) -> str:
    """The hash of a row whose canonical form is `body`, after the row whose hash is `previous` (hex)."""
    return sha256(_DOMAIN + previous.encode() + b"\n" + body).hexdigest()


def timestamp(at: float) -> str:
    """RFC 3339 in UTC with milliseconds, so that text order is time order."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(text: str) -> float:
    """The inverse of `timestamp`: seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp()


def codeword(value: str) -> str:
    """`value` when it looks like an id or a code (no spaces, short), else `malformed`: no text by accident."""
    return value if _CODEWORD.fullmatch(value) else MALFORMED


def name(value: str) -> str:
    """The same for the name of a department or a gateway, which may hold spaces."""
    return value if _NAME.fullmatch(value) else MALFORMED
