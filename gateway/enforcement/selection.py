"""Which strings of an event a tool file's answer selectors name."""

from collections.abc import Callable

from gateway.wire.locators import compile_selector, spell
from gateway.wire.tree import Path


def matcher(selectors: tuple[str, ...]) -> Callable[[Path], bool]:
    """Whether a path within an event is named by one of the selectors, which start at `body`.

    Raises `WireError` for a selector that is not of the grammar; `rules check` finds those before.
    """
    patterns = [compile_selector(selector) for selector in selectors]

    def matches(path: Path) -> bool:
        written = spell(("body", *(step for step in path if step != "$")))
        return any(pattern.fullmatch(written) for pattern in patterns)

    return matches
