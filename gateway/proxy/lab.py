"""`--connect-to`: sends the upstream connection of one host to a lab address, as curl's option of that name does."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.errors import SettingsError
from gateway.proxy.names import normalise

type Address = tuple[str, int]


def parse_connect_to(specs: Iterable[str]) -> Mapping[Address, Address]:
    """`HOST:PORT:ADDR:PORT`, addresses of IPv6 in brackets. Raises SettingsError."""
    table: dict[Address, Address] = {}
    for spec in specs:
        try:
            front, _, to_port = spec.rpartition(":")
            host, from_port, address = front.split(":", 2)
            table[normalise(host), int(from_port)] = (address.strip("[]"), int(to_port))
        except ValueError:
            raise SettingsError(f"--connect-to {spec}: write HOST:PORT:ADDR:PORT") from None
    return table


class LabLoop(asyncio.SelectorEventLoop):
    """An event loop that looks up chosen hosts elsewhere. Names, certificates and reuse of connections stay as they
    are, because nothing above the look-up knows of it."""

    def __init__(self, table: Mapping[Address, Address] | None = None) -> None:
        super().__init__()
        self.table = dict(table or {})

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        **options: Any,  # noqa: ANN401 (asyncio's own, passed on)
    ) -> list[Any]:
        """As asyncio's, but for the hosts in the table."""
        if isinstance(host, str) and isinstance(port, int):
            host, port = self.table.get((normalise(host), port), (host, port))
        return list(await super().getaddrinfo(host, port, **options))
