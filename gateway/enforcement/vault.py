"""The vault: which token stands for which value, per person, tool and conversation; encrypted, short-lived, bounded.

Everything is scoped to one person in one tool, and within that to a conversation. Where the conversation is not known
(the first message of a web chat, an answer that comes over a socket of its own) the *loose* conversation "" is used: a
named one can restore its own tokens and loose ones, the loose one every token of this person in this tool. Numbers are
never used twice within a person and tool, also when the values behind them are gone and over restarts
(`gateway.enforcement.numbers`), so no two of these can be mistaken for each other.
"""

import asyncio
import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.enforcement import placeholders
from gateway.enforcement.ledger import Ledger, StoredToken
from gateway.enforcement.numbers import NumberBook, scope_name
from gateway.errors import EnforcementError
from gateway.model.inspection import Entity


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

    __slots__ = ("_aead", "_keys", "_words", "scope")

    def __init__(self, keys: VaultKeys, scope: bytes) -> None:
        self._keys = keys
        self._aead = AESGCM(keys.encryption)
        self._words = _hmac(keys.lookup, scope + b"word")
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

    def word(self, word: str) -> bytes:
        """The keyed name of a word, whatever its case."""
        return hashlib.blake2b(
            word.casefold().encode("utf-8", "surrogatepass"), key=self._words, digest_size=8
        ).digest()


class Conversation:
    """One conversation of one person in one tool. Not thread-safe; used from the event loop only."""

    __slots__ = ("_cipher", "_fresh", "_owner", "_reserved", "_used", "ledger")

    def __init__(self, ledger: Ledger, cipher: Cipher, key: str) -> None:
        """`key` is the tool's own id of the conversation, "" for the loose one."""
        self.ledger = ledger
        self._cipher = cipher
        self._owner = cipher.owner(key)
        self._fresh: list[StoredToken] = []
        self._used: dict[str, None] = {}
        self._reserved: set[str] = set()

    def token_for(self, entity: Entity, value: str) -> str:
        """The token of a value: the same one for the same normalised value, a new one otherwise."""
        return self._token(placeholders.LABELS[entity], value)

    def token_for_literal(self, text: str) -> str:
        """The token that stands for a look-alike somebody typed."""
        return self._token(placeholders.LITERAL, text)

    def literal_token(self, text: str) -> str | None:
        """The token of a look-alike that was typed before; None when it never was."""
        return self._known(self._cipher.digest(placeholders.LITERAL, text))

    def restores(self, token: str) -> bool:
        """Whether this is one of our tokens, of this conversation."""
        stored = self.ledger.find(token)
        return stored is not None and self._may_restore(stored.owner)

    def value_of(self, token: str) -> str | None:
        """The value behind one of our tokens, which is a use of it; None for anything else, also for another
        conversation's.
        """
        stored = self.ledger.find(token)
        if stored is None or not self._may_restore(stored.owner):
            return None
        value = self._cipher.open(token, stored.sealed)
        self.use(token)
        return value

    def tokens(self) -> Iterator[str]:
        """Every token that can be restored in this conversation."""
        return (stored.token for stored in self.ledger if self._may_restore(stored.owner))

    def beginning_with(self, word: str) -> Iterator[tuple[str, str]]:
        """Token and value of what was said in this conversation or in the loose one and begins with this word: what to
        look for again.

        Narrower than `tokens`: another conversation's token must not get into this one, which could not restore it
        once it has a name.
        """
        owners = (self._owner, b"")
        found = self.ledger.with_word(self._cipher.word(word))
        return ((each.token, self._cipher.open(each.token, each.sealed)) for each in found if each.owner in owners)

    def use(self, token: str) -> None:
        """Renew the time of one of our tokens."""
        self.ledger.use(token)
        self._used[token] = None

    def __len__(self) -> int:
        """How many tokens were entered for the person in this tool; it only grows, so readers can tell that something
        was added."""
        return self.ledger.made

    def reserve(self, tokens: Iterable[str]) -> None:
        """Never give these out: somebody typed them. Numbers that were passed never are, whoever typed them."""
        for token in tokens:
            label, _, number = token[1:-1].rpartition("-")
            if not self.ledger.numbers.is_used(label, int(number)):
                self.ledger.reserve(token)
                self._reserved.add(token)

    @property
    def scope(self) -> bytes:
        """The keyed name of the person and tool."""
        return self._cipher.scope

    @property
    def fresh(self) -> tuple[StoredToken, ...]:
        """What was made through this object, in order; a shared vault saves it."""
        return tuple(self._fresh)

    @property
    def reserved(self) -> frozenset[str]:
        """The tokens that were reserved through this object."""
        return frozenset(self._reserved)

    def take_used(self) -> tuple[StoredToken, ...]:
        """What was used through this object since this was last asked."""
        used, self._used = self._used, {}
        return tuple(stored for token in used if (stored := self.ledger.find(token)) is not None)

    def _may_restore(self, owner: bytes) -> bool:
        return not self._owner or not owner or owner == self._owner

    def _known(self, digest: bytes) -> str | None:
        return self.ledger.of_value(self._owner, digest) or self.ledger.of_value(b"", digest)

    def _token(self, label: str, value: str) -> str:
        digest = self._cipher.digest(label, value)
        known = self._known(digest)
        if known is None:
            self.ledger.make_room(self._used)
            known = self.ledger.numbers.take(label, self.ledger.reserved)
            word = placeholders.first_word(value)
            sealed = self._cipher.seal(known, value)
            stored = StoredToken(known, self._owner, digest, self._cipher.word(word) if word else b"", sealed)
            self.ledger.enter(stored)
            self._fresh.append(stored)
        self.use(known)
        return known


