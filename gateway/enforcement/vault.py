"""The vault: which token stands for which value, per person, tool and conversation; encrypted, short-lived, bounded.

Everything is scoped to one person in one tool, and within that to a conversation. Where the conversation is not known
(the first message of a web chat, an answer that comes over a socket of its own) the *loose* conversation "" is used: a
named one can restore its own tokens and loose ones, the loose one every token of this person in this tool. Numbers are
never used twice within a person and tool, so no two of these can be mistaken for each other.
"""

import hashlib
import hmac
import os
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.enforcement import placeholders
from gateway.errors import EnforcementError
from gateway.model.inspection import Entity

MAX_VALUES = 20_000
"""Values one person can have standing in one tool; more than any real conversation holds."""


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """Two keys of 32 bytes derived from one secret: one encrypts values, one makes look-up digests."""

    encryption: bytes = field(repr=False)
    lookup: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: bytes) -> "VaultKeys":
        """From a secret of at least 16 bytes."""
        if len(secret) < 16:
            raise EnforcementError("the vault secret must be at least 16 bytes")
        return cls(_hmac(secret, b"vault encryption"), _hmac(secret, b"vault lookup"))

    @classmethod
    def random(cls) -> "VaultKeys":
        """Keys that live and die with this process."""
        return cls.derive(os.urandom(32))


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


