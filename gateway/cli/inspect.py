"""`inspect`: try files before uploading them: what is found, was everything read, what would the gateway do?"""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gateway.detection.inspector import Inspector
    from gateway.documents.reader import DocumentReader
    from gateway.rulebook.book import RuleBook

EXIT_NOT_CLEAN, EXIT_UNREADABLE = 1, 3


@dataclass(frozen=True, slots=True)
class Report:
    """One file; `findings` and `gaps` are as they are printed."""

    file: str
    format: str
    complete: bool
    verdict: str
    findings: tuple[dict[str, Any], ...]
    gaps: tuple[str, ...]
    sampled: bool = False
    """Whether a look at some lines of a large file was enough to refuse it."""

    def as_json(self) -> str:
        return json.dumps(
            {
                "file": self.file,
                "format": self.format,
                "complete": self.complete,
                "verdict": self.verdict,
                "findings": list(self.findings),
                "gaps": list(self.gaps),
                "sampled": self.sampled,
            },
            ensure_ascii=False,
        )


def register(app: typer.Typer) -> None:
    app.command(name="inspect")(inspect)


def inspect(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files, or folders with everything in them.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    show_text: Annotated[
        bool, typer.Option("--show-text", help="Show the matched text; for who holds the file.")
    ] = False,
    rules: Annotated[Path | None, typer.Option(help="Folder with the rulebook; default: the shipped rules.")] = None,
) -> None:
    """Read files as the gateway would, and say what it would do. Nothing is sent, stored or recorded.

    Exit codes: 0 every file may go as it is, 1 a file would be changed or refused, 2 wrong call, 3 cannot be opened.
    """
    from gateway.cli.reading import one_line
    from gateway.detection.inspector import Inspector
    from gateway.detection.models import ModelPaths
    from gateway.rulebook.load import default_root, load

    paths = list(_files(files))
    missing = [path for path in paths if not path.is_file()]
    if missing:
        typer.echo(f"no such file: {missing[0]}", err=True)
        raise typer.Exit(EXIT_UNREADABLE)
    with one_line(EXIT_UNREADABLE):
        book = load(rules or default_root())
        inspector = Inspector(book.detection, book.lists, ModelPaths())
        reports = asyncio.run(_inspect_all(paths, book, inspector, show_text, quiet=as_json))
    if as_json:
        for report in reports:
            print(report.as_json())
    else:
        _print(reports)
    if any(report.verdict not in ("allow", "warn") for report in reports):
        raise typer.Exit(EXIT_NOT_CLEAN)


def _files(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(inside for inside in path.rglob("*") if inside.is_file())
        else:
            yield path


async def _inspect_all(
    paths: list[Path], book: "RuleBook", inspector: "Inspector", show_text: bool, *, quiet: bool
) -> list[Report]:
    from rich.console import Console
    from rich.progress import track

    from gateway.documents.reader import DocumentReader

    reader = DocumentReader()
    shown = track(paths, "Inspecting", console=Console(stderr=True), disable=quiet or len(paths) < 2)
    return [await _inspect(path, reader, book, inspector, show_text) for path in shown]


async def _inspect(
    path: Path, reader: "DocumentReader", book: "RuleBook", inspector: "Inspector", show_text: bool
) -> Report:
    from gateway.decision.decide import decide
    from gateway.decision.question import ask_plainly
    from gateway.documents.sample import sample
    from gateway.model.inspection import Inspection
    from gateway.model.policy import Decision, Verdict
    from gateway.model.traffic import EndpointKind, Extraction, PartRole, PromptPart, Upload

    upload = Upload("file", path.name, content=path.read_bytes())
    reading = await reader.read(upload)
    parts = (PromptPart("name", PartRole.FILE_NAME, path.name, "file name"), *reading.parts)
    extraction = Extraction(parts, (upload,))

    def judged(some: tuple[PromptPart, ...]) -> tuple[Inspection, Decision]:
        seen = inspector.inspect(some)
        seen = replace(seen, gaps=(*reading.gaps, *seen.gaps))
        return seen, decide(ask_plainly(seen, at=time.time(), extraction=extraction, kind=EndpointKind.UPLOAD), book)

    looked = sample(reading.parts)
    inspection, decision = judged((parts[0], *looked)) if looked else judged(parts)
    sampled = bool(looked) and decision.verdict is Verdict.REFUSE
    if looked and not sampled:
        inspection, decision = judged(parts)
    of = {part.id: part for part in parts}
    findings = tuple(
        {
            "entity": finding.entity.value,
            "where": of[finding.part_id].locator,
            "start": finding.start,
            "end": finding.end,
            "score": finding.score,
            "rule": finding.rule_id,
        }
        | ({"text": of[finding.part_id].text[finding.start : finding.end]} if show_text else {})
        for finding in inspection.findings
    )
    gaps = tuple(dict.fromkeys(f"{gap.kind.value}: {gap.detail}" for gap in inspection.gaps))
    complete = not inspection.gaps
    return Report(str(path), reading.kind.value, complete, decision.verdict.value, findings, gaps, sampled)


def _print(reports: list[Report]) -> None:
    from collections import Counter

    from rich.console import Console
    from rich.table import Table

    table = Table("file", "format", "read", "verdict", "found", "not read")
    for report in reports:
        counts = Counter(str(finding["entity"]) for finding in report.findings)
        found = ", ".join(f"{count} {entity}" for entity, count in counts.most_common())
        shown = [f"  {one['entity']}: {one['text']} ({one['where']})" for one in report.findings if "text" in one]
        table.add_row(
            report.file,
            report.format,
            "a look was enough" if report.sampled else "all" if report.complete else "not all",
            report.verdict,
            "\n".join([found, *shown]),
            "\n".join(report.gaps),
        )
    console = Console()
    console.print(table)
    verdicts = Counter(report.verdict for report in reports)
    console.print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
