"""`tools`: list, show, request and decide; the register of AI tools and the decisions about them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.rulework import (
    DOES_NOT_LOAD,
    WRONG_CALL,
    ConfigOption,
    JsonOption,
    OverlayOption,
    RulesOption,
    load_or_exit,
    places,
    print_table,
    today,
)

if TYPE_CHECKING:
    from gateway.rulebook.book import RuleBook
    from gateway.rulebook.documents.tool import Tool

tools = typer.Typer(no_args_is_help=True, help="The register of AI tools, and the decisions about them.")


def register(app: typer.Typer) -> None:
    """Adds the verb."""
    app.add_typer(tools, name="tools")


@tools.command("list")
def list_tools(
    *,
    standing: Annotated[str, typer.Option(help="Only these: screened, pending, rejected, withdrawn, expired.")] = "",
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """All tools, where they stand today, and what they may be used for.

    Exit codes: 0 done, 1 the rules do not load, 2 wrong call.
    """
    book = load_or_exit(folder, overlay, config)
    rows = [_row(tool) for tool in sorted(book.tools, key=lambda tool: tool.name.lower())]
    rows = [row for row in rows if not standing or row["standing"] == standing]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    columns = ("id", "name", "standing", "valid_until", "data_classes", "uploads", "departments")
    print_table(columns, [[_cell(row[column]) for column in columns] for row in rows])


@tools.command()
def show(
    tool_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """One tool: its standing and paperwork, its endpoints, and what is missing for a screening.

    Exit codes: 0 done, 1 the rules do not load, 2 there is no such tool.
    """
    from gateway.rulebook.lint.screening import CHECKLIST

    tool = _tool(load_or_exit(folder, overlay, config), tool_id)
    facts = _row(tool) | {
        "supplier": tool.supplier,
        "purpose": tool.purpose.nl,
        "owner": tool.owner,
        "decided": " ".join(str(part) for part in (tool.screening.decided_on, tool.screening.decided_by) if part),
        "reason": tool.screening.reason.nl if tool.screening.reason else "",
        "assessments": [f"{one.type} {one.reference} {one.outcome}" for one in tool.screening.assessments],
        "checklist_missing": [box for box in CHECKLIST if not tool.screening.checklist.get(box)],
        "ai_act": tool.ai_act,
        "contract": tool.contract,
        "hosts": sorted({host for endpoint in tool.endpoints for host in endpoint.hosts}),
        "endpoints": {endpoint.id: endpoint.kind.value for endpoint in tool.endpoints},
    }
    if as_json:
        print(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        print_table(("", ""), [(name, _cell(value)) for name, value in facts.items() if value])


@tools.command()
def request(
    tool_id: Annotated[str, typer.Argument(metavar="ID", help="Short name, such as kletskous.")],
    *,
    name: Annotated[str, typer.Option(help="The name people know.")],
    host: Annotated[list[str], typer.Option(help="Host name; may be given more than once.")],
    purpose: Annotated[str, typer.Option(help="What it would be used for.")],
    owner: Annotated[str, typer.Option(help="Role that asks for it, not a person.")],
    supplier: Annotated[str, typer.Option(help="Supplier.")] = "onbekend",
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
) -> None:
    """Put a tool in the register as pending, so that its screening can begin. It stays refused.

    Exit codes: 0 written, 1 the rules would not load (nothing is written), 2 wrong call or no overlay.
    """
    from gateway.rulebook.decisions import request_tool
    from gateway.rulebook.documents.tool import Tool

    root, own = _own_folder(folder, overlay, config)
    if load_or_exit(folder, overlay, config).tool(tool_id) is not None:
        raise typer.BadParameter(f"{tool_id} is in the register; use tools decide", param_hint="ID")
    tool = _validated(
        Tool,
        {
            "kind": "tool/v1",
            "id": tool_id,
            "name": name,
            "supplier": supplier,
            "purpose": {"nl": purpose, "en": purpose},
            "endpoints": [{"id": "everything", "hosts": host, "kind": "unknown"}],
            "screening": {"status": "pending"},
            "owner": owner,
        },
    )
    _write(lambda: request_tool(tool, root, own, today=today()))


@tools.command()
def decide(
    tool_id: Annotated[str, typer.Argument(metavar="ID")],
    status: Annotated[str, typer.Argument(help="screened, pending, rejected or withdrawn")],
    *,
    by: Annotated[str, typer.Option(help="Who decided: a board or a role, not a person.")],
    until: Annotated[str, typer.Option(help="Last day of the screening, as 2027-05-12.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in Dutch; shown to staff.")] = "",
    reason_en: Annotated[str, typer.Option(help="Why, in English.")] = "",
    assessment: Annotated[
        list[str] | None, typer.Option(help="type:reference:outcome:date, as dpia:ZK-2026-1:go:2026-04-30.")
    ] = None,
    evidence: Annotated[list[str] | None, typer.Option(help="box=reference of the checklist.")] = None,
    data_class: Annotated[list[str] | None, typer.Option(help="Data it may receive; more than once.")] = None,
    department: Annotated[list[str] | None, typer.Option(help="Who may use it; all when left out.")] = None,
    uploads: Annotated[bool | None, typer.Option(help="Whether files may go there.")] = None,
    folder: RulesOption = None,
    overlay: OverlayOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the municipality's decision about a tool into its own rules, when the evidence is complete.

    What is not given stays as it was decided before. Exit codes: 0 written, 1 evidence is missing or the rules would
    not load (nothing is written), 2 wrong call or no overlay.
    """
    from gateway.rulebook.decisions import decide_tool
    from gateway.rulebook.documents.screening import ToolScreening

    root, own = _own_folder(folder, overlay, config)
    tool = _tool(load_or_exit(folder, overlay, config), tool_id)
    given: dict[str, Any] = {
        "decided_on": str(today()),
        "decided_by": by,
        "valid_until": until,
        "reason": {"nl": reason, "en": reason_en or reason} if reason else None,
        "assessments": [_assessment(text) for text in assessment or ()],
        "checklist": dict(_pair(text) for text in evidence or ()),
    }
    before = tool.screening.model_dump(mode="json", exclude_none=True)
    given["checklist"] = {**before.get("checklist", {}), **given["checklist"]}
    use: dict[str, Any] = {"data_classes": data_class, "departments": department}
    use = tool.use.model_dump(mode="json") | {key: value for key, value in use.items() if value}
    screening = {**before, **{key: value for key, value in given.items() if value}, "status": status}
    form = {
        "kind": "screening/v1",
        "tool": tool_id,
        "screening": screening,
        "use": use if uploads is None else use | {"uploads": "allowed" if uploads else "refused"},
        "ai_act": tool.ai_act,
        "contract": tool.contract,
        "owner": tool.owner,
        "contacts": tool.contacts,
        "algorithm_register": tool.algorithm_register,
    }
    decision = _validated(ToolScreening, form)
    _write(lambda: decide_tool(decision, root, own, today=today()))


