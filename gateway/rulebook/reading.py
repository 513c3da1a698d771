"""One YAML file as a plain tree: every scalar a string, every node with its place, every fault at once.

PyYAML follows YAML 1.1, in which `012345672` (a BSN) is the integer 2739130, `no` is false and the last of two equal
keys wins silently. So the tree is built from parse events and nothing is converted here; the documents' models do that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from gateway.errors import Problem

MAX_BYTES = 200_000
MAX_DEPTH = 32

type Tree = str | list[Tree] | dict[str, Tree]
type Location = tuple[str | int, ...]
type Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read. `places` gives line and column (from 1) of the value at each location, `keys` of its key."""

    file: str
    tree: Tree
    places: dict[Location, Place]
    keys: dict[Location, Place]

    def place(self, location: Location, *, of_key: bool = False) -> Place:
        """The place of a location, or of its nearest known ancestor."""
        table = self.keys if of_key else self.places
        while location and location not in table:
            location = location[:-1]
        return table.get(location, self.places.get((), (1, 1)))

    def problem(
        self, code: str, message: str, location: Location = (), *, of_key: bool = False, severity: str = "error"
    ) -> Problem:
        line, column = self.place(location, of_key=of_key)
        return Problem(code, message, self.file, line, column, severity)


class _UnreadableError(Exception):
    """Ends the reading of one file; its problem has been noted."""


def read(path: Path, name: str) -> tuple[Source | None, tuple[Problem, ...]]:
    """Read `path`, which problems call `name`. No source when it is not a YAML mapping at all."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return None, (Problem("unreadable", error.strerror or "cannot be read", name),)
    if len(raw) > MAX_BYTES:
        return None, (Problem("too-large", f"{len(raw)} bytes; a rule file has at most {MAX_BYTES}", name),)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (Problem("not-utf8", "the file is not UTF-8", name, raw[: error.start].count(b"\n") + 1),)
    return read_text(text, name)


def read_text(text: str, name: str) -> tuple[Source | None, tuple[Problem, ...]]:
    """As `read`, for a text already in memory."""
    tabs = [
        Problem("tab", "use spaces, not a tab", name, number, line.index("\t") + 1)
        for number, line in enumerate(text.split("\n"), 1)
        if "\t" in line
    ]
    if tabs:
        return None, tuple(tabs)
    builder = _Builder(name)
    try:
        tree = builder.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        hint = "; put texts that hold a colon between quotes" if "mapping values" in (error.problem or "") else ""
        builder.problems.append(Problem("yaml", f"{error.problem or 'not YAML'}{hint}", name, line, column))
        return None, tuple(builder.problems)
    except yaml.YAMLError:
        return None, (Problem("yaml", "the file holds characters that YAML does not allow", name),)
    except _UnreadableError:
        return None, tuple(builder.problems)
    return Source(name, tree, builder.places, builder.keys), tuple(builder.problems)


class _Builder:
    """Builds the tree from parse events and notes every fault it meets."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Location, Place] = {}
        self.keys: dict[Location, Place] = {}
        self.problems: list[Problem] = []

    def document(self, events: Iterator[yaml.Event]) -> Tree:
        tree: Tree = ""
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fail(event, "many-documents", "one document a file; start a second file")
                tree = self._node(next(events), events, ())
        if not isinstance(tree, dict):
            self.problems.append(
                Problem("not-a-mapping", "a rule file is a mapping that starts with `kind`", self.name)
            )
            raise _UnreadableError
        return tree

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], location: Location) -> Tree:
        self.places[location] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self._note(event, "alias", "aliases are not allowed; write the value out")
            return ""
        if len(location) > MAX_DEPTH:
            self._fail(event, "too-deep", f"nested more than {MAX_DEPTH} deep")
        self._check_decorations(event)
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, location)
        return self._mapping(events, location)

    def _sequence(self, events: Iterator[yaml.Event], location: Location) -> Tree:
        items: list[Tree] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, (*location, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], location: Location) -> Tree:
        mapping: dict[str, Tree] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            if key in mapping:
                first = self.keys[(*location, key)][0]
                self._note(event, "duplicate-key", f"`{key}` stands here twice; the first is on line {first}")
            else:
                self.keys[(*location, key)] = _place(event)
            mapping[key] = self._node(next(events), events, (*location, key))
        return mapping

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._note(event, "key-not-a-word", "a key must be a plain word")
            raise _UnreadableError
        self._check_decorations(event)
        return str(event.value)

    def _check_decorations(self, event: yaml.Event) -> None:
        if getattr(event, "anchor", None):
            self._note(event, "anchor", "anchors are not allowed; write the value out")
        if getattr(event, "tag", None):
            self._note(event, "tag", "tags are not allowed; every value is read as text")

    def _note(self, event: yaml.Event, code: str, message: str) -> None:
        self.problems.append(Problem(code, message, self.name, *_place(event)))

    def _fail(self, event: yaml.Event, code: str, message: str) -> None:
        self._note(event, code, message)
        raise _UnreadableError


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)
