"""How much of a message wire is willing to read. Whatever goes over a limit becomes a gap, never an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one message. Sizes are bytes (or characters for text), `depth` counts codecs inside each other.

    `nesting` is how deep one JSON value or protobuf message may go; `nodes` how many values one message may hold;
    `expanded` what all compressed data in it may grow to together, and `growth` how many times the size of the message
    when that is less (but at least a megabyte): language packs to a twentieth, 30 kB of zeros to 30 MB.
    """

    depth: int = 24
    nesting: int = 200
    nodes: int = 100_000
    expanded: int = 32 * 1024 * 1024
    growth: int = 50


DEFAULT_LIMITS = Limits()
