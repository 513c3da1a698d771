"""How much one file may cost: the bounds of the process that reads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of the confined process: address space and output in bytes, CPU and wall clock in seconds."""

    memory_bytes: int = 1_500_000_000
    cpu_seconds: int = 60
    wall_seconds: int = 60
    output_bytes: int = 200_000_000