class Cipher:
    """Seals values and makes look-up digests for one scope; the scope is bound in as associated data."""

    __slots__ = ("_aead", "_keys", "scope")

    def __init__(self, keys: VaultKeys, scope: bytes) -> None:
        self._keys = keys
        self._aead = AESGCM(keys.encryption)
        self.scope = scope

    def seal(self, token: str, value: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._aead.encrypt(nonce, value.encode(), self.scope + token.encode())

    def open(self, token: str, sealed: bytes) -> str:
        """Raises `EnforcementError` when the sealed value belongs to another scope, token or key."""
        try:
            return self._aead.decrypt(sealed[:12], sealed[12:], self.scope + token.encode()).decode()
        except InvalidTag as error:
            raise EnforcementError("a vault entry cannot be opened with this key") from error

    def owner(self, key: str) -> bytes:
        """The keyed name of a conversation; empty for the loose one."""
        return _hmac(self._keys.lookup, self.scope + b"conversation" + key.encode())[:16] if key else b""

    def digest(self, label: str, value: str) -> bytes:
        normal = placeholders.normalised(label, value)
        return _hmac(self._keys.lookup, self.scope + label.encode() + b"\0" + normal.encode())[:16]


@dataclass(slots=True)
class Ledger:
    """The tokens of one person in one tool: sealed values, digests, used numbers, and which conversation owns which."""

    sealed: dict[str, bytes] = field(default_factory=dict, repr=False)
    by_digest: dict[tuple[bytes, bytes], str] = field(default_factory=dict, repr=False)
    owner: dict[str, bytes] = field(default_factory=dict, repr=False)
    used: dict[str, int] = field(default_factory=dict)
    reserved: set[str] = field(default_factory=set, repr=False)

    def add(self, token: str, owner: bytes, digest: bytes, sealed: bytes) -> None:
        """Enter one token; its number counts as used."""
        label, _, number = token[1:-1].rpartition("-")
        self.sealed[token] = sealed
        self.owner[token] = owner
        self.by_digest[owner, digest] = token
        self.used[label] = max(self.used.get(label, 0), int(number))


class Conversation:
    """One conversation of one person in one tool. Not thread-safe; used from the event loop only."""

    __slots__ = ("_cipher", "_fresh", "_ledger", "_owner")

    def __init__(self, ledger: Ledger, cipher: Cipher, key: str) -> None:
        """`key` is the tool's own id of the conversation, "" for the loose one."""
        self._ledger = ledger
        self._cipher = cipher
        self._owner = cipher.owner(key)
        self._fresh: list[StoredToken] = []

    def token_for(self, entity: Entity, value: str) -> str:
        """The token of a value: the same one for the same normalised value, a new one otherwise."""
        return self._token(placeholders.LABELS[entity], value)

    def token_for_literal(self, text: str) -> str:
        """The token that stands for a look-alike somebody typed."""
        return self._token(placeholders.LITERAL, text)

    def literal_token(self, text: str) -> str | None:
        """The token of a look-alike that was typed before; None when it never was."""
        return self._known(self._cipher.digest(placeholders.LITERAL, text))

    def value_of(self, token: str) -> str | None:
        """The value behind one of our tokens; None for anything else, also for another conversation's."""
        sealed = self._ledger.sealed.get(token)
        if sealed is None or not self._may_restore(self._ledger.owner[token]):
            return None
        return self._cipher.open(token, sealed)

    def tokens(self) -> Iterator[str]:
        """Every token that can be restored in this conversation."""
        return (token for token, owner in self._ledger.owner.items() if self._may_restore(owner))

    def values(self) -> Iterator[tuple[str, str]]:
        """Token and value of what was said in this conversation or in the loose one: what to look for again.

        Narrower than `tokens`: another conversation's token must not get into this one, which could not restore it
        once it has a name.
        """
        owners = (self._owner, b"")
        mine = (token for token, owner in self._ledger.owner.items() if owner in owners)
        return ((token, self._cipher.open(token, self._ledger.sealed[token])) for token in mine)

    def __len__(self) -> int:
        """How many tokens the person has in this tool; it only grows, so readers can tell that something was added."""
        return len(self._ledger.sealed)

    def reserve(self, tokens: Iterable[str]) -> None:
        """Never give these out: somebody typed them."""
        self._ledger.reserved.update(tokens)

    @property
    def scope(self) -> bytes:
        """The keyed name of the person and tool."""
        return self._cipher.scope

    @property
    def fresh(self) -> tuple["StoredToken", ...]:
        """What was made through this object, in order; a shared vault saves it."""
        return tuple(self._fresh)

    @property
    def reserved(self) -> frozenset[str]:
        """The tokens that are never given out."""
        return frozenset(self._ledger.reserved)

    def _may_restore(self, owner: bytes) -> bool:
        return not self._owner or not owner or owner == self._owner

    def _known(self, digest: bytes) -> str | None:
        found = self._ledger.by_digest
        return found.get((self._owner, digest)) or found.get((b"", digest))

    def _token(self, label: str, value: str) -> str:
        digest = self._cipher.digest(label, value)
        known = self._known(digest)
        if known is not None:
            return known
        if len(self._ledger.sealed) >= MAX_VALUES:
            raise EnforcementError("the conversation holds too many values to redact")
        number = self._ledger.used.get(label, 0) + 1
        while placeholders.token(label, number) in self._ledger.reserved:
            number += 1
        made = placeholders.token(label, number)
        stored = StoredToken(made, self._owner, digest, self._cipher.seal(made, value))
        self._ledger.add(made, stored.owner, stored.digest, stored.sealed)
        self._fresh.append(stored)
        return made


@dataclass(frozen=True, slots=True)
class StoredToken:
    """One token as a store keeps it: nothing readable. `owner` and `digest` are keyed digests of 16 bytes or empty."""

    token: str
    owner: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


class Vault(Protocol):
    """Keeps conversations. `person` and `tool` scope everything: nothing ever crosses to another person or tool."""

    async def open(self, person: str, tool: str, conversation: str = "") -> Conversation:
        """The conversation, new or known. `conversation` "" is the loose scope of this person and tool."""
        ...

    async def save(self, conversation: Conversation) -> None:
        """Keep what was added. Raises `EnforcementError` when it cannot be kept; then nothing may be sent."""
        ...

    async def close(self) -> None: ...


def scope_of(keys: VaultKeys, person: str, tool: str) -> bytes:
    """A keyed name for person and tool, so that no store shows who they are. Lengths keep the two apart."""
    packed = struct.pack(">II", len(person.encode()), len(tool.encode())) + person.encode() + tool.encode()
    return _hmac(keys.lookup, b"scope" + packed)


class MemoryVault:
    """Conversations in this process, sealed with a key that dies with it; least recently used scopes go first."""

    def __init__(
        self, *, keys: VaultKeys, clock: Callable[[], float], ttl_seconds: float = 8 * 3600, max_scopes: int = 10_000
    ) -> None:
        """`clock` gives seconds and only moves forward (`time.monotonic`); `ttl_seconds` counts from the last use."""
        self._keys = keys
        self._clock = clock
        self._ttl = ttl_seconds
        self._max = max_scopes
        self._ledgers: OrderedDict[bytes, tuple[float, Ledger]] = OrderedDict()

    async def open(self, person: str, tool: str, conversation: str = "") -> Conversation:
        scope = scope_of(self._keys, person, tool)
        now = self._clock()
        self._drop_old(now)
        _, ledger = self._ledgers.pop(scope, (now, Ledger()))
        self._ledgers[scope] = (now, ledger)
        return Conversation(ledger, Cipher(self._keys, scope), conversation)

    async def save(self, conversation: Conversation) -> None:
        """Nothing to do: a conversation here is the stored one."""

    async def close(self) -> None:
        self._ledgers.clear()

    def _drop_old(self, now: float) -> None:
        while self._ledgers:
            scope, (used, _) = next(iter(self._ledgers.items()))
            if used + self._ttl > now and len(self._ledgers) < self._max:
                return
            del self._ledgers[scope]
