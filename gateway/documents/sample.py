"""A look at a large file before every word of it is read: the first lines of pieces from all over it."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.model.traffic import PartRole, PromptPart

LARGE = 400_000
"""Characters of files in one message from which a look comes first."""
_PIECES, _LINES, _CHARACTERS = 4, 60, 12_000


def sample(parts: Sequence[PromptPart]) -> tuple[PromptPart, ...]:
    """The first lines of a few file parts, () when there is little to read.

    Spans in a sampled part are spans in the part itself. What a sample shows can only be confirmed by the rest, as the
    strictest verdict wins: a refusal stands at once. That nothing is there needs every word.
    """
    files = [part for part in parts if part.role is PartRole.FILE]
    if sum(len(part.text) for part in files) < LARGE:
        return ()
    step = max(1, len(files) // _PIECES)
    return tuple(replace(part, text=_first_lines(part.text)) for part in files[::step][:_PIECES])


def _first_lines(text: str) -> str:
    lines = text[:_CHARACTERS].splitlines(keepends=True)
    whole = lines[:-1] if len(text) > _CHARACTERS and len(lines) > 1 else lines
    return "".join(whole[:_LINES])
