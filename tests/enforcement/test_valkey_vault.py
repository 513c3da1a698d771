"""The shared vault against a real server: sealed, scoped, expiring, safe when two gateways write at once."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from gateway.enforcement.valkey_vault import ValkeyVault
from gateway.enforcement.vault import VaultKeys
from gateway.errors import EnforcementError
from gateway.model.inspection import Entity

KEYS = VaultKeys.derive(b"the same secret in every gateway")
MARKER = "Kanariepiet"


@pytest.fixture
def server(tmp_path: Path, tool: Callable[[str], str]) -> Iterator[str]:
    """A server on a socket file, writing to disk as eagerly as it can."""
    program = shutil.which("valkey-server") or tool("redis-server")
    socket = tmp_path / "vault.sock"
    running = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path), "--appendonly", "yes",
         "--appendfsync", "always", "--save", "1 1"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"unix://{socket}"
    finally:
        running.terminate()
        running.wait(10)


@pytest.fixture
async def vault(server: str) -> AsyncIterator[ValkeyVault]:
    opened = ValkeyVault(server, keys=KEYS, ttl_seconds=60, is_first=True)
    for _ in range(100):
        try:
            await opened.open("start", "up")
            break
        except EnforcementError:
            await asyncio.sleep(0.05)
    yield opened
    await opened.close()


@pytest.fixture
async def other(server: str, vault: ValkeyVault) -> AsyncIterator[ValkeyVault]:
    """A second gateway with the same keys."""
    opened = ValkeyVault(server, keys=KEYS, ttl_seconds=60)
    yield opened
    await opened.close()


async def test_another_gateway_restores(vault: ValkeyVault, other: ValkeyVault) -> None:
    conversation = await vault.open("p", "chat", "c-1")
    conversation.reserve(["[PERSOON-1]"])
    token = conversation.token_for(Entity.PERSON, "Jan Jansen")
    await vault.save(conversation)
    again = await other.open("p", "chat", "c-1")
    assert token == "[PERSOON-2]"
    assert again.value_of(token) == "Jan Jansen"
    assert again.token_for(Entity.PERSON, "jan jansen") == token
    assert again.token_for(Entity.PERSON, "Piet Pietersen") == "[PERSOON-3]"


async def test_other_people_and_conversations_do_not(vault: ValkeyVault, other: ValkeyVault) -> None:
    conversation = await vault.open("p", "chat", "c-1")
    token = conversation.token_for(Entity.PERSON, "Jan Jansen")
    await vault.save(conversation)
    assert (await other.open("q", "chat", "c-1")).value_of(token) is None
    assert (await other.open("p", "chat", "c-2")).value_of(token) is None
    assert (await other.open("p", "chat")).value_of(token) == "Jan Jansen"


async def test_two_gateways_never_give_one_token_to_two_values(vault: ValkeyVault, other: ValkeyVault) -> None:
    mine, theirs = await vault.open("p", "chat"), await other.open("p", "chat")
    assert mine.token_for(Entity.PERSON, "Jan") == theirs.token_for(Entity.PERSON, "Piet")
    await vault.save(mine)
    with pytest.raises(EnforcementError, match="same placeholder"):
        await other.save(theirs)
    assert (await other.open("p", "chat")).value_of("[PERSOON-1]") == "Jan"


async def test_nothing_readable_on_disk(vault: ValkeyVault, tmp_path: Path) -> None:
    """Neither the value nor the person, the tool or the conversation."""
    conversation = await vault.open(f"{MARKER}-person", f"{MARKER}-tool", f"{MARKER}-conversation")
    conversation.token_for(Entity.PERSON, f"{MARKER} Jansen")
    await vault.save(conversation)
    await vault._client.save()
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"PERSOON-1" in data for data in written), "the store has written"
    assert not any(MARKER.encode() in data for data in written)


async def test_it_expires(server: str, vault: ValkeyVault) -> None:
    brief = ValkeyVault(server, keys=KEYS, ttl_seconds=0.05)
    conversation = await brief.open("p", "chat")
    token = conversation.token_for(Entity.PERSON, "Jan")
    await brief.save(conversation)
    await asyncio.sleep(0.2)
    assert (await brief.open("p", "chat")).value_of(token) is None
    await brief.close()


async def test_no_server_is_one_clear_error(tmp_path: Path) -> None:
    vault = ValkeyVault(f"unix://{tmp_path}/nobody.sock", keys=KEYS)
    with pytest.raises(EnforcementError, match="does not answer"):
        await vault.open("p", "chat")
    await vault.close()


async def test_numbers_outlive_values_and_gateways(server: str, vault: ValkeyVault) -> None:
    """A chat service keeps yesterday's token; it must not come back as somebody else."""
    brief = ValkeyVault(server, keys=KEYS, ttl_seconds=0.05)
    conversation = await brief.open("p", "chat", "c-1")
    assert conversation.token_for(Entity.PERSON, "Jansen") == "[PERSOON-1]"
    await brief.save(conversation)
    await brief.close()
    await asyncio.sleep(0.2)
    again = ValkeyVault(server, keys=KEYS, ttl_seconds=0.05)
    conversation = await again.open("p", "chat", "c-1")
    assert len(conversation.ledger) == 0
    assert conversation.token_for(Entity.PERSON, "De Vries") == "[PERSOON-2]"
    await again.close()


async def test_every_value_has_its_own_time(server: str, vault: ValkeyVault) -> None:
    brief = ValkeyVault(server, keys=KEYS, ttl_seconds=0.6)
    conversation = await brief.open("p", "chat")
    old, used = (conversation.token_for(Entity.PERSON, name) for name in ("Jansen", "De Vries"))
    await brief.save(conversation)
    for _ in range(4):
        await asyncio.sleep(0.25)
        conversation = await brief.open("p", "chat")
        assert conversation.value_of(used) == "De Vries"
        await brief.renew(conversation)
    assert conversation.value_of(old) is None
    await brief.close()


async def test_an_emptied_store_begins_far_away(vault: ValkeyVault) -> None:
    await vault._client.flushall()
    token = (await vault.open("p", "chat")).token_for(Entity.PERSON, "Jansen")
    assert 100_000 < int(token.removeprefix("[PERSOON-").removesuffix("]")) <= 900_000
