"""The tokens of one person in one tool: sealed values with what finds them again, each for its own time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field

from gateway.enforcement.numbers import Numbers
from gateway.errors import EnforcementError

MAX_VALUES = 20_000
"""Values one person can have standing in one tool; beyond it the one that was not used longest goes."""


@dataclass(frozen=True, slots=True)
class StoredToken:
    """One token as a store keeps it: nothing readable. `owner`, `digest` and `word` are keyed digests: of the
    conversation (empty for the loose one), the value, and its first word (empty when it is not looked for).
    """

    token: str
    owner: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    word: bytes = field(repr=False)
    sealed: bytes = field(repr=False)

    @property
    def label(self) -> str:
        return self.token[1:-1].rpartition("-")[0]

    @property
    def number(self) -> int:
        return int(self.token[1:-1].rpartition("-")[2])


class Ledger:
    """Sealed values in the order of their last use, and numbers that only go up."""

    __slots__ = ("_by_digest", "_by_word", "_clock", "_reserved", "_stored", "_used", "last_use", "made", "numbers")

    def __init__(self, numbers: Numbers | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.numbers = numbers or Numbers()
        self.made = 0
        """Tokens that were ever entered; it only grows."""
        self.last_use = clock()
        self._clock = clock
        self._stored: dict[str, StoredToken] = {}
        self._used: OrderedDict[str, float] = OrderedDict()
        self._by_digest: dict[tuple[bytes, bytes], str] = {}
        self._by_word: dict[bytes, dict[str, None]] = {}
        self._reserved: OrderedDict[str, float] = OrderedDict()

    def __iter__(self) -> Iterator[StoredToken]:
        return iter(self._stored.values())

    def __len__(self) -> int:
        return len(self._stored)

    def enter(self, stored: StoredToken) -> None:
        """Enter one token as used now."""
        self._stored[stored.token] = stored
        self._by_digest[stored.owner, stored.digest] = stored.token
        if stored.word:
            self._by_word.setdefault(stored.word, {})[stored.token] = None
        self.made += 1
        self.use(stored.token)

    def find(self, token: str) -> StoredToken | None:
        return self._stored.get(token)

    def of_value(self, owner: bytes, digest: bytes) -> str | None:
        """The token of a value in one conversation."""
        return self._by_digest.get((owner, digest))

    def with_word(self, word: bytes) -> Iterator[StoredToken]:
        """The tokens whose value begins with this word."""
        return (self._stored[token] for token in self._by_word.get(word, ()))

    def use(self, token: str) -> None:
        """The time of a token counts from now."""
        self.last_use = self._used[token] = self._clock()
        self._used.move_to_end(token)

    def reserve(self, token: str) -> None:
        """Do not give this out while it is remembered that somebody typed it."""
        self._reserved[token] = self._clock()
        self._reserved.move_to_end(token)
        if len(self._reserved) > MAX_VALUES:
            self._reserved.popitem(last=False)

    @property
    def reserved(self) -> Container[str]:
        return self._reserved.keys()

    def make_room(self, in_use: Container[str]) -> None:
        """Forget the token that was not used longest when there are too many; never one of `in_use`."""
        if len(self._stored) < MAX_VALUES:
            return
        oldest = next(iter(self._used))
        if oldest in in_use:
            raise EnforcementError("the message holds too many values to redact")
        self._forget(oldest)

    def expire(self, until: float) -> None:
        """Forget what was last used at `until` or before."""
        while self._used and next(iter(self._used.values())) <= until:
            self._forget(next(iter(self._used)))
        while self._reserved and next(iter(self._reserved.values())) <= until:
            self._reserved.popitem(last=False)

    def _forget(self, token: str) -> None:
        stored = self._stored.pop(token)
        del self._used[token]
        if self._by_digest.get((stored.owner, stored.digest)) == token:
            del self._by_digest[stored.owner, stored.digest]
        if stored.word:
            tokens = self._by_word[stored.word]
            del tokens[token]
            if not tokens:
                del self._by_word[stored.word]
