"""Numbers of placeholders: never one for two values, however often values expire and the gateway starts again."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.enforcement.ledger import MAX_VALUES, Ledger
from gateway.enforcement.numbers import NumberBook
from gateway.enforcement.redaction import plan
from gateway.enforcement.vault import Cipher, Conversation, MemoryVault, VaultKeys
from gateway.errors import EnforcementError
from gateway.model.inspection import Entity
from gateway.model.traffic import PartRole, PromptPart

SECRET = b"a key that outlives a process"
TTL = 100.0


class Gateway:
    """A gateway that can start again: the book stays, all else is lost."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "numbers.sqlite"
        self.now = 0.0
        self.start(is_first=True)

    def start(self, *, is_first: bool = False, secret: bytes = SECRET) -> None:
        numbers = NumberBook(self.path, secret, is_first=is_first)
        clock = lambda: self.now  # noqa: E731
        self.vault = MemoryVault(keys=VaultKeys.random(), clock=clock, numbers=numbers, ttl_seconds=TTL, max_scopes=2)

    async def restart(self, secret: bytes = SECRET) -> None:
        await self.vault.close()
        self.start(secret=secret)

    async def token(self, value: str, person: str = "p", conversation: str = "c-1") -> str:
        opened = await self.vault.open(person, "chat", conversation)
        token = opened.token_for(Entity.PERSON, value)
        await self.vault.save(opened)
        return token


async def test_a_name_never_comes_back_as_another(tmp_path: Path) -> None:
    """Day 1: Jansen. After a quiet night or a restart, in the same web chat: De Vries."""
    gateway = Gateway(tmp_path)
    assert await gateway.token("Jansen") == "[PERSOON-1]"
    gateway.now += 5 * TTL
    assert await gateway.token("De Vries") == "[PERSOON-2]"
    await gateway.restart()
    assert await gateway.token("Bakker") == "[PERSOON-3]"
    assert (await gateway.vault.open("p", "chat", "c-1")).value_of("[PERSOON-1]") is None


STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from("pq"), st.sampled_from(["", "c-1", "c-2"]), st.sampled_from("ABCDEFG")),
    st.tuples(st.just("wait"), st.floats(1, 3 * TTL)),
    st.just(("restart",)),
    st.just(("crowd",)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_no_token_for_two_values(steps: list[tuple[object, ...]]) -> None:
    """Over any sequence of messages, expiries, restarts and others that crowd a person out."""

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            gateway, given_out = Gateway(Path(folder)), dict[tuple[str, str], str]()
            for step in steps:
                match step:
                    case ("say", str(person), str(conversation), str(value)):
                        token = await gateway.token(f"Naam {value}", person, conversation)
                        assert given_out.setdefault((person, token), value) == value
                    case ("wait", float(seconds)):
                        gateway.now += seconds
                    case ("restart",):
                        await gateway.restart()
                    case _:
                        for name in "xyz":
                            await gateway.vault.open(name, "chat")
            await gateway.vault.close()

    asyncio.run(run())


@pytest.mark.parametrize("loss", ["file", "key"])
async def test_when_the_book_is_lost_numbers_begin_far_away(tmp_path: Path, loss: str) -> None:
    gateway = Gateway(tmp_path)
    assert await gateway.token("Jansen") == "[PERSOON-1]"
    await gateway.vault.close()
    if loss == "file":
        for file in tmp_path.iterdir():
            file.unlink()
    gateway.start(secret=SECRET if loss == "file" else b"another key")
    number = int((await gateway.token("De Vries")).removeprefix("[PERSOON-").removesuffix("]"))
    assert 100_000 < number <= 900_000
    await gateway.restart(SECRET if loss == "file" else b"another key")
    assert await gateway.token("Bakker") == f"[PERSOON-{number + 1}]", "the new beginning is kept"


async def test_a_book_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path)
    gateway.vault._numbers._database.execute("DROP TABLE numbers")
    with pytest.raises(EnforcementError, match="numbers"):
        await gateway.token("Jansen")


async def test_who_was_crowded_out_while_being_redacted_is_refused(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path)
    opened = await gateway.vault.open("p", "chat")
    opened.token_for(Entity.PERSON, "Jansen")
    for name in "xyz":
        await gateway.vault.open(name, "chat")
    with pytest.raises(EnforcementError, match="crowded out"):
        await gateway.vault.save(opened)


async def test_nothing_of_a_value_or_person_is_written(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path)
    await gateway.token("Kanariepiet Jansen", "kanariepersoon")
    await gateway.vault.close()
    assert gateway.path.stat().st_mode & 0o077 == 0
    assert not any(b"anarie" in file.read_bytes() for file in tmp_path.iterdir())


async def test_every_value_has_its_own_time(tmp_path: Path) -> None:
    """A service account never falls silent; what it said yesterday goes all the same."""
    gateway = Gateway(tmp_path)
    old, used = await gateway.token("Jansen"), await gateway.token("De Vries")
    for _ in range(5):
        gateway.now += 0.5 * TTL
        assert (await gateway.vault.open("p", "chat", "c-1")).value_of(used) == "De Vries"
    assert (await gateway.vault.open("p", "chat", "c-1")).value_of(old) is None


def full() -> Conversation:
    conversation = Conversation(Ledger(), Cipher(VaultKeys.random(), b"p"), "c")
    for number in range(MAX_VALUES):
        conversation.token_for(Entity.PERSON, f"Naam{number} Jansen")
    return Conversation(conversation.ledger, conversation._cipher, "c")


def test_a_full_ledger_forgets_what_was_not_used_longest() -> None:
    conversation = full()
    assert conversation.token_for(Entity.PERSON, "Naam0 Jansen") == "[PERSOON-1]"
    assert conversation.token_for(Entity.PERSON, "Erbij") == f"[PERSOON-{MAX_VALUES + 1}]"
    assert conversation.value_of("[PERSOON-1]") == "Naam0 Jansen"
    assert conversation.value_of("[PERSOON-2]") is None
    assert len(conversation.ledger) == MAX_VALUES


def test_a_message_that_fills_it_alone_is_refused() -> None:
    conversation = Conversation(Ledger(), Cipher(VaultKeys.random(), b"p"), "c")
    for number in range(MAX_VALUES):
        conversation.token_for(Entity.PERSON, f"Naam{number}")
    with pytest.raises(EnforcementError, match="too many"):
        conversation.token_for(Entity.PERSON, "Een te veel")


def test_only_values_whose_first_word_is_said_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = full()
    opened: list[str] = []
    real = Cipher.open
    monkeypatch.setattr(
        Cipher, "open", lambda self, token, sealed: (opened.append(token), real(self, token, sealed))[1]
    )
    parts = [PromptPart("p", PartRole.USER, "Bel Naam7 Jansen en naam9 even.")]
    planned = plan(parts, [], frozenset(Entity), conversation)
    assert [each.token for each in planned["p"]] == ["[PERSOON-8]"]
    assert opened == ["[PERSOON-8]", "[PERSOON-10]"]
