"""Writing the municipality's own decisions about tools into its overlay, and only when the rulebook then loads."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from gateway.errors import Problem, RuleError
from gateway.rulebook.documents.screening import ToolScreening
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.load import check

SCREENINGS = "screenings"
TOOLS = "tools"


def decide_tool(screening: ToolScreening, root: Path, overlay: Path, *, today: date) -> Path:
    """Write `overlay/screenings/<tool>.yaml`. Raises `RuleError`, and writes nothing, if the rules would not load."""
    form = screening.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return _write(form, overlay / SCREENINGS / f"{screening.tool}.yaml", root, overlay, today)


def request_tool(tool: Tool, root: Path, overlay: Path, *, today: date) -> Path:
    """Write `overlay/tools/<id>.yaml` for a service that is not in the register yet; pending, so still refused."""
    form = tool.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return _write(form, overlay / TOOLS / f"{tool.id}.yaml", root, overlay, today)


def _write(form: dict[str, Any], path: Path, root: Path, overlay: Path, today: date) -> Path:
    text = yaml.safe_dump(form, sort_keys=False, allow_unicode=True, width=120, default_style=None)
    with tempfile.TemporaryDirectory() as scratch:
        trial = Path(scratch) / "local"
        if overlay.is_dir():
            shutil.copytree(overlay, trial)
        candidate = trial / path.relative_to(overlay)
        candidate.parent.mkdir(parents=True, exist_ok=True)
        candidate.write_text(text, encoding="utf-8")
        book, problems = check(root, overlay=trial, today=today)
    if book is None:
        raise RuleError(tuple(_about(problem) for problem in problems if problem.severity == "error"))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return path


def _about(problem: Problem) -> Problem:
    """The same problem without line and column, which would be those of a file that was not written."""
    return Problem(problem.code, problem.message, problem.file, severity=problem.severity)
