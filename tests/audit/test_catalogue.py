"""The event catalogue: unique, total over verdicts and actions, and equal to its handbook page."""

import re
from pathlib import Path

from gateway.audit.catalogue import CATALOGUE, CODE_OF_ACTION, CODE_OF_VERDICT, EventSpec
from gateway.audit.keys import JournalKeys
from gateway.audit.pseudonyms import Pseudonyms
from gateway.audit.rows import compose
from gateway.model.policy import Action, Verdict
from tests.audit.records import outcome, usage

PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "events.md"


def row(spec: EventSpec) -> str:
    fields = ", ".join(f"`{field}`" for field in spec.fields) or "–"
    return f"| `{spec.code}` | `{spec.name}` | {spec.severity} | {spec.meaning} | {fields} |"


def test_the_handbook_page_lists_exactly_the_catalogue() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `PG")]
    assert rows == [row(spec) for spec in CATALOGUE.values()]


def test_the_page_names_every_field_of_an_exchange(tmp_path: Path) -> None:
    names = Pseudonyms(JournalKeys.open(tmp_path / "keys").pseudonyms)
    page = PAGE.read_text(encoding="utf-8")
    for row_ in (compose(usage(), names), compose(outcome(), names)):
        assert [field for field in row_.body if f"`{field}`" not in page] == []


def test_numbers_and_names_are_used_once() -> None:
    numbers = [code[2:6] for code in CATALOGUE]
    names = [spec.name for spec in CATALOGUE.values()]
    assert len(set(numbers)) == len(set(names)) == len(CATALOGUE)


def test_codes_and_names_have_their_form() -> None:
    for code, spec in CATALOGUE.items():
        assert re.fullmatch(r"PG[1-4]\d{3}[IWE]", code)
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", spec.name)
        assert spec.meaning.endswith(".")


def test_every_verdict_and_action_has_a_code() -> None:
    assert set(CODE_OF_VERDICT) == set(Verdict)
    assert set(CODE_OF_ACTION) == set(Action)
    assert {*CODE_OF_VERDICT.values(), *CODE_OF_ACTION.values()} <= set(CATALOGUE)


def test_every_lifecycle_code_is_written_somewhere() -> None:
    """A code that nobody writes is a promise nobody keeps."""
    gateway = Path(__file__).parents[2] / "gateway"
    sources = [path for path in gateway.rglob("*.py") if path.name != "catalogue.py"]
    written = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert [code for code in CATALOGUE if not code.startswith("PG1") and code not in written] == []
