"""Keyed fingerprints of found values, so an auditor can ask "was this BSN sent?" of a journal that holds no values."""

import hmac
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.audit.keys import Ring, month_of
from gateway.model.inspection import Entity
from gateway.model.record import Fingerprint

_WORDS = frozenset({Entity.PERSON, Entity.LOCATION})
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_COUNTRY_CODE = re.compile(r"^(0031|31)(?=[1-9]\d{8}$)")


@dataclass(frozen=True, slots=True)
class Fingerprinter:
    """HMAC-SHA-256 with a key per month and per entity, over a normalised value. Never writes or logs the value."""

    ring: Ring
    clock: Callable[[], float] = field(default=time.time, repr=False)

    def digest(self, entity: Entity, value: str) -> Fingerprint:
        """The fingerprint of a value found now."""
        return Fingerprint(entity.value, self._digest(entity, value, month_of(self.clock())))

    def digests(self, entity: Entity, value: str) -> tuple[str, ...]:
        """What the value's fingerprint was in every month whose key still exists: the question an auditor asks."""
        return tuple(self._digest(entity, value, month) for month in self.ring.months())

    def _digest(self, entity: Entity, value: str, month: str) -> str:
        key = hmac.digest(self.ring.key(month), b"entity\n" + entity.value.encode(), "sha256")
        return hmac.digest(key, normalise(entity, value).encode(), "sha256").hex()


def normalise(entity: Entity, value: str) -> str:
    """The same for every way of writing one value: spaces, dots, case, accents and +31 do not matter."""
    plain = unicodedata.normalize("NFKC", value)
    if entity is Entity.EMAIL_ADDRESS:
        return plain.strip().casefold()
    if entity in _WORDS:
        decomposed = unicodedata.normalize("NFD", plain.casefold())
        letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
        return " ".join(_NOT_ALPHANUMERIC.sub(" ", letters).split())
    compact = _NOT_ALPHANUMERIC.sub("", plain).upper()
    return _COUNTRY_CODE.sub("0", compact) if entity is Entity.PHONE_NUMBER else compact
