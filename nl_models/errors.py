"""The one error of this package."""

from pathlib import Path


class ModelError(ValueError):
    """A model or list is missing or damaged. The message names the path and what to do; it never holds text."""

    def __init__(self, path: Path, problem: str, advice: str) -> None:
        super().__init__(f"{path}: {problem}. {advice}")
        self.path = path
