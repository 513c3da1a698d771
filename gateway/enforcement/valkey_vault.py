"""A vault that several gateways share: Valkey (or Redis) holds sealed values under keyed names, for a limited time, and
the numbers of their placeholders for good."""

from collections.abc import Iterable
from itertools import batched
from typing import Any

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from gateway.enforcement.ledger import Ledger, StoredToken
from gateway.enforcement.numbers import Numbers, base_without_memory, mark_of
from gateway.enforcement.vault import Cipher, Conversation, VaultKeys, scope_of
from gateway.errors import EnforcementError

_PREFIX = "prompt-gateway:vault:2:"
_OWNER_SIZE = 16
_DIGEST_SIZE = 16
_WORD_SIZE = 8
_TIMEOUT_SECONDS = 2.0

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

_OPEN = f"""{_NOW}
redis.call('SET', KEYS[4], ARGV[2], 'NX')
for _, token in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1])) do
  redis.call('HDEL', KEYS[1], token)
  redis.call('ZREM', KEYS[2], token)
end
return {{redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[3]), redis.call('GET', KEYS[4])}}
"""
"""What was not used for the time in ARGV[1] goes; the rest, the last numbers, and where numbers begin."""

_SAVE = f"""{_NOW}
local fresh = 2 + 4 * ARGV[2]
for i = 3, fresh, 4 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  local last = redis.call('HGET', KEYS[3], ARGV[i + 2])
  if known and known ~= ARGV[i + 1] then return 0 end
  if not known and last and tonumber(last) >= tonumber(ARGV[i + 3]) then return 0 end
end
for i = 3, fresh, 4 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[2], now, ARGV[i])
  local last = redis.call('HGET', KEYS[3], ARGV[i + 2])
  if not last or tonumber(last) < tonumber(ARGV[i + 3]) then
    redis.call('HSET', KEYS[3], ARGV[i + 2], ARGV[i + 3])
  end
end
for i = fresh + 1, #ARGV, 2 do
  redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[2], now, ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1
"""
"""All or nothing: no token is entered when another gateway gave out its number in the meantime. First the new tokens
(ARGV[2] of them: token, entry, label, number), then those that were used or reserved (token, entry)."""


class ValkeyVault:
    """`url` is `valkey://`, `valkeys://` (TLS) or `unix://`; every gateway that shares it must have the same keys.

    A conversation is read when it is opened and written by `save`. When two gateways give the same number to two
    values at the same moment, the later `save` raises `EnforcementError`, and that request is refused.
    """

    def __init__(self, url: str, *, keys: VaultKeys, ttl_seconds: float = 8 * 3600, is_first: bool = False) -> None:
        """`is_first`: no number was given out before, so in an empty store they begin at 1."""
        self._keys = keys
        self._ttl_ms = int(ttl_seconds * 1000)
        self._offered_base = 0 if is_first else base_without_memory()
        self._base_name = f"{_PREFIX}base:{mark_of(keys.lookup).hex()}"
        self._client: Valkey = Valkey.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )

    async def open(self, person: str, tool: str, conversation: str = "") -> Conversation:
        """The conversation as it stands. Raises `EnforcementError` when the store does not answer."""
        scope = scope_of(self._keys, person, tool)
        names = (*_names(scope), self._base_name)
        found, last, base = await self._run(_OPEN, names, self._ttl_ms, self._offered_base)
        self._offered_base = base_without_memory()
        numbers = Numbers(int(base), {label.decode(): int(number) for label, number in batched(last, 2, strict=True)})
        return Conversation(_ledger(numbers, batched(found, 2, strict=True)), Cipher(self._keys, scope), conversation)

    async def save(self, conversation: Conversation) -> None:
        """Write what was added and used. Raises `EnforcementError` when it cannot be kept."""
        fresh = conversation.fresh
        used = [stored for stored in conversation.take_used() if stored not in fresh]
        if not fresh and not used and not conversation.reserved:
            return
        fields: list[bytes | str | int] = []
        for stored in fresh:
            fields += [stored.token, _packed(stored), stored.label, stored.number]
        fields += _entries(used)
        for token in conversation.reserved:
            fields += [token, b""]
        if not await self._run(_SAVE, _names(conversation.scope), self._ttl_ms, len(fresh), *fields):
            raise EnforcementError("another gateway gave out the same placeholder")

    async def renew(self, conversation: Conversation) -> None:
        """Write that tokens were used. Raises `EnforcementError` when the store does not answer."""
        if used := conversation.take_used():
            await self._run(_SAVE, _names(conversation.scope), self._ttl_ms, 0, *_entries(used))

    async def close(self) -> None:
        await self._client.aclose()

    async def _run(self, script: str, names: tuple[str, ...], *arguments: bytes | str | int) -> Any:  # noqa: ANN401 (whatever the script returns)
        try:
            return await self._client.execute_command(  # type: ignore[no-untyped-call]
                "EVAL", script, len(names), *names, *arguments
            )
        except (ValkeyError, OSError) as error:
            raise EnforcementError("the shared vault does not answer") from error


def _names(scope: bytes) -> tuple[str, str, str]:
    """Where the entries, the times of their last use, and the last numbers of a scope are."""
    return f"{_PREFIX}{scope.hex()}", f"{_PREFIX}used:{scope.hex()}", f"{_PREFIX}numbers:{scope.hex()}"


def _entries(tokens: Iterable[StoredToken]) -> list[bytes | str]:
    return [part for stored in tokens for part in (stored.token, _packed(stored))]


def _packed(stored: StoredToken) -> bytes:
    owner = bytes([len(stored.owner)]) + stored.owner.ljust(_OWNER_SIZE, b"\0")
    return owner + stored.digest + stored.word.ljust(_WORD_SIZE, b"\0") + stored.sealed


def _ledger(numbers: Numbers, fields: Iterable[tuple[bytes, ...]]) -> Ledger:
    """The ledger of a scope; an empty entry is a token that somebody typed."""
    ledger = Ledger(numbers)
    for name, value in fields:
        if not value:
            ledger.reserve(name.decode())
            continue
        digest, word = 1 + _OWNER_SIZE, 1 + _OWNER_SIZE + _DIGEST_SIZE
        sealed = word + _WORD_SIZE
        stored = StoredToken(
            name.decode(), value[1 : 1 + value[0]], value[digest:word], _word(value[word:sealed]), value[sealed:]
        )
        ledger.enter(stored)
    return ledger


def _word(packed: bytes) -> bytes:
    return packed if any(packed) else b""
