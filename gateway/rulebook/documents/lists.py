"""`list/v1` and `hosts/v1`: shared values that rules refer to, and the names of AI services nobody screened yet."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.rulebook.documents.common import Document, DocumentId

HostName = Annotated[str, Field(pattern=r"^[a-z0-9*-]+(\.[a-z0-9*-]+)+$", max_length=253)]
"""Lower-case host name; a `*` stands for any characters within one label."""


class ValueList(Document):
    """Values that detection and usage rules name by this id (`terms_from`, `allow_from`, departments)."""

    kind: Literal["list/v1"]
    id: DocumentId
    title: str
    owner: str = ""
    source: str = ""
    licence: str = ""
    values: tuple[str, ...]


class AiService(Document):
    """One AI service outside the register. `suffixes` mean the name and all under it, `hosts` exactly that name."""

    name: str
    vendor: str = ""
    category: str = "unclassified"
    country: str = ""
    suffixes: tuple[HostName, ...] = ()
    hosts: tuple[HostName, ...] = ()


class HostList(Document):
    """Hosts that are there for an AI service. `shared` hosts also carry ordinary work and are never intercepted
    because of a list: only a registered tool that claims them does that."""

    kind: Literal["hosts/v1"]
    id: DocumentId
    title: str
    owner: str = ""
    source: str
    licence: str
    services: tuple[AiService, ...]
    shared: tuple[AiService, ...] = ()
