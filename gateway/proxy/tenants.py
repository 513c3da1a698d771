"""Headers by which providers keep private accounts out, from the tool file, with the deployment's own values."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.tool import Tool


def tenant_headers(tool: Tool | None, host: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name and value of every header this host must get; a header without a value is left out.

    `host` is the name the tool was matched by (`names.normalise`), not what the request calls it.
    """
    for header in tool.tenant_headers if tool else ():
        value = values.get(_name(header.value_from_setting), "")
        if value and any(fnmatchcase(host, pattern) for pattern in header.hosts):
            yield header.name, value


def missing_values(book: RuleBook, values: Mapping[str, str]) -> tuple[str, ...]:
    """Settings that tool files ask for and the deployment does not give: private accounts are not kept out there."""
    asked = {_name(header.value_from_setting) for tool in book.tools for header in tool.tenant_headers}
    return tuple(sorted(asked - {name for name, value in values.items() if value}))


def _name(setting: str) -> str:
    """Tool files may write the whole path of the setting: `tenants.microsoft`."""
    return setting.removeprefix("tenants.")
