"""Pseudonyms: a keyed stand-in for a person that changes every month and cannot be reversed from the journal."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.audit.keys import Ring, month_of

_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """HMAC-SHA-256 over the identity with the key of the month; the same person is another one next month."""

    ring: Ring

    def of(self, identity: str, at: float) -> str:
        """The pseudonym of `identity` at that time; "" for an unknown person."""
        return self._in_month(identity, month_of(at)) if identity else ""

    def find(self, pseudonym: str, candidates: Iterable[str], month: str) -> str:
        """Which of `candidates` bears `pseudonym` in `month`; "" for none. Only `unmask` may ask this."""
        if month not in self.ring.months():
            return ""
        matches = (name for name in candidates if hmac.compare_digest(self._in_month(name, month), pseudonym))
        return next(matches, "")

    def _in_month(self, identity: str, month: str) -> str:
        person = identity.strip().casefold().encode()
        return "p-" + hmac.digest(self.ring.key(month), b"person\n" + person, "sha256").hex()[:_LENGTH]
