"""The valid documents of a folder of rules, each with the file it came from; faults are gathered beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from gateway.errors import Problem
from gateway.rulebook.documents import KINDS
from gateway.rulebook.documents.common import Document
from gateway.rulebook.reading import Location, Source, read

OVERLAY = "local"
"""The folder inside a folder of rules that holds the municipality's own documents."""

_NOT_RULES = {"schema", "profiles", OVERLAY}


@dataclass(frozen=True, slots=True)
class Loaded[D: Document]:
    """A valid document and its file; `is_own` when it comes from the overlay."""

    document: D
    source: Source
    is_own: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id; a screening is known by its tool, a test by its file, for a rule may have several."""
        document = self.document
        name = getattr(document, "id", None) or getattr(document, "tool", None) or self.source.file
        return str(getattr(document, "kind", "")), name


def of_kind[D: Document](items: Iterable[Loaded[Document]], kind: type[D]) -> list[Loaded[D]]:
    """The items whose document is of this model."""
    return [cast("Loaded[D]", item) for item in items if isinstance(item.document, kind)]


def documents_in(
    folder: Path, root: Path, problems: list[Problem], *, is_own: bool = False
) -> Iterator[Loaded[Document]]:
    """Every valid document under `folder`, in path order; files are named relative to `root` where they lie in it."""
    if not folder.is_dir():
        problems.append(Problem("no-folder", "there is no such folder of rules", folder.name))
        return
    for path in sorted(folder.rglob("*.yaml")):
        if path.relative_to(folder).parts[0] in _NOT_RULES:
            continue
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.relative_to(folder).as_posix()
        source, faults = read(path, name)
        problems += faults
        if source is not None and not faults:
            document = validate(source, problems)
            if document is not None:
                yield Loaded(document, source, is_own)


def validate(source: Source, problems: list[Problem]) -> Document | None:
    """The document in a source, or None with its faults added to `problems`."""
    kind = source.tree.get("kind") if isinstance(source.tree, dict) else None
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        known = ", ".join(KINDS)
        problems.append(source.problem("kind", f"`kind` must be one of {known}", ("kind",)))
        return None
    try:
        return model.model_validate(source.tree)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            location: Location = tuple(fault["loc"])
            of_key = fault["type"] == "extra_forbidden"
            code, message = ("unknown-key", "unknown key") if of_key else ("value", fault["msg"])
            where = ".".join(str(part) for part in location)
            problems.append(source.problem(code, f"{where}: {message}", location, of_key=of_key))
        return None
