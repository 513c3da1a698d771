"""`detect`: what would be found in a text and what would be decided about it, here and now, without a gateway."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from gateway.cli.rulework import ConfigOption, JsonOption, OverlayOption, RulesOption, load_or_exit

if TYPE_CHECKING:
    from gateway.detection.inspector import Inspector
    from gateway.model.inspection import Inspection
    from gateway.rulebook.book import RuleBook

UNREADABLE = 3
STOPPED = 4


def register(app: typer.Typer) -> None:
    """Adds the verb."""

    @app.command()
    def detect(  # noqa: PLR0917 (the options of the verb)
        text: list[str] = typer.Argument(None, help="The text; read from standard input when left out."),
        jsonl: str = typer.Option("", "--jsonl", help='File with {"id", "text"} a line, or - for standard input.'),
        redacted: bool = typer.Option(False, "--redacted", help="Print only the text with everything found taken out."),
        check: bool = typer.Option(False, "--check", help="Exit with 4 when a text would not simply be allowed."),
        as_json: JsonOption = False,
        rules: RulesOption = None,
        overlay: OverlayOption = None,
        config: ConfigOption = None,
        model: Path | None = typer.Option(None, "--model", help="Folder of another spaCy pipeline."),
        second_opinion: bool = typer.Option(True, help="Use the second name model where it is present."),
    ) -> None:
        """Show what is found in a text, and the verdict for a prompt to a screened tool that may have any data.

        With --jsonl, or --json: {"id", "verdict", "findings", "gaps", "redacted"} a line; offsets are code points.
        Prints what stands in the text: this is for the person who holds it.
        Exit codes: 0 done; 1 the rules do not load; 2 wrong call; 3 the input or a model cannot be read;
        4 with --check, not everything would be allowed.
        """
        if jsonl and text:
            raise typer.BadParameter("give a text or --jsonl, not both")
        book = load_or_exit(rules, overlay, config)
        inspector = _inspector(book, model, second_opinion=second_opinion)
        stopped = False
        for row_id, words in _rows(jsonl) if jsonl else [("", " ".join(text) if text else sys.stdin.read())]:
            row = report(row_id, words, inspector, book)
            stopped = stopped or row["verdict"] != "allow"
            if jsonl or as_json:
                print(json.dumps(row, ensure_ascii=False))
            elif redacted:
                print(row["redacted"])
            else:
                _show(row, words)
        if check and stopped:
            raise typer.Exit(STOPPED)


def report(row_id: str, text: str, inspector: "Inspector", book: "RuleBook") -> dict[str, Any]:
    """One line of output. `redacted` has everything that was found taken out, whatever the verdict."""
    import time

    from gateway.decision.decide import decide
    from gateway.decision.question import ask_plainly
    from gateway.model.traffic import PartRole, PromptPart

    part = PromptPart("text", PartRole.USER, text)
    inspection = inspector.inspect([part])
    decision = decide(ask_plainly(inspection, at=time.time()), book)
    return {
        "id": row_id,
        "verdict": decision.verdict.value,
        "findings": [
            {"entity": one.entity.value, "start": one.start, "end": one.end, "score": one.score, "rule": one.rule_id}
            for one in inspection.findings
        ],
        "gaps": [gap.kind.value for gap in inspection.gaps],
        "redacted": _redacted(text, inspection),
    }


def _redacted(text: str, inspection: "Inspection") -> str:
    from gateway.enforcement.ledger import Ledger
    from gateway.enforcement.redaction import redact
    from gateway.enforcement.vault import Cipher, Conversation, VaultKeys
    from gateway.model.inspection import Entity
    from gateway.model.traffic import PartRole, PromptPart

    conversation = Conversation(Ledger(), Cipher(VaultKeys.random(), b""), "")
    entities = {one.entity for one in inspection.findings} - {Entity.DECISION_REQUEST}
    part = PromptPart("text", PartRole.USER, text)
    return redact([part], inspection.findings, entities, conversation).get("text", text)


def _inspector(book: "RuleBook", model: Path | None, *, second_opinion: bool) -> "Inspector":
    from gateway.detection.inspector import Inspector
    from gateway.detection.models import ModelPaths
    from gateway.errors import GatewayError

    try:
        return Inspector(book.detection, book.lists, ModelPaths(pipeline=model, use_second_opinion=second_opinion))
    except GatewayError as error:
        typer.echo(f"detect: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None


def _rows(source: str) -> Iterator[tuple[str, str]]:
    """The id and text of each line. Exits when a line is not what it should be, naming only its number."""
    for number, line in enumerate(_lines(source), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            words = str(row["text"])
        except (ValueError, KeyError, TypeError):
            typer.echo(f'detect: line {number} is not {{"id", "text"}}', err=True)
            raise typer.Exit(UNREADABLE) from None
        yield str(row.get("id", number)), words


def _lines(source: str) -> Iterator[str]:
    if source == "-":
        yield from sys.stdin
        return
    try:
        with Path(source).open(encoding="utf-8") as lines:
            yield from lines
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        typer.echo(f"detect: {source}: {reason}", err=True)
        raise typer.Exit(UNREADABLE) from None


def _show(row: dict[str, Any], text: str) -> None:
    """The verdict, and a table of what was found with the text it was found in."""
    from gateway.cli.rulework import print_table

    print(row["verdict"])
    if row["gaps"]:
        print("not read: " + ", ".join(row["gaps"]))
    found = row["findings"]
    if found:
        rows = [(one["entity"], text[one["start"] : one["end"]], f"{one['score']:.2f}", one["rule"]) for one in found]
        print_table(("entity", "text", "score", "rule"), rows)
