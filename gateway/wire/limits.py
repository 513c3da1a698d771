"""How much of a message wire is willing to read. Whatever goes over a limit becomes a gap, never an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one message. Sizes are bytes (or characters for text), `depth` counts codecs inside each other.

    `nesting` is how deep one JSON value or protobuf message may go; `nodes` how many values one message may hold;
    `expanded` what all compressed data in it may grow to together.
    """

    depth: int = 24
    nesting: int = 200
    nodes: int = 100_000
    expanded: int = 32 * 1024 * 1024


DEFAULT_LIMITS = Limits()
