"""Rule files to a `RuleBook`: read, validate, link, lint. Every problem of every file is reported at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gateway import __version__
from gateway.errors import Problem, RuleError
from gateway.model.notice import RefusalTemplate
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents import KINDS
from gateway.rulebook.documents.cases import RuleTest
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.documents.lists import AiService, HostList, ValueList
from gateway.rulebook.documents.messages import Messages
from gateway.rulebook.documents.refusal import Refusal
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule
from gateway.rulebook.hosts import HostTable
from gateway.rulebook.matching import RoutingTable
from gateway.rulebook.reading import Location, Source, read
from gateway.rulebook.revision import revision_of

OVERLAY = "local"
_NOT_RULES = {"schema", OVERLAY}


@dataclass(frozen=True, slots=True)
class Loaded[D: Document]:
    """A valid document with the file it came from."""

    document: D
    source: Source


def default_root() -> Path:
    """The rules shipped with the gateway: beside the package in a checkout and in an installed wheel alike."""
    return Path(__file__).parents[2] / "rules"


def load(root: Path, *, overlay: Path | None = None) -> RuleBook:
    """The rulebook in `root`, with the municipality's own documents from `overlay` (default: `root/local`) on top.

    Raises `RuleError` with all problems of all files when one of them is an error.
    """
    problems: list[Problem] = []
    documents = list(_documents(root, root, problems))
    overlay = root / OVERLAY if overlay is None else overlay
    if overlay.is_dir():
        documents += _documents(overlay, root, problems)
    book = link(documents, problems)
    if book is None or any(problem.severity == "error" for problem in problems):
        raise RuleError(tuple(sorted(problems, key=_by_place)))
    return book


def link(documents: list[Loaded[Document]], problems: list[Problem]) -> RuleBook | None:
    """One book from all documents; None when there are no house rules to build it on."""
    houses = [item.document for item in documents if isinstance(item.document, HouseRules)]
    if not houses:
        problems.append(Problem("no-rulebook", "there is no document of kind rulebook/v1"))
        return None
    plain = [item.document for item in documents]
    screenings = {item.tool: item for item in plain if isinstance(item, ToolScreening)}
    tools = tuple(_screened(tool, screenings.get(tool.id)) for tool in plain if isinstance(tool, Tool))
    return RuleBook(
        revision=_revision(plain),
        house=houses[-1],
        tools=tools,
        detection=tuple(item for item in plain if isinstance(item, DetectionRule)),
        usage=tuple(item for item in plain if isinstance(item, UsageRule)),
        exceptions=tuple(item for item in plain if isinstance(item, RuleException)),
        lists={item.id: item.values for item in plain if isinstance(item, ValueList)},
        refusals={item.id: _template(item) for item in plain if isinstance(item, Refusal)},
        messages=_joined([item for item in plain if isinstance(item, Messages)]),
        tests=tuple(item for item in plain if isinstance(item, RuleTest)),
        routes=RoutingTable.of(tools),
        unscreened=_unscreened([item for item in plain if isinstance(item, HostList)]),
        warnings=tuple(problems),
    )


def _revision(documents: list[Document]) -> str:
    return revision_of((item for item in documents if not isinstance(item, RuleTest)), __version__)


def _documents(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Loaded[Document]]:
    """Every valid document under a folder, in path order; faults go to `problems`."""
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
                yield Loaded(document, source)


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
            unknown_key = fault["type"] == "extra_forbidden"
            message = "unknown key" if unknown_key else fault["msg"]
            where = ".".join(str(part) for part in location)
            problems.append(
                source.problem(
                    "unknown-key" if unknown_key else "value", f"{where}: {message}", location, of_key=unknown_key
                )
            )
        return None


def _screened(tool: Tool, screening: ToolScreening | None) -> Tool:
    """The tool under the municipality's own decision, where there is one."""
    if screening is None:
        return tool
    own = {
        name: getattr(screening, name) for name in screening.model_fields_set & set(Tool.model_fields) - {"kind", "id"}
    }
    return tool.model_copy(update=own)


def _joined(files: list[Messages]) -> tuple[Messages, ...]:
    """One `Messages` for each language, Dutch first; a later file (the overlay) takes the place of an earlier text."""
    joined: dict[str, Messages] = {}
    for item in sorted(files, key=lambda item: item.language != "nl"):
        before = joined.get(item.language)
        joined[item.language] = (
            item
            if before is None
            else before.model_copy(
                update={
                    "messages": {**before.messages, **item.messages},
                    "labels": {**before.labels, **item.labels},
                    "reasons": {**before.reasons, **item.reasons},
                }
            )
        )
    return tuple(joined.values())


def _template(refusal: Refusal) -> RefusalTemplate:
    return RefusalTemplate(
        id=refusal.id,
        transport=refusal.transport.value,
        body=refusal.body,
        status=refusal.status,
        content_type=refusal.content_type,
        headers=dict(refusal.headers),
        visible=refusal.visible,
    )


def _unscreened(lists: list[HostList]) -> HostTable[str]:
    """Names by host. A host that one list calls shared is not taken for an AI service because another list has it."""
    shared = {host for item in lists for service in item.shared for host in _patterns_of(service)}
    rows = [(host, "") for host in sorted(shared)]
    rows += [
        (host, service.name)
        for item in lists
        for service in item.services
        for host in _patterns_of(service)
        if host not in shared
    ]
    return HostTable.of(rows)


def _patterns_of(service: AiService) -> Iterator[str]:
    yield from service.hosts
    for suffix in service.suffixes:
        yield suffix
        yield f"*.{suffix}"


def _by_place(problem: Problem) -> tuple[str, int, int]:
    return problem.file, problem.line, problem.column
