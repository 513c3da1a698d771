"""Registered documents: keyed fingerprints of confidential files, so that a passage is recognised without keeping it.

Four-word shingles of the folded words are hashed with a key; of every four neighbours the smallest hash is kept
(winnowing: Schleimer, Wilkerson and Aiken, 2003), so layout, capitals and punctuation do not matter. Four hashes of
one document within forty words make a find: a literal passage of nineteen words is always found, an edited one mostly.
The file holds hashes only; without the key, which stands apart, not even a guess can be tested.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gateway.detection.phrases.words import Words, read
from gateway.errors import SettingsError

SHINGLE = 4
WINDOW = 4
ENOUGH = 4
WITHIN = 40
_VERSION = 1
_INDEX = "registered.json"
_KEY = "registered.key"

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """One document: a random id, the label somebody gave it, how many words it had, its kept hashes."""

    id: str
    label: str
    words: int
    hashes: frozenset[int] = field(repr=False)


def hashes_of(words: Words, key: bytes) -> list[int]:
    """The keyed 64-bit hash of each four-word shingle; empty for a text of fewer words."""
    folded = words.folded
    return [
        int.from_bytes(blake2b(" ".join(folded[at : at + SHINGLE]).encode(), key=key, digest_size=8).digest(), "big")
        for at in range(len(folded) - SHINGLE + 1)
    ]


def winnowed(hashes: list[int]) -> frozenset[int]:
    """Of every four neighbouring hashes the smallest."""
    if len(hashes) <= WINDOW:
        return frozenset(hashes)
    return frozenset(min(hashes[at : at + WINDOW]) for at in range(len(hashes) - WINDOW + 1))


class RegisteredDocuments:
    """The registered documents in memory, ready to be asked; two sorted arrays that workers share."""

    def __init__(self, documents: Iterable[RegisteredDocument], key: bytes) -> None:
        self.documents = tuple(documents)
        self._key = key
        pairs = sorted((number, at) for at, document in enumerate(self.documents) for number in document.hashes)
        self._hashes: Hashes = np.array([number for number, _ in pairs], dtype=np.uint64)
        self._owners = np.array([owner for _, owner in pairs], dtype=np.uint32)

    def find(self, words: Words) -> Iterator[tuple[int, int]]:
        """(start, end) of each passage that stands in a registered document too."""
        if not len(self._hashes):
            return
        asked = np.array(hashes_of(words, self._key), dtype=np.uint64)
        if not len(asked):
            return
        left = np.searchsorted(self._hashes, asked, side="left")
        right = np.searchsorted(self._hashes, asked, side="right")
        seen: dict[int, list[int]] = {}
        for at in np.flatnonzero(right > left).tolist():
            for owner in set(self._owners[left[at] : right[at]].tolist()):
                seen.setdefault(owner, []).append(at)
        for places in seen.values():
            for first, last in _passages(places):
                yield words.starts[first], words.ends[last + SHINGLE - 1]


def _passages(places: list[int]) -> Iterator[tuple[int, int]]:
    """First and last shingle of every run of places that are near enough together and many enough."""
    dense = [
        (places[at], places[at + ENOUGH - 1])
        for at in range(len(places) - ENOUGH + 1)
        if places[at + ENOUGH - 1] - places[at] < WITHIN
    ]
    run: tuple[int, int] | None = None
    for first, last in dense:
        if run is not None and first <= run[1]:
            run = run[0], last
            continue
        if run is not None:
            yield run
        run = first, last
    if run is not None:
        yield run


class Register:
    """The register on disk: `registered.json` with hashes and, apart and private, `registered.key`."""

    def __init__(self, folder: Path) -> None:
        self._index = folder / _INDEX
        self._key = folder / _KEY

    def load(self) -> RegisteredDocuments:
        """What is registered; nothing where there is no register. Raises SettingsError when it is damaged."""
        if not self._index.exists():
            return RegisteredDocuments((), b"")
        return RegisteredDocuments(self._documents(), self._read_key())

    def add(self, texts: Iterable[str], label: str, *, without: Iterable[str] = ()) -> RegisteredDocument:
        """Register one document of which `texts` are the parts; what `without` holds too (boilerplate) is left out.

        Raises SettingsError when it has too few words of its own to be recognised.
        """
        key = self._read_key() if self._key.exists() else self._make_key()
        readings = [read(text) for text in texts]
        hashes = frozenset[int]().union(*(winnowed(hashes_of(words, key)) for words in readings))
        hashes -= frozenset(number for text in without for number in hashes_of(read(text), key))
        if len(hashes) < ENOUGH:
            raise SettingsError("too few words of its own to be recognised")
        document = RegisteredDocument(secrets.token_hex(4), label, sum(len(words) for words in readings), hashes)
        self._write([*self._documents(), document])
        return document

    def remove(self, document_id: str) -> bool:
        """Forget one document; False when there is none of that id."""
        documents = self._documents()
        kept = [document for document in documents if document.id != document_id]
        if len(kept) == len(documents):
            return False
        self._write(kept)
        return True

    def _documents(self) -> list[RegisteredDocument]:
        if not self._index.exists():
            return []
        try:
            stored = json.loads(self._index.read_text(encoding="utf-8"))
            if stored["version"] != _VERSION:
                raise SettingsError(f"{self._index}: another version of the register")
            return [_from_row(row) for row in stored["documents"]]
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{self._index}: the register of documents is damaged") from error

    def _write(self, documents: Iterable[RegisteredDocument]) -> None:
        rows = [_to_row(document) for document in documents]
        fresh = self._index.with_suffix(".new")
        fresh.write_text(json.dumps({"version": _VERSION, "documents": rows}, indent=1), encoding="utf-8")
        fresh.replace(self._index)

    def _make_key(self) -> bytes:
        self._key.parent.mkdir(parents=True, exist_ok=True)
        self._key.touch(mode=0o600)
        key = secrets.token_bytes(32)
        self._key.write_bytes(key)
        return key

    def _read_key(self) -> bytes:
        try:
            key = self._key.read_bytes()
        except OSError as error:
            raise SettingsError(f"{self._key}: the key of the register of documents cannot be read") from error
        if len(key) != 32:
            raise SettingsError(f"{self._key}: not a key")
        return key


def _to_row(document: RegisteredDocument) -> dict[str, object]:
    packed = np.array(sorted(document.hashes), dtype=">u8").tobytes()
    return {"id": document.id, "label": document.label, "words": document.words, "hashes": b64encode(packed).decode()}


def _from_row(row: Mapping[str, str | int]) -> RegisteredDocument:
    numbers = np.frombuffer(b64decode(str(row["hashes"]), validate=True), dtype=">u8").tolist()
    return RegisteredDocument(str(row["id"]), str(row["label"]), int(row["words"]), frozenset(numbers))
