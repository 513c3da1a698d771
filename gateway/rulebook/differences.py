"""What differs between two rulebooks, document by document, for a reviewer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.common import Document


@dataclass(frozen=True, slots=True)
class Difference:
    """One document: `change` is added, removed or changed; `fields` are the paths whose values differ."""

    kind: str
    id: str
    change: str
    fields: tuple[str, ...] = ()


def differences(before: RuleBook, after: RuleBook) -> tuple[Difference, ...]:
    """Every document that is not the same in both, by kind and id."""
    old, new = _forms(before), _forms(after)
    found = []
    for key in sorted({*old, *new}):
        if key not in new:
            found.append(Difference(*key, "removed"))
        elif key not in old:
            found.append(Difference(*key, "added"))
        elif old[key] != new[key]:
            found.append(Difference(*key, "changed", tuple(_fields(old[key], new[key]))))
    return tuple(found)


def _forms(book: RuleBook) -> dict[tuple[str, str], Any]:
    documents: tuple[Document, ...] = (book.house, *book.tools, *book.detection, *book.usage, *book.exceptions)
    forms: dict[tuple[str, str], Any] = {}
    for document in (*documents, *book.messages):
        form = document.model_dump(mode="json")
        forms[form["kind"], form["id"]] = form
    forms |= {("list/v1", name): list(values) for name, values in book.lists.items()}
    forms |= {
        ("refusal/v1", name): (each.status, each.body, dict(each.headers)) for name, each in book.refusals.items()
    }
    forms["hosts/v1", "unscreened"] = sorted(book.unscreened.patterns())
    return forms


def _fields(old: Any, new: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 JSON values
    """Paths at which two forms differ, as deep as both are mappings; a list differs as a whole."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        yield path or "values"
        return
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield from _fields(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
