"""A vault that several gateways share: Valkey (or Redis) holds sealed values under keyed names, for a limited time."""

from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from gateway.enforcement.vault import Cipher, Conversation, Ledger, StoredToken, VaultKeys, scope_of
from gateway.errors import EnforcementError

_PREFIX = "prompt-gateway:vault:"
_RESERVED = b"reserved"
_OWNER_SIZE = 16
_DIGEST_SIZE = 16
_TIMEOUT_SECONDS = 2.0

_SAVE = """
for i = 3, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  if known and known ~= ARGV[i + 1] then return 0 end
end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'reserved', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
"""
"""All or nothing: no token is entered when another gateway gave one of them out in the meantime."""


class ValkeyVault:
    """`url` is `valkey://`, `valkeys://` (TLS) or `unix://`; every gateway that shares it must have the same keys.

    A conversation is read when it is opened and written by `save`. When two gateways give the same number to two
    values at the same moment, the later `save` raises `EnforcementError`, and that request is refused.
    """

    def __init__(self, url: str, *, keys: VaultKeys, ttl_seconds: float = 8 * 3600) -> None:
        self._keys = keys
        self._ttl_ms = int(ttl_seconds * 1000)
        self._client: Valkey = Valkey.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )

    async def open(self, person: str, tool: str, conversation: str = "") -> Conversation:
        """The conversation as it stands. Raises `EnforcementError` when the store does not answer."""
        scope = scope_of(self._keys, person, tool)
        try:
            async with self._client.pipeline(transaction=True) as pipeline:
                pipeline.hgetall(_name(scope))
                pipeline.pexpire(_name(scope), self._ttl_ms)
                fields, _ = await pipeline.execute()
        except (ValkeyError, OSError) as error:
            raise EnforcementError("the shared vault does not answer") from error
        return Conversation(_ledger(fields), Cipher(self._keys, scope), conversation)

    async def save(self, conversation: Conversation) -> None:
        """Write what was added. Raises `EnforcementError` when it cannot be kept."""
        fields: list[bytes | str] = []
        for stored in conversation.fresh:
            fields += [stored.token, _packed(stored)]
        reserved = " ".join(sorted(conversation.reserved))
        if not fields and not reserved:
            return
        try:
            kept = await self._client.execute_command(  # type: ignore[no-untyped-call]
                "EVAL", _SAVE, 1, _name(conversation.scope), self._ttl_ms, reserved, *fields
            )
        except (ValkeyError, OSError) as error:
            raise EnforcementError("the shared vault does not answer") from error
        if not kept:
            raise EnforcementError("another gateway gave out the same placeholder")

    async def close(self) -> None:
        await self._client.aclose()


def _name(scope: bytes) -> str:
    return _PREFIX + scope.hex()


def _packed(stored: StoredToken) -> bytes:
    return bytes([len(stored.owner)]) + stored.owner.ljust(_OWNER_SIZE, b"\0") + stored.digest + stored.sealed


def _ledger(fields: dict[bytes, bytes]) -> Ledger:
    ledger = Ledger()
    for name, value in fields.items():
        if name == _RESERVED:
            ledger.reserved.update(value.decode().split())
            continue
        owner = value[1 : 1 + value[0]]
        digest = value[1 + _OWNER_SIZE : 1 + _OWNER_SIZE + _DIGEST_SIZE]
        ledger.add(name.decode(), owner, digest, value[1 + _OWNER_SIZE + _DIGEST_SIZE :])
    return ledger
