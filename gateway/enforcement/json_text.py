"""JSON as text: where its strings stand, and how to change one of them without touching another byte."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'[\s,:]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([{}\[\]])|([^\s,:{}\[\]"]+))', re.DOTALL)
_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LITERAL = re.compile(r"-?\d[\d.eE+-]*|true|false|null")
_CLOSER = {"{": "}", "[": "]"}
MAX_DEPTH = 200
_MAX_NESTED = 4
_MAX_SCALAR = 100


def escape(text: str) -> str:
    """The text as it stands between the quotes of a JSON string, non-ASCII as it is."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False)[1:-1])


def unescape(raw: str) -> str:
    """What stands between the quotes of a JSON string, decoded. Raises `ValueError` when it is not one."""
    return raw if "\\" not in raw else str(json.loads(f'"{raw}"', strict=False))


def splice(raw: str, old: str, new: str) -> str:
    """`raw` (which decodes to `old`) changed so that it decodes to `new`; escapes outside the change stay as they are."""
    shared = min(len(old), len(new))
    front = next((i for i in range(shared) if old[i] != new[i]), shared)
    room = shared - front
    back = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
    if "\\" in raw:
        starts = [match.start() for match in _UNIT.finditer(raw)] + [len(raw)]
        left, right = starts[front], starts[len(old) - back]
    else:
        left, right = front, len(old) - back
    return raw[:left] + escape(new[front : len(new) - back]) + raw[right:]


@dataclass(slots=True)
class Leaf:
    """One string value: its path, its raw span in the document, its decoded text, and what it should become."""

    path: Path
    start: int
    end: int
    text: str
    new: str | None = None
    nested: "Document | None" = None


@dataclass(slots=True)
class Document:
    """A JSON text with its string leaves, also those of JSON inside strings; scalars by path tell streams apart."""

    text: str
    leaves: list[Leaf] = field(default_factory=list)
    scalars: dict[Path, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, path: Path = (), nested: int = 0) -> "Document | None":
        """None when the text is not one whole JSON container (or string) of bounded depth."""
        document = cls(text)
        if not document._scan(path):
            return None
        if nested < _MAX_NESTED:
            for leaf in document.leaves:
                if leaf.text[:1] in ("{", "[") and leaf.text.rstrip()[-1:] in ("}", "]"):
                    inner = cls.parse(leaf.text, (*leaf.path, "$"), nested + 1)
                    leaf.nested = inner if inner is not None and inner.leaves else None
        return document

    def deep_leaves(self) -> Iterator[Leaf]:
        """All leaves in order of appearance; a string that holds JSON gives its inner leaves instead of itself."""
        for leaf in self.leaves:
            if leaf.nested is None:
                yield leaf
            else:
                yield from leaf.nested.deep_leaves()

    def deep_scalars(self) -> dict[Path, str]:
        found = dict(self.scalars)
        for leaf in self.leaves:
            if leaf.nested is not None:
                found |= leaf.nested.deep_scalars()
        return found

    def render(self) -> str:
        """The text with every changed leaf in place; identical when nothing changed."""
        pieces, at = [], 0
        for leaf in self.leaves:
            new = leaf.nested.render() if leaf.nested is not None else leaf.new
            if new is not None and new != leaf.text:
                pieces += [self.text[at : leaf.start], splice(self.text[leaf.start : leaf.end], leaf.text, new)]
                at = leaf.end
        return "".join([*pieces, self.text[at:]])

    def _scan(self, root: Path) -> bool:
        """One pass with an explicit stack; False when brackets do not match or something follows the value."""
        stack: list[_Level] = []
        at, done = 0, False
        while not done and (match := _TOKEN.match(self.text, at)):
            at = match.end()
            string, bracket, _ = match.groups()
            level = stack[-1] if stack else None
            if bracket in ("}", "]"):
                if level is None or _CLOSER[level.opener] != bracket:
                    return False
                stack.pop()
            elif level is not None and level.opener == "{" and level.key is None:
                if string is None:
                    return False
                level.key = _decoded(string)
                continue
            else:
                path = root if level is None else level.next_path()
                if bracket:
                    if len(stack) >= MAX_DEPTH:
                        return False
                    stack.append(_Level(bracket, path))
                elif not self._add(path, match):
                    return False
            done = not stack
        return done and not self.text[at:].strip()

    def _add(self, path: Path, match: re.Match[str]) -> bool:
        if match[1] is None:
            self.scalars[path] = match[3]
            return _LITERAL.fullmatch(match[3]) is not None
        leaf = Leaf(path, match.start(1), match.end(1), _decoded(match[1]))
        self.leaves.append(leaf)
        if len(leaf.text) <= _MAX_SCALAR:
            self.scalars[path] = leaf.text
        return True


@dataclass(slots=True)
class _Level:
    """An open container while scanning: its path, the key or index of the next value."""

    opener: str
    path: Path
    key: str | None = None
    index: int = 0

    def next_path(self) -> Path:
        if self.opener == "{" and self.key is not None:
            path, self.key = (*self.path, self.key), None
            return path
        self.index += 1
        return (*self.path, self.index - 1)


def _decoded(raw: str) -> str:
    try:
        return unescape(raw)
    except ValueError:
        return raw
