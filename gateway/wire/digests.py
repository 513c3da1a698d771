"""Headers that depend on the body: its length, its range and its digests, counted again after an edit."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

type Headers = tuple[tuple[str, str], ...]

_ALGORITHMS: Mapping[str, Callable[[bytes], bytes]] = {
    "sha-256": lambda body: hashlib.sha256(body).digest(),
    "sha-512": lambda body: hashlib.sha512(body).digest(),
    "md5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
}
_ENTRY = re.compile(r"([A-Za-z0-9-]+)=:?([A-Za-z0-9+/=]+):?")


def for_body(headers: Headers, old: bytes, new: bytes) -> Headers:
    """The headers with every length, range and known digest of `old` replaced by that of `new`; others stay."""
    return tuple((name, _value(name, value, old, new)) for name, value in headers)


def _value(name: str, value: str, old: bytes, new: bytes) -> str:
    if name == "content-length":
        return str(len(new))
    if name == "content-range" and value == f"bytes 0-{len(old) - 1}/{len(old)}":
        return f"bytes 0-{len(new) - 1}/{len(new)}"
    if name == "content-md5":
        return _encoded("md5", new)
    if name in ("digest", "content-digest", "repr-digest"):
        return _ENTRY.sub(lambda entry: _entry(entry, old, new), value)
    if name == "x-amz-content-sha256" and value == hashlib.sha256(old).hexdigest():
        return hashlib.sha256(new).hexdigest()
    return value


def _entry(entry: re.Match[str], old: bytes, new: bytes) -> str:
    algorithm = entry[1].lower()
    if algorithm not in _ALGORITHMS or entry[2] != _encoded(algorithm, old):
        return entry[0]
    return entry[0].replace(entry[2], _encoded(algorithm, new))


def _encoded(algorithm: str, body: bytes) -> str:
    return base64.b64encode(_ALGORITHMS[algorithm](body)).decode("ascii")
