"""Other systems' shapes for our events: one module per shape, each with a function from an event to lines of text."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from gateway.audit.exports import cef, delimited, ecs, ndjson, ocsf
from gateway.audit.query import Event

type Export = Callable[[Iterable[Event]], Iterator[str]]

FORMATS: Mapping[str, Export] = MappingProxyType(
    {"ndjson": ndjson.lines, "csv": delimited.lines, "ecs": ecs.lines, "ocsf": ocsf.lines, "cef": cef.lines}
)
"""Every format by the name `audit export --format` knows; takes the events of `with_outcomes`, gives lines."""
