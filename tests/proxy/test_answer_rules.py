"""What the house rules take out of answers: nothing by default, the named identifiers under a profile."""

from pathlib import Path

import pytest

from gateway.enforcement.ledger import Ledger
from gateway.enforcement.restoration import Restorer
from gateway.enforcement.vault import Cipher, Conversation, VaultKeys
from gateway.model.traffic import AnswerFormat
from gateway.proxy.answer_rules import Hiding
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import check, default_root, load

PROFILE = default_root() / "profiles" / "leak-benchmark"


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load(default_root(), overlay=PROFILE)


def test_the_shipped_rules_hide_nothing() -> None:
    assert Hiding(lambda: load(default_root())).now() is None


def test_the_profile_loads_without_errors() -> None:
    loaded, problems = check(default_root(), overlay=PROFILE)
    assert loaded is not None
    assert not [problem for problem in problems if problem.severity == "error"]


def test_profiles_are_no_part_of_the_shipped_rules() -> None:
    assert not [rule for rule in load(default_root()).detection if rule.id == "us-phone"]
    assert Path(PROFILE).is_dir()


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        ("Bel 590-555-0126 of mail jan@example.com.", "Bel [TELEFOON verborgen] of mail [EMAIL verborgen]."),
        ("Nummer 987-65-4320 hoort bij jan%40example.com", "Nummer [SSN verborgen] hoort bij [EMAIL verborgen]"),
        ("Bel 14 070 op 4 december 2026.", "Bel 14 070 op 4 december 2026."),
    ],
)
def test_identifiers_of_the_profile_are_taken_out(book: RuleBook, answer: str, seen: str) -> None:
    conversation = Conversation(Ledger(), Cipher(VaultKeys.random(), b"p"), "c")
    restorer = Restorer("text/plain", AnswerFormat(), conversation, hide=Hiding(lambda: book).now())
    assert (restorer.feed(answer.encode()) + restorer.close()).decode() == seen


def test_it_is_made_once_per_rulebook(book: RuleBook) -> None:
    hiding = Hiding(lambda: book)
    assert hiding.now() is hiding.now()
