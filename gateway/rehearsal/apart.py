"""A candidate rulebook, read, linted and tried in a process of its own, so that a gateway at work never computes.

`python -m gateway.rehearsal.apart` reads one JSON object (root, overlay, models) and prints one: revision, problems.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.errors import Problem, RuleError, SettingsError
from gateway.rehearsal.cases import AMSTERDAM, Rehearsal
from gateway.rehearsal.samples import dissect
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import check, load

CASE_FAILED = "case-failed"
TIMEOUT_S = 300.0


def load_rehearsed(
    root: Path, *, overlay: Path | None = None, models: ModelPaths | None = None, timeout_s: float = TIMEOUT_S
) -> RuleBook:
    """`load`, after every case beside the rules passed in another process with these models.

    Raises `RuleError` with the problems, or with one problem of code `case-failed` for each case that fails, also when
    the process does not end in time or the files changed meanwhile. The caller keeps its last good book.
    """
    asked = {"root": str(root), "overlay": str(overlay or ""), "models": asdict(models or ModelPaths())}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "gateway.rehearsal.apart"],
            input=json.dumps(asked, default=str).encode(),
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        raise RuleError((Problem(CASE_FAILED, f"the rehearsal did not finish: {type(error).__name__}"),)) from None
    if said["problems"]:
        raise RuleError(tuple(Problem(**problem) for problem in said["problems"]))
    book = load(root, overlay=overlay)
    if book.revision != said["revision"]:
        raise RuleError((Problem(CASE_FAILED, "the rules changed while they were rehearsed"),))
    return book


def rehearse(root: Path, overlay: Path | None, models: ModelPaths) -> dict[str, object]:
    """What the process prints: the revision when all is well, else every error or failed case as a problem."""
    book, problems = check(root, overlay=overlay)
    if book is None:
        errors = [problem for problem in problems if problem.severity == "error"]
        return {"revision": "", "problems": [asdict(problem) for problem in errors]}
    try:
        inspector = Inspector(book.detection, book.lists, models)
    except (SettingsError, RuleError) as error:
        return {"revision": "", "problems": [asdict(Problem(CASE_FAILED, str(error)))]}
    results = Rehearsal(book, datetime.now(AMSTERDAM), inspector, dissect, root).run()
    failed = [
        Problem(CASE_FAILED, f"{one.covers}/{one.case} {one.result}: {one.message}")
        for one in results
        if not one.result.is_good
    ]
    return {"revision": book.revision, "problems": [asdict(problem) for problem in failed]}


def _models(said: Mapping[str, object]) -> ModelPaths:
    """The model paths as `load_rehearsed` wrote them: texts are paths, the rest are switches."""
    values = {name: Path(value) if isinstance(value, str) else value for name, value in said.items()}
    return ModelPaths(**values)  # type: ignore[arg-type]


if __name__ == "__main__":
    given = json.load(sys.stdin)
    own = Path(given["overlay"]) if given["overlay"] else None
    sys.stdout.write(json.dumps(rehearse(Path(given["root"]), own, _models(given["models"]))))
