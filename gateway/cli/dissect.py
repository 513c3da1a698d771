"""`dissect`: what the gateway sees in a recorded exchange, as a tree or as JSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gateway.model.traffic import EndpointFormat, Message, ToolMatch
    from gateway.rulebook.book import RuleBook
    from gateway.wire.message import Decoded
    from gateway.wire.recordings import Recording

UNREADABLE = 3


def register(app: typer.Typer) -> None:
    """Adds the verb."""

    @app.command()
    def dissect(
        file: Path = typer.Argument(
            ..., help="A traffic sample (JSON), a HAR file of a browser, or a mitmproxy flow file."
        ),
        as_json: bool = typer.Option(False, "--json", help="One JSON object per recorded exchange, one a line."),
        rules: Path | None = typer.Option(None, help="Folder of rules; the shipped rules when left out."),
        outline: bool = typer.Option(
            False, help="Only keys, types and lengths, to repair a format without its content."
        ),
    ) -> None:
        """Show what the gateway sees in a recorded exchange: texts with their place, files, what it cannot read.

        Prints the texts themselves: this is for the person who holds the file.
        Exit codes: 0 shown; 2 wrong call; 3 the file or the rules cannot be read.
        """
        from gateway.errors import GatewayError
        from gateway.rulebook.load import default_root, load

        try:
            recordings = _read(file.read_bytes())
            book = load(rules or default_root())
        except (OSError, GatewayError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            typer.echo(f"dissect: {file}: {reason}", err=True)
            raise typer.Exit(UNREADABLE) from None
        for recording in recordings:
            if outline:
                _print_outline(recording)
            elif as_json:
                print(json.dumps(_summary(recording, book), ensure_ascii=False))
            else:
                _print_tree(recording, book)


def _read(content: bytes) -> "tuple[Recording, ...]":
    """The recordings of a file of any of the three kinds; mitmproxy is only loaded for its own."""
    from gateway.wire.recordings import read

    if content[:1].isdigit():
        from gateway.proxy.recorded import looks_like_flows, read_flows

        if looks_like_flows(content):
            return read_flows(content)
    return read(content)


def _dissected(recording: "Recording", book: "RuleBook") -> "Iterable[tuple[Message, ToolMatch | None, Decoded]]":
    from gateway.wire.message import extract

    for message in recording.messages:
        match = _match(message, book)
        yield message, match, extract(message, _format(match))


def _match(message: "Message", book: "RuleBook") -> "ToolMatch | None":
    from datetime import UTC, datetime
    from urllib.parse import urlsplit

    url = urlsplit(message.url)
    return book.match(
        host=url.hostname or "",
        method=message.method,
        path=url.path,
        media_type=dict(message.headers).get("content-type", ""),
        transport=message.transport,
        today=datetime.now(UTC).date(),
    )


def _format(match: "ToolMatch | None") -> "EndpointFormat":
    """The endpoint's format; a host nobody knows is walked like an unknown endpoint."""
    from gateway.model.traffic import EndpointFormat, EndpointKind

    return match.endpoint if match else EndpointFormat("unknown", EndpointKind.UNKNOWN)


def _summary(recording: "Recording", book: "RuleBook") -> dict[str, Any]:
    """The fixed shape of `dissect --json`. Tool, endpoint and kind are those of the message that says most."""
    from gateway.model.traffic import EndpointKind

    order = list(EndpointKind)
    seen = list(_dissected(recording, book))
    main = min((_format(match) for _, match, _ in seen), key=lambda form: order.index(form.kind))
    tools = [match.tool_id for _, match, _ in seen if match]
    parts = [part for _, _, decoded in seen for part in decoded.extraction.parts]
    uploads = [upload for _, _, decoded in seen for upload in decoded.extraction.uploads]
    gaps = [gap for _, _, decoded in seen for gap in decoded.extraction.gaps]
    return {
        "tool": tools[0] if tools else "",
        "endpoint": main.endpoint_id,
        "kind": main.kind.value,
        "parts": [{"role": part.role.value, "text": part.text, "path": part.locator} for part in parts],
        "uploads": [
            {"name": upload.name, "type": upload.declared_type, "bytes": len(upload.content), "path": upload.locator}
            if upload.content is not None
            else {"name": upload.name, "path": upload.locator}
            for upload in uploads
        ],
        "gaps": [{"kind": gap.kind.value, "detail": gap.detail} for gap in gaps],
    }


def _print_tree(recording: "Recording", book: "RuleBook") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.tree import Tree

    tree = Tree(f"[bold]{escape(recording.id)}[/bold]")
    for message, match, decoded in _dissected(recording, book):
        found = decoded.extraction
        form = _format(match)
        name = (
            f"{match.name or 'AI service outside the register'} ({match.standing.value})" if match else "no AI service"
        )
        branch = tree.add(
            f"{message.transport.value} {message.method} · {escape(name)} · {form.endpoint_id} · kind {form.kind.value}"
        )
        if not form.kind.is_read:
            branch.add("[dim]not read: this kind of endpoint carries no prompt[/dim]")
            continue
        inspected = branch.add(f"inspected: {len(found.parts)} texts, {len(found.uploads)} files")
        for part in found.parts:
            inspected.add(f"[cyan]{escape(part.locator)}[/cyan] [dim]{part.role.value}[/dim] {escape(part.text)}")
        for upload in found.uploads:
            size = "name only" if upload.content is None else f"{len(upload.content)} bytes {upload.declared_type}"
            inspected.add(
                f"[cyan]{escape(upload.locator)}[/cyan] [dim]file, {size}[/dim] {escape(upload.name or '(no name)')}"
            )
        for gap in found.gaps:
            branch.add(f"[red]not readable: {gap.kind.value} {escape(gap.detail)}[/red]")
        skipped = decoded.skipped()
        if skipped:
            leaf = branch.add(f"[dim]not inspected: {len(skipped)} ids, options and tokens[/dim]")
            for locator in skipped:
                leaf.add(f"[dim]{escape(locator)}[/dim]")
    Console().print(tree)


def _print_outline(recording: "Recording") -> None:
    from gateway.wire.structure import outline

    print(f"# {recording.id}")
    for message in recording.messages:
        print("\n".join(outline(message)))
