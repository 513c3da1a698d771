"""The handbook says what is there: every page is listed, every dependency has a reason, every verb is named."""

import re
import tomllib
from pathlib import Path

from gateway.cli.main import VERBS

ROOT = Path(__file__).parents[1]
HANDBOOK = ROOT / "deploy" / "handbook"


def test_every_page_is_in_the_index() -> None:
    index = (HANDBOOK / "README.md").read_text(encoding="utf-8")
    missing = [page.name for page in HANDBOOK.glob("*.md") if page.name != "README.md" and page.name not in index]
    assert missing == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *HANDBOOK.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[A-Za-z0-9_.-]+", line).group().lower() for line in project["dependencies"]}
    listed = set(re.findall(r"^\| ([a-z0-9-]+) \|", (HANDBOOK / "dependencies.md").read_text(encoding="utf-8"), re.M))
    assert listed == wanted


def test_every_verb_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [verb for verb in VERBS if f"`{verb}" not in readme and f"prompt-gateway {verb}" not in readme] == []
