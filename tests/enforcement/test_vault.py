"""The vault: stable tokens, never across people, sealed, bounded, short-lived."""

import gc
import pickle

import pytest

from gateway.enforcement.vault import Conversation, MemoryVault, VaultKeys
from gateway.errors import EnforcementError
from gateway.model.inspection import Entity


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(clock: Clock) -> MemoryVault:
    return MemoryVault(keys=VaultKeys.random(), clock=clock, ttl_seconds=100, max_scopes=3)


def test_a_value_keeps_its_token_and_others_get_another(conversation: Conversation) -> None:
    first = conversation.token_for(Entity.PERSON, "Fatima El Amrani")
    assert first == "[PERSOON-1]"
    assert conversation.token_for(Entity.PERSON, "fatima el amrani") == first
    assert conversation.token_for(Entity.PERSON, "Jan Jansen") == "[PERSOON-2]"
    assert conversation.token_for(Entity.NL_BSN, "111222333") == "[BSN-1]"
    assert conversation.value_of(first) == "Fatima El Amrani"
    assert conversation.value_of("[PERSOON-3]") is None


def test_reserved_numbers_are_never_given_out(conversation: Conversation) -> None:
    conversation.reserve(["[BSN-1]", "[BSN-2]"])
    assert conversation.token_for(Entity.NL_BSN, "111222333") == "[BSN-3]"


@pytest.mark.parametrize(("person", "tool"), [("p-2", "chat"), ("p-1", "other"), ("p-1c", "hat")])
async def test_nobody_else_can_restore(vault: MemoryVault, person: str, tool: str) -> None:
    """Another person, another tool, and names that only glue together to the same text."""
    token = (await vault.open("p-1", "chat", "c")).token_for(Entity.PERSON, "Jan Jansen")
    assert (await vault.open(person, tool, "c")).value_of(token) is None


async def test_another_conversation_of_the_same_person_cannot_restore(vault: MemoryVault) -> None:
    token = (await vault.open("p", "chat", "c-1")).token_for(Entity.PERSON, "Jan Jansen")
    other = await vault.open("p", "chat", "c-2")
    assert other.value_of(token) is None
    assert other.token_for(Entity.PERSON, "Jan Jansen") != token


async def test_a_named_conversation_knows_what_was_said_before_it_had_a_name(vault: MemoryVault) -> None:
    """The first message of a web chat has no conversation id yet; numbers are never used twice."""
    first = (await vault.open("p", "chat")).token_for(Entity.PERSON, "Jan Jansen")
    named = await vault.open("p", "chat", "c-1")
    assert named.value_of(first) == "Jan Jansen"
    assert named.token_for(Entity.PERSON, "Jan Jansen") == first
    assert named.token_for(Entity.PERSON, "Piet Pietersen") != first


async def test_conversations_end_after_their_time(vault: MemoryVault, clock: Clock) -> None:
    token = (await vault.open("p", "chat", "c")).token_for(Entity.PERSON, "Jan Jansen")
    clock.now = 99
    assert (await vault.open("p", "chat", "c")).value_of(token) == "Jan Jansen"
    clock.now = 198
    assert (await vault.open("p", "chat", "c")).value_of(token) == "Jan Jansen"
    clock.now = 299
    assert (await vault.open("p", "chat", "c")).value_of(token) is None


async def test_the_oldest_scope_goes_when_there_are_too_many(vault: MemoryVault) -> None:
    token = (await vault.open("p-0", "chat")).token_for(Entity.PERSON, "Jan Jansen")
    for number in range(1, 4):
        await vault.open(f"p-{number}", "chat")
    assert (await vault.open("p-0", "chat")).value_of(token) is None


async def test_nothing_readable_in_memory_or_repr(vault: MemoryVault) -> None:
    """Law 4: the value is nowhere among the objects the vault keeps, nor in what they print."""
    marker = "".join(["Kanarie", "piet"])
    conversation = await vault.open("p", "chat")
    token = conversation.token_for(Entity.PERSON, f"{marker} Jansen")
    gc.collect()
    kept = [*conversation.ledger]
    assert kept
    assert not any(marker in repr(stored) or marker.encode() in stored.sealed for stored in kept)
    inside = gc.get_referents(conversation.ledger)
    assert not any(marker.encode() in pickle.dumps(each) for each in inside if isinstance(each, dict))
    assert conversation.value_of(token) == f"{marker} Jansen"


async def test_another_key_cannot_open(clock: Clock) -> None:
    vault = MemoryVault(keys=VaultKeys.derive(b"a secret of length"), clock=clock)
    conversation = await vault.open("p", "chat")
    token = conversation.token_for(Entity.PERSON, "Jan")
    vault._keys = VaultKeys.derive(b"another secret here")
    ledger = conversation.ledger
    from gateway.enforcement.vault import Cipher, scope_of

    stranger = Conversation(ledger, Cipher(vault._keys, scope_of(vault._keys, "p", "chat")), "")
    with pytest.raises(EnforcementError):
        stranger.value_of(token)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(EnforcementError, match="16 bytes"):
        VaultKeys.derive(b"short")


def test_keys_do_not_print() -> None:
    assert repr(VaultKeys.random()) == "VaultKeys()"


async def test_the_loose_conversation_restores_all_of_one_person(vault: MemoryVault) -> None:
    """An answer that arrives on a socket of its own names no conversation; it is still the same person's."""
    token = (await vault.open("p", "chat", "c-1")).token_for(Entity.PERSON, "Jan Jansen")
    assert (await vault.open("p", "chat")).value_of(token) == "Jan Jansen"
    assert (await vault.open("q", "chat")).value_of(token) is None
