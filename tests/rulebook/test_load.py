"""Rule files to a rulebook: everything wrong is said at once, with its place."""

import pickle
from datetime import date

import pytest

from gateway.errors import RuleError
from gateway.model.traffic import EndpointKind, Standing, Transport
from gateway.rulebook.load import default_root, load
from tests.rulebook.conftest import HOUSE, TOOL, WriteRules

TODAY = date(2026, 11, 25)


def match(book, host: str, path: str = "/", method: str = "GET", today: date = TODAY):
    return book.match(host=host, method=method, path=path, media_type="", transport=Transport.HTTP, today=today)


def test_a_registered_tool_matches_with_its_standing(write_rules: WriteRules) -> None:
    book = load(write_rules())
    found = match(book, "praat.example", "/api/chat", "POST")
    assert (found.tool_id, found.standing, found.endpoint.kind) == ("praatpaal", Standing.SCREENED, EndpointKind.PROMPT)
    assert match(book, "praat.example", today=date(2027, 5, 13)).standing is Standing.EXPIRED
    assert match(book, "praat.example", today=date(2027, 5, 12)).standing is Standing.SCREENED


def test_an_unregistered_ai_host_is_unknown_and_ordinary_hosts_are_not_ours(write_rules: WriteRules) -> None:
    book = load(write_rules())
    found = match(book, "chat.klets.example")
    assert (found.tool_id, found.name, found.standing) == ("", "Kletskous", Standing.UNKNOWN)
    assert match(book, "eu-west.wolk.example").name == "Wolk"
    assert match(book, "kantoor.klets.example") is None
    assert match(book, "www.rijksoverheid.example") is None


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("praat.example", True),
        ("x.praat.example", False),
        ("klets.example", True),
        ("a.b.klets.example", True),
        ("kantoor.klets.example", False),
        ("eu-1.wolk.example", True),
        ("wolk.example", False),
    ],
)
def test_only_ai_hosts_are_intercepted(write_rules: WriteRules, host: str, ours: bool) -> None:
    assert load(write_rules()).is_intercepted(host) is ours


def test_hosts_for_the_pac_file(write_rules: WriteRules) -> None:
    book = load(write_rules())
    assert book.hosts() == ("*.klets.example", "klets.example", "praat.example")
    assert book.host_globs() == ("eu-*.wolk.example",)


def test_every_problem_of_every_file_is_reported_with_its_place(write_rules: WriteRules) -> None:
    root = write_rules(
        {
            "tools/praatpaal.yaml": TOOL.replace("kind: static", "kind: statisch") + "extra: 1\n",
            "usage/a.yaml": "kind: usage/v9\n",
            "usage/b.yaml": "a: 1\na: 2\n",
        }
    )
    with pytest.raises(RuleError) as caught:
        load(root)
    places = [(problem.file, problem.line, problem.code) for problem in caught.value.problems]
    assert ("tools/praatpaal.yaml", 10, "value") in places
    assert ("tools/praatpaal.yaml", 29, "unknown-key") in places
    assert ("usage/a.yaml", 1, "kind") in places
    assert ("usage/b.yaml", 2, "duplicate-key") in places


def test_a_missing_folder_or_house_rules_is_one_clear_problem(write_rules: WriteRules, tmp_path) -> None:
    with pytest.raises(RuleError, match="no such folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(RuleError, match="no document of kind rulebook/v1"):
        load(write_rules({"rulebook.yaml": None}))


def test_a_book_survives_pickling_and_its_revision_names_its_content(write_rules: WriteRules) -> None:
    book = load(write_rules())
    assert pickle.loads(pickle.dumps(book)) == book
    same = load(write_rules({"tools/praatpaal.yaml": "# a comment does not count\n" + TOOL}))
    other = load(write_rules({"rulebook.yaml": HOUSE.replace("Testgemeente", "Andere gemeente")}))
    assert same.revision == book.revision != other.revision
    assert len(book.revision) == 64


def test_a_screening_of_ones_own_replaces_that_of_the_tool_file(write_rules: WriteRules) -> None:
    own = """
kind: screening/v1
tool: praatpaal
screening: {status: rejected, decided_on: "2026-11-01", decided_by: wij}
"""
    book = load(write_rules({"local/praatpaal.yaml": own}))
    assert match(book, "praat.example").standing is Standing.REJECTED
    assert book.tools[0].owner == "team-werkplek"


def test_the_shipped_rules_load() -> None:
    book = load(default_root(), today=TODAY)
    assert match(book, "chatgpt.com") is not None
    assert not book.is_intercepted("www.google.com")


def test_texts_keep_their_white_space(write_rules: WriteRules) -> None:
    """The blank line at the end of an event stream is part of a refusal."""
    body = 'kind: refusal/v1\nid: nee\nbody: "data: nee\\n\\n"\n'
    assert load(write_rules({"refusals/nee.yaml": body})).refusals["nee"].body == "data: nee\n\n"
