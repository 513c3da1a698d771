"""Rewritten documents open in LibreOffice as ordinary documents, with the tokens in place and the values gone."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.documents.replace import replace_values
from tests.conftest import require_tool
from tests.documents.corpus import CASES
from tests.documents.making import BSN, NAME

TOKENS = [(NAME, "[PERSOON-1]"), (BSN, "[BSN-1]")]
FILES = [
    ("docx", "body", "docx", "txt:Text"),
    ("docx", "table cell", "docx", "txt:Text"),
    ("xlsx", "cell", "xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"),
    ("xlsx", "number", "xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"),
    ("pptx", "title", "pptx", "pdf"),
    ("odt", "body", "odt", "txt:Text"),
    ("ods", "number cell", "ods", "csv"),
    ("csv", "semicolons", "csv", "csv"),
]


def made(family: str, place: str) -> Callable[[], bytes]:
    return next(case.make for case in CASES if (case.family, case.place) == (family, place))


@pytest.mark.slow
def test_rewritten_documents_open_without_repair(tmp_path: Path) -> None:
    """One LibreOffice run per target format, because starting it is what takes time."""
    office = require_tool("soffice")
    by_target: dict[str, list[Path]] = {}
    for number, (family, place, suffix, target) in enumerate(FILES):
        file = tmp_path / f"{number}.{suffix}"
        file.write_bytes(replace_values(made(family, place)(), TOKENS))
        by_target.setdefault(target, []).append(file)
    out = tmp_path / "out"
    for target, files in by_target.items():
        command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", target]
        done = subprocess.run([*command, "--outdir", str(out), *map(str, files)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    for number, (family, place, _, target) in enumerate(FILES):
        results = list(out.glob(f"{number}*"))
        assert results, f"{family}, {place} did not open"
        if target == "pdf":
            continue
        shown = "\n".join(result.read_text("utf-8-sig") for result in results)
        assert "[PERSOON-1]" in shown or "[BSN-1]" in shown, f"{family}, {place} lost its token"
        assert NAME not in shown
        assert BSN not in shown
