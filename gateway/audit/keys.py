"""The key files of the journal: the signing key, and the monthly rings for pseudonyms and fingerprints.

Losing a monthly key makes that month's pseudonyms or fingerprints meaningless; retention does so on purpose.
"""

import os
import re
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gateway.errors import SettingsError

_MONTH = re.compile(r"20\d\d-[01]\d")
_SIGNING_KEY = "journal-signing-key.pem"
PUBLIC_KEY = "journal-public-key.pem"


def month_of(at: float) -> str:
    """`YYYY-MM` in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class Ring:
    """One secret of 32 bytes per month, in a folder of its own; made on first use, never changed, destroyed by term."""

    folder: Path
    _cache: dict[str, bytes] = field(default_factory=dict, repr=False)

    def key(self, month: str) -> bytes:
        """The secret of `month`, made when there is none yet. Raises `SettingsError` when it cannot be kept safely."""
        if month not in self._cache:
            path = self.folder / f"{month}.key"
            if not path.exists():
                _write_new(path, secrets.token_bytes(32).hex().encode())
            self._cache[month] = bytes.fromhex(_read_private(path).decode())
        return self._cache[month]

    def months(self) -> tuple[str, ...]:
        """The months that still have a key, oldest first."""
        names = (path.stem for path in self.folder.glob("*.key"))
        return tuple(sorted(month for month in names if _MONTH.fullmatch(month)))

    def destroy(self, month: str) -> None:
        """Overwrite and remove the secret of `month`."""
        path = self.folder / f"{month}.key"
        path.write_bytes(b"0" * 64)
        path.unlink()
        self._cache.pop(month, None)


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a signing key; `id` is the first 16 hex digits of its SHA-256."""

    _key: Ed25519PublicKey = field(repr=False)

    @property
    def id(self) -> str:
        return sha256(self._key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    def is_valid(self, signature: bytes, message: bytes) -> bool:
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @classmethod
    def read(cls, path: Path) -> "Verifier":
        """Read a PEM file. Raises `SettingsError` when it is no Ed25519 public key."""
        try:
            key = load_pem_public_key(path.read_bytes())
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path}: cannot read the public key ({type(error).__name__})") from error
        if not isinstance(key, Ed25519PublicKey):
            raise SettingsError(f"{path}: not an Ed25519 public key")
        return cls(key)


@dataclass(frozen=True, slots=True)
class JournalKeys:
    """Everything secret the journal needs."""

    signing: Ed25519PrivateKey = field(repr=False)
    pseudonyms: Ring
    fingerprints: Ring

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.signing.public_key())

    @classmethod
    def open(cls, folder: Path, *, fingerprints: Path | None = None) -> "JournalKeys":
        """Read the keys below `folder`, making what is missing. Raises `SettingsError` when others may read them.

        `fingerprints` keeps that ring elsewhere (on a mount of its own), so that no single folder gives both the
        journal and the means to test a value against it.
        """
        signing = signing_key(folder / _SIGNING_KEY)
        public = folder / PUBLIC_KEY
        if not public.exists():
            pem = signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            _guarded(public, lambda: public.write_bytes(pem))
        rings = folder / "pseudonyms", fingerprints or folder / "fingerprints"
        for ring in rings:
            _private_folder(ring)
        return cls(signing, Ring(rings[0]), Ring(rings[1]))


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The private key in `path` (PEM, PKCS 8), made when there is none. Raises `SettingsError`."""
    _private_folder(path.parent)
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_new(path, pem)
    try:
        key = load_pem_private_key(_read_private(path), password=None)
    except ValueError as error:
        raise SettingsError(f"{path}: not a private key in PEM form") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(f"{path}: not an Ed25519 private key")
    return key


def _guarded[T](path: Path, act: Callable[[], T]) -> T:
    try:
        return act()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error


def _private_folder(folder: Path) -> None:
    _guarded(folder, lambda: folder.mkdir(mode=0o700, parents=True, exist_ok=True))


def _read_private(path: Path) -> bytes:
    mode = _guarded(path, path.stat).st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"{path}: others may read this key; run: chmod 600 {path}")
    return _guarded(path, path.read_bytes)


def _write_new(path: Path, content: bytes) -> None:
    """Write a 0600 file at once or not at all; when another process was first, its file stands."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")

    def write() -> None:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(part, path)
            except FileExistsError:
                return
        finally:
            part.unlink(missing_ok=True)

    _guarded(path, write)
