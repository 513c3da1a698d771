"""Writes compound files (MS-CFB version 3), so that tests have Outlook messages and embedded objects to read."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_CUTOFF = 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree = Mapping[str, "bytes | Tree"]
"""Streams (bytes) and storages (mappings) by name."""


def compound(tree: Tree) -> bytes:
    """The compound file that holds `tree`; short streams lie in the mini stream, as the format asks."""
    entries: list[_Entry] = [_Entry("Root Entry", 5)]
    _add(tree, 0, entries)
    large, small = _Chains(512), _Chains(64)
    for entry in entries[1:]:
        if entry.kind == 2:
            entry.start = (small if len(entry.data) < _CUTOFF else large).store(entry.data)
    entries[0].data = b"".join(small.sectors)
    entries[0].start = large.store(entries[0].data)
    first_directory = large.store(b"".join(entry.packed() for entry in entries))
    mini = struct.pack(f"<{len(small.next)}I", *small.next)
    mini += b"\xff" * (-len(mini) % 512)
    first_mini = large.store(mini)
    fats = 1
    while fats * 128 < len(large.sectors) + fats:
        fats += 1
    first_fat = len(large.sectors)
    chains = [*large.next, *[_FAT] * fats]
    chains += [_FREE] * (fats * 128 - len(chains))
    large.sectors += [struct.pack("<128I", *chains[n * 128 : n * 128 + 128]) for n in range(fats)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, first_directory, 0, _CUTOFF)
    header += struct.pack("<IIII", first_mini, len(mini) // 512, _END, 0)
    header += struct.pack("<109I", *[first_fat + n for n in range(fats)], *[_FREE] * (109 - fats))
    return header + b"".join(large.sectors)


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    start: int = _END
    right: int = _FREE
    child: int = _FREE

    def packed(self) -> bytes:
        encoded = self.name.encode("utf-16-le") + b"\x00\x00"
        head = encoded.ljust(64, b"\x00") + struct.pack(
            "<HBBIII", len(encoded), self.kind, 1, _FREE, self.right, self.child
        )
        return head + bytes(36) + struct.pack("<IQ", self.start, len(self.data))


@dataclass(slots=True)
class _Chains:
    """Sectors of one size, and for each the number of the next one."""

    size: int
    sectors: list[bytes] = field(default_factory=list)
    next: list[int] = field(default_factory=list)

    def store(self, content: bytes) -> int:
        if not content:
            return _END
        first = len(self.sectors)
        pieces = [content[at : at + self.size].ljust(self.size, b"\x00") for at in range(0, len(content), self.size)]
        self.sectors += pieces
        self.next += [*range(first + 1, first + len(pieces)), _END]
        return first


def _add(tree: Tree, parent: int, entries: list[_Entry]) -> None:
    """Children as a chain of right siblings in the order of MS-CFB 2.6.4: short names first, then by capitals."""
    previous = -1
    for name in sorted(tree, key=lambda one: (len(one), one.upper())):
        inside = tree[name]
        number = len(entries)
        entries.append(_Entry(name, 2, inside) if isinstance(inside, bytes) else _Entry(name, 1))
        if previous < 0:
            entries[parent].child = number
        else:
            entries[previous].right = number
        previous = number
        if not isinstance(inside, bytes):
            _add(inside, number, entries)
