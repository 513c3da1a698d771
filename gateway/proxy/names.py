"""Which host is this really? A decision on every name known of a connection: target, SNI, peer and Host header.

A test on the SNI alone is passed by a missing or foreign SNI; `Host` inside the tunnel may differ from both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True, slots=True)
class Names:
    """The names one connection or request claims; "" is unknown. `target` is where the client asked to go
    (CONNECT, absolute URL, original destination, reverse upstream), `peer` the address that was connected; of more
    than one Host header `host_header` holds all, by commas."""

    target: str = ""
    sni: str = ""
    host_header: str = ""
    peer: str = ""

    def hosts(self) -> tuple[str, ...]:
        """The different host names (not addresses), in order of trust, in one spelling."""
        seen: dict[str, None] = {}
        for name in (self.target, self.sni, *self.host_header.split(",")):
            if (host := normalise(name)) and not is_address(host):
                seen[host] = None
        return tuple(seen)

    @property
    def has_destination(self) -> bool:
        """False for TLS to the proxy itself; such a connection must never be passed through."""
        return bool(self.target or self.peer)


def normalise(name: str) -> str:
    """Lower case, without port, brackets, and the root's dot."""
    name = name.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0].strip("[")
    if name.count(":") == 1:
        name = name.partition(":")[0]
    return name.rstrip(".")


def is_address(name: str) -> bool:
    """Whether the name is an IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_ours(names: Names, is_intercepted: Callable[[str], bool]) -> bool:
    """Whether any name or address of it is that of an AI service; everything else passes untouched."""
    evidence = (*names.hosts(), *(address for address in (names.target, names.peer) if address))
    return any(is_intercepted(name) for name in evidence)


def disagree(names: Names, is_intercepted: Callable[[str], bool]) -> bool:
    """Whether the names contradict each other while one of them is an AI service."""
    return len(names.hosts()) > 1 and is_ours(names, is_intercepted)
