"""Which leaves of a decoded message are parts, files or noise: a tool file's selectors first, then good sense."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gateway.model.traffic import EndpointFormat, PartRole, Selector
from gateway.wire import file_names, headers, significance
from gateway.wire.locators import any_of, compile_selector, nearest_key, resolve, spell
from gateway.wire.tree import Node, SlotKind

_ROLES: Mapping[str, PartRole] = {
    "user": PartRole.USER,
    "human": PartRole.USER,
    "system": PartRole.SYSTEM,
    "developer": PartRole.SYSTEM,
    "assistant": PartRole.HISTORY,
    "model": PartRole.HISTORY,
    "bot": PartRole.HISTORY,
    "ai": PartRole.HISTORY,
    "chatbot": PartRole.HISTORY,
    "tool": PartRole.TOOL,
    "function": PartRole.TOOL,
}
"""What the roles of the usual services mean, for selectors that name `roles_from` and no `roles` of their own."""


_RUN = "run:"
_RUN_KEYS = ("text", "insert", 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """One leaf with what it is. `role` is None for a leaf nobody need see; `join` names the group it is read with."""

    node: Node
    role: PartRole | None
    join: str = ""

    @property
    def locator(self) -> str:
        """The leaf's path, spelled."""
        return spell(self.node.path)


class Claims:
    """The selectors of one endpoint, ready to be held against nodes."""

    def __init__(self, form: EndpointFormat) -> None:
        self._texts = [(compile_selector(selector.at), selector) for selector in form.texts]
        self._names = [compile_selector(selector.at) for selector in form.file_names]
        self._ignored = [compile_selector(selector, below=True) for selector in form.ignore]
        self._joins = [compile_selector(selector) for selector in form.joins]
        self._sends = True
        patterns = [pattern for pattern, _ in self._texts] + self._names + self._ignored + self._joins
        self._any = any_of(patterns)

    def ignores(self, node: Node) -> bool:
        """Whether the tool file passes over this place."""
        locator = spell(node.path)
        return any(pattern.fullmatch(locator) for pattern in self._ignored)

    def judge(self, roots: Sequence[Node], sends: bool = True) -> Iterator[Claim]:
        """Every leaf of the trees in reading order, with its claim; `sends` says that the method brings something."""
        self._sends = sends
        scalars = _scalars(roots) if any(selector.roles_from for _, selector in self._texts) else {}
        for root in roots:
            yield from self._judge(root, scalars)

    def _judge(self, node: Node, scalars: Mapping[str, str]) -> Iterator[Claim]:
        if isinstance(node.value, str) and all(child.path != node.path for child in node.children):
            claimed = self._claimed(node, scalars)
            if claimed is not None:
                yield claimed
                return
        if node.children:
            for child in node.children:
                yield from self._judge(child, scalars)
        elif isinstance(node.value, str):
            role = self._unclaimed(node)
            yield Claim(node, role, _run(node) if role in (None, PartRole.UNKNOWN) else "")

    def _claimed(self, node: Node, scalars: Mapping[str, str]) -> Claim | None:
        """What a selector says about this node, None when none names it."""
        if node.kind == SlotKind.FILE_NAME:
            return Claim(node, PartRole.FILE_NAME)
        locator = spell(node.path) if self._any else ""
        if self._any is None or not self._any.fullmatch(locator):
            return None
        if any(pattern.fullmatch(locator) for pattern in self._ignored):
            return None if node.children else Claim(node, None)
        if any(pattern.fullmatch(locator) for pattern in self._names):
            return Claim(node, PartRole.FILE_NAME)
        for pattern, selector in self._texts:
            found = pattern.fullmatch(locator)
            if found is None or (node.children and _is_deep(selector)):
                continue
            wanted = _is_worth_reading(node) if _is_deep(selector) else str(node.value).strip()
            role = _role(selector, node, found.groups(), scalars) if wanted else None
            return Claim(node, role, self._join(locator))
        join = self._join(locator)
        return Claim(node, self._unclaimed(node), join) if join and not node.children else None

    def _join(self, locator: str) -> str:
        """The name of the group: the locator up to its last wildcard, "" when no join is meant."""
        for pattern in self._joins:
            found = pattern.fullmatch(locator)
            if found is not None:
                return locator[: found.start(found.lastindex)] if found.lastindex else locator
        return ""

    def _unclaimed(self, node: Node) -> PartRole | None:
        key, text = nearest_key(node.path), str(node.value)
        if not node.path or (node.path[0] == "header" and not headers.is_inspected(str(node.path[1]), text)):
            return None
        if node.kind == SlotKind.LITERAL:
            return PartRole.UNKNOWN if significance.is_significant_number(text, key) else None
        if node.path[0] == "path":
            is_name = self._sends and file_names.is_document_in_path(text)
        else:
            is_name = file_names.is_file_name(text, key)
        if is_name:
            return PartRole.FILE_NAME
        return PartRole.UNKNOWN if significance.is_significant(text, key) else None


def fragments_by_join(claims: Sequence[Claim]) -> Mapping[str, tuple[Claim, ...]]:
    """The claims to be read as one text, by the name of their group.

    Runs of text nobody claimed are taken for one sentence when one of them ends, and the next goes on, inside a word,
    and they carry the spaces between words themselves, as the runs of rich text do and blocks of text do not.
    """
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.join:
            groups.setdefault(claim.join, []).append(claim)
    return {name: tuple(group) for name, group in groups.items() if not name.startswith(_RUN) or _is_rich_text(group)}


def _run(node: Node) -> str:
    """The name of the list of runs this string could be one of, "" when it is none: `…[n].text`, `…[n].insert`."""
    path = node.path
    if node.kind == SlotKind.TEXT and len(path) > 3 and path[-1] in _RUN_KEYS and isinstance(path[-2], int):
        return f"{_RUN}{spell(path[:-2])}.{path[-1]}"
    return ""


def _is_rich_text(runs: Sequence[Claim]) -> bool:
    edges = [(str(left.node.value)[-1:], str(right.node.value)[:1]) for left, right in pairwise(runs)]
    is_cut = any(before.isalpha() and after.isalpha() and after.islower() for before, after in edges)
    has_spaces = any(before.isspace() or after.isspace() for before, after in edges)
    return is_cut and has_spaces and any(claim.role is not None for claim in runs)


def _is_deep(selector: Selector) -> bool:
    """Whether a selector means everything below a place, ids and options included."""
    return selector.at.endswith("..")


def _is_worth_reading(node: Node) -> bool:
    text, key = str(node.value), nearest_key(node.path)
    if node.kind == SlotKind.LITERAL:
        return significance.is_significant_number(text, key)
    return significance.is_significant(text, key) or (
        significance.is_single_word(text.strip()) and not significance.is_technical(key)
    )


def _role(selector: Selector, node: Node, wildcards: Sequence[str], scalars: Mapping[str, str]) -> PartRole:
    if not selector.roles_from:
        return selector.role
    word = scalars.get(resolve(selector.roles_from, node.path, wildcards), "")
    return selector.roles.get(word) or _ROLES.get(word.lower()) or selector.role


def _scalars(roots: Sequence[Node]) -> Mapping[str, str]:
    return {
        spell(node.path): node.value
        for root in roots
        for node in root.walk()
        if isinstance(node.value, str) and not node.children and len(node.value) < 64
    }
