"""AI services outside the register: from the lists of hosts to one table of names."""

from collections.abc import Iterable, Iterator

from gateway.rulebook.documents.lists import AiService, HostList
from gateway.rulebook.hosts import HostTable


def table_of(lists: Iterable[HostList]) -> HostTable[str]:
    """Names by host; "" marks a host that is shared with ordinary work.

    What one list calls shared is not taken for an AI service because another list has it.
    """
    lists = tuple(lists)
    shared = {host for item in lists for service in item.shared for host in patterns_of(service)}
    rows = [(host, "") for host in sorted(shared)]
    rows += [
        (host, service.name)
        for item in lists
        for service in item.services
        for host in patterns_of(service)
        if host not in shared
    ]
    return HostTable.of(rows)


def patterns_of(service: AiService) -> Iterator[str]:
    """Every pattern of a service; a suffix is the name itself and all under it."""
    yield from service.hosts
    for suffix in service.suffixes:
        yield suffix
        yield f"*.{suffix}"