class Vault(Protocol):
    """Keeps conversations. `person` and `tool` scope everything: nothing ever crosses to another person or tool."""

    async def open(self, person: str, tool: str, conversation: str = "") -> Conversation:
        """The conversation, new or known. `conversation` "" is the loose scope of this person and tool."""
        ...

    async def save(self, conversation: Conversation) -> None:
        """Keep what was added. Raises `EnforcementError` when it cannot be kept; then nothing may be sent."""
        ...

    async def renew(self, conversation: Conversation) -> None:
        """Keep the time of what was used since, in an answer. Raises `EnforcementError` when it cannot be kept."""
        ...

    async def close(self) -> None: ...


def scope_of(keys: VaultKeys, person: str, tool: str) -> bytes:
    """A keyed name for person and tool, so that no store shows who they are."""
    return scope_name(keys.lookup, person, tool)


class MemoryVault:
    """Conversations in this process, sealed with a key that dies with it; least recently used scopes go first.

    Only numbers outlive them, in a book that `close` closes.
    """

    def __init__(
        self,
        *,
        keys: VaultKeys,
        clock: Callable[[], float],
        numbers: NumberBook | None = None,
        ttl_seconds: float = 8 * 3600,
        max_scopes: int = 10_000,
    ) -> None:
        """`clock` gives seconds and only moves forward (`time.monotonic`); `ttl_seconds` counts from the last use of a
        value. Without `numbers` they begin at 1.
        """
        self._keys = keys
        self._numbers = numbers or NumberBook(None, keys.lookup, is_first=True)
        self._clock = clock
        self._ttl = ttl_seconds
        self._max = max_scopes
        self._ledgers: OrderedDict[bytes, Ledger] = OrderedDict()
        self._counted_as: dict[bytes, bytes] = {}
        self._writing = asyncio.Lock()

    async def open(self, person: str, tool: str, conversation: str = "") -> Conversation:
        scope = scope_of(self._keys, person, tool)
        now = self._clock()
        self._drop_old(now)
        ledger = self._ledgers.pop(scope, None)
        if ledger is None:
            self._counted_as[scope] = self._numbers.scope(person, tool)
            ledger = Ledger(self._numbers.of(self._counted_as[scope]), self._clock)
        ledger.expire(now - self._ttl)
        ledger.last_use = now
        self._ledgers[scope] = ledger
        return Conversation(ledger, Cipher(self._keys, scope), conversation)

    async def save(self, conversation: Conversation) -> None:
        """Put the numbers on disk; the values are kept already."""
        labels = {stored.label for stored in conversation.fresh}
        if not labels:
            return
        scope, ledger = conversation.scope, conversation.ledger
        if self._ledgers.get(scope) is not ledger:
            raise EnforcementError("the conversation was crowded out of the vault")
        last = [(label, ledger.numbers.last[label]) for label in labels]
        async with self._writing:
            await asyncio.to_thread(self._numbers.keep, self._counted_as[scope], last)

    async def renew(self, conversation: Conversation) -> None:
        """Nothing to do: a conversation here is the stored one."""

    async def close(self) -> None:
        self._ledgers.clear()
        self._numbers.close()

    def _drop_old(self, now: float) -> None:
        while self._ledgers:
            scope, ledger = next(iter(self._ledgers.items()))
            if ledger.last_use + self._ttl > now and len(self._ledgers) < self._max:
                return
            del self._ledgers[scope], self._counted_as[scope]
