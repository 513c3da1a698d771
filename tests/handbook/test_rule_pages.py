"""The handbook pages about rules say what the code does, and their examples work."""

import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from gateway.detection.inspector import Inspector
from gateway.model.policy import ReasonCode
from gateway.rehearsal.cases import AMSTERDAM, Rehearsal
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents import KINDS
from gateway.rulebook.lint.codes import CODES
from gateway.rulebook.load import check, default_root, load

HANDBOOK = Path(__file__).parents[2] / "deploy/handbook"
NOON = datetime(2026, 11, 25, 12, tzinfo=AMSTERDAM)
EXAMPLES = re.findall(
    r"```yaml\n# (local/\S+)\n(.*?)```", (HANDBOOK / "rules.md").read_text(encoding="utf-8"), re.DOTALL
)


def rows(page: str) -> dict[str, list[str]]:
    """The cells of every table row that starts with a code, by that code."""
    lines = (HANDBOOK / page).read_text(encoding="utf-8").splitlines()
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `"))
    return {row[0].strip("`"): row[1:] for row in cells}


def test_the_lint_page_is_the_catalogue() -> None:
    found = rows("lint.md")
    assert {code: (row[0], row[1]) for code, row in found.items()} == {
        code: (entry.severity, entry.meaning) for code, entry in CODES.items()
    }
    assert all(row[2] for row in found.values())


def test_the_reasons_page_is_the_closed_list() -> None:
    english = next(messages for messages in load(default_root()).messages if messages.language == "en")
    assert {code: row[0] for code, row in rows("reasons.md").items()} == {
        code.value: english.reasons[code] for code in ReasonCode
    }


def test_the_rules_page_names_every_kind() -> None:
    assert {code for code in rows("rules.md") if code.endswith("/v1")} == set(KINDS)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    """The shipped rules with every example of the page on top."""
    root = tmp_path_factory.mktemp("rules") / "rules"
    shutil.copytree(default_root(), root, ignore=shutil.ignore_patterns("local"))
    for name, text in EXAMPLES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found, problems = check(root, today=NOON.date())
    assert found is not None, [str(problem) for problem in problems if problem.severity == "error"]
    own = [str(problem) for problem in problems if problem.file.startswith("local/") and problem.severity == "warning"]
    assert own == []
    return found


def test_the_examples_load_and_do_what_they_say(book: RuleBook) -> None:
    assert len(EXAMPLES) >= 10
    inspector = Inspector(book.detection, book.lists)
    ours = {"no-files-from-the-registry", "trial-social-domain", "confidential-term"}
    results = list(Rehearsal(book, NOON, inspector).run(ours))
    assert {one.covers for one in results} == ours
    assert [one for one in results if not one.result.is_good] == []
    assert book.tool("perplexity").screening.status == "rejected"  # type: ignore[union-attr]
    assert "14 000" in book.notice("secret.refused", reference="r").texts[0].steps[1]
    assert "bijdebuurt@*.example" in book.lists["functional-mailboxes"]
