"""What a process owns of memory alone, and giving back what it no longer needs. Linux and glibc; elsewhere nothing."""

import ctypes
from pathlib import Path

_PRIVATE = ("Private_Clean:", "Private_Dirty:")


def resident(pid: int | str = "self") -> int:
    """Bytes of memory a process has, shared or not; 0 where the platform does not say."""
    return _sum(pid, ("Rss:",))


def private(pid: int | str = "self") -> int:
    """Bytes of memory only this process has; 0 where the platform does not say."""
    return _sum(pid, _PRIVATE)


def give_back() -> None:
    """Return freed memory to the system: the allocator keeps what the largest text needed."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _sum(pid: int | str, names: tuple[str, ...]) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(names))
