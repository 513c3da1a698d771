"""Doubles and helpers of the enforcement tests."""

from collections.abc import Iterator, Mapping

import pytest

from gateway.enforcement.vault import Conversation, MemoryVault, VaultKeys
from gateway.model.notice import Notice, NoticeText


class FixedConversation:
    """Placeholders from a plain mapping, so that a test can use any form of token."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __len__(self) -> int:
        return len(self._values)

    def tokens(self) -> Iterator[str]:
        return iter(self._values)

    def value_of(self, token: str) -> str | None:
        return self._values.get(token)


@pytest.fixture
def fixed() -> type[FixedConversation]:
    return FixedConversation


@pytest.fixture
async def conversation() -> Conversation:
    return await MemoryVault(keys=VaultKeys.random(), clock=lambda: 0.0).open("p-1", "tool", "c-1")


@pytest.fixture
def notice() -> Notice:
    texts = (
        NoticeText(
            "nl",
            "Niet verstuurd",
            'In uw tekst staat 1 BSN & "meer".',
            "Huisregel 4: geen BSN in AI.",
            ("Haal het weg.",),
        ),
        NoticeText("en", "Not sent", "Your text holds 1 citizen service number.", "House rule 4.", ("Take it out.",)),
    )
    return Notice("bsn", "ref-123", texts, "Voorbeeld-AI", (("Contact", "https://intranet.example.nl/ai"),))
