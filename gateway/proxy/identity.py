"""Who is asking. Pluggable: one small class per source; each gives a Person, never a name to a log."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Protocol

from gateway.errors import SettingsError
from gateway.model.traffic import Person
from gateway.proxy.files import check_private
from gateway.settings import IdentitySource, Settings

SCRYPT = {"n": 2**14, "r": 8, "p": 1}
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """What a connection tells about who is behind it; `headers` are lower case, `credential` is Proxy-Authorization."""

    address: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    credential: str = field(repr=False, default="")


class Identity(Protocol):
    """One source of identity."""

    requires_login: bool
    """Whether a caller without a valid credential is answered with 407."""

    async def login(self, credential: str) -> Person | None:
        """The person behind a Proxy-Authorization value; None when it is wrong."""
        ...

    def remembered(self, credential: str) -> Person | None:
        """The person behind a credential that `login` found right before; None otherwise. Quick."""
        ...

    def person(self, caller: Caller, logged_in: Person | None) -> Person | None:
        """The person to account a request to; None when nobody can be named, and the request is to be refused.

        Quick: it is asked before the body has arrived.
        """
        ...


class ByAddress:
    """Nobody says who they are: the client address is the pseudonym's input; a table may name who has which."""

    requires_login = False

    def __init__(self, table: Mapping[IPv4Network | IPv6Network, Person] | None = None) -> None:
        self._table = tuple(sorted((table or {}).items(), key=lambda item: -item[0].prefixlen))

    async def login(self, credential: str) -> Person | None:
        return self.remembered(credential)

    def remembered(self, credential: str) -> Person | None:
        del credential
        return None

    def person(self, caller: Caller, logged_in: Person | None) -> Person:
        del logged_in
        address = ip_address(caller.address) if caller.address else None
        for network, person in self._table:
            if address is not None and address.version == network.version and address in network:
                return person if person.identity else Person(caller.address, person.department, person.roles)
        return Person(identity=caller.address)


class ByHeader:
    """A trusted front (single sign-on, an inner proxy) says who it is; from any other address it is not believed.

    A front that names nobody is not taken for the person: everybody behind it would be one.
    """

    requires_login = False

    def __init__(self, header: str, fronts: tuple[IPv4Network | IPv6Network, ...]) -> None:
        if not fronts:
            raise SettingsError("identity `header` needs identity_fronts: the networks of the fronts to believe")
        self._header = header.lower()
        self._fronts = fronts

    async def login(self, credential: str) -> Person | None:
        return self.remembered(credential)

    def remembered(self, credential: str) -> Person | None:
        del credential
        return None

    def person(self, caller: Caller, logged_in: Person | None) -> Person | None:
        del logged_in
        address = ip_address(caller.address)
        if not any(address.version == front.version and address in front for front in self._fronts):
            return Person(identity=caller.address)
        name, _, department = caller.headers.get(self._header, "").partition(";department=")
        return Person(identity=name.strip(), department=department.strip()) if name.strip() else None


class ByPassword:
    """Basic proxy authentication against a file of scrypt hashes. Checked in a thread, because hashing takes long."""

    requires_login = True

    def __init__(self, people: Mapping[str, tuple[str, Person]]) -> None:
        self._people = people
        self._known: dict[bytes, Person] = {}
        self._pepper = os.urandom(32)

    async def login(self, credential: str) -> Person | None:
        known = self.remembered(credential)
        if known is not None:
            return known
        name, password = _basic(credential)
        hashed, person = self._people.get(name, (_NOBODY, Person()))
        if not await asyncio.to_thread(verify_password, password, hashed) or name not in self._people:
            return None
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[self._digest(credential)] = person
        return person

    def remembered(self, credential: str) -> Person | None:
        return self._known.get(self._digest(credential))

    def _digest(self, credential: str) -> bytes:
        return hmac.digest(self._pepper, credential.encode("utf-8", "replace"), "sha256")

    def person(self, caller: Caller, logged_in: Person | None) -> Person:
        return logged_in or Person(identity=caller.address)


def identity_of(settings: Settings) -> Identity:
    """The source the settings name. Raises SettingsError when its file is missing, wrong or readable by others."""
    match settings.identity:
        case IdentitySource.NONE:
            return ByAddress()
        case IdentitySource.HEADER:
            return ByHeader(settings.identity_header, settings.identity_fronts)
        case IdentitySource.ADDRESSES:
            return ByAddress({_network(name): _person(row, name="") for name, row in _table(settings).items()})
        case IdentitySource.BASIC:
            path = settings.identity_file
            if path is not None and path.is_file():
                check_private(path)
            return ByPassword(
                {
                    name: (str(row.get("password", "")), _person(row, name=name))
                    for name, row in _table(settings).items()
                }
            )


def hash_password(password: str, salt: bytes | None = None) -> str:
    """`scrypt$SALT$HASH` for the identity file."""
    salt = salt or os.urandom(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, **SCRYPT)
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def verify_password(password: str, hashed: str) -> bool:
    """Whether the password belongs to a `scrypt$…` hash; takes the same time whether or not it does."""
    try:
        kind, salt, digest = hashed.split("$")
        expected = base64.b64decode(digest)
        found = hashlib.scrypt(password.encode("utf-8", "replace"), salt=base64.b64decode(salt), **SCRYPT)
    except (ValueError, binascii.Error):
        return False
    return kind == "scrypt" and hmac.compare_digest(expected, found)


_NOBODY = hash_password("", b"0123456789abcdef")


def _basic(credential: str) -> tuple[str, str]:
    scheme, _, encoded = credential.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        return "", ""
    return name, password


def _table(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    path = settings.identity_file
    if path is None or not path.is_file():
        raise SettingsError(f"identity `{settings.identity}` needs identity_file; {path or 'none'} is not a file")
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        raise SettingsError(f"identity file {path} is not readable as TOML") from None
    if not all(isinstance(row, dict) for row in rows.values()):
        raise SettingsError(f'identity file {path}: write one table per person or network, such as ["10.1.2.3"]')
    return rows


def _person(row: Mapping[str, Any], *, name: str) -> Person:
    return Person(
        identity=str(row.get("person", name)),
        department=str(row.get("department", "")),
        roles=tuple(str(role) for role in row.get("roles", ())),
    )


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name)
    except ValueError:
        raise SettingsError(f"identity file: {name!r} is not an address or network") from None
