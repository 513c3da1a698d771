"""Rule files to a `RuleBook`: read, validate, link, lint. Every problem of every file is reported at once."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway import __version__
from gateway.errors import Problem, RuleError
from gateway.model.notice import RefusalTemplate
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.cases import RuleTest
from gateway.rulebook.documents.common import Document
from gateway.rulebook.documents.detection import DetectionRule
from gateway.rulebook.documents.lists import HostList, ValueList
from gateway.rulebook.documents.messages import Messages
from gateway.rulebook.documents.refusal import Refusal
from gateway.rulebook.documents.rulebook import HouseRules
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.documents.usage import RuleException, UsageRule
from gateway.rulebook.files import OVERLAY, documents_in
from gateway.rulebook.lint import lint
from gateway.rulebook.lint.codes import Severity
from gateway.rulebook.matching import RoutingTable
from gateway.rulebook.overlay import merge, tests_in_force
from gateway.rulebook.revision import revision_of
from gateway.rulebook.unscreened import table_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def default_root() -> Path:
    """The rules shipped with the gateway: beside the package in a checkout and in an installed wheel alike."""
    return Path(__file__).parents[2] / "rules"


def load(root: Path, *, overlay: Path | None = None, today: date | None = None) -> RuleBook:
    """The rulebook in `root`, with the municipality's own documents from `overlay` (default: `root/local`) on top.

    `today` dates the warnings (default: the day in the Netherlands); nothing else depends on it. Raises `RuleError`
    with all errors of all files when there is one.
    """
    book, problems = check(root, overlay=overlay, today=today)
    if book is None:
        raise RuleError(tuple(problem for problem in problems if problem.severity == Severity.ERROR))
    return book


def check(
    root: Path, *, overlay: Path | None = None, today: date | None = None
) -> tuple[RuleBook | None, tuple[Problem, ...]]:
    """As `load`, with every problem of any severity in the order of files; no book when one of them is an error."""
    problems: list[Problem] = []
    documents = list(documents_in(root, root, problems))
    own_folder = root / OVERLAY if overlay is None else overlay
    if overlay is not None or own_folder.is_dir():
        documents = merge(documents, documents_in(own_folder, root, problems, is_own=True), problems)
    problems += lint(documents, version=__version__, today=today or datetime.now(AMSTERDAM).date())
    if not any(isinstance(item.document, HouseRules) for item in documents):
        problems.append(Problem("no-rulebook", "there is no document of kind rulebook/v1"))
    ordered = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column)))
    if any(problem.severity == Severity.ERROR for problem in ordered):
        return None, ordered
    return link([item.document for item in tests_in_force(documents)], ordered), ordered


def link(documents: Sequence[Document], warnings: tuple[Problem, ...] = ()) -> RuleBook:
    """One book from documents among which lint found no error."""
    screenings = {item.tool: item for item in documents if isinstance(item, ToolScreening)}
    tools = tuple(
        screenings[item.id].over(item) if item.id in screenings else item
        for item in documents
        if isinstance(item, Tool)
    )
    return RuleBook(
        revision=revision_of((item for item in documents if not isinstance(item, RuleTest)), __version__),
        house=next(item for item in documents if isinstance(item, HouseRules)),
        tools=tools,
        detection=tuple(item for item in documents if isinstance(item, DetectionRule)),
        usage=tuple(item for item in documents if isinstance(item, UsageRule)),
        exceptions=tuple(item for item in documents if isinstance(item, RuleException)),
        lists={item.id: item.values for item in documents if isinstance(item, ValueList)},
        refusals={item.id: _template(item) for item in documents if isinstance(item, Refusal)},
        messages=_joined([item for item in documents if isinstance(item, Messages)]),
        tests=tuple(item for item in documents if isinstance(item, RuleTest)),
        routes=RoutingTable.of(tools),
        unscreened=table_of(item for item in documents if isinstance(item, HostList)),
        warnings=warnings,
    )


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
        alternatives=tuple(
            RefusalTemplate(
                id=refusal.id,
                transport=refusal.transport.value,
                body=other.body,
                status=other.status,
                content_type=other.content_type,
                headers=dict(other.headers),
                visible=refusal.visible,
                accept=other.accept,
            )
            for other in refusal.alternatives
        ),
    )
