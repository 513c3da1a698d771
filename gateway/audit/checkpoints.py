"""Signed checkpoints: what a closed segment held, and how far the open one had come, kept in a second place as well."""

import base64
import binascii
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.audit.chain import Json, canonical
from gateway.audit.keys import Verifier

_PURPOSE = b"prompt-gateway checkpoint v1\n"
HEAD = "head.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A statement about rows `first_seq`..`last_seq`: `root` is the hash of the last, which commits to all before it.

    `kind`: "segment" (closed for good), "head" (the open segment so far), "tombstone" (rows deleted; `note` says why).
    """

    kind: str
    journal: str
    segment: int
    first_seq: int
    last_seq: int
    previous: str
    root: str
    at: str
    note: str = ""

    def sign(self, key: Ed25519PrivateKey) -> str:
        """The statement with its signature, as one line of canonical JSON."""
        body: dict[str, Json] = asdict(self)
        signature = base64.b64encode(key.sign(_PURPOSE + canonical(body))).decode()
        return canonical({**body, "key": Verifier(key.public_key()).id, "signature": signature}).decode()

    @classmethod
    def read(cls, text: str, verifier: Verifier) -> Self | None:
        """The statement in `text`, or None when it is damaged or was not signed by this key."""
        try:
            body = json.loads(text)
            signature = base64.b64decode(body.pop("signature"), validate=True)
            del body["key"]
            checkpoint = cls(**body)
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            return None
        return checkpoint if verifier.is_valid(signature, _PURPOSE + canonical(body)) else None


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """A folder for copies of checkpoints: a mount that the gateway's host cannot rewrite is best."""

    folder: Path

    def put(self, name: str, text: str) -> None:
        """Write a copy at once or not at all, and make it durable. Raises `OSError`."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        part = self.folder / f".{name}.part"
        with part.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / name)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every copy with its file name, segments first and in order."""
        for path in sorted(self.folder.glob("segment-*.json")) + sorted(self.folder.glob(HEAD)):
            yield path.name, path.read_text(encoding="utf-8")


def file_name(segment: int) -> str:
    """Where the copy of a closed segment's checkpoint is kept."""
    return f"segment-{segment:06d}.json"