def _row(tool: "Tool") -> dict[str, Any]:
    from gateway.rulebook.standing import standing_of

    until = tool.screening.valid_until
    return {
        "id": tool.id,
        "name": tool.name,
        "standing": standing_of(tool, today()).value,
        "valid_until": str(until) if until else "",
        "data_classes": [kind.value for kind in tool.use.data_classes],
        "uploads": tool.use.uploads,
        "departments": list(tool.use.departments),
    }


def _tool(book: "RuleBook", tool_id: str) -> "Tool":
    tool = book.tool(tool_id)
    if tool is None:
        raise typer.BadParameter(f"there is no tool {tool_id}; see tools list", param_hint="ID")
    return tool


def _own_folder(folder: Path | None, overlay: Path | None, config: Path | None) -> tuple[Path, Path]:
    root, own = places(folder, overlay, config)
    if own is None:
        typer.echo(
            "say where the municipality's own rules are: --overlay FOLDER, or the setting rules_overlay", err=True
        )
        raise typer.Exit(WRONG_CALL)
    own.mkdir(parents=True, exist_ok=True)
    return root, own


def _validated[D](model: type[D], form: dict[str, Any]) -> D:
    from pydantic import ValidationError

    try:
        return model.model_validate(form)  # type: ignore[attr-defined, no-any-return]
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            typer.echo(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}", err=True)
        raise typer.Exit(WRONG_CALL) from None


def _write(write: Any) -> None:  # noqa: ANN401 a call without arguments that gives a path
    from gateway.errors import RuleError

    try:
        path = write()
    except RuleError as error:
        typer.echo(str(error), err=True)
        typer.echo("nothing was written", err=True)
        raise typer.Exit(DOES_NOT_LOAD) from None
    print(f"written: {path}")


def _assessment(text: str) -> dict[str, str]:
    parts = text.split(":")
    if len(parts) != 4:
        raise typer.BadParameter("type:reference:outcome:date", param_hint="--assessment")
    return dict(zip(("type", "reference", "outcome", "date"), parts, strict=True))


def _pair(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found:
        raise typer.BadParameter("box=reference", param_hint="--evidence")
    return key, value


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {one}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    return str(value)
