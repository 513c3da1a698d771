"""An edited text mapped back to where it came from: fragments of one sentence, signs that were shown otherwise."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 4000


def changes(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """The edits that turn `old` into `new`, in order: `(start, end, replacement)` in code points of `old`.

    Words are compared, so an edit never stops inside one. Applied in full, the edits always give exactly `new`.
    """
    if old == new:
        return
    before, after = _WORD.findall(old), _WORD.findall(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    position = sum(map(len, before[:head]))
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(before) > _MOST_WORDS or len(after) > _MOST_WORDS:
        yield position, position + sum(map(len, before)), "".join(after)
        return
    offsets = [position]
    for word in before:
        offsets.append(offsets[-1] + len(word))
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield offsets[start], offsets[end], "".join(after[new_start:new_end])


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length


def distribute(fragments: Sequence[str], new: str) -> list[str]:
    """The fragments after their concatenation became `new`. Together they are exactly `new`.

    A replacement that spans fragments goes to the first it touches; the others lose what it covered.
    """
    result = list(fragments)
    starts = [0]
    for fragment in fragments:
        starts.append(starts[-1] + len(fragment))
    for start, end, replacement in reversed(list(changes("".join(fragments), new))):
        touched = [
            number for number in range(len(fragments)) if starts[number] < end and start < starts[number + 1]
        ] or [_holder(starts, start, len(fragments))]
        for number in touched:
            left = max(start - starts[number], 0)
            right = min(end - starts[number], len(fragments[number]))
            put = replacement if number == touched[0] else ""
            result[number] = result[number][:left] + put + result[number][max(left, right) :]
    return result


def _holder(starts: Sequence[int], position: int, count: int) -> int:
    """The fragment in which something is inserted at `position`."""
    return next((number for number in range(count) if position <= starts[number + 1]), count - 1)


def carry(original: str, shown: str, new: str) -> str:
    """`new` with its unchanged stretches taken from `original`, of which `shown` is the sign-for-sign likeness."""
    if original == shown:
        return new
    result: list[str] = []
    position = 0
    for start, end, replacement in changes(shown, new):
        result.extend((original[position:start], replacement))
        position = end
    result.append(original[position:])
    return "".join(result)
